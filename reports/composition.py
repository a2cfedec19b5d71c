"""Composing a report from what is held: records, tasks, head counts of an organisation's subtree.

Nothing here writes. A pending report is composed afresh each time it is looked at; submitting
freezes what was composed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q

from activities.choices import RecordKind
from activities.models import Record, RecordQuerySet
from activities.queries import KindTotals, totals
from calendar_events.choices import TaskState
from calendar_events.models import Task
from organizations.models import HeadCount, Placement
from organizations.models.organization import within
from organizations.queries import head_counts
from reports.choices import ReportState
from reports.lines import HEADS, LINES, Line
from reports.models import Report

CLOSED = (ReportState.SUBMITTED, ReportState.APPROVED)


@dataclass(frozen=True)
class ComposedLine:
    """One line with its figure. ``value`` None: not known or not asked, never 0."""

    line: Line
    value: int | None
    text: str = ""


@dataclass(frozen=True)
class TaskLine:
    """One line of section 三: an event, how it stands, and what was answered."""

    task: Task
    state: str
    day: date | None
    present: int | None
    reason: str


@dataclass(frozen=True)
class Composition:
    """Everything a report says by itself, and the records it counted."""

    lines: tuple[ComposedLine, ...]
    tasks: tuple[TaskLine, ...]
    records: tuple[Record, ...]
    supplements: tuple[Record, ...] = field(default=())

    def value(self, key: str) -> int | None:
        """Return the figure of one line."""
        return next(each.value for each in self.lines if each.line.key == key)


def compose(report: Report) -> Composition:
    """Compose ``report`` from what is held today for its period; a constant number of queries."""
    members = scope_of(report)
    own, late = countable_records(report, members)
    records = list(Record.objects.filter(Q(pk__in=own) | Q(pk__in=late)).order_by("held_on", "id"))
    late_ids = set(late.values_list("pk", flat=True))
    tasks = _tasks(report, members)
    figures = _record_figures(records) | _task_figures(tasks) | _head_figures(members, report)
    return Composition(
        lines=tuple(ComposedLine(line, *figures.get(line.key, (None, ""))) for line in LINES),
        tasks=tuple(tasks),
        records=tuple(records),
        supplements=tuple(record for record in records if record.pk in late_ids),
    )


def scope_of(report: Report) -> list[int]:
    """Ids of the organisations a report speaks for, in the tree of its period's last day.

    Its subtree, without those below it that report for themselves in the same period, and theirs.
    """
    on = report.period.ends_on
    standing = Placement.objects.filter(Q(since__lte=on), Q(until=None) | Q(until__gt=on))
    top = standing.filter(organization=report.organization).first()
    if top is None:
        return [report.organization_id]
    below = standing.filter(within(top.path))
    apart = below.filter(organization__reports__period=report.period).exclude(pk=top.pk)
    others = tuple(apart.values_list("path", flat=True))
    return [
        place.organization_id for place in below if not (others and place.path.startswith(others))
    ]


def countable_records(report: Report, members: list[int]) -> tuple[RecordQuerySet, RecordQuerySet]:
    """Return the records of the period itself, and those too late for an earlier one (补录).

    A record is reported once. One that belongs to an earlier period counts here only when that
    period's report was already handed in; while it is still pending the record waits for it.
    """
    period = report.period
    free = Record.objects.filter(organization__in=members).standing()
    free = free.filter(Q(reported=None) | Q(reported__report=report))
    own = free.filter(held_on__gte=period.starts_on, held_on__lte=period.ends_on)
    earlier = Report.objects.filter(
        organization=report.organization, state__in=CLOSED, period__ends_on__lt=period.starts_on
    )
    spans = earlier.values_list("period__starts_on", "period__ends_on")
    missed = Q(pk__in=[])
    for first, last in spans:
        missed |= Q(held_on__gte=first, held_on__lte=last)
    return own, free.filter(missed)


Figures = dict[str, tuple[int | None, str]]


def _record_figures(records: Iterable[Record]) -> Figures:
    rows = list(records)
    ids = [record.pk for record in rows]
    sums: dict[str, KindTotals] = {}
    for by_kind in totals(Record.objects.filter(pk__in=ids)).values():
        for kind, found in by_kind.items():
            sums.setdefault(kind, KindTotals()).add(found)
    figures: Figures = {}
    for kind in RecordKind.values:
        of_kind = [record for record in rows if record.kind == kind]
        figures |= _kind_figures(kind, sums.get(kind, KindTotals()), of_kind)
    return figures


def _kind_figures(kind: str, found: KindTotals, records: list[Record]) -> Figures:
    held = found.times > 0
    figures: Figures = {
        f"{kind}.times": (found.times, "；".join(_mention(record) for record in records)),
        f"{kind}.entitled": (found.entitled if held else None, ""),
        f"{kind}.present": (found.present if held else None, ""),
    }
    for line in LINES:
        room, _, counter = line.key.partition(".")
        if room == kind and line.key not in figures:
            figures[line.key] = (found.counters.get(counter, 0), "")
    return figures


def _mention(record: Record) -> str:
    day = f"{record.held_on.month}月{record.held_on.day}日"
    speaker = f"，主讲{record.speaker}" if record.speaker else ""
    return f"{day}《{record.topic}》{speaker}"


def _tasks(report: Report, members: list[int]) -> list[TaskLine]:
    period = report.period
    due = Q(due_on__gte=period.starts_on, due_on__lte=period.ends_on)
    done = Q(completed_on__gte=period.starts_on, completed_on__lte=period.ends_on)
    rows = (
        Task.objects.filter(due | done, organization__in=members)
        .exclude(state=TaskState.CANCELLED)
        .select_related("event", "record", "organization")
        .prefetch_related(Prefetch("values"))
        .order_by("event__first_month", "event__position", "id")
    )
    return [
        TaskLine(
            task=task,
            state=task.get_state_display(),
            day=task.completed_on,
            present=task.record.present if task.record else None,
            reason=task.reason,
        )
        for task in rows
    ]


def _task_figures(tasks: list[TaskLine]) -> Figures:
    states = [each.task.state for each in tasks]
    done = states.count(TaskState.DONE)
    skipped = states.count(TaskState.NOT_APPLICABLE)
    return {
        "tasks.total": (len(states), ""),
        "tasks.done": (done, ""),
        "tasks.not_applicable": (skipped, ""),
        "tasks.open": (len(states) - done - skipped, ""),
    }


def _head_figures(members: list[int], report: Report) -> Figures:
    counts = list(head_counts(members, report.period.ends_on).values())
    return {f"heads.{name}": (_sum_known(counts, name), "") for name in HEADS}


def _sum_known(counts: list[HeadCount], name: str) -> int | None:
    """Add up what is known; None when nobody knows anything."""
    known = [value for count in counts if (value := getattr(count, name)) is not None]
    return sum(known) if known else None
