"""The secretary's side: for which organisation a page speaks, and the gate in front of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property

from notifications.models import Digest
from organizations.choices import SCHOOL_ROLES
from organizations.models import Organization
from organizations.models.role import held_roles, roles_kept

if TYPE_CHECKING:
    from accounts.models import User

SESSION_KEY = "organization_id"
P = ParamSpec("P")

# key of the section, its words, the page behind it
TABS = (
    ("month", "本月", "bureau:month"),
    ("records", "记录", "calendar_events:records"),
    ("notices", "公文", "notices:list"),
    ("me", "我的", "organizations:mine"),
)


@dataclass(frozen=True)
class Tab:
    """An entry of the navigation."""

    key: str
    label: str
    url: str


class NoOrganizationError(LookupError):
    """A view behind no gate asked for the organisation; a template simply finds none."""

    silent_variable_failure = True


class Portal:
    """What the frame of a page shows: whose page it is, where one can go, what is unread."""

    site_name = "党建工作平台"

    def __init__(self, request: HttpRequest, section: str = "") -> None:
        self._request = request
        self.section = section

    @cached_property
    def user(self) -> "User":
        """The user of the request; nobody where a page failed before they were known."""
        return cast("User", getattr(self._request, "user", AnonymousUser()))

    @cached_property
    def organizations(self) -> tuple[Organization, ...]:
        """The organisations one may switch to, the present one included."""
        return own_organizations(self.user)

    @cached_property
    def chosen(self) -> Organization | None:
        """The organisation acted for: the chosen one, else the first; None without school role."""
        # A page that failed before the session was opened is framed too.
        session = getattr(self._request, "session", {})
        wanted = session.get(SESSION_KEY)
        mine = self.organizations
        return next((each for each in mine if each.pk == wanted), mine[0] if mine else None)

    @property
    def organization(self) -> Organization:
        """The organisation acted for, behind :func:`portal_page`, which lets nobody in without."""
        if self.chosen is None:
            raise NoOrganizationError("this page needs portal_page in front of it")
        return self.chosen

    @cached_property
    def unread(self) -> int:
        """How many reminders were not opened yet."""
        return Digest.objects.visible_to(self.user).filter(read_at=None).count()

    @property
    def nav(self) -> list[Tab]:
        """The tabs; only one's own page for who holds no school role."""
        tabs = TABS if self.organizations else TABS[-1:]
        return [Tab(key, label, reverse(name)) for key, label, name in tabs]

    @property
    def home_url(self) -> str:
        """Where the name in the head leads."""
        return reverse("bureau:home")

    @property
    def switch_url(self) -> str:
        """Takes the choice of another organisation."""
        return reverse("organizations:switch")

    @property
    def inbox_url(self) -> str:
        """One's reminders."""
        return reverse("bureau:inbox")


class PortalRequest(HttpRequest):
    """A request that passed :func:`portal_page`."""

    user: "User"
    portal: Portal


PortalView = Callable[Concatenate[PortalRequest, P], HttpResponseBase]


def own_organizations(user: "User") -> tuple[Organization, ...]:
    """Return the open organisations in which ``user`` holds a school role, in customary order."""
    today = timezone.localdate()
    held = {role.organization for role in held_roles(user) if role.kind in SCHOOL_ROLES}
    there = [each for each in held if each.is_open_on(today)]
    return tuple(sorted(there, key=lambda each: (each.order, each.pk)))


def portal_page(section: str) -> Callable[[PortalView[P]], Callable[..., HttpResponseBase]]:
    """Let in who holds a school role; put the chosen organisation on ``request.portal``.

    Somebody without one gets a page that says so (403); what is not in their scope stays 404 by the
    view's own QuerySet. ``section`` is the tab shown as current: month, records, notices, me. Pages
    behind it change no roles, so whoever sends a form there is asked for theirs once as well.
    """

    def decorate(view: PortalView[P]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        @roles_kept()
        def gate(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request.portal = Portal(request, section)
            if request.portal.chosen is None:
                return no_organization(request)
            return view(request, *args, **kwargs)

        return gate

    return decorate


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: ``portal`` for the frame; queries only where a page shows it."""
    held = getattr(request, "portal", None)
    return {"portal": held or SimpleLazyObject(lambda: Portal(request))}


def no_organization(request: HttpRequest) -> HttpResponse:
    """Say why there is nothing to fill in here."""
    return render(request, "organizations/no_organization.html", status=403)
