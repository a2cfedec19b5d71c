"""Whose person and account somebody may see, and whose they may help with.

Seeing follows the roles' scope. Helping (a reset link, unlocking, switching off, a new number) is
taking over an account if one wants to, so it never reaches somebody who may do more than oneself:
every role that the other holds, or is to hold, must lie within what the helper answers for.
"""

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from organizations.choices import (
    ADMINISTRATORS,
    BUREAU_ROLES,
    SCHOOL_ROLES,
    SUBMITTING_ROLES,
    RoleKind,
)
from organizations.models import Organization, OrganizationQuerySet, Role, RoleQuerySet
from organizations.models.role import held_roles, scope_through, sees_all
from organizations.permissions import governs, is_system_admin, may_grant_roles

_SEEING = (*BUREAU_ROLES, RoleKind.REVIEWER)


def sees_everybody(user: User) -> bool:
    """Whether ``user`` is an officer or leader without limits, grants roles or runs the machines.

    Who grants roles must find the accounts that have none yet, and helps everybody anyway.
    """
    if may_grant_roles(user) or is_system_admin(user):
        return True
    return sees_all(user)


def accounts_alone(user: User) -> bool:
    """Whether ``user`` looks after accounts, and has no business with who is on which roster."""
    kinds = {role.kind for role in held_roles(user)}
    return bool(kinds & set(ADMINISTRATORS))


def counting_organizations(user: User) -> OrganizationQuerySet:
    """Organisations whose roster ``user`` keeps, as ``may_count_heads`` says of their figures.

    Officers within their kinds of school, and who may hand in for the organisation itself.
    """
    held = held_roles(user)
    officers = [role for role in held if role.kind == RoleKind.OFFICER]
    own = [role.organization_id for role in held if role.kind in SUBMITTING_ROLES]
    found: OrganizationQuerySet = Organization.objects.filter(
        scope_through(officers) | Q(pk__in=own)
    )
    return found


def users_in_scope(user: User) -> QuerySet[User]:
    """Users who hold a role, or are to hold one, in an organisation that ``user`` looks after."""
    if sees_everybody(user):
        return User.objects.all()
    held = [role for role in held_roles(user) if role.kind in _SEEING]
    if not held:
        return User.objects.none()
    inside = _lasting().filter(scope_through(held, "organization__"))
    return User.objects.filter(pk__in=inside.values("user"))


def users_to_help(user: User) -> QuerySet[User]:
    """Users whose account ``user`` may reset, unlock and switch off.

    Who governs the bureau's accounts helps everybody but themselves, officers of the organisation
    office everybody but the administrators; other officers those with roles of schools and of
    reviewers within their kinds of school; a reviewer those with roles of schools in the subtree
    and reviewers below. Nobody helps in an organisation in which they hold a role of a school
    themselves.
    """
    held = held_roles(user)
    others = User.objects.exclude(pk=user.pk)
    if governs(user):
        return others
    if may_grant_roles(user):
        above = _lasting().filter(kind__in=ADMINISTRATORS)
        return others.exclude(pk__in=above.values("user"))
    covered = Q(pk__in=[])
    for role in held:
        covered |= _covered_by(role)
    own = [role.organization_id for role in held if role.kind in SCHOOL_ROLES]
    inside = _lasting().filter(covered).exclude(organization__in=own)
    beyond = _lasting().exclude(pk__in=inside.values("pk"))
    return others.filter(pk__in=inside.values("user")).exclude(pk__in=beyond.values("user"))


def _covered_by(role: Role) -> Q:
    """Condition on the roles of others that the holder of ``role`` may help with."""
    place = role.scope("organization__")
    if role.kind == RoleKind.OFFICER:
        return place & Q(kind__in=(*SCHOOL_ROLES, RoleKind.REVIEWER))
    if role.kind == RoleKind.REVIEWER:
        below = Q(kind=RoleKind.REVIEWER) & ~Q(organization=role.organization)
        return place & (Q(kind__in=SCHOOL_ROLES) | below)
    return Q(pk__in=[])


def _lasting() -> RoleQuerySet:
    """Roles that hold today or are to hold later."""
    found: RoleQuerySet = Role.objects.lasting(timezone.localdate())
    return found
