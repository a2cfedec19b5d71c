"""What stands before every page: where a request comes from, and whether it can be read at all."""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError

from common.audit import Origin, origin_scope
from common.errors import UnreadableFormError
from common.intake import is_broken


class ClientAddressMiddleware:
    """Puts the address of the person's machine into REMOTE_ADDR where proxies stand in front.

    ``settings.TRUSTED_PROXIES`` says how many; each appends the address that it saw to
    X-Forwarded-For, so the one that many places from the right is true and whatever stands further
    left may be invented. With 0 the header is never read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        proxies: int = settings.TRUSTED_PROXIES
        seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if proxies and len(seen) >= proxies and _is_address(seen[-proxies]):
            request.META["REMOTE_ADDR"] = seen[-proxies]
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


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


class ReadableMiddleware:
    """Refuses what is no text once for all pages, so that no form and no query has to.

    A NUL makes PostgreSQL fail wherever it gets as far as a query; a charset that isn't UTF-8 lets
    halves of characters through, or names no charset at all. Browsers send neither. A cookie with
    a NUL is as good as none: whoever holds it could not get rid of it on a page that refuses.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.encoding or "utf-8").lower() not in {"utf-8", "utf8"}:
            request.encoding = "utf-8"
            raise BadRequest("another charset")
        if is_broken(request.path_info) or _has_broken(request.GET):
            raise BadRequest("no text in the address")
        for name in [name for name, value in request.COOKIES.items() if is_broken(value)]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Any,  # noqa: ARG002 - Django's signature
        args: Any,  # noqa: ARG002
        kwargs: Any,  # noqa: ARG002
    ) -> None:
        """Look at the form where an address takes one; a connection that broke is the view's."""
        try:
            broken = _has_broken(request.POST)
        except UnreadablePostError:
            return
        if broken:
            raise UnreadableFormError


def _has_broken(query: QueryDict) -> bool:
    return any(
        is_broken(name) or any(is_broken(value) for value in values)
        for name, values in query.lists()
    )
