"""The doors in front of the portal: log-in, log-out, links, passwords, size of text."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView as DjangoLoginView
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import devices, queries, second_step, services
from accounts.forms import ChangePasswordForm, LoginForm, NewPasswordForm
from accounts.models import AccessLink, User
from common.admin import user_of
from common.errors import DomainError

TEXT_COOKIE = "portal_text"
_YEAR = 365 * 24 * 3600
_BACKEND = "accounts.backends.UsernameBackend"


class LoginView(DjangoLoginView):
    """Let somebody in; who is in already goes where they wanted to."""

    http_method_names = ("get", "head", "post")
    form_class = LoginForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell who was logged out on a page of the portal that what they typed is still there.

        Not who comes for the first time, or by the front door; pages of the admin keep what was
        typed themselves, in the tab in which it stands.
        """
        wanted = urlsplit(self.get_redirect_url()).path
        inside = wanted not in {"", "/"} and not wanted.startswith("/admin/")
        returning = inside and self.request.method == "GET" and devices.seen_before(self.request)
        return super().get_context_data(**kwargs, returning=returning)

    def form_valid(self, form: Any) -> HttpResponse:
        """Open a session with a new key; ask for the code first where there is a second factor."""
        user = form.get_user()
        if queries.second_factor(user) is not None:
            return second_step.ask(self.request, user, then=self.get_success_url())
        response = super().form_valid(form)
        return welcome(response, user)


def welcome(response: HttpResponse, user: User) -> HttpResponse:
    """Note that somebody is in; give their browser its marks."""
    services.note_log_in(user=user, at=timezone.now())
    devices.remember(response, user)
    if user.large_text:
        _set_text_cookie(response, large=True)
    return response


def locked_out(request: HttpRequest, *_args: Any) -> HttpResponse:
    """Say how long to wait; the same page for accounts that don't exist (called by axes)."""
    from axes.helpers import get_client_username

    at = timezone.now()
    account = get_client_username(request, getattr(request, "axes_credentials", None))
    until = queries.account_locked_until(account, at=at)
    by_address = until is None
    until = until or queries.address_locked_until(request.META.get("REMOTE_ADDR"), at=at)
    context = {
        "minutes": queries.minutes_left(until or at, at=at),
        "limit": queries.ACCOUNT_LIMIT,
        "by_address": by_address,
    }
    return render(request, "accounts/locked.html", context, status=429)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        services.note_log_out(user=user_of(request), at=timezone.now())
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose link it is, as often as it is opened; the button sets the password.

    Chat programs open links for a preview, so opening changes nothing.
    """
    found = queries.find_link(token)
    if found is None:
        return _link_gone(request, status=404)
    if not _usable(found):
        return _link_gone(request, status=410)
    form = NewPasswordForm(found.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _use(request, token, form)
    return render(request, "accounts/link.html", {"form": form, "link": found})


def _usable(found: AccessLink) -> bool:
    at = timezone.now()
    return found.used_at is None and found.expires_at > at and found.user.is_active


def _use(request: HttpRequest, token: str, form: Form) -> HttpResponse:
    try:
        user = services.use_link(
            token=token, password=form.cleaned_data["password1"], at=timezone.now()
        )
    except DomainError:
        return _link_gone(request, status=410)
    logout(request)
    if queries.second_factor(user) is not None:
        messages.success(request, "密码已设好，请再完成两步验证。")
        return second_step.ask(
            request, user, then=resolve_url(settings.LOGIN_REDIRECT_URL), backend=_BACKEND
        )
    login(request, user, backend=_BACKEND)
    messages.success(request, "密码已设好，您已登录。下次用用户名或手机号登录。")
    return welcome(redirect(settings.LOGIN_REDIRECT_URL), user)


def _link_gone(request: HttpRequest, *, status: int) -> HttpResponse:
    context = {"message": services.LINK_GONE}
    return render(request, "accounts/link_gone.html", context, status=status)


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this session goes on under a new key, all others end."""
    user = user_of(request)
    form = ChangePasswordForm(request, user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(
            actor=user, password=form.cleaned_data["password1"], at=timezone.now()
        )
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改，其他设备上的登录已退出。")
        return redirect(next_page(request))
    context = {
        "form": form,
        "next": request.GET.get(REDIRECT_FIELD_NAME, ""),
        "must": user.must_change_password,
    }
    return render(request, "accounts/password.html", context)


@never_cache
@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Tell a form that is about to be sent who is logged in, with a token that will be taken.

    The token is the browser's own: a page of another site can't read this answer.
    """
    user = request.user
    return JsonResponse({"user": user.pk, "token": get_token(request)})


@login_required
@require_safe
def session_back(request: HttpRequest) -> HttpResponse:
    """Send somebody who logged in in a tab of its own back to the one with their form."""
    return render(request, "accounts/session_back.html")


@require_POST
def large_text(request: HttpRequest) -> HttpResponse:
    """Switch the large text on or off: for this browser, and for the user where there is one."""
    large = request.POST.get("large") == "1"
    if request.user.is_authenticated:
        services.set_large_text(actor=user_of(request), large=large)
    response = redirect(next_page(request))
    _set_text_cookie(response, large=large)
    return response


def _set_text_cookie(response: HttpResponseBase, *, large: bool) -> None:
    """Set the cookie that pages and large-text.js read."""
    if not large:
        response.delete_cookie(TEXT_COOKIE, samesite="Lax")
        return
    response.set_cookie(
        TEXT_COOKIE, "large", max_age=_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def next_page(request: HttpRequest) -> str:
    """Return where the form wants to go, if it is the path of a page of ours, else home."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME, "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)
