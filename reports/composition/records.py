"""What the records of a period come to, line by line."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile

from django.db.models import Q

from activities.models import Record
from reports.choices import PENDING
from reports.composition.earlier import Earlier
from reports.lines import KINDS, LINES
from reports.models import Report

Figures = dict[str, tuple[int | None, str]]


def countable_records(
    report: Report, members: Sequence[int], earlier: Sequence[Earlier]
) -> list[Record]:
    """Return the records that count in ``report``, by day: the period's own, and 补录.

    A record is reported once. One that came too late for an earlier period counts here, unless a
    report between the two still waits for the school: then it waits for that one. Two queries.
    """
    rows = (
        Record.objects.filter(organization__in=members, kind__in=KINDS)
        .filter(held_on__gte=_reaches_back_to(report, earlier), held_on__lte=report.period.ends_on)
        .filter(Q(reported=None) | Q(reported__report=report))
        .standing()
        .only("kind", "held_on", "topic", "speaker", "entitled", "present")
        .prefetch_related("counters")
        .order_by("held_on", "id")
    )
    return list(rows)


def _reaches_back_to(report: Report, earlier: Sequence[Earlier]) -> date:
    """Return the first day that counts: of the earliest period settled since one that waits."""
    settled = takewhile(lambda each: each.state not in PENDING, earlier)
    return min((each.starts_on for each in settled), default=report.period.starts_on)


def kinds_held(records: Iterable[Record]) -> set[str]:
    """Return the kinds of which at least one record is there."""
    return {record.kind for record in records}


def figures_of(records: Sequence[Record], *, first: date) -> Figures:
    """Return figure and words of each line that records fill; ``first`` is the period's first day.

    A kind of which nothing was held gives 0 times and 0 of what it counts, but no heads: who was
    entitled to a meeting that didn't take place is not 0. A figure nobody gave stays None.
    """
    by_kind: dict[str, list[Record]] = {kind: [] for kind in KINDS}
    for record in records:
        by_kind[record.kind].append(record)
    return {
        line.key: _figure(line.key, by_kind[line.kind], first=first)
        for line in LINES
        if line.kind in by_kind
    }


def _figure(key: str, held: Sequence[Record], *, first: date) -> tuple[int | None, str]:
    _, _, name = key.partition(".")
    if name == "times":
        return len(held), "；".join(_mention(record, first=first) for record in held)
    if name in ("entitled", "present"):
        return _sum(getattr(record, name) for record in held), ""
    given = (
        counter.value for each in held for counter in each.counters.all() if counter.key == name
    )
    return (_sum(given) if held else 0), ""


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _mention(record: Record, *, first: date) -> str:
    day = f"{record.held_on.month}月{record.held_on.day}日"
    speaker = f"，主讲{record.speaker}" if record.speaker and record.kind == "party_lesson" else ""
    late = "（补录）" if record.held_on < first else ""
    return f"{day}《{record.topic}》{speaker}{late}"
