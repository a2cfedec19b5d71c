"""Where a request comes from: behind proxies, and for the audit log."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from common.audit import Origin, origin_scope


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
