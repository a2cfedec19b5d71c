"""The secretary's side: for which organisation a page speaks, and the gate in front of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from notifications.models import Digest
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User

SESSION_KEY = "organization_id"
P = ParamSpec("P")


@dataclass(frozen=True)
class Portal:
    """What the frame of every portal page shows."""

    user: "User"
    organization: Organization
    organizations: tuple[Organization, ...]
    unread: int
    section: str


class PortalRequest(HttpRequest):
    """A request that passed :func:`portal_page`."""

    user: "User"
    portal: Portal


PortalView = Callable[Concatenate[PortalRequest, P], HttpResponseBase]


def own_organizations(user: "User") -> tuple[Organization, ...]:
    """Return the open organisations in which ``user`` holds a school role, in customary order."""
    return tuple(Organization.objects.editable_by(user).open_on(timezone.localdate()))


def portal_page(section: str) -> Callable[[PortalView[P]], Callable[..., HttpResponseBase]]:
    """Let in who holds a school role; put the chosen organisation on ``request.portal``.

    Somebody without one gets a page that says so (403); what is not in their scope stays 404 by the
    view's own QuerySet. ``section`` is the entry of the foot bar: month, records, notices, mine.
    """

    def decorate(view: PortalView[P]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def gate(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            mine = own_organizations(request.user)
            if not mine:
                return no_organization(request)
            chosen = request.session.get(SESSION_KEY)
            current = next((each for each in mine if each.pk == chosen), mine[0])
            unread = Digest.objects.visible_to(request.user).filter(read_at=None).count()
            request.portal = Portal(request.user, current, mine, unread, section)
            return view(request, *args, **kwargs)

        return gate

    return decorate


def no_organization(request: HttpRequest) -> HttpResponse:
    """Say why there is nothing to fill in here."""
    return render(request, "organizations/no_organization.html", status=403)
