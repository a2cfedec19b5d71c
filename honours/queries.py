"""The register searched, the units of its people, and what looks like a repetition."""

from collections.abc import Iterable
from datetime import date

from honours.models import Honour, HonourQuerySet
from honours.scope import people_at
from organizations.models import Organization, Role
from organizations.queries import search_organizations
from people.models import Person, Standing
from people.queries import search_people


def search_honours(queryset: HonourQuerySet, text: str) -> HonourQuerySet:
    """Return those whose holder, holder's unit, name or work ``text`` names.

    A blank text changes nothing.
    """
    word = text.strip()
    if not word:
        return queryset
    places = search_organizations(Organization.objects.order_by(), word)
    people = search_people(Person.objects.order_by(), word)
    rows = Honour.objects.order_by()
    finds = [
        rows.filter(title__holds=word).values("pk"),
        rows.filter(work__holds=word).values("pk"),
        rows.filter(person__in=people.values("pk")).values("pk"),
        rows.filter(organization__in=places.values("pk")).values("pk"),
        rows.filter(person__in=people_at(places).order_by().values("pk")).values("pk"),
    ]
    return queryset.filter(pk__in=finds[0].union(*finds[1:]))


def overlapping(honour: Honour) -> list[Honour]:
    """Return what looks like the same as ``honour``, which may be not saved yet; one query."""
    holder = {"person": honour.person_id} if honour.person_id else {
        "organization": honour.organization_id
    }  # fmt: skip
    others = Honour.objects.held().filter(**holder).exclude(pk=honour.pk)
    return [
        each for each in others.select_related("person", "organization") if honour.overlaps(each)
    ]


def units_of(people: Iterable[int], on: date) -> dict[int, Organization]:
    """Return where each belongs on the day ``on``: by the roster, else by a role. Two queries.

    Who belongs nowhere has no entry.
    """
    pks = list(people)
    found: dict[int, Organization] = {}
    roles = Role.objects.current(on).filter(user__person__in=pks).order_by("-since", "-pk")
    for role in roles.select_related("organization", "user__person"):
        found[role.user.person.pk] = role.organization
    standings = Standing.objects.current().filter(person__in=pks)
    for standing in standings.select_related("organization"):
        found[standing.person_id] = standing.organization
    return found
