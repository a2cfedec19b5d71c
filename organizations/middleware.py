"""What holds while a request is served."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from organizations.models.role import roles_asked_once


class RolesAskedOnceMiddleware:
    """Lets a page that only reads ask for its user's roles once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with roles_asked_once():
            return self.get_response(request)
