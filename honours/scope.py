"""Whose honours somebody has business with: of organisations, and of those who belong to one."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from organizations.choices import BUREAU_ROLES
from organizations.models import Organization, Role
from organizations.models.role import scope_through
from people.models import Person, PersonQuerySet, Standing


def belonging(places: QuerySet[Organization], prefix: str = "") -> Q:
    """Condition for people who belong to ``places`` today: by the roster, or by a role there.

    Who has gone elsewhere belongs there. ``prefix`` is the lookup from the row to its person.
    """
    standing = Standing.objects.current().filter(organization__in=places.values("pk"))
    roles = Role.objects.current(timezone.localdate()).filter(organization__in=places.values("pk"))
    return Q(**{f"{prefix}pk__in": standing.order_by().values("person")}) | Q(
        **{f"{prefix}user__in": roles.order_by().values("user")}
    )


def people_at(places: QuerySet[Organization]) -> PersonQuerySet:
    """Return those who belong to ``places`` today."""
    people: PersonQuerySet = Person.objects.filter(belonging(places))
    return people


def held_at(places: QuerySet[Organization]) -> Q:
    """Condition for honours of these organisations and of those who belong to them today."""
    people = people_at(places).order_by().values("pk")
    return Q(organization__in=places.values("pk")) | Q(person__in=people)


def reach(roles: Iterable[Role]) -> Q:
    """Return the condition that ``roles`` put on honours.

    Officers and leaders without limits reach all, also those of people who belong nowhere today.
    """
    held = list(roles)
    if any(role.kind in BUREAU_ROLES and not role.school_kinds for role in held):
        # True of every row: nothing is asked of anybody.
        return ~Q(pk__in=[])
    if not held:
        return Q(pk__in=[])
    return held_at(Organization.objects.filter(scope_through(held)))
