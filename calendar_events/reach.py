"""Which organisations many events mean, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from calendar_events.models import Event
from organizations.choices import AudienceKind
from organizations.models import Audience, Organization, SchoolGroup, SchoolLink


@dataclass
class _Reporting:
    """Organisations that report for a school, with the kinds and groups of their schools."""

    ids: list[int]
    by_kind: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_group: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def members_of(events: Sequence[Event], *, on: date) -> dict[int, list[int]]:
    """Return ``{event id: [organisation ids in customary order]}`` for the day ``on``.

    Gives for each event what ``Audience.members(on=)`` gives, an event without an audience
    meaning all schools. Six queries at most, however many events, audiences and organisations.
    """
    audiences = _audiences(events)
    reporting = _reporting(on)
    groups = _linked(Audience.groups.through.objects, "schoolgroup_id", audiences)
    chosen = _linked(Audience.organizations.through.objects, "organization_id", audiences)
    named = {pk for ids in chosen.values() for pk in ids}
    exist = Organization.objects.filter(pk__in=named).open_on(on).values_list("pk", flat=True)
    order = list(exist) if named else []

    def members(audience: Audience | None) -> list[int]:
        if audience is None or audience.kind == AudienceKind.ALL:
            return reporting.ids
        if audience.kind == AudienceKind.CHOSEN:
            return [pk for pk in order if pk in chosen[audience.pk]]
        if audience.kind == AudienceKind.KINDS:
            sets = [reporting.by_kind[kind] for kind in audience.school_kinds]
        else:
            sets = [reporting.by_group[group] for group in groups[audience.pk]]
        wanted = set().union(*sets)
        return [pk for pk in reporting.ids if pk in wanted]

    return {event.pk: members(audiences.get(event.audience_id or 0)) for event in events}


def _audiences(events: Sequence[Event]) -> dict[int, Audience]:
    ids = [event.audience_id for event in events if event.audience_id]
    return Audience.objects.in_bulk(ids) if ids else {}


def _reporting(on: date) -> _Reporting:
    """Read the reporting organisations once, with what their schools are."""
    ids = list(Organization.objects.open_on(on).reporting().values_list("pk", flat=True))
    found = _Reporting(ids)
    for organization, kind in SchoolLink.objects.values_list("organization", "school__kind"):
        found.by_kind[kind].add(organization)
    linked = SchoolGroup.schools.through.objects.values_list(
        "schoolgroup_id", "school__organization_links__organization"
    )
    for group, organization in linked:
        found.by_group[group].add(organization)
    return found


def _linked(rows: Any, target: str, audiences: dict[int, Audience]) -> dict[int, set[int]]:
    """Read one many-to-many of all audiences at once."""
    found: dict[int, set[int]] = defaultdict(set)
    if audiences:
        for audience, pk in rows.filter(audience__in=audiences).values_list("audience_id", target):
            found[audience].add(pk)
    return found
