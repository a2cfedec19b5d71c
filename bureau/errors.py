"""Error pages."""

from django.http import HttpRequest, HttpResponse


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that the page was open too long."""
    return HttpResponse("页面停留时间过长，请返回上一页刷新后再试。", status=403)
