"""What a calendar program is told of tasks under a private link; reports come from their own room.

Who holds a role in a school gets the tasks of their organisations; bureau and reviewers the lines
of the calendars that they may see.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from calendar_events.choices import PENDING, EventState, Handling, TaskState
from calendar_events.dates import due_of
from calendar_events.models import Event, EventQuerySet, Task, TaskQuerySet
from calendar_events.telling import school_link
from common.ics import KEPT, Entry
from common.models import overrides
from organizations.choices import BUREAU_ROLES, RoleKind
from organizations.permissions import holds, may_make_tokens

if TYPE_CHECKING:
    from accounts.models import User


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
    return entries


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
