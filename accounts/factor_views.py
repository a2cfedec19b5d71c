"""The doors of the second factor: the code after the password, and one's own set-up."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import factors, queries, second_step, services
from accounts.forms import CodeForm, PasswordForm
from accounts.models import User
from accounts.views import locked_out, welcome
from common.admin import user_of
from common.errors import DomainError

_MINUTES = int(queries.WINDOW.total_seconds() // 60)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code after the password; only then is somebody in."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    at = timezone.now()
    found = second_step.waiting(request, at=at)
    if found is None:
        return redirect(settings.LOGIN_URL)
    user, pending = found
    if queries.account_locked_until(user.username, at=at):
        return _locked(request, user)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if services.check_factor(user=user, code=form.cleaned_data["code"], at=at):
            login(request, user, backend=pending["backend"])
            second_step.mark_passed(request)
            return welcome(redirect(pending["then"]), user)
        if _count_failure(request, form, user, at=at) >= queries.ACCOUNT_LIMIT:
            return _locked(request, user)
    return render(request, "accounts/code.html", {"form": form})


def _count_failure(request: HttpRequest, form: CodeForm, user: User, *, at: datetime) -> int:
    """Count a wrong code as a wrong password is counted, and say so in the same words."""
    address = request.META.get("REMOTE_ADDR")
    count = services.note_failure(account=user.username, address=address, at=at)
    left = max(0, queries.ACCOUNT_LIMIT - count)
    form.add_error("code", f"验证码不对，还可以试 {left} 次，之后锁定 {_MINUTES} 分钟。")
    return count


def _locked(request: HttpRequest, user: User) -> HttpResponse:
    setattr(request, "axes_credentials", {"username": user.username})  # noqa: B010 - axes' own
    return locked_out(request)


@never_cache
@login_required
@require_safe
def factor(request: HttpRequest) -> HttpResponse:
    """Say whether one's second factor is on, and what can be done about it."""
    held = queries.second_factor(user_of(request))
    context = {"held": held, "left": queries.recovery_codes_left(held) if held else 0}
    return render(request, "accounts/factor.html", context)


@login_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make a secret and go on to its QR code."""
    try:
        services.begin_factor(actor=user_of(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("accounts:factor")
    return redirect("accounts:factor_setup")


@never_cache
@login_required
@sensitive_post_parameters()
@sensitive_variables("fresh", "address", "key", "context")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Show the QR code until a first code shows that the phone has it; then the recovery codes."""
    user = user_of(request)
    begun = queries.factor_begun(user)
    if begun is None:
        return redirect("accounts:factor")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            fresh = services.confirm_factor(
                actor=user, code=form.cleaned_data["code"], at=timezone.now()
            )
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            update_session_auth_hash(request, user)
            second_step.mark_passed(request)
            return _show_codes(request, fresh, first=True)
    address = factors.otpauth_address(user.username, begun.key)
    context = {
        "form": form,
        "image": factors.qr_image(address),
        "address": address,
        "key": factors.shown_key(begun.key),
    }
    return render(request, "accounts/factor_setup.html", context)


@never_cache
@login_required
@sensitive_post_parameters()
@sensitive_variables("fresh")
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Give new recovery codes for the present password; the old paper is void."""
    user = user_of(request)
    if queries.second_factor(user) is None:
        raise Http404
    form = PasswordForm(request, user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        fresh = services.renew_recovery_codes(actor=user, at=timezone.now())
        return _show_codes(request, fresh, first=False)
    return render(request, "accounts/factor_password.html", {"form": form, "verb": "换发恢复码"})


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest) -> HttpResponse:
    """Switch one's own second factor off for the present password; other sessions end."""
    user = user_of(request)
    if queries.second_factor(user) is None:
        raise Http404
    form = PasswordForm(request, user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.end_factor(actor=user, user=user, at=timezone.now())
        update_session_auth_hash(request, user)
        second_step.forget_passed(request)
        messages.success(request, "两步验证已关闭，其他设备上的登录已退出。")
        return redirect("accounts:factor")
    context = {"form": form, "verb": "关闭两步验证", "off": True}
    return render(request, "accounts/factor_password.html", context)


@sensitive_variables("fresh")
def _show_codes(request: HttpRequest, fresh: list[str], *, first: bool) -> HttpResponse:
    context = {
        "codes": fresh,
        "text": "\n".join(fresh),
        "first": first,
        "home": resolve_url(settings.LOGIN_REDIRECT_URL),
    }
    return render(request, "accounts/factor_codes.html", context)
