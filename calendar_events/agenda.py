"""One organisation's month in the order in which its secretary works through it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from calendar_events.choices import FINISHED, Handling, TaskState
from calendar_events.models import Task

# What filling in takes, as schools measured it: the record, and further figures.
MINUTES_A_RECORD = 2
MINUTES_FOR_FIGURES = 1


@dataclass
class Agenda:
    """Tasks by what is to be done with them; an optional one (选报) is never late.

    ``later`` are compulsory ones due after the month's end: shown, not counted yet.
    """

    returned: list[Task] = field(default_factory=list)
    late: list[Task] = field(default_factory=list)
    coming: list[Task] = field(default_factory=list)
    later: list[Task] = field(default_factory=list)
    optional: list[Task] = field(default_factory=list)
    finished: list[Task] = field(default_factory=list)

    @property
    def waiting(self) -> list[Task]:
        """What has to be done by the end of the month, the most urgent first."""
        return [*self.returned, *self.late, *self.coming]

    @property
    def done(self) -> int:
        """How many compulsory tasks are finished."""
        return sum(not is_optional(task) for task in self.finished)

    @property
    def minutes(self) -> int:
        """How long the waiting ones take, roughly."""
        return sum(minutes(task) for task in self.waiting)


def is_optional(task: Task) -> bool:
    """Whether the school may leave it."""
    return task.event.handling == Handling.OPTIONAL


def minutes(task: Task) -> int:
    """Return how long it takes to do ``task`` in the portal."""
    return MINUTES_A_RECORD + (MINUTES_FOR_FIGURES if task.event.figures.all() else 0)


def agenda(tasks: Iterable[Task], *, year: int, month: int, on: date) -> Agenda:
    """Sort the ``tasks`` of a month as seen on the day ``on``; the order within a group stays.

    They come with their event and its figures, as ``queries.month_tasks`` hands them over.
    """
    sorted_out = Agenda()
    for task in tasks:
        _group(sorted_out, task, last=(year, month), on=on).append(task)
    return sorted_out


def _group(held: Agenda, task: Task, *, last: tuple[int, int], on: date) -> list[Task]:
    if task.state in FINISHED:
        return held.finished
    if task.state == TaskState.RETURNED:
        return held.returned
    if is_optional(task):
        return held.optional
    if task.due_on < on:
        return held.late
    return held.coming if (task.due_on.year, task.due_on.month) <= last else held.later
