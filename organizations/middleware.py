"""What holds while a request is served."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from organizations.models.role import roles_asked_once, roles_asked_until_changed


class RolesAskedOnceMiddleware:
    """Lets a page ask for its user's roles once; one that may change something, until it does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reads = request.method in {"GET", "HEAD"}
        with roles_asked_once() if reads else roles_asked_until_changed():
            return self.get_response(request)
