"""Days in a calendar file (iCalendar): whole days with a title, a link and alarms, no people.

An entry keeps its UID for good, and whatever changes about it moves LAST-MODIFIED and SEQUENCE, so
that programs replace what they hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import icalendar
from django.conf import settings

from common.models import overrides
from common.workdays import Overrides, add_workdays

# What is long past is no use in a calendar.
KEPT = timedelta(days=92)
WORKDAYS_BEFORE = 3
MORNING = timedelta(hours=9)
REFRESH = timedelta(hours=6)
_NAME = "党建任务"


@dataclass(frozen=True)
class Entry:
    """One day in somebody's calendar; ``link`` is an address of the portal without its host."""

    uid: str
    title: str
    due_on: date
    link: str
    created_at: datetime
    changed_at: datetime
    cancelled: bool = False
    rings: bool = False


def calendar_text(entries: Iterable[Entry]) -> bytes:
    """Return the entries in order of days, the same bytes as long as nothing changed."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Party Building Portal//Tasks//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _NAME)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    calendar.add_component(_zone())
    days = overrides()
    for entry in sorted(entries, key=lambda entry: (entry.due_on, entry.uid)):
        calendar.add_component(_component(entry, days))
    text: bytes = calendar.to_ical()
    return text


@lru_cache(maxsize=1)
def _zone() -> icalendar.Timezone:
    """Return the definition of the zone for as long as calendars go back here."""
    return icalendar.Timezone.from_tzid(settings.TIME_ZONE, first_date=date(2020, 1, 1))


def _component(entry: Entry, days: Overrides) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{entry.uid}@{urlsplit(settings.SITE_URL).hostname}")
    # When it last changed, not when it was asked for: the file stays the same, byte for byte.
    event.add("dtstamp", entry.changed_at)
    event.add("created", entry.created_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", max(0, int((entry.changed_at - entry.created_at).total_seconds())))
    event.add("summary", entry.title)
    event.add("dtstart", entry.due_on)
    event.add("dtend", entry.due_on + timedelta(days=1))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{settings.SITE_URL}{entry.link}")
    if entry.rings:
        early = add_workdays(entry.due_on, -WORKDAYS_BEFORE, days)
        event.add_component(_alarm(early - entry.due_on, f"还有 3 个工作日：{entry.title}"))
        event.add_component(_alarm(timedelta(), f"今天截止：{entry.title}"))
    return event


def _alarm(before: timedelta, words: str) -> icalendar.Alarm:
    """Return an alarm at nine in the morning, so many days before.

    Counted from the midnight with which the whole day begins, as phones do it themselves: what is
    given as a moment is dropped by some of them for days without a time.
    """
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", before + MORNING)
    return alarm
