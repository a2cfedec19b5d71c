"""Reminders that tasks owe: one keyed row for each stage and responsible person.

Nothing here sends. ``notifications`` merges the rows into digests. A stage is reached when the
office opens on its day; one missed while nobody was looking is made up for by the latest stage
only, one for who is responsible and one for the superior. Where nobody is responsible the superior
hears of that instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Prefetch, Q

from calendar_events.choices import FINISHED, PENDING, Handling
from calendar_events.models import Event, Task, TaskQuerySet
from calendar_events.telling import ROOM, bureau_link, school_link
from common.models import overrides
from common.workdays import Overrides, workday_from
from notifications import services as notifications
from notifications.hours import opening_of, reached_on
from notifications.models import Due
from notifications.stages import Stage, Step, handed_over, steps
from organizations.models import Organization
from organizations.queries import responsible_people, reviewers_of

if TYPE_CHECKING:
    from accounts.models import User

# Nobody waits for an optional task (选报) once its day has passed.
OPTIONAL_STAGES = (Stage.MONTH_START, Stage.THREE_BEFORE, Stage.ON_DAY)
BATCH = 500
# What a reminder is made of. Many tasks share an event, and some an organisation: of 30,000 schools
# whole rows of all three for each task take longer to read than reminders to write.
_NEEDED: tuple[Prefetch[Any], ...] = (
    Prefetch("event", Event.objects.only("title", "handling", "year", "first_month")),
    Prefetch("organization", Organization.objects.only("name", "short_name")),
)
# No stage lies further before a due date than this, holidays included.
AHEAD = timedelta(days=31)


@dataclass
class Timetable:
    """When the stages fall, reckoned once for each due date; ``reached`` is the latest full day."""

    reached: date
    days: Overrides
    _steps: dict[date, list[Step]] = field(default_factory=dict)

    def latest(self, task: Task) -> Step | None:
        """The last stage reached for who is responsible, with its day; None before the first.

        Besides those that all rooms share, each month that the event covers has a start.
        """
        stages = [step for step in self._of(task.due_on) if step[1] != Stage.SUPERIOR]
        first = workday_from(self.reached.replace(day=1), self.days)
        if self._begun(task) and first <= task.due_on:
            stages = [(first, Stage.MONTH_START), *stages]
        if task.event.handling == Handling.OPTIONAL:
            stages = [step for step in stages if step[1] in OPTIONAL_STAGES]
        gone = [step for step in stages if step[0] <= self.reached]
        return sorted(gone, key=itemgetter(0))[-1] if gone else None

    def superior(self, task: Task) -> Step | None:
        """The stage of the superior, once reached; an optional task has none."""
        if task.event.handling == Handling.OPTIONAL:
            return None
        step = next(step for step in self._of(task.due_on) if step[1] == Stage.SUPERIOR)
        return step if step[0] <= self.reached else None

    def _of(self, due_on: date) -> list[Step]:
        if due_on not in self._steps:
            self._steps[due_on] = steps(due_on, self.days)
        return self._steps[due_on]

    def _begun(self, task: Task) -> bool:
        event = task.event
        return (event.year, event.first_month) <= (self.reached.year, self.reached.month)


def write_dues(*, at: datetime) -> int:
    """Write the reminders that tasks waiting for a school owe by ``at``; returns the new ones.

    The key (``task:<id>:<stage>:<due date or month>:<user>``) makes each of them once only,
    however often and by however many processes this runs. A moved deadline has stages of its own,
    and who takes over a post is told the stage that stands. Seven queries and one insert a batch.
    """
    reached = reached_on(at)
    timetable = Timetable(reached, overrides())
    return sum(
        notifications.write_dues(_rows(batch, timetable)) for batch in _batches(_waiting(reached))
    )


def _waiting(reached: date) -> TaskQuerySet:
    """Tasks of open organisations that may have reached a stage."""
    this_month = Q(event__year=reached.year, event__first_month__lte=reached.month)
    begun = this_month | Q(event__year__lt=reached.year) | Q(due_on__lte=reached + AHEAD)
    rows: TaskQuerySet = Task.objects.pending()
    closed = Q(organization__closed_on__lte=reached)
    needed = rows.only("due_on", "event", "organization").prefetch_related(*_NEEDED)
    return needed.filter(begun).exclude(closed)


def _batches(tasks: TaskQuerySet) -> Iterator[list[Task]]:
    """Read organisation by organisation, so that each is asked once for its people.

    In the order of keys: rows written meanwhile neither repeat nor skip one.
    """
    rows = tasks.order_by("organization_id", "pk")
    rest = rows
    while batch := list(rest[:BATCH]):
        yield batch
        last = batch[-1]
        rest = rows.filter(organization__gte=last.organization_id).exclude(
            organization=last.organization_id, pk__lte=last.pk
        )


def _rows(batch: Sequence[Task], timetable: Timetable) -> list[Due]:
    organizations = {task.organization_id for task in batch}
    responsible = responsible_people(organizations, timetable.reached)
    reviewers = reviewers_of(organizations, timetable.reached)
    rows: list[Due] = []
    for task in batch:
        own, above = timetable.latest(task), timetable.superior(task)
        people = responsible[task.organization_id]
        superiors = reviewers[task.organization_id]
        if own:
            rows += [_due(task, own, person, school_link(task.pk)) for person in people]
        if own and not people:
            vacant = own[0], Stage.VACANT
            rows += [_due(task, vacant, person, bureau_link(task.pk)) for person in superiors]
        if above:
            rows += [_due(task, above, person, bureau_link(task.pk)) for person in superiors]
    return rows


def _due(task: Task, step: Step, person: "User", link: str) -> Due:
    day, stage = step
    stamp = f"{day:%Y%m}" if stage == Stage.MONTH_START else f"{task.due_on:%Y%m%d}"
    return Due(
        key=f"task:{task.pk}:{stage}:{stamp}:{person.pk}",
        recipient=person,
        room=ROOM,
        subject=task.event.title,
        stage=stage,
        unit=task.organization.label,
        deadline=task.due_on,
        link=link,
        due_at=opening_of(day),
    )


def outdated(dues: Sequence[Due], at: datetime) -> set[int]:
    """Return the ids of waiting rows that are no longer so: asked just before they are merged.

    The task has been finished, cancelled or moved to another day, its organisation closed, or
    somebody else is responsible by now. What was cancelled is still told. Two queries.
    """
    mine = {due: int(due.key.split(":")[1]) for due in dues if due.room == ROOM}
    on = reached_on(at)
    rows = Task.objects.filter(pk__in=set(mine.values()))
    columns = ("pk", "state", "due_on", "organization", "organization__closed_on")
    tasks = {pk: _Stand(*stand) for pk, *stand in rows.values_list(*columns)}
    responsible = responsible_people({task.organization_id for task in tasks.values()}, on)
    return {
        due.pk
        for due, task_id in mine.items()
        if task_id not in tasks
        or _finished(tasks[task_id], due, on)
        or handed_over(due, responsible[tasks[task_id].organization_id])
    }


class _Stand(NamedTuple):
    """How a task stands at the moment."""

    state: str
    due_on: date
    organization_id: int
    closed_on: date | None


def _finished(task: _Stand, due: Due, on: date) -> bool:
    if due.stage == Stage.CHANGE:
        return task.state in FINISHED
    closed = task.closed_on
    moved = due.deadline is not None and due.deadline != task.due_on
    return task.state not in PENDING or moved or (closed is not None and closed <= on)
