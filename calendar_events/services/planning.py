"""Before publishing: sorting, planning and splitting the lines of a calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from activities.choices import RecordKind
from calendar_events.choices import EventState, Handling
from calendar_events.models import Calendar, Event
from calendar_events.services.asking import kept_in_copies
from calendar_events.services.calendars import delete_drafts
from calendar_events.services.checks import (
    EVENT_CHANGED,
    require_draft,
    require_planner,
    required_text,
    within,
)
from common import audit
from common.errors import ConflictError, DomainError
from organizations.models import Office

if TYPE_CHECKING:
    from accounts.models import User

MOST_PARTS = 10


@dataclass(frozen=True)
class EventPlan:
    """What an officer says about a line before publishing; ``due_on`` None takes the default."""

    title: str
    demand: str = ""
    due_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    office: Office | None = None
    record_kind: str = ""

    def fields(self) -> dict[str, Any]:
        """Return the columns of the event; raises DomainError for what can't stand in them."""
        if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
            raise DomainError("结束日期早于开始日期，请检查。")
        if self.record_kind and self.record_kind not in RecordKind.values:
            raise DomainError("建议记录类别不存在，请重新选择。")
        return {
            "title": required_text(self.title, name="事项", limit=200),
            "demand": within(self.demand.strip(), name="要求", limit=2000),
            "due_on": self.due_on,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "office": self.office,
            "record_kind": self.record_kind,
        }


def sort_event(*, actor: "User", event: Event, handling: str, at: datetime) -> Event:
    """Sort one draft line: the bureau's own (局办), the schools' (校办), 选报 or 知晓."""
    require_planner(actor)
    require_draft(event)
    _check_handling(handling)
    with transaction.atomic():
        _write_handling([event.pk], handling, at=at, expected=1)
        audit.record(
            actor=actor,
            verb="calendar_events.sort_event",
            obj=event,
            before={"handling": event.handling},
            after={"handling": handling},
            at=at,
        )
    event.handling = handling
    return event


def sort_events(
    *, actor: "User", calendar: Calendar, handlings: Mapping[int, str], at: datetime
) -> int:
    """Sort many draft lines of one calendar at once; ``handlings`` is ``{event id: handling}``.

    Returns how many changed. Raises ConflictError, changing nothing, when one of them isn't a
    draft line of this calendar any more.
    """
    require_planner(actor)
    for handling in set(handlings.values()):
        _check_handling(handling)
    drafts = calendar.events.filter(state=EventState.DRAFT, pk__in=handlings)
    before: dict[int, str] = dict(drafts.values_list("pk", "handling"))
    if len(before) != len(handlings):
        raise ConflictError(EVENT_CHANGED)
    new = {pk: handling for pk, handling in handlings.items() if before[pk] != handling}
    if not new:
        return 0
    with transaction.atomic():
        for handling in set(new.values()):
            ids = [pk for pk, wanted in new.items() if wanted == handling]
            _write_handling(ids, handling, at=at, expected=len(ids))
        audit.record(
            actor=actor,
            verb="calendar_events.sort_events",
            obj=calendar,
            ids=new,
            before={str(pk): before[pk] for pk in new},
            after={str(pk): handling for pk, handling in new.items()},
            at=at,
        )
    return len(new)


def _check_handling(handling: str) -> None:
    if handling not in Handling.values or handling == Handling.UNSORTED:
        raise DomainError("请在 局办、校办、选报、知晓 中选择一类。")


def _write_handling(ids: Sequence[int], handling: str, *, at: datetime, expected: int) -> None:
    drafts = Event.objects.filter(pk__in=ids, state=EventState.DRAFT)
    if drafts.update(handling=handling, updated_at=at) != expected:
        raise ConflictError(EVENT_CHANGED)


def arrange_events(
    *,
    actor: "User",
    calendar: Calendar,
    arrangements: Mapping[int, tuple[date | None, Office | None]],
    at: datetime,
) -> int:
    """Set due date and office of many draft lines; ``{event id: (due date, office)}``.

    Returns how many changed. Raises ConflictError, changing nothing, when one isn't a draft line of
    this calendar any more.
    """
    require_planner(actor)
    with transaction.atomic():
        drafts = calendar.events.select_for_update(of=("self",)).filter(state=EventState.DRAFT)
        lines = list(drafts.filter(pk__in=arrangements).select_related("office").order_by("pk"))
        if len(lines) != len(arrangements):
            raise ConflictError(EVENT_CHANGED)
        changed = [line for line in lines if _arranged(line) != arrangements[line.pk]]
        if not changed:
            return 0
        before = {str(line.pk): _arranged(line) for line in changed}
        for line in changed:
            line.due_on, line.office = arrangements[line.pk]
            line.updated_at = at
        Event.objects.bulk_update(changed, ["due_on", "office", "updated_at"])
        audit.record(
            actor=actor,
            verb="calendar_events.arrange_events",
            obj=calendar,
            ids=[line.pk for line in changed],
            before=before,
            after={str(line.pk): _arranged(line) for line in changed},
            at=at,
        )
    return len(changed)


def _arranged(line: Event) -> tuple[date | None, Office | None]:
    return line.due_on, line.office


def plan_event(*, actor: "User", event: Event, plan: EventPlan, at: datetime) -> Event:
    """Write title, demand, dates and office of a draft line.

    The due date may lie outside the line's months; start and end must be in order.
    """
    require_planner(actor)
    require_draft(event)
    fields = plan.fields()
    before, after = audit.changes(event, fields)
    with transaction.atomic():
        kept = Event.objects.filter(
            pk=event.pk, state=EventState.DRAFT, updated_at=event.updated_at
        ).update(**fields, updated_at=at)
        if not kept:
            raise ConflictError(EVENT_CHANGED)
        audit.record(
            actor=actor,
            verb="calendar_events.plan_event",
            obj=event,
            before=before,
            after=after,
            at=at,
        )
    event.refresh_from_db()
    return event


def split_event(*, actor: "User", event: Event, titles: Sequence[str], at: datetime) -> list[Event]:
    """Split one draft line into parts that each make tasks; the annex still prints the whole.

    Parts take over months, dates, office, handling and audience, and may then differ. Splitting
    again replaces the parts made before.
    """
    require_planner(actor)
    require_draft(event)
    names = [required_text(title, name="任务名称", limit=200) for title in titles if title.strip()]
    _check_parts(event, names)
    with transaction.atomic():
        whole = Event.objects.select_for_update().get(pk=event.pk)
        require_draft(whole)
        delete_drafts(list(whole.parts.all()))
        parts = [_part(whole, title=name, actor=actor, at=at) for name in names]
        audit.record(
            actor=actor,
            verb="calendar_events.split_event",
            obj=event,
            after={"parts": names},
            ids=[part.pk for part in parts],
            at=at,
        )
    return parts


def _check_parts(event: Event, names: list[str]) -> None:
    if event.split_from_id:
        raise DomainError("这已经是拆分出来的任务，请从原事项重新拆分。")
    if not 2 <= len(names) <= MOST_PARTS:
        raise DomainError(f"拆分后应有 2–{MOST_PARTS} 个任务，写了 {len(names)} 个。")
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        raise DomainError(f"任务名称“{repeated}”重复了，请改成不同的名称。")


def _part(whole: Event, *, title: str, actor: "User", at: datetime) -> Event:
    return Event.objects.create(
        calendar=whole.calendar,
        year=whole.year,
        title=title,
        demand=whole.demand,
        starts_on=whole.starts_on,
        ends_on=whole.ends_on,
        due_on=whole.due_on,
        position=whole.position,
        split_from=whole,
        created_by=actor,
        created_at=at,
        **kept_in_copies(whole),
    )


def join_event(*, actor: "User", event: Event, at: datetime) -> Event:
    """Undo a split: the parts go, the line makes its own task again."""
    require_planner(actor)
    require_draft(event)
    with transaction.atomic():
        parts = list(Event.objects.select_for_update().filter(split_from=event))
        if not parts or any(part.state != EventState.DRAFT for part in parts):
            raise ConflictError(EVENT_CHANGED)
        audit.record(
            actor=actor,
            verb="calendar_events.join_event",
            obj=event,
            before={"parts": [part.title for part in parts]},
            ids=[part.pk for part in parts],
            at=at,
        )
        delete_drafts(parts)
    return event
