"""Reads of records, each named after the page or figure it serves."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from activities.models import Record, RecordCounter, RecordQuerySet

if TYPE_CHECKING:
    from organizations.models import Organization


@dataclass
class KindTotals:
    """What the records of one kind come to: how often, how many heads, and the kind's counters."""

    times: int = 0
    entitled: int = 0
    present: int = 0
    counters: dict[str, int] = field(default_factory=dict)

    def add(self, other: "KindTotals") -> None:
        """Add the totals of another organisation."""
        self.times += other.times
        self.entitled += other.entitled
        self.present += other.present
        for key, value in other.counters.items():
            self.counters[key] = self.counters.get(key, 0) + value


Totals = dict[int, dict[str, KindTotals]]


def totals(records: RecordQuerySet) -> Totals:
    """Return ``{organization_id: {kind: KindTotals}}`` of standing ``records``; two queries."""
    standing = records.standing().order_by()
    found: Totals = defaultdict(lambda: defaultdict(KindTotals))
    heads = standing.values("organization_id", "kind").annotate(
        times=Count("pk"), entitled_sum=Sum("entitled"), present_sum=Sum("present")
    )
    for head in heads:
        found[head["organization_id"]][head["kind"]] = KindTotals(
            head["times"], head["entitled_sum"] or 0, head["present_sum"] or 0
        )
    counters = (
        RecordCounter.objects.filter(record__in=standing.values("pk"))
        .values("record__organization_id", "record__kind", "key")
        .annotate(sum=Sum("value"))
    )
    for row in counters:
        kind = found[row["record__organization_id"]][row["record__kind"]]
        kind.counters[row["key"]] = row["sum"]
    return found


def held_between(organization_ids: Collection[int], *, first: date, last: date) -> RecordQuerySet:
    """Standing records of these organisations with a day from ``first`` to ``last``, both in."""
    rows: RecordQuerySet = Record.objects.filter(
        organization__in=organization_ids, held_on__gte=first, held_on__lte=last
    )
    return rows.standing()


def month_records(organization: "Organization", *, year: int, month: int) -> RecordQuerySet:
    """The record list of one month, newest first."""
    rows: RecordQuerySet = Record.objects.filter(
        organization=organization, held_on__year=year, held_on__month=month
    ).prefetch_related("counters", "attachments")
    return rows
