"""Periods, reports and records for the tests of this room."""

from datetime import date, datetime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

from django.db import connections

from activities.choices import RecordKind
from activities.models import Record, RecordCounter
from calendar_events.choices import CalendarState, EventState, Handling
from calendar_events.models import Calendar, Event, Task
from common.errors import DomainError
from organizations.models import HeadCount
from reports.choices import PeriodState
from reports.models import Period, Report
from reports.services import open_period

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


# The third workday of April 2026 is Friday the 3rd.
DUE = date(2026, 4, 3)
NOW = at(2026, 4, 2)
THEME_DAY = "theme_day.times"


def period_of(month: int = 3, *, year: int = 2026, opened: bool = True, **fields) -> Period:
    """A calendar month; opened on its first day for who reports then."""
    after = date(year + month // 12, month % 12 + 1, 1)
    values = {
        "year": year,
        "first_month": month,
        "last_month": month,
        "starts_on": date(year, month, 1),
        "ends_on": date.fromordinal(after.toordinal() - 1),
        "due_on": after.replace(day=3),
    }
    period = Period.objects.create(**{**values, **fields})
    if opened:
        open_period(actor=None, period=period, at=at(year, month, 1))
    return period


def report_of(organization, month: int = 3, **fields) -> Report:
    """The report of one organisation; other organisations get theirs too."""
    period = Period.objects.filter(year=2026, first_month=month).first()
    if period is None:
        period = period_of(month)
    if period.state == PeriodState.PLANNED:
        open_period(actor=None, period=period, at=at(2026, month, 1))
    Report.objects.filter(period=period, organization=organization).update(**fields)
    return Report.objects.select_related("period", "organization").get(
        period=period, organization=organization
    )


_tokens = iter(range(10**6))


def record_of(organization, user, *, kind=RecordKind.THEME_DAY, counters=None, **fields) -> Record:
    values = {
        "organization": organization,
        "kind": kind,
        "held_on": date(2026, 3, 9),
        "topic": "学习活动",
        "token": f"report-token-{next(_tokens)}",
        "created_by": user,
    }
    record = Record.objects.create(**{**values, **fields})
    RecordCounter.objects.bulk_create(
        RecordCounter(record=record, key=key, value=value)
        for key, value in (counters or {}).items()
    )
    return record


def event_of(title: str = "主题党日", *, month: int = 3, **fields) -> Event:
    calendar, _ = Calendar.objects.get_or_create(
        year=2026, defaults={"title": "2026年度党建工作行事历", "state": CalendarState.PUBLISHED}
    )
    values = {
        "calendar": calendar,
        "year": 2026,
        "title": title,
        "first_month": month,
        "last_month": month,
        "due_on": date(2026, month, 25),
        "handling": Handling.SCHOOL,
        "state": EventState.PUBLISHED,
    }
    return Event.objects.create(**{**values, **fields})


def task_of(organization, event=None, **fields) -> Task:
    event = event or event_of()
    values = {"event": event, "organization": organization, "due_on": event.due_on}
    return Task.objects.create(**{**values, **fields})


def heads_of(organization, *, on: date = date(2026, 1, 1), **counts) -> HeadCount:
    return HeadCount.objects.create(organization=organization, on=on, **counts)


def race(acts) -> list[object]:
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
