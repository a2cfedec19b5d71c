"""What the reports of a whole period say, composed together: one report at a time takes minutes.

Says the same as ``reports.composition.compose`` (a test compares them), but reads the records,
tasks and head counts of all organisations at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from activities.models import Record
from calendar_events.choices import FINISHED, TaskState
from calendar_events.models import Task
from organizations.models import HeadCount, Placement
from organizations.models.role import steps
from organizations.queries import head_counts
from organizations.queries.tree import placed_on
from reports.composition import ComposedLine, Composition, TaskLine
from reports.composition.records import figures_of
from reports.composition.tasks import task_figures
from reports.lines import HEADS, KINDS, LINES, TASK_KEY
from reports.models import Period, Report, ReportedRecord, ReportFigure

Row = TypeVar("Row", Record, Task, HeadCount)


class Books:
    """All that is held for one period, sorted by the organisation that reports it."""

    def __init__(self, period: Period, reports: Sequence[Report]) -> None:
        self.period = period
        self._owner = _owners(period.ends_on, {each.organization_id for each in reports})
        span = {"held_on__gte": period.starts_on, "held_on__lte": period.ends_on}
        records = Record.objects.filter(kind__in=KINDS, **span).standing()
        records = records.select_related("organization").prefetch_related("counters")
        self._records = self._sorted(records.order_by("held_on", "id"))
        due = Task.objects.filter(due_on__gte=period.starts_on, due_on__lte=period.ends_on)
        tasks = due.exclude(state=TaskState.CANCELLED).select_related("event", "record")
        tasks = tasks.prefetch_related("record__counters")
        order = ("event__year", "event__first_month", "event__position", "id")
        self._tasks = self._sorted(tasks.order_by(*order))
        self._heads = self._sorted(head_counts(list(self._owner), period.ends_on).values())

    def _sorted(self, rows: Iterable[Row]) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            owner = self._owner.get(row.organization_id)
            if owner is not None:
                found[owner].append(row)
        return found

    def compose(
        self,
        report: Report,
        *,
        carried: Sequence[Task] = (),
        late: Sequence[Record] = (),
        on: date,
    ) -> tuple[Composition, list[Task]]:
        """Compose ``report`` as it stood on the day ``on``; also return what it tells unfinished.

        ``carried`` are the tasks that the report before told unfinished, ``late`` records that came
        too late for it.
        """
        owner = report.organization_id
        records = [*late, *self._records[owner]]
        tasks = [*carried, *self._tasks[owner]]
        told = [_line(task, on) for task in tasks]
        figures = figures_of(records, first=self.period.starts_on) | task_figures(told)
        figures |= {f"heads.{head}": (_sum(self._heads[owner], head), "") for head in HEADS}
        composition = Composition(
            members=(owner,),
            lines=tuple(ComposedLine(line, *figures.get(line.key, (None, ""))) for line in LINES),
            tasks=tuple(told),
            records=tuple(records),
            supplements=tuple(late),
        )
        waiting = [
            task for task, line in zip(tasks, told, strict=True) if line.state not in FINISHED
        ]
        return composition, waiting


def _owners(on: date, reporting: set[int]) -> dict[int, int]:
    """Return ``{organisation: the one that reports for it}`` in the tree of the day ``on``."""
    owners: dict[int, int] = {}
    for pk, path in Placement.objects.filter(placed_on(on)).values_list("organization", "path"):
        above = [step for step in steps(path) if step in reporting]
        if above:
            owners[pk] = above[-1]
    return owners


def _line(task: Task, on: date) -> TaskLine:
    """How a task stood on the day ``on``."""
    settled = task.completed_on is not None and task.completed_on <= on
    record = task.record if settled else None
    return TaskLine(
        task_id=task.pk,
        title=task.event.title,
        state=TaskState(task.state) if settled else TaskState.OPEN,
        day=(record.held_on if record else task.completed_on) if settled else None,
        present=_present(record),
        reason=task.reason if settled else "",
    )


def _present(record: Record | None) -> int | None:
    if record is None or record.present is not None:
        return record.present if record else None
    return {each.key: each.value for each in record.counters.all()}.get("persons")


def _sum(counts: Iterable[HeadCount], head: str) -> int | None:
    known = [figure for each in counts if (figure := getattr(each, head)) is not None]
    return sum(known) if known else None


def frozen(
    report: Report, composition: Composition
) -> tuple[list[ReportFigure], list[ReportedRecord]]:
    """Return the unsaved rows that a submitted report keeps."""
    figures = [
        ReportFigure(
            report=report,
            key=each.line.key,
            value=each.value,
            text=each.text,
            recorded=each.line.recorded,
        )
        for each in composition.lines
    ]
    figures += [
        ReportFigure(
            report=report,
            key=f"{TASK_KEY}{each.task_id}",
            value=each.present,
            text=each.frozen_text,
        )
        for each in composition.tasks
    ]
    late = {record.pk for record in composition.supplements}
    records = [
        ReportedRecord(report=report, record=record, supplement=record.pk in late)
        for record in composition.records
    ]
    return figures, records
