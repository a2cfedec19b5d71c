"""Reads of events and tasks, each named after the page or figure it serves.

The matrix has a file of its own (``matrix``). Everything starts at what the user may see.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nsmallest
from typing import TYPE_CHECKING

from django.db.models import Count, F, Min, Q, Sum

from activities.models import Record, RecordQuerySet
from calendar_events.choices import FINISHED, MAKES_TASKS, PENDING, EventState, Handling, TaskState
from calendar_events.models import (
    Event,
    EventQuerySet,
    Figure,
    FigureValue,
    Task,
    TaskQuerySet,
)
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User

RECORDS_OFFERED = 30


def in_month(year: int, month: int, prefix: str = "") -> Q:
    """Condition for events whose months include this one; ``prefix`` leads to the event."""
    return Q(
        **{
            f"{prefix}year": year,
            f"{prefix}first_month__lte": month,
            f"{prefix}last_month__gte": month,
        }
    )


def before_month(year: int, month: int, prefix: str = "") -> Q:
    """Condition for events that ended before this month."""
    same_year = Q(**{f"{prefix}year": year, f"{prefix}last_month__lt": month})
    return Q(**{f"{prefix}year__lt": year}) | same_year


def month_tasks(organization: Organization, year: int, month: int) -> list[Task]:
    """Return the tasks of ``organization`` in a month, by due date; cancelled ones left out.

    Those whose event covers the month, in any state, and those of earlier months that still wait.
    An optional one (选报) of an earlier month is dropped unless it was returned: nobody waits for
    it. Event, its figures, record and the answers given come along: three queries, whatever the
    number.
    """
    return list(_of_month(organization, year, month).prefetch_related("values"))


def listed_tasks(organization: Organization, year: int, month: int) -> list[Task]:
    """Return the same for a page that shows no answers: two queries."""
    return list(_of_month(organization, year, month))


def _of_month(organization: Organization, year: int, month: int) -> TaskQuerySet:
    awaited = Q(state__in=PENDING) & ~_optional() | Q(state=TaskState.RETURNED)
    waiting = before_month(year, month, "event__") & awaited
    rows: TaskQuerySet = (
        Task.objects.filter(organization=organization)
        .filter(in_month(year, month, "event__") | waiting)
        .exclude(state=TaskState.CANCELLED)
        .select_related("event", "event__office", "record")
        .prefetch_related("event__figures")
        .order_by("due_on", "event__position", "pk")
    )
    return rows


def records_for(user: "User", task: Task) -> list[Record]:
    """Return records that may do ``task``, newest first: standing ones from around its months.

    Of its organisation and those below, from a month before the event's first one on.
    """
    event = task.event
    first = date(event.year, event.first_month, 1) - timedelta(days=31)
    visible: RecordQuerySet = Record.objects.visible_to(user)
    rows = visible.standing().in_subtree(task.organization).filter(held_on__gte=first)
    return list(rows.select_related("organization")[:RECORDS_OFFERED])


def _optional() -> Q:
    return Q(event__handling=Handling.OPTIONAL)


def task_events(user: "User", year: int, month: int) -> EventQuerySet:
    """Return the published events of a month that make tasks, as the matrix shows them."""
    visible: EventQuerySet = Event.objects.visible_to(user)
    return visible.filter(
        in_month(year, month), state=EventState.PUBLISHED, handling__in=MAKES_TASKS
    ).working()


@dataclass(frozen=True)
class Progress:
    """Tasks of one event: how many, finished, returned, late on the day asked for."""

    total: int = 0
    finished: int = 0
    returned: int = 0
    not_applicable: int = 0
    late: int = 0

    @property
    def waiting(self) -> int:
        """Tasks that aren't finished."""
        return self.total - self.finished


def progress_of(user: "User", event_ids: Sequence[int], *, on: date) -> dict[int, Progress]:
    """Return the progress of each event in the user's scope; two queries besides the roles.

    Counts rows of an index alone, state by state: conditions asked of each of a hundred thousand
    tasks took longer, and a count of ids would read the tasks themselves.
    """
    tasks: TaskQuerySet = Task.objects.visible_to(user).filter(event__in=event_ids).order_by()
    states: dict[int, Counter[str]] = {pk: Counter() for pk in event_ids}
    counted = tasks.exclude(state=TaskState.CANCELLED).values_list("event", "state")
    for event, state, number in counted.annotate(number=Count("*")):
        states[event][state] = number
    late = dict(tasks.overdue(on).values_list("event").annotate(number=Count("*")))
    return {
        pk: Progress(
            total=found.total(),
            finished=sum(found[state] for state in FINISHED),
            returned=found[TaskState.RETURNED],
            not_applicable=found[TaskState.NOT_APPLICABLE],
            late=late.get(pk, 0),
        )
        for pk, found in states.items()
    }


def pending_by_event(events: Sequence[Event]) -> dict[int, int]:
    """Return how many tasks of each event, its parts included, wait for schools; one query."""
    ids = [event.pk for event in events]
    family = Q(event__in=ids) | Q(event__split_from__in=ids)
    rows = Task.objects.pending().filter(family).order_by()
    counts = Counter[int]()
    for event, whole, number in rows.values_list("event", "event__split_from").annotate(
        number=Count("*")
    ):
        counts[whole if whole in ids else event] += number
    return dict(counts)


def figure_totals(user: "User", event: Event) -> list[tuple[Figure, int | None]]:
    """Return the figures of ``event`` with the sum of the finished answers in the user's scope.

    None where nobody has answered yet. Two queries besides the roles.
    """
    tasks = Task.objects.visible_to(user).filter(event=event, state=TaskState.DONE)
    answers = FigureValue.objects.filter(task__in=tasks.values("pk"))
    sums = dict(answers.order_by().values_list("figure").annotate(total=Sum("value")))
    return [(figure, sums.get(figure.pk)) for figure in event.figures.all()]


@dataclass(frozen=True)
class MonthCompletion:
    """How far the tasks of one month are: finished out of all, and how many of these were late."""

    month: int
    total: int
    finished: int
    late: int

    @property
    def percent(self) -> int | None:
        """Finished in per cent, rounded down; None where there is nothing to do."""
        return self.finished * 100 // self.total if self.total else None

    @property
    def on_time(self) -> int:
        """Finished by their due dates."""
        return self.finished - self.late

    @property
    def waiting(self) -> int:
        """Not finished yet."""
        return self.total - self.finished


def completion_by_month(user: "User", year: int) -> list[MonthCompletion]:
    """Return twelve months of compulsory tasks that ``user`` may see; three queries.

    A task counts in the last month of its event; cancelled ones don't count.
    """
    events = Event.objects.filter(year=year).exclude(handling=Handling.OPTIONAL).order_by()
    months = dict(events.values_list("pk", "last_month"))
    visible: TaskQuerySet = Task.objects.visible_to(user)
    tasks = visible.filter(event__in=list(months)).order_by()
    tasks = tasks.exclude(state=TaskState.CANCELLED)
    totals, finished, late = Counter[int](), Counter[int](), Counter[int]()
    for event, state, number in tasks.values_list("event", "state").annotate(number=Count("*")):
        totals[months[event]] += number
        finished[months[event]] += number if state in FINISHED else 0
    slow = tasks.filter(state__in=FINISHED, completed_on__gt=F("due_on"))
    for event, number in slow.values_list("event").annotate(number=Count("*")):
        late[months[event]] += number
    return [MonthCompletion(m, totals[m], finished[m], late[m]) for m in range(1, 13)]


@dataclass(frozen=True)
class LateOrganization:
    """An organisation with overdue tasks: how many, and since when the oldest."""

    pk: int
    label: str
    tasks: int
    since: date


@dataclass(frozen=True)
class Lateness:
    """How much is late: tasks and organisations in all, and the worst of these."""

    tasks: int
    organizations: int
    worst: tuple[LateOrganization, ...]


def lateness(user: "User", on: date, *, most: int) -> Lateness:
    """Return what is overdue on the day ``on`` with the ``most`` worst; two queries."""
    overdue = Task.objects.visible_to(user).overdue(on).order_by()
    rows = list(overdue.values_list("organization").annotate(tasks=Count("*"), since=Min("due_on")))
    worst = nsmallest(most, rows, key=lambda row: (-row[1], row[2], row[0]))
    named = Organization.objects.in_bulk([pk for pk, _, _ in worst])
    worst.sort(key=lambda row: (-row[1], row[2], named[row[0]].order, row[0]))
    return Lateness(
        tasks=sum(tasks for _, tasks, _ in rows),
        organizations=len(rows),
        worst=tuple(
            LateOrganization(pk, named[pk].label, tasks, since) for pk, tasks, since in worst
        ),
    )
