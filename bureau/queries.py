"""Reads that span rooms."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from accounts.models import User
from calendar_events.models import Task
from organizations.choices import SCHOOL_ROLES, SUBMITTING_ROLES, RoleKind
from organizations.models import Organization, Role
from reports.models import Report


@dataclass(frozen=True)
class Leaving:
    """What an organisation has to do while somebody is away, and who is left to hand it in."""

    organization: Organization
    tasks: int
    reports: int
    stay: tuple[str, ...]


def leaving(user: User, on: date) -> list[Leaving]:
    """Return what waits in the organisations in which ``user`` holds a role of a school.

    Four queries, whatever the number.
    """
    held = Role.objects.current(on).filter(user=user, kind__in=SCHOOL_ROLES)
    places = list(Organization.objects.filter(pk__in=held.values("organization")).order_by("order"))
    ids = [place.pk for place in places]
    stay: dict[int, list[str]] = defaultdict(list)
    for role in _others(user, ids, SUBMITTING_ROLES, on):
        stay[role.organization_id].append(f"{role.get_kind_display()}{role.user}")
    tasks, reports = _pending(Task, ids), _pending(Report, ids)
    return [
        Leaving(place, tasks.get(place.pk, 0), reports.get(place.pk, 0), tuple(stay[place.pk]))
        for place in places
    ]


def unreviewed(user: User, on: date) -> list[Organization]:
    """Return the organisations below which nobody but ``user`` reviews."""
    held = Role.objects.current(on).filter(user=user, kind=RoleKind.REVIEWER)
    places = list(Organization.objects.filter(pk__in=held.values("organization")).order_by("order"))
    others = _others(user, [place.pk for place in places], (RoleKind.REVIEWER,), on)
    stay = {role.organization_id for role in others}
    return [place for place in places if place.pk not in stay]


def _others(
    user: User, organization_ids: Iterable[int], kinds: Sequence[RoleKind], on: date
) -> list[Role]:
    roles = Role.objects.current(on).filter(
        organization__in=list(organization_ids), kind__in=kinds, user__is_active=True
    )
    return list(roles.exclude(user=user).select_related("user").order_by("since", "id"))


def _pending(model: type[Task] | type[Report], organization_ids: Iterable[int]) -> dict[int, int]:
    rows = model.objects.pending().filter(organization__in=list(organization_ids))
    counted = rows.order_by().values_list("organization").annotate(number=Count("pk"))
    return dict(counted)
