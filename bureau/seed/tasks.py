"""What became of the tasks: mostly done in time, some late, four overdue, one returned."""

from datetime import date, timedelta

from activities.choices import COUNTERS, RecordKind
from activities.models import Record
from bureau.seed.calendar_plan import ADHOC, DEBTS, LATE, NOT_APPLICABLE, SHOWN
from bureau.seed.context import Context
from bureau.seed.records import Recorder, members_of
from calendar_events import services
from calendar_events.choices import Handling, TaskState
from calendar_events.models import Event, FigureValue, Task
from common.models import overrides
from common.workdays import add_workdays, workday_from

_FIELDS = ("state", "completed_on", "completed_by", "record", "reason")


def build(context: Context) -> None:
    """Complete what a year of ordinary work has completed, and leave the rest."""
    builder = _Builder(context)
    tasks = Task.objects.select_related("event", "organization").order_by("pk")
    for task in tasks:
        builder.settle(task)
    builder.write()
    _return_one(context)
    _extend_one(context)


class _Builder:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.recorder = Recorder(context)
        self.members = members_of(context)
        self.days = overrides()
        self.settled: list[Task] = []
        figures: dict[int, list[tuple[int, str]]] = {}
        for event in Event.objects.prefetch_related("figures"):
            figures[event.pk] = [(each.pk, each.name) for each in event.figures.all()]
        self.figures = figures
        self._in_debt: set[str] = set()

    def settle(self, task: Task) -> None:
        """Decide what became of one task."""
        on = self._day(task)
        if on is None:
            self._close(task)
            return
        reason = _reason(task)
        task.completed_on, task.completed_by = on, self.context.heads[task.organization_id]
        if reason:
            task.state, task.reason = TaskState.NOT_APPLICABLE, reason
        else:
            task.state, task.record = TaskState.DONE, self._record(task, on)
        self.settled.append(task)

    def _day(self, task: Task) -> date | None:
        """The day on which it was done; None where it wasn't, or not yet."""
        day, closed = self.context.day, task.organization.closed_on
        optional = task.event.handling == Handling.OPTIONAL
        gone = closed is not None and task.due_on >= closed
        if self._waits(task) or gone or (optional and self.context.rng.random() < 0.25):
            return None
        on = self._likely_day(task)
        if on < day:
            return on if closed is None or on < closed else add_workdays(closed, -1, self.days)
        # What was due is done, so that just the four are late.
        return add_workdays(day, -1, self.days) if task.due_on < day else None

    def _likely_day(self, task: Task) -> date:
        """A workday from the beginning of its month to its due date; seldom one after it."""
        rng, day = self.context.rng, self.context.day
        start = workday_from(date(task.event.year, task.event.first_month, 3), self.days)
        if task.event.calendar_id is None:
            start = add_workdays(task.due_on, -4, self.days)
        if rng.random() < 0.03:
            return workday_from(task.due_on + timedelta(days=rng.randint(1, 6)), self.days)
        span = max((task.due_on - start).days, 1)
        on = workday_from(start + timedelta(days=rng.randint(0, span)), self.days)
        if task.organization.short_name == SHOWN and task.due_on >= day > start:
            # Done early, so that it can be sent back.
            return max(start, min(on, add_workdays(day, -2, self.days)))
        return on

    def _waits(self, task: Task) -> bool:
        """Whether it is one of those that the demonstration leaves undone."""
        name, event, day = task.organization.short_name, task.event, self.context.day
        if event.title == ADHOC:
            return name in LATE
        months = day.year * 12 + day.month - task.due_on.year * 12 - task.due_on.month
        owed = DEBTS.get(name) == months and event.handling == Handling.SCHOOL
        if owed and name not in self._in_debt:
            self._in_debt.add(name)
            return True
        return name == SHOWN and task.due_on >= day and event.position != 2

    def _close(self, task: Task) -> None:
        """A task that an organisation can no longer do, or an optional one of the past."""
        closed = task.organization.closed_on
        gone = closed is not None and closed <= self.context.day
        optional = task.event.handling == Handling.OPTIONAL and task.due_on < self.context.day
        if gone:
            task.state = TaskState.CANCELLED
        elif optional:
            task.state, task.reason = TaskState.NOT_APPLICABLE, "本学期没有安排这项活动"
            task.completed_on, task.completed_by = (
                task.due_on,
                self.context.heads[task.organization_id],
            )
        else:
            return
        self.settled.append(task)

    def _record(self, task: Task, on: date) -> Record:
        kind = task.event.record_kind or RecordKind.OTHER
        counters = {each.key: self.context.rng.randint(1, 12) for each in COUNTERS.get(kind, ())}
        if kind == RecordKind.SMALL_WISH:
            counters["claimed"] = counters["fulfilled"] = counters["collected"]
        return self.recorder.add(
            organization=task.organization,
            kind=kind,
            on=on,
            topic=task.event.title,
            members=self.members[task.organization_id],
            counters=counters,
        )

    def write(self) -> None:
        """Write records, then tasks and answers."""
        self.recorder.write()
        for task in self.settled:
            task.record_id = task.record.pk if task.record else None
        Task.objects.bulk_update(self.settled, _FIELDS, batch_size=150)
        FigureValue.objects.bulk_create(
            FigureValue(task=task, figure_id=pk, value=self._answer(task, name))
            for task in self.settled
            if task.state == TaskState.DONE
            for pk, name in self.figures[task.event_id]
        )

    def _answer(self, task: Task, name: str) -> int:
        members = self.members[task.organization_id]
        if name == "参加教职工":
            return members * 2 + self.context.rng.randint(0, 8)
        return self.context.rng.randint(0, max(members // 3, 2))


def _reason(task: Task) -> str:
    for part, reasons in NOT_APPLICABLE.items():
        if part in task.event.title:
            return reasons.get(task.organization.short_name, "")
    return ""


def _return_one(context: Context) -> None:
    """Send back something done early, so that being sent back makes nobody late."""
    early = Task.objects.filter(state=TaskState.DONE, due_on__gt=context.day)
    wanted = early.filter(organization__short_name=SHOWN)
    task = wanted.order_by("due_on", "pk").first() or early.order_by("due_on", "pk").first()
    if task is None:
        return
    services.return_task(
        actor=context.users["officer"],
        task=task,
        comment="请补充开展时间和参加人数后再报。",
        at=context.at(context.day, 8, 40),
    )


def _extend_one(context: Context) -> None:
    """Give 五里堨小学 more time for the next task that it has not done."""
    task = (
        Task.objects.filter(
            state=TaskState.OPEN,
            due_on__gte=context.day,
            organization__short_name="五里堨小学",
        )
        .order_by("due_on", "pk")
        .first()
    )
    if task is not None:
        services.extend_task(
            actor=context.users["officer"],
            task=task,
            due_on=add_workdays(task.due_on, 5, overrides()),
            reason="学校校舍维修，活动推迟",
            at=context.at(context.ago(days=1), 11),
        )
