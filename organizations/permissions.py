"""What the roles of a user allow; the rooms above ask here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from organizations.choices import BUREAU_ROLES, SUBMITTING_ROLES, RoleKind
from organizations.models import Organization, OrganizationQuerySet, Role, RoleQuerySet

if TYPE_CHECKING:
    from accounts.models import User


# By user, inside a request that only reads; None elsewhere.
_asked: ContextVar[dict[int, tuple[Role, ...]] | None] = ContextVar("roles_asked", default=None)


@contextmanager
def roles_asked_once() -> Iterator[None]:
    """Ask for the roles of a user once inside the block, in which nothing may change them.

    The frame of an admin page alone asks three dozen times.
    """
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def roles_of(user: "User") -> RoleQuerySet:
    """Return the roles that ``user`` holds today."""
    return Role.objects.current_of(user)


def held_roles(user: "User") -> tuple[Role, ...]:
    """Return the same with their offices, as rows."""
    asked = _asked.get()
    if asked is not None and user.pk in asked:
        return asked[user.pk]
    roles = tuple(roles_of(user).select_related("office"))
    if asked is not None:
        asked[user.pk] = roles
    return roles


def holds(user: "User", *kinds: str) -> bool:
    """Whether ``user`` holds a role of one of ``kinds`` today."""
    return any(role.kind in kinds for role in held_roles(user))


def is_officer(user: "User") -> bool:
    """Whether ``user`` works in an office of the bureau."""
    return holds(user, RoleKind.OFFICER)


def is_bureau(user: "User") -> bool:
    """Whether ``user`` is an officer or a leader of the bureau."""
    return holds(user, *BUREAU_ROLES)


def is_auditor(user: "User") -> bool:
    """Whether ``user`` may read the audit log."""
    return holds(user, RoleKind.AUDITOR)


def may_grant_roles(user: "User") -> bool:
    """Whether ``user`` is an officer of the office that grants roles (组织科)."""
    return any(
        role.kind == RoleKind.OFFICER and role.office is not None and role.office.grants_roles
        for role in held_roles(user)
    )


def may_manage_organizations(user: "User") -> bool:
    """Whether ``user`` may change schools, the tree and its names: officers of that same office."""
    return may_grant_roles(user)


def may_read_organizations(user: "User") -> bool:
    """Whether the admin shows ``user`` organisations: the bureau, and reviewers their subtree."""
    return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER)


def may_enter_admin(user: "User") -> bool:
    """Whether the admin opens for ``user``: bureau, reviewers, auditors."""
    return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER, RoleKind.AUDITOR)


def may_file_for(user: "User", organization: Organization) -> bool:
    """Whether ``user`` may fill in and save for ``organization``; a clerk may."""
    return roles_of(user).school_roles().filter(organization=organization).exists()


def may_submit_for(user: "User", organization: Organization) -> bool:
    """Whether ``user`` may hand in for ``organization``: secretary, acting head or deputy."""
    held = roles_of(user).filter(organization=organization, kind__in=SUBMITTING_ROLES)
    return held.exists()


def may_count_heads(user: "User", organization: Organization) -> bool:
    """Whether ``user`` may state the head count of ``organization``.

    Officers within their kinds of school, and who may hand in for the organisation itself.
    """
    if may_submit_for(user, organization):
        return True
    officers = roles_of(user).filter(kind=RoleKind.OFFICER)
    return Organization.objects.filter(officers.scope(), pk=organization.pk).exists()


def may_review(user: "User", organization: Organization) -> bool:
    """Whether ``user`` may review what ``organization`` hands in.

    Officers within their kinds of school, and reviewers of a superior organisation; never somebody
    who hands in for the same organisation.
    """
    return reviewable_by(user).filter(pk=organization.pk).exists()


def reviewable_by(user: "User") -> OrganizationQuerySet:
    """Return the organisations for which :func:`may_review` answers yes."""
    roles = roles_of(user)
    above = roles.filter(kind__in=(RoleKind.OFFICER, RoleKind.REVIEWER))
    own = roles.school_roles().values("organization")
    rows: OrganizationQuerySet = Organization.objects.filter(above.scope())
    return rows.exclude(pk__in=own)
