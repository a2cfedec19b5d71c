"""What holds for every request of somebody logged in, or no longer logged in."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from common.admin import user_of

Answer = Callable[[HttpRequest], HttpResponse]
RENEWED = "renewed_at"
_RENEW_SECONDS = 60
_NEXT = "next"


class IdleLogoutMiddleware:
    """Lets a session end 30 minutes after the last request (settings.SESSION_COOKIE_AGE).

    Each save of a session moves its end, and each save is a write: so it is saved at most once a
    minute, and idleness is measured to the minute: between 29 and 30.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            # A clock that was set back left a moment yet to come: that one doesn't count.
            if not 0 <= now - request.session.get(RENEWED, 0) < _RENEW_SECONDS:
                request.session[RENEWED] = now
        return self.get_response(request)


class LoginNeededMiddleware:
    """Answers scripts whose log-in has run out with 401, and brings people back to their page.

    A script that saves what is being typed can't do anything with a redirect to a form. And a form
    sent too late must lead back to the page it stands on, not to an address that only takes POSTs.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _asks_to_log_in(response):
            return response
        if request.headers.get("HX-Request"):
            address = _login_address(_page(request, "HX-Current-URL"))
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        if _is_script(request):
            address = _login_address(_page(request, "Referer"))
            body = {"message": "登录已过期，请重新登录。", "login": address}
            return JsonResponse(body, status=401)
        if request.method not in {"GET", "HEAD"}:
            return redirect(_login_address(_page(request, "Referer")))
        return response


class PasswordDueMiddleware:
    """Lets whoever must change their password do nothing else first; not in the demonstration."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.DEMO or not request.user.is_authenticated:
            return self.get_response(request)
        allowed = {reverse(f"accounts:{name}") for name in ("password", "logout", "large_text")}
        if not user_of(request).must_change_password or request.path in allowed:
            return self.get_response(request)
        query = urlencode({_NEXT: request.get_full_path()}) if request.method == "GET" else ""
        return redirect(f"{reverse('accounts:password')}?{query}")


def _asks_to_log_in(response: HttpResponse) -> bool:
    if response.status_code != 302:
        return False
    target = urlsplit(response["Location"])
    return target.path == resolve_url(settings.LOGIN_URL) and _NEXT in QueryDict(target.query)


def _is_script(request: HttpRequest) -> bool:
    return (
        "X-Requested-With" in request.headers
        or request.headers.get("Sec-Fetch-Mode") == "cors"
        or request.headers.get("Accept", "").startswith("application/json")
    )


def _page(request: HttpRequest, header: str) -> str:
    """Return path and query of the page that a request came from; empty when it isn't ours."""
    address = request.headers.get(header, "")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _login_address(page: str) -> str:
    query = urlencode({_NEXT: page}) if page else ""
    return (
        f"{resolve_url(settings.LOGIN_URL)}?{query}" if query else resolve_url(settings.LOGIN_URL)
    )
