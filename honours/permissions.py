"""Who reads the register, who keeps it, and for whom a school reports."""

from typing import TYPE_CHECKING

from django.db.models import Q

from honours.scope import people_at
from organizations.choices import BUREAU_ROLES, SCHOOL_ROLES, RoleKind
from organizations.models import Organization, Role
from organizations.models.role import held_roles, scope_through
from organizations.permissions import holds
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User


def may_open(user: "User") -> bool:
    """Whether the admin shows ``user`` the register: the bureau, reviewers within their subtree."""
    return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER)


def may_keep(user: "User") -> bool:
    """Whether ``user`` enters, confirms and imports: officers within their kinds of school."""
    return holds(user, RoleKind.OFFICER)


def may_keep_for(user: "User", holder: Person | Organization) -> bool:
    """Whether what ``user`` enters for ``holder`` counts at once."""
    return _reaches([role for role in held_roles(user) if role.kind == RoleKind.OFFICER], holder)


def may_report_for(user: "User", holder: Person | Organization) -> bool:
    """Whether ``user`` may report an honour of ``holder`` for the bureau to confirm."""
    return _reaches([role for role in held_roles(user) if role.kind in SCHOOL_ROLES], holder)


def _reaches(roles: list[Role], holder: Person | Organization) -> bool:
    places = Organization.objects.filter(scope_through(roles))
    if isinstance(holder, Organization):
        return places.filter(pk=holder.pk).exists()
    if any(role.kind == RoleKind.OFFICER and not role.school_kinds for role in roles):
        return True
    return bool(roles) and people_at(places).filter(Q(pk=holder.pk)).exists()
