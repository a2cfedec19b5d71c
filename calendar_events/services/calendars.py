"""Opening a year's calendar, adding a line by hand, taking a draft line away."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max

from calendar_events.choices import EventState
from calendar_events.models import Calendar, Event
from calendar_events.reading.fold import squeeze
from calendar_events.services.checks import (
    require_draft,
    require_planner,
    required_text,
)
from common import audit
from common.errors import ConflictError, DomainError
from organizations.models import Audience

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

FIRST_YEAR, LAST_YEAR = 2000, 2100


def open_calendar(*, actor: "User", year: int, title: str, at: datetime) -> Calendar:
    """Open the calendar of ``year``; there is one a year."""
    require_planner(actor)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DomainError(f"年度应在 {FIRST_YEAR}–{LAST_YEAR} 之间，写的是 {year}。")
    name = required_text(title, name="标题", limit=200)
    try:
        with transaction.atomic():
            calendar = Calendar.objects.create(year=year, title=name, created_at=at)
            audit.record(
                actor=actor,
                verb="calendar_events.open_calendar",
                obj=calendar,
                after={"year": year, "title": name},
                at=at,
            )
    except IntegrityError as error:
        raise ConflictError(f"{year} 年的行事历已经有了，请打开它继续编辑。") from error
    return calendar


def add_event(
    *,
    actor: "User",
    calendar: Calendar,
    title: str,
    first_month: int,
    last_month: int,
    at: datetime,
) -> Event:
    """Add one line at the end of its month, unsorted.

    A published calendar takes it as well: it waits as a draft until published by itself. A second
    line of one month and title is refused: it comes of a form sent twice, and importing tells lines
    apart by just these two.
    """
    require_planner(actor)
    name = required_text(title, name="事项", limit=200)
    if not 1 <= first_month <= last_month <= 12:
        raise DomainError("月份应在 1–12 之间，截止月不能早于起始月。")
    with transaction.atomic():
        # The calendar's row is the lock that makes two presses of one button wait for each other.
        Calendar.objects.select_for_update().get(pk=calendar.pk)
        lines = calendar.events.filter(first_month=first_month)
        _refuse_second(lines, name)
        latest: int | None = lines.aggregate(latest=Max("position"))["latest"]
        event = Event.objects.create(
            calendar=calendar,
            year=calendar.year,
            title=name,
            first_month=first_month,
            last_month=last_month,
            position=(latest or 0) + 1,
            created_by=actor,
            created_at=at,
        )
        audit.record(
            actor=actor, verb="calendar_events.add_event", obj=event, after={"title": name}, at=at
        )
    return event


def _refuse_second(lines: "QuerySet[Event]", title: str) -> None:
    """Refuse a title that stands in the month already; spaces don't count, nor cancelled lines."""
    standing = lines.filter(split_from=None).exclude(state=EventState.CANCELLED)
    for month, held in standing.values_list("first_month", "title"):
        if squeeze(held) == squeeze(title):
            raise DomainError(
                f"{month}月已有「{held}」，没有重复添加。确是另一件事，请把名称写得不同。"
            )


def remove_event(*, actor: "User", event: Event, at: datetime) -> None:
    """Take a draft line away, with its parts; what the schools have is cancelled instead."""
    require_planner(actor)
    require_draft(event)
    with transaction.atomic():
        doomed = [*Event.objects.select_for_update().filter(split_from=event), event]
        if Event.objects.filter(pk=event.pk, state=EventState.DRAFT).count() == 0:
            raise ConflictError(f"「{event}」已发布或已删除，请刷新页面。")
        audit.record(
            actor=actor,
            verb="calendar_events.remove_event",
            obj=event,
            before={"title": event.title, "parts": [part.title for part in doomed[:-1]]},
            ids=[each.pk for each in doomed],
            at=at,
        )
        delete_drafts(doomed)


def delete_drafts(events: Sequence[Event]) -> None:
    """Delete draft lines with their audiences, parts before the whole."""
    rows = Event.objects.filter(pk__in=[event.pk for event in events])
    rows.exclude(split_from=None).delete()
    rows.delete()
    Audience.objects.filter(pk__in=[event.audience_id for event in events]).delete()
