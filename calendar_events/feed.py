"""What a calendar program is given under a private link: titles and days, nothing about people.

Who holds a role in a school gets the tasks of their organisations; bureau and reviewers the lines
of the calendars that they may see. A task or line keeps its UID for good, and whatever changes
about it moves LAST-MODIFIED and SEQUENCE, so that programs replace what they hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.db.models import Q

from calendar_events.choices import PENDING, EventState, Handling, TaskState
from calendar_events.dates import due_of
from calendar_events.models import Event, EventQuerySet, Task, TaskQuerySet
from calendar_events.telling import school_link
from common.models import overrides
from common.workdays import Overrides, add_workdays
from organizations.choices import BUREAU_ROLES, RoleKind
from organizations.permissions import holds, may_make_tokens

if TYPE_CHECKING:
    from accounts.models import User

# What is long past is no use in a calendar.
KEPT = timedelta(days=92)
WORKDAYS_BEFORE = 3
MORNING = timedelta(hours=9)
REFRESH = timedelta(hours=6)
_NAME = "党建任务"


@dataclass(frozen=True)
class Entry:
    """One day in somebody's calendar."""

    uid: str
    title: str
    due_on: date
    link: str
    created_at: datetime
    changed_at: datetime
    cancelled: bool = False
    rings: bool = False


def may_subscribe(user: "User") -> bool:
    """Whether there is anything for ``user`` to subscribe to: a role with business data, today."""
    return user.is_active and may_make_tokens(user)


def entries_for(user: "User", *, on: date) -> list[Entry]:
    """Return what ``user`` may see now, from some weeks ago on; constant queries."""
    tasks: TaskQuerySet = Task.objects.editable_by(user).filter(due_on__gte=on - KEPT)
    own = list(tasks.select_related("event", "organization").order_by("due_on", "pk"))
    several = len({task.organization_id for task in own}) > 1
    entries = [_of_task(task, named=several) for task in own]
    if holds(user, *BUREAU_ROLES, RoleKind.REVIEWER):
        seen = {task.event_id for task in own}
        entries += _of_events(user, seen, on=on)
    return sorted(entries, key=lambda entry: (entry.due_on, entry.uid))


def _of_task(task: Task, *, named: bool) -> Entry:
    event = task.event
    optional = event.handling == Handling.OPTIONAL
    cancelled = task.state == TaskState.CANCELLED
    words = {
        TaskState.DONE: "已办结：",
        TaskState.NOT_APPLICABLE: "不适用：",
        TaskState.RETURNED: "退回待改：",
        TaskState.CANCELLED: "已取消：",
    }
    before = words.get(TaskState(task.state), "选报：" if optional else "")
    unit = f"（{task.organization.label}）" if named else ""
    return Entry(
        uid=f"task-{task.pk}",
        title=f"{before}{event.title}{unit}",
        due_on=task.due_on,
        link=school_link(task.pk),
        created_at=task.created_at,
        changed_at=max(task.updated_at, event.updated_at),
        cancelled=cancelled,
        rings=task.state in PENDING and not optional,
    )


def _of_events(user: "User", seen: set[int], *, on: date) -> Iterator[Entry]:
    visible: EventQuerySet = Event.objects.visible_to(user)
    recent = Q(due_on=None, year__gte=on.year) | Q(due_on__gte=on - KEPT)
    lines = visible.filter(recent).exclude(state=EventState.DRAFT).working()
    days = overrides()
    for event in lines.exclude(pk__in=seen):
        cancelled = event.state == EventState.CANCELLED
        before = "已取消：" if cancelled else f"{event.get_handling_display()}："
        yield Entry(
            uid=f"event-{event.pk}",
            title=f"{before}{event.title}",
            due_on=due_of(event, days),
            link=f"/admin/calendar_events/event/{event.pk}/change/",
            created_at=event.created_at,
            changed_at=event.updated_at,
            cancelled=cancelled,
            rings=not cancelled and event.handling in (Handling.SCHOOL, Handling.BUREAU),
        )


def calendar_text(entries: list[Entry]) -> bytes:
    """Return the entries as an iCalendar file, the same bytes as long as nothing changed."""
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
    for entry in entries:
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
