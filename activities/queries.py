"""Reads of records, each named after the page or figure it serves."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from activities.choices import WHOLE_MEMBERSHIP, RecordKind
from activities.models import Record, RecordCounter, RecordQuerySet
from common.models import AuditEntry
from organizations.queries import subtree_head_counts

if TYPE_CHECKING:
    from accounts.models import User
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


def made_by(user: "User", token: str) -> Record | None:
    """The record that ``user`` filed by the form that carried ``token``, if any."""
    return Record.objects.filter(token=token, created_by=user).first()


def heads_filled_in(organization: "Organization", kind: str, *, on: date) -> int | None:
    """How many are entitled (应到), as far as head counts tell: full and probationary members.

    Of the whole subtree, as an organisation files for those below it. None where it isn't known,
    and for committees and groups, whose size no head count holds.
    """
    if kind not in WHOLE_MEMBERSHIP:
        return None
    counts = subtree_head_counts([organization.pk], on)[organization.pk]
    known = [counts[head] for head in ("full", "probationary") if counts[head] is not None]
    return sum(figure or 0 for figure in known) if known else None


def searched(
    records: RecordQuerySet,
    *,
    text: str = "",
    kind: str = "",
    month: date | None = None,
    first: date | None = None,
    last: date | None = None,
) -> RecordQuerySet:
    """Narrow ``records`` down; ``month`` is given by its first day, an empty part asks nothing.

    ``first`` and ``last`` are days, both included. Words are looked for in topic, summary, speaker
    and place.
    """
    places = ("topic", "summary", "speaker", "place")
    for word in text.split():
        anywhere = Q()
        for place in places:
            anywhere |= Q(**{f"{place}__icontains": word})
        records = records.filter(anywhere)
    if kind:
        records = records.filter(kind=kind)
    if month:
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        records = records.filter(held_on__gte=month, held_on__lt=after)
    if first:
        records = records.filter(held_on__gte=first)
    if last:
        records = records.filter(held_on__lte=last)
    return records


def kinds_held(records: RecordQuerySet) -> list[str]:
    """Return the kinds that occur in ``records``, in the order of the choices."""
    found = set(records.order_by().values_list("kind", flat=True).distinct())
    return [kind for kind in RecordKind.values if kind in found]


def months_held(records: RecordQuerySet) -> list[date]:
    """Return the first days of the months in which ``records`` lie, the latest first."""
    return list(records.dates("held_on", "month", order="DESC"))


@dataclass(frozen=True)
class RecordChange:
    """Something that happened to a record: 填写, 修改 or 撤回, by whom, when, what of it."""

    what: str
    who: str
    at: datetime
    note: str = ""


_VERBS = {
    "activities.add_record": "填写",
    "activities.change_record": "修改",
    "activities.withdraw_record": "撤回",
}


def history(record: Record) -> list[RecordChange]:
    """Return what happened to ``record``, newest first, out of the log.

    Names and fields only: addresses and what stood there before are the auditor's.
    """
    entries = AuditEntry.objects.filter(
        object_type=Record._meta.label_lower, object_id=str(record.pk), verb__in=_VERBS
    )
    return [
        RecordChange(_VERBS[each.verb], each.actor_label, each.at, _note(each)) for each in entries
    ]


def _note(entry: AuditEntry) -> str:
    if entry.verb == "activities.withdraw_record":
        return str(entry.after.get("withdrawn_reason", ""))
    if entry.verb == "activities.change_record":
        labels = [label_of(name) for name in entry.after]
        return f"改了：{'、'.join(labels)}" if labels else ""
    return ""


def label_of(name: str) -> str:
    """Return the words for a part of a record as the log and the service call it."""
    labels = {column.name: str(column.verbose_name) for column in Record._meta.fields}
    return {**labels, "counters": "要填的数", "files": "附件"}[name]
