"""The doors of the portal in this room: one's own page and tokens, another organisation."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.admin import user_of
from common.errors import DomainError, ForbiddenError
from organizations import services
from organizations.forms import TokenForm
from organizations.models import ApiToken
from organizations.permissions import may_enter_admin, may_make_tokens, roles_of, token_stands
from organizations.portal import SESSION_KEY, Portal, PortalRequest, own_organizations


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Who I am, what I may do and until when; also for those without an organisation."""
    cast(PortalRequest, request).portal = Portal(request, "me")
    user = user_of(request)
    context = {
        "roles": roles_of(user).select_related("organization", "office"),
        "may_enter_admin": may_enter_admin(user),
        "may_make_tokens": may_make_tokens(user),
    }
    return render(request, "organizations/mine.html", context)


@never_cache
@login_required
@sensitive_variables("text")
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens for programs; a new one is shown in the answer to its form and never again."""
    cast(PortalRequest, request).portal = Portal(request, "me")
    user, at, text = user_of(request), timezone.now(), ""
    if not may_make_tokens(user):
        raise PermissionDenied("tokens are for who holds a role with business data")
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _, text = services.make_token(
                actor=user,
                name=form.cleaned_data["name"],
                scopes=form.scopes(),
                days=form.cleaned_data["days"],
                at=at,
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            form = TokenForm()
    held = ApiToken.objects.visible_to(user).usable(at=at).select_related("user")
    context = {
        "form": form,
        "text": text,
        "tokens": [(each, token_stands(each)) for each in held],
    }
    return render(request, "organizations/tokens.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens, after asking."""
    cast(PortalRequest, request).portal = Portal(request, "me")
    user = user_of(request)
    token = get_object_or_404(ApiToken.objects.editable_by(user), pk=pk)
    if request.method != "POST":
        return render(request, "organizations/token_revoke.html", {"token": token})
    try:
        services.revoke_token(actor=user, token=token, at=timezone.now())
    except ForbiddenError as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"令牌“{token}”已作废，使用它的程序立即失去访问权限。")
    return redirect("organizations:tokens")


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act for another of one's organisations from now on; anything else is not there."""
    wanted = request.POST.get("organization", "")
    chosen = next(
        (each for each in own_organizations(user_of(request)) if str(each.pk) == wanted), None
    )
    if chosen is None:
        raise Http404
    request.session[SESSION_KEY] = chosen.pk
    messages.success(request, f"已切换到「{chosen}」。")
    return redirect(_next_page(request))


def _next_page(request: HttpRequest) -> str:
    """Stay on a list; a single task or record belongs to the organisation one has just left."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return "/"
    try:
        place = resolve(wanted.split("?")[0])
    except Resolver404:
        return "/"
    return "/" if place.kwargs or place.args else wanted
