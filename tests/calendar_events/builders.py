"""Calendars, events and tasks for the tests of this room."""

from datetime import date, datetime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

from django.db import connections

from activities.choices import RecordKind
from activities.models import Record
from calendar_events.choices import CalendarState, EventState, Handling, TaskState
from calendar_events.models import Calendar, Event, Task
from common.errors import DomainError
from organizations.choices import RoleKind
from tests.factories import OrganizationFactory, RoleFactory, SchoolFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


NOW = at(2026, 3, 10)


def draft_calendar(year: int = 2026, titles: dict[str, int] | None = None) -> Calendar:
    """A draft calendar; ``titles`` gives each line its month."""
    calendar = Calendar.objects.create(year=year, title=f"{year}年度党建工作行事历")
    for position, (title, month) in enumerate((titles or {}).items(), start=1):
        Event.objects.create(
            calendar=calendar,
            year=year,
            title=title,
            first_month=month,
            last_month=month,
            position=position,
        )
    return calendar


def published_event(
    title: str = "主题党日", *, month: int = 3, year: int = 2026, **fields
) -> Event:
    calendar, _ = Calendar.objects.get_or_create(
        year=year,
        defaults={"title": f"{year}年度党建工作行事历", "state": CalendarState.PUBLISHED},
    )
    values = {
        "calendar": calendar,
        "year": year,
        "title": title,
        "first_month": month,
        "last_month": month,
        "due_on": date(year, month, 25),
        "handling": Handling.SCHOOL,
        "state": EventState.PUBLISHED,
    }
    return Event.objects.create(**{**values, **fields})


def task_of(organization, event=None, **fields) -> Task:
    event = event or published_event()
    values = {"event": event, "organization": organization, "due_on": event.due_on}
    return Task.objects.create(**{**values, **fields})


def done(organization, event, *, on: date) -> Task:
    return task_of(organization, event, state=TaskState.DONE, completed_on=on)


_tokens = iter(range(10**6))


def record_of(organization, user, *, held_on: date = date(2026, 3, 9), **fields) -> Record:
    return Record.objects.create(
        organization=organization,
        kind=RecordKind.THEME_DAY,
        held_on=held_on,
        topic="学习活动",
        token=f"token-{next(_tokens)}",
        created_by=user,
        **fields,
    )


def more_schools(root, count: int) -> list:
    """Organisations of schools of their own, each with a secretary, below ``root``."""
    made = []
    for _ in range(count):
        organization = OrganizationFactory(parent=root, school=SchoolFactory())
        RoleFactory(organization=organization, kind=RoleKind.SECRETARY)
        made.append(organization)
    return made


def race(acts):
    """Run ``acts`` at the same moment, each on a connection of its own; returns what they gave."""
    barrier = Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            barrier.wait()
            results[number] = acts[number]()
        except DomainError as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
