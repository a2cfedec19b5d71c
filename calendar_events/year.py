"""A year's calendar by months: with progress for the bureau, with its own tasks for a school."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from calendar_events.choices import EventState, TaskState
from calendar_events.dates import due_of
from calendar_events.models import Calendar, Event, EventQuerySet, Task
from calendar_events.queries import Progress, progress_of
from common.models import overrides
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Line:
    """One line of the calendar with its due date, by default the usual one, and its progress.

    ``parts`` are there where it was split.
    """

    event: Event
    due_on: date
    progress: Progress
    parts: "tuple[Line, ...]" = ()


@dataclass(frozen=True)
class CalendarMonth:
    """The lines that begin in one month; a calendar may reach into the next year."""

    year: int
    month: int
    lines: tuple[Line, ...]


def calendar_months(user: "User", calendar: Calendar, *, on: date) -> list[CalendarMonth]:
    """Return the lines of ``calendar`` by the month they begin in, months without any left out.

    What ``user`` may see, with progress in their scope, as of the day ``on``; the number of queries
    doesn't grow with the lines.
    """
    visible: EventQuerySet = Event.objects.visible_to(user).filter(calendar=calendar)
    events = list(
        visible.select_related("office", "audience")
        .prefetch_related("audience__groups", "audience__organizations")
        .order_by("year", "first_month", "position", "pk")
    )
    progress = progress_of(user, [event.pk for event in events], on=on)
    days = overrides()
    parts: dict[int | None, list[Line]] = defaultdict(list)
    for event in events:
        if event.split_from_id:
            line = Line(event, due_of(event, days), progress[event.pk])
            parts[event.split_from_id].append(line)
    lines = [
        Line(event, due_of(event, days), progress[event.pk], tuple(parts[event.pk]))
        for event in events
        if event.split_from_id is None
    ]
    months = groupby(lines, key=lambda line: (line.event.year, line.event.first_month))
    return [CalendarMonth(year, month, tuple(found)) for (year, month), found in months]


def year_events(user: "User", year: int) -> list[Event]:
    """Return the lines of a year as the calendar page shows them: one query, no ad-hoc tasks."""
    visible: EventQuerySet = Event.objects.visible_to(user)
    lines = visible.filter(calendar__year=year).printed()
    ordered = lines.order_by("year", "first_month", "position", "pk")
    return list(ordered.select_related("office"))


@dataclass(frozen=True)
class SchoolLine:
    """One line as a school sees it, with its own tasks: those of the parts where it was split."""

    event: Event
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class SchoolMonth:
    """The lines that begin in one month; ``of`` is the year of the calendar."""

    of: int
    year: int
    month: int
    lines: tuple[SchoolLine, ...]


def school_year(user: "User", organization: Organization, year: int) -> list[SchoolMonth]:
    """Return the published lines of a year by months, with the tasks of ``organization``.

    Cancelled tasks are left out. Two queries besides the roles, however many lines.
    """
    lines = [each for each in year_events(user, year) if each.state != EventState.DRAFT]
    tasks: dict[int, list[Task]] = defaultdict(list)
    rows = (
        Task.objects.filter(organization=organization, event__calendar__year=year)
        .exclude(state=TaskState.CANCELLED)
        .select_related("event")
        .order_by("event__pk")
    )
    for task in rows:
        tasks[task.event.split_from_id or task.event_id].append(task)
    months = groupby(lines, key=lambda event: (event.year, event.first_month))
    return [
        SchoolMonth(year, of_year, month, tuple(SchoolLine(e, tuple(tasks[e.pk])) for e in found))
        for (of_year, month), found in months
    ]
