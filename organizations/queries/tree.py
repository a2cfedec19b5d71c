"""The tree as it stood on a day, and what a closing would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from organizations.choices import SuccessionKind
from organizations.models import (
    FormerSchoolLink,
    Organization,
    Placement,
    Role,
    School,
    SchoolLink,
    Succession,
)


def placed_on(on: date) -> Q:
    """Condition for the placements that held on the day ``on``."""
    return Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))


def paths_on(organization_ids: Iterable[int], on: date) -> dict[int, str]:
    """Return the path of each organisation on the day ``on``, in one query.

    Organisations that didn't exist then are left out.
    """
    rows = Placement.objects.filter(placed_on(on), organization__in=list(organization_ids))
    return dict(rows.values_list("organization", "path"))


def school_links_on(on: date, *columns: str, **among: Any) -> QuerySet[Any, tuple[Any, ...]]:
    """Return ``columns`` of who worked in which school on the day ``on``; one query, unordered.

    ``among`` narrows it down by ``organization`` or ``school``, which may be closed by then.
    """
    begun = Q(since=None) | Q(since__lte=on)
    links = SchoolLink.objects.filter(begun, **among)
    former = FormerSchoolLink.objects.filter(begun, until__gt=on, **among)
    return links.order_by().values_list(*columns).union(former.order_by().values_list(*columns))


@dataclass(frozen=True)
class ClosingEffects:
    """What closing an organisation on a day would change, for a preview.

    ``subordinates`` stand in the way. ``schools`` are those left without any open organisation.
    """

    subordinates: tuple[Organization, ...]
    roles: tuple[Role, ...]
    schools: tuple[School, ...]


def closing_effects(organization: Organization, on: date) -> ClosingEffects:
    """Return what closing ``organization`` on the day ``on`` would change in this room.

    Knows nothing of tasks and reports: the rooms above add theirs.
    """
    below = Organization.objects.filter(parent=organization).open_on(on)
    roles = Role.objects.lasting(on).filter(organization=organization)
    elsewhere = Organization.objects.open_on(on).exclude(pk=organization.pk)
    orphans = School.objects.filter(organizations=organization, closed_on=None).exclude(
        organizations__in=elsewhere.values("pk")
    )
    return ClosingEffects(tuple(below), tuple(roles.select_related("user")), tuple(orphans))


def mergers_of(closed: Organization, on: date) -> QuerySet[Succession]:
    """Return the merger with which ``closed`` ended on the day ``on``, unless it was taken back."""
    return Succession.objects.filter(
        predecessor=closed, kind=SuccessionKind.MERGED, on=on, taken_back=False
    )


def links_gained(closed: Organization, on: date) -> QuerySet[SchoolLink]:
    """Return the links to schools of ``closed`` that another has by its merger of the day ``on``.

    Only those of schools that stayed; one that became a campus was linked before.
    """
    schools = SchoolLink.objects.filter(organization=closed).values("school")
    successors = mergers_of(closed, on).values("successor")
    return SchoolLink.objects.filter(organization__in=successors, school__in=schools, since=on)
