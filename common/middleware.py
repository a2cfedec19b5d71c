"""Remembers where a request comes from, so that the audit log can say it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from common.audit import Origin, origin_scope


class AuditOriginMiddleware:
    """Puts address and browser of the request where ``common.audit.record`` finds them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = Origin(
            address=request.META.get("REMOTE_ADDR") or None,
            agent=request.headers.get("User-Agent", "")[:200],
        )
        with origin_scope(origin):
            return self.get_response(request)
