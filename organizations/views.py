"""The doors of the portal in this room: one's own page, another organisation."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from common.admin import user_of
from organizations.permissions import may_enter_admin, roles_of
from organizations.portal import SESSION_KEY, Portal, PortalRequest, own_organizations


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Who I am, what I may do and until when; also for those without an organisation."""
    cast(PortalRequest, request).portal = Portal(request, "me")
    roles = roles_of(user_of(request)).select_related("organization", "office")
    context = {"roles": roles, "may_enter_admin": may_enter_admin(user_of(request))}
    return render(request, "organizations/mine.html", context)


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
