"""Publishing a calendar, and ad-hoc tasks: where tasks come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from calendar_events.choices import MAKES_TASKS, CalendarState, EventState, Handling
from calendar_events.dates import due_of
from calendar_events.models import Calendar, Event, Task
from calendar_events.reach import members_of
from calendar_events.services.asking import (
    AudienceChoice,
    FigureAsked,
    check_figures,
    save_audience,
    write_figures,
)
from calendar_events.services.checks import (
    CALENDAR_CHANGED,
    require_planner,
    required_text,
    within,
)
from common import audit
from common.errors import ConflictError, DomainError
from common.models import overrides
from organizations.models import Office

if TYPE_CHECKING:
    from accounts.models import User

BATCH = 5000
# The same ad-hoc task again within this time is a form sent twice.
REPEATED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Publication:
    """What publishing would do: ``tasks`` rows for ``organizations`` out of ``making`` lines.

    ``events`` are the draft lines, ``past`` those making tasks that would be overdue at once,
    ``nobody`` those whose audience is empty.
    """

    events: tuple[Event, ...]
    making: tuple[Event, ...]
    unsorted: tuple[Event, ...]
    past: tuple[Event, ...]
    nobody: tuple[Event, ...]
    reach: dict[int, list[int]]

    @property
    def tasks(self) -> int:
        """Number of tasks."""
        return sum(len(self.reach[event.pk]) for event in self.making)

    @property
    def organizations(self) -> int:
        """Number of organisations that get at least one task."""
        return len({pk for event in self.making for pk in self.reach[event.pk]})


def publication(*, calendar: Calendar, at: datetime) -> Publication:
    """Work out what publishing ``calendar`` now would do, without doing it."""
    on = timezone.localdate(at)
    drafts = calendar.events.filter(state=EventState.DRAFT)
    events = tuple(drafts.select_related("office", "audience", "split_from"))
    wholes = {event.split_from_id for event in events}
    working = [event for event in events if event.pk not in wholes]
    _fill_due(working)
    making = tuple(event for event in working if event.handling in MAKES_TASKS)
    reach = members_of(making, on=on)
    return Publication(
        events=events,
        making=making,
        unsorted=tuple(each for each in working if each.handling == Handling.UNSORTED),
        past=tuple(each for each in making if each.due_on and each.due_on < on),
        nobody=tuple(each for each in making if not reach[each.pk]),
        reach=reach,
    )


def _fill_due(events: Sequence[Event]) -> None:
    days = overrides()
    for event in events:
        event.due_on = due_of(event, days)


def publish_calendar(*, actor: "User", calendar: Calendar, at: datetime) -> Publication:
    """Publish every draft line of ``calendar`` and make one task per organisation meant.

    Refused while a line is unsorted, or its audience empty, naming them. A calendar that was
    published before takes the lines added since. Two at once: the second gets a ConflictError.
    The number of queries grows with the rows written only.
    """
    require_planner(actor)
    with transaction.atomic():
        locked = Calendar.objects.select_for_update().get(pk=calendar.pk)
        plan = publication(calendar=locked, at=at)
        _check_plan(plan)
        _publish_events(plan, at=at)
        make_tasks(plan.making, plan.reach, at=at)
        Calendar.objects.filter(pk=locked.pk, state=CalendarState.DRAFT).update(
            state=CalendarState.PUBLISHED, published_at=at, updated_at=at
        )
        audit.record(
            actor=actor,
            verb="calendar_events.publish_calendar",
            obj=calendar,
            ids=[event.pk for event in plan.events],
            before={"state": locked.state},
            after={
                "state": CalendarState.PUBLISHED,
                "events": len(plan.events),
                "tasks": plan.tasks,
                "organizations": plan.organizations,
            },
            at=at,
        )
    calendar.refresh_from_db()
    return plan


def _check_plan(plan: Publication) -> None:
    if not plan.events:
        raise ConflictError("没有待发布的事项：行事历可能刚刚已由他人发布，请刷新页面。")
    if plan.unsorted:
        raise DomainError(f"还有 {len(plan.unsorted)} 个事项没有分类：{_titles(plan.unsorted)}。")
    if plan.nobody:
        raise DomainError(f"这些事项的范围内没有党组织：{_titles(plan.nobody)}。请重新选择范围。")


def _titles(events: Sequence[Event]) -> str:
    return "、".join(f"{event.first_month}月「{event}」" for event in events)


def _publish_events(plan: Publication, *, at: datetime) -> None:
    drafts = Event.objects.filter(pk__in=[e.pk for e in plan.events], state=EventState.DRAFT)
    if drafts.update(state=EventState.PUBLISHED, updated_at=at) != len(plan.events):
        raise ConflictError(CALENDAR_CHANGED)
    Event.objects.bulk_update(plan.events, ["due_on"])


def make_tasks(events: Sequence[Event], reach: dict[int, list[int]], *, at: datetime) -> int:
    """Write one open task per event and organisation; returns how many."""
    days = overrides()
    rows = [
        Task(event_id=event.pk, organization_id=pk, due_on=due_on, created_at=at)
        for event, due_on in ((each, due_of(each, days)) for each in events)
        for pk in reach[event.pk]
    ]
    Task.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def create_adhoc_task(
    *,
    actor: "User",
    title: str,
    demand: str = "",
    due_on: date,
    audience: AudienceChoice,
    figures: Sequence[FigureAsked] = (),
    office: Office | None = None,
    record_kind: str = "",
    at: datetime,
) -> Event:
    """Set an ad-hoc task (临时任务) and hand it out at once.

    Its months run from today's to that of ``due_on``. The same title and deadline by the same
    officer within ten minutes is taken for a form sent twice and refused with a ConflictError.
    """
    require_planner(actor)
    on = timezone.localdate(at)
    event = Event(
        year=due_on.year,
        title=required_text(title, name="任务名称", limit=200),
        demand=within(demand.strip(), name="要求", limit=2000),
        first_month=on.month if on.year == due_on.year else 1,
        last_month=due_on.month,
        due_on=due_on,
        handling=Handling.SCHOOL,
        state=EventState.PUBLISHED,
        office=office,
        record_kind=record_kind,
        created_by=actor,
        created_at=at,
    )
    _check_deadline(due_on, on=on)
    asked = check_figures(figures)
    with transaction.atomic():
        _refuse_repeated(event, actor=actor, at=at)
        event.audience = save_audience(audience, audience=None)
        event.save()
        write_figures(event, asked)
        count = _hand_out(event, on=on, at=at)
        audit.record(
            actor=actor,
            verb="calendar_events.create_adhoc_task",
            obj=event,
            after={"due_on": due_on, "audience": str(event.audience), "tasks": count},
            at=at,
        )
    return event


def _hand_out(event: Event, *, on: date, at: datetime) -> int:
    reach = members_of([event], on=on)
    if not reach[event.pk]:
        raise DomainError("所选范围内没有党组织，请重新选择范围。")
    return make_tasks([event], reach, at=at)


def _check_deadline(due_on: date, *, on: date) -> None:
    if due_on < on:
        raise DomainError("截止日期已经过去，请改为今天或以后的日期。")
    if due_on.year > on.year + 1:
        raise DomainError(f"截止日期是 {due_on.year} 年，太远了，请检查年份。")


def _refuse_repeated(event: Event, *, actor: "User", at: datetime) -> None:
    # The actor's row is the lock that makes two presses of one button wait for each other.
    get_user_model().objects.select_for_update().get(pk=actor.pk)
    same = Event.objects.filter(
        calendar=None,
        title=event.title,
        due_on=event.due_on,
        created_by=actor,
        created_at__gt=at - REPEATED_WITHIN,
    ).exclude(state=EventState.CANCELLED)
    if same.exists():
        raise ConflictError(f"「{event.title}」刚刚已经发布，没有重复发布。请在任务列表中查看。")
