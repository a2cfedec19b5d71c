"""What the roles of a user allow; the rooms above ask here."""

from typing import TYPE_CHECKING

from django.utils import timezone

from organizations.choices import (
    ADMINISTRATORS,
    BUREAU_ROLES,
    BUSINESS_ROLES,
    SCHOOL_ROLES,
    SUBMITTING_ROLES,
    TOP_ROLES,
    RoleKind,
)
from organizations.models import ApiToken, Organization, OrganizationQuerySet, Role, RoleQuerySet
from organizations.models.role import held_roles, roles_asked, scope_through

if TYPE_CHECKING:
    from accounts.models import User


_OFFICE_GRANTS = (*SCHOOL_ROLES, RoleKind.REVIEWER)
# No user's id: under it stands a role of a security administrator, if there is any.
_GOVERNORS = 0


def roles_of(user: "User") -> RoleQuerySet:
    """Return the roles that ``user`` holds today."""
    return Role.objects.current_of(user)


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


def is_administrator(user: "User") -> bool:
    """Whether ``user`` is one of the three administrators, who see no business data."""
    return holds(user, *ADMINISTRATORS)


def is_security_admin(user: "User") -> bool:
    """Whether ``user`` is the security administrator."""
    return holds(user, RoleKind.SECURITY_ADMIN)


def is_system_admin(user: "User") -> bool:
    """Whether ``user`` is the system administrator."""
    return holds(user, RoleKind.SYSTEM_ADMIN)


def has_security_admin() -> bool:
    """Whether the bureau has a security administrator today who can log in."""
    asked = roles_asked.get()
    if asked is not None and _GOVERNORS in asked:
        return bool(asked[_GOVERNORS])
    today = timezone.localdate()
    held = Role.objects.current(today).filter(kind=RoleKind.SECURITY_ADMIN, user__is_active=True)
    found = tuple(held[:1])
    if asked is not None:
        asked[_GOVERNORS] = found
    return bool(found)


def grantable_kinds(user: "User") -> tuple[RoleKind, ...]:
    """Return the kinds of role that ``user`` grants and ends.

    The organisation office those of schools and superior organisations; the security administrator
    those of the bureau itself, the administrators' included. As long as there is no security
    administrator the organisation office does both, so that nobody is ever locked out.
    """
    office = _OFFICE_GRANTS if is_organization_office(user) else ()
    return (*office, *(TOP_ROLES if governs(user) else ()))


def may_grant(user: "User", kind: str) -> bool:
    """Whether ``kind`` is one of :func:`grantable_kinds`; imports ask this for each row."""
    return governs(user) if kind in TOP_ROLES else is_organization_office(user)


def governs(user: "User") -> bool:
    """Whether ``user`` answers for the accounts and roles of the bureau itself."""
    if is_security_admin(user):
        return True
    return is_organization_office(user) and not has_security_admin()


def may_grant_roles(user: "User") -> bool:
    """Whether ``user`` grants roles of some kind; of which says :func:`grantable_kinds`."""
    return is_security_admin(user) or is_organization_office(user)


def is_organization_office(user: "User") -> bool:
    """Whether ``user`` is an officer of the office that grants the roles of schools (组织科)."""
    return any(
        role.kind == RoleKind.OFFICER and role.office is not None and role.office.grants_roles
        for role in held_roles(user)
    )


def may_manage_organizations(user: "User") -> bool:
    """Whether ``user`` may change schools, the tree and its names: officers of that same office."""
    return is_organization_office(user)


def may_read_organizations(user: "User") -> bool:
    """Whether the admin shows ``user`` organisations: the bureau, and reviewers their subtree."""
    return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER)


def may_enter_admin(user: "User") -> bool:
    """Whether the admin opens for ``user``: bureau, reviewers, administrators."""
    return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER, *ADMINISTRATORS)


def may_make_tokens(user: "User") -> bool:
    """Whether programs may come in for ``user``: whoever holds a role with business data."""
    return holds(user, *BUSINESS_ROLES)


def token_stands(token: ApiToken) -> bool:
    """Whether the owner of ``token`` still holds a role that they held when it was made.

    So a token ends with the roles it was made in; one granted later doesn't bring it back.
    """
    made_on = timezone.localdate(token.created_at)
    return any(
        role.kind in BUSINESS_ROLES and role.since <= made_on for role in held_roles(token.user)
    )


def may_file_for(user: "User", organization: Organization) -> bool:
    """Whether ``user`` may fill in and save for ``organization``; a clerk may."""
    return any(
        role.kind in SCHOOL_ROLES and role.organization_id == organization.pk
        for role in held_roles(user)
    )


def may_submit_for(user: "User", organization: Organization) -> bool:
    """Whether ``user`` may hand in for ``organization``: secretary, acting head or deputy."""
    return any(
        role.kind in SUBMITTING_ROLES and role.organization_id == organization.pk
        for role in held_roles(user)
    )


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
    roles = held_roles(user)
    above = [role for role in roles if role.kind in (RoleKind.OFFICER, RoleKind.REVIEWER)]
    own = [role.organization_id for role in roles if role.kind in SCHOOL_ROLES]
    rows: OrganizationQuerySet = Organization.objects.filter(scope_through(above))
    return rows.exclude(pk__in=own) if own else rows
