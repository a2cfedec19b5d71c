"""What may be done to people and their accounts; the sets stand in ``people.scope``."""

from collections.abc import Sequence

from accounts.models import User
from organizations.choices import BUREAU_ROLES, SCHOOL_ROLES, RoleKind
from organizations.models import Organization
from organizations.permissions import (
    governs,
    holds,
    may_grant_roles,
    may_manage_organizations,
)
from people.models import Person, Standing
from people.scope import counting_organizations, users_to_help


def may_open(user: User) -> bool:
    """Whether ``user`` sees the list of people: bureau, reviewers, the security administrator."""
    return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER, RoleKind.SECURITY_ADMIN)


def may_open_accounts(user: User) -> bool:
    """Whether ``user`` sees the list of accounts: the same, and the system administrator."""
    return may_open(user) or holds(user, RoleKind.SYSTEM_ADMIN)


def may_help(user: User, other: User) -> bool:
    """Whether ``user`` may reset, unlock and switch off the account of ``other``."""
    return users_to_help(user).filter(pk=other.pk).exists()


def first_beyond_help(user: User, others: Sequence[User]) -> User | None:
    """Return the first of ``others`` for whom :func:`may_help` says no; one query for all."""
    wanted = [other.pk for other in others]
    helped = set(users_to_help(user).filter(pk__in=wanted).values_list("pk", flat=True))
    return next((other for other in others if other.pk not in helped), None)


def may_reset_factor(user: User, other: User) -> bool:
    """Whether ``user`` may take away the second factor of ``other``: who governs, not one's own."""
    return governs(user) and user.pk != other.pk


def may_change(user: User, person: Person) -> bool:
    """Whether ``user`` may change name and number of ``person``."""
    if person.user is None:
        return may_grant_roles(user)
    return may_help(user, person.user)


def may_unmask(user: User, person: Person) -> bool:
    """Whether ``user`` may see the number of ``person``, giving a reason."""
    if not holds(user, *BUREAU_ROLES, RoleKind.REVIEWER):
        return False
    return Person.objects.visible_to(user).filter(pk=person.pk).exists()


def may_add(user: User) -> bool:
    """Whether ``user`` may enter people with their accounts: who grants roles."""
    return may_grant_roles(user)


def may_import(user: User) -> bool:
    """Whether ``user`` may import secretaries, roles and all: the organisation office."""
    return may_manage_organizations(user)


def may_open_roster(user: User) -> bool:
    """Whether ``user`` has business with rosters at all: the bureau, reviewers, schools' roles."""
    return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER, *SCHOOL_ROLES)


def may_keep_roster(user: User, organization: Organization) -> bool:
    """Whether ``user`` enters and changes who stands in ``organization``."""
    return counting_organizations(user).filter(pk=organization.pk).exists()


def may_correct(user: User, person: Person) -> bool:
    """Whether ``user`` puts right what is known of ``person``: who keeps their present roster."""
    return Standing.objects.editable_by(user).current().filter(person=person).exists()


def may_read_rosters(user: User) -> bool:
    """Whether ``user`` reads the rosters of a scope: the bureau, and reviewers their subtree."""
    return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER)


def may_unmask_field(user: User, person: Person) -> bool:
    """Whether ``user`` may see whole numbers of ``person``, giving a reason.

    The bureau and reviewers within their scope, and who keeps the present roster.
    """
    if may_correct(user, person):
        return True
    if not may_read_rosters(user):
        return False
    return Standing.objects.visible_to(user).filter(person=person).exists()


def may_import_roster(user: User) -> bool:
    """Whether ``user`` may import rosters in the admin: officers within their kinds of school."""
    return holds(user, RoleKind.OFFICER)
