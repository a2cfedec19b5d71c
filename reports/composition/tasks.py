"""Section 三: which tasks a report tells, and how they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from calendar_events.choices import FINISHED, PENDING, Handling, TaskState
from calendar_events.models import Task
from reports.choices import CLOSED
from reports.composition.earlier import Earlier
from reports.composition.records import Figures
from reports.lines import PART, TASK_KEY
from reports.models import Report, ReportFigure

# What a line says of a task, and of the record that did it.
_TOLD = (
    "state",
    "completed_on",
    "reason",
    "event__title",
    "record__held_on",
    "record__present",
)


def state_word(state: TaskState) -> str:
    """The word of the form: 已完成, 不适用, else 进行中."""
    return state.label if state in FINISHED else "进行中"


@dataclass(frozen=True)
class TaskLine:
    """One line of section 三: an event, how it stands, when, how many, and why not.

    ``day`` is when it took place, else when it was settled; ``present`` None: nobody counted.
    """

    task_id: int
    title: str
    state: TaskState
    day: date | None
    present: int | None
    reason: str

    @property
    def word(self) -> str:
        """How it stands, in the words of the form."""
        return state_word(self.state)

    @property
    def day_text(self) -> str:
        """3月5日, or nothing."""
        return f"{self.day.month}月{self.day.day}日" if self.day else ""

    @property
    def frozen_text(self) -> str:
        """Its words as ``ReportFigure.text`` keeps them; the state by its value."""
        parts = [self.title, self.state.value, self.day_text, self.reason]
        return PART.join(part.replace(PART, " ") for part in parts)


def task_lines(
    report: Report, members: Sequence[int], earlier: Sequence[Earlier]
) -> list[TaskLine]:
    """Return the tasks that ``report`` tells, in the order of the calendar.

    Those due in its period; those the report before told unfinished; and compulsory ones overdue
    from earlier. So each is told finished once, and none drops out of sight. Three queries.
    """
    period = report.period
    due = Q(due_on__gte=period.starts_on, due_on__lte=period.ends_on)
    overdue = Q(due_on__lt=period.starts_on, state__in=PENDING) & ~Q(
        event__handling=Handling.OPTIONAL
    )
    rows = (
        Task.objects.filter(due | overdue | Q(pk__in=_carried_over(earlier)))
        .filter(organization__in=members)
        .exclude(state=TaskState.CANCELLED)
        .select_related("event", "record")
        .only(*_TOLD)
        .prefetch_related("record__counters")
        .order_by("event__year", "event__first_month", "event__position", "id")
    )
    return [_line(task) for task in rows]


def _carried_over(earlier: Sequence[Earlier]) -> list[int]:
    """Ids of the tasks that the report before this one told unfinished.

    None while that one waits for the school: it will carry them itself.
    """
    if not earlier or earlier[0].state not in CLOSED:
        return []
    told = ReportFigure.objects.filter(report=earlier[0].pk, key__startswith=TASK_KEY)
    return [
        int(key.removeprefix(TASK_KEY))
        for key, text in told.values_list("key", "text")
        if thawed(text).state not in FINISHED
    ]


@dataclass(frozen=True)
class FrozenTask:
    """The words of a task line as a submitted report keeps them."""

    title: str
    state: TaskState
    day: str
    reason: str

    @property
    def word(self) -> str:
        """How it stands, in the words of the form."""
        return state_word(self.state)


def thawed(text: str) -> FrozenTask:
    """Read what :attr:`TaskLine.frozen_text` wrote."""
    title, state, day, reason = text.split(PART)
    return FrozenTask(title, TaskState(state), day, reason)


def _line(task: Task) -> TaskLine:
    record = task.record
    return TaskLine(
        task_id=task.pk,
        title=task.event.title,
        state=TaskState(task.state),
        day=record.held_on if record else task.completed_on,
        present=_present(task),
        reason=task.reason,
    )


def _present(task: Task) -> int | None:
    """How many took part: as the record says, or as its counter of persons does."""
    if task.record is None or task.record.present is not None:
        return task.record.present if task.record else None
    counters = {counter.key: counter.value for counter in task.record.counters.all()}
    return counters.get("persons")


def task_figures(tasks: Sequence[TaskLine]) -> Figures:
    """Return the four sums of section 三."""
    states = [each.state for each in tasks]
    done = states.count(TaskState.DONE)
    skipped = states.count(TaskState.NOT_APPLICABLE)
    return {
        "tasks.total": (len(states), ""),
        "tasks.done": (done, ""),
        "tasks.open": (len(states) - done - skipped, ""),
        "tasks.not_applicable": (skipped, ""),
    }
