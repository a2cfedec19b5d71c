"""Changes after publishing: a deadline moved, an event cancelled, more time for one school."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from calendar_events.choices import FINISHED, MAKES_TASKS, PENDING, EventState, TaskState
from calendar_events.models import Event, Task, TaskQuerySet
from calendar_events.permissions import may_extend
from calendar_events.services.checks import (
    EVENT_CHANGED,
    TASK_CHANGED,
    require_planner,
    require_published,
    required_text,
)
from calendar_events.telling import News, short_title, tell, tell_group
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from notifications.texts import day_words

if TYPE_CHECKING:
    from accounts.models import User


def move_deadline(
    *, actor: "User | None", event: Event, due_on: date, reason: str, at: datetime
) -> int:
    """Move the due date of a published event and tell those who haven't finished; returns them.

    Tasks extended beyond the new date keep their own. A later date also counts for the finished
    ones, so that who was late may be so no more; an earlier one never makes a finished task late.
    """
    require_planner(actor)
    require_published(event)
    why = required_text(reason, name="调整原因", limit=100)
    old = event.due_on
    _check_new_date(event, due_on, on=timezone.localdate(at))
    with transaction.atomic():
        kept = Event.objects.filter(pk=event.pk, state=EventState.PUBLISHED, due_on=old)
        if not kept.update(due_on=due_on, updated_at=at):
            raise ConflictError(EVENT_CHANGED)
        told = move_tasks(event, due_on, at=at)
        audit.record(
            actor=actor,
            verb="calendar_events.move_deadline",
            obj=event,
            ids=[task.pk for task in told],
            before={"due_on": old},
            after={"due_on": due_on, "reason": why},
            at=at,
        )
        event.due_on = due_on
        _announce(event, told, _moved(event, old, why), at=at)
    return len(told)


def _check_new_date(event: Event, due_on: date, *, on: date) -> None:
    if event.handling not in MAKES_TASKS:
        raise DomainError(f"「{event}」归为{event.get_handling_display()}，没有任务，不需要调整。")
    if event.parts.exists():
        raise DomainError(f"「{event}」已拆分，请分别调整拆分出来的任务。")
    if due_on == event.due_on:
        raise DomainError(f"截止日期已经是{day_words(due_on)}，没有变化。")
    if due_on < on:
        raise DomainError("新的截止日期已经过去，请改为今天或以后的日期。")


def move_tasks(event: Event, due_on: date, *, at: datetime) -> list[Task]:
    """Move the tasks that follow the event; returns the unfinished ones, organisation along."""
    follow = Q(extended_reason="") | Q(due_on__lt=due_on)
    moving = event.tasks.filter(follow).exclude(due_on=due_on)
    unfinished = list(
        moving.filter(state__in=PENDING)
        .select_related("organization")
        .order_by("organization__order", "organization_id")
    )
    finished_earlier = moving.filter(state__in=FINISHED, due_on__lt=due_on)
    ids = [task.pk for task in unfinished]
    event.tasks.filter(pk__in=ids, state__in=PENDING).update(due_on=due_on, updated_at=at)
    finished_earlier.update(due_on=due_on, updated_at=at)
    for task in unfinished:
        task.due_on = due_on
    return unfinished


def _moved(event: Event, old: date | None, why: str) -> News:
    was = day_words(old) if old else "未定"
    new = day_words(event.due_on) if event.due_on else "未定"
    sentence = f"「{short_title(event.title)}」截止日期由{was}改为{new}，原因：{why}"
    return News("moved", "change", "截止日期调整", sentence)


def _announce(event: Event, tasks: list[Task], news: News, *, at: datetime) -> None:
    if tasks:
        tell(tasks=tasks, news=news, at=at)
        tell_group(tasks=tasks, news=news, key=f"event:{event.pk}:{news.verb}", at=at)


def cancel_event(*, actor: "User | None", event: Event, reason: str, at: datetime) -> int:
    """Cancel a published event with its parts and tell those who haven't finished; returns them.

    Tasks that wait are cancelled; finished ones stay as they are, with their records.
    """
    require_planner(actor)
    require_published(event)
    why = required_text(reason, name="取消原因", limit=100)
    with transaction.atomic():
        family = Q(pk=event.pk) | Q(split_from=event)
        ids = list(
            Event.objects.select_for_update()
            .filter(family, state=EventState.PUBLISHED)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        if event.pk not in ids:
            raise ConflictError(EVENT_CHANGED)
        Event.objects.filter(pk__in=ids).update(
            state=EventState.CANCELLED, cancelled_reason=why, updated_at=at
        )
        told = cancel_tasks(Task.objects.filter(event__in=ids), at=at)
        audit.record(
            actor=actor,
            verb="calendar_events.cancel_event",
            obj=event,
            ids=[task.pk for task in told],
            before={"state": EventState.PUBLISHED},
            after={"state": EventState.CANCELLED, "reason": why},
            at=at,
        )
        sentence = f"「{short_title(event.title)}」已取消，不再填报，原因：{why}"
        _announce(event, told, News("cancelled", "change", "任务取消", sentence), at=at)
    event.refresh_from_db()
    return len(told)


def cancel_tasks(tasks: TaskQuerySet, *, at: datetime) -> list[Task]:
    """Cancel those of ``tasks`` that wait; returns them, organisation along."""
    waiting = list(
        tasks.select_for_update(of=("self",))
        .filter(state__in=PENDING)
        .select_related("organization")
        .order_by("organization__order", "organization_id", "pk")
    )
    Task.objects.filter(pk__in=[task.pk for task in waiting], state__in=PENDING).update(
        state=TaskState.CANCELLED, updated_at=at
    )
    return waiting


def extend_task(*, actor: "User", task: Task, due_on: date, reason: str, at: datetime) -> Task:
    """Give one organisation more time for a task that waits, and tell it."""
    if not may_extend(actor, task):
        raise ForbiddenError("您不能为这个党组织延期：需要是分管它的局机关工作人员。")
    why = required_text(reason, name="延期原因", limit=100)
    old = task.due_on
    if due_on <= old:
        raise DomainError(f"延期后的日期应晚于现在的截止日期{day_words(old)}。")
    if due_on < timezone.localdate(at):
        raise DomainError("延期后的日期已经过去，请改为今天或以后的日期。")
    with transaction.atomic():
        waiting = Task.objects.filter(pk=task.pk, state__in=PENDING, due_on=old)
        if not waiting.update(due_on=due_on, extended_reason=why, updated_at=at):
            raise ConflictError(TASK_CHANGED)
        audit.record(
            actor=actor,
            verb="calendar_events.extend_task",
            obj=task,
            before={"due_on": old},
            after={"due_on": due_on, "reason": why},
            at=at,
        )
        task.refresh_from_db()
        sentence = (
            f"「{short_title(task.event.title)}」同意延期，截止日期由{day_words(old)}"
            f"改为{day_words(due_on)}，原因：{why}"
        )
        news = News("extended", "change", "任务延期", sentence)
        tell(tasks=[task], news=news, at=at)
        tell_group(tasks=[task], news=news, key=f"task:{task.pk}:extended", at=at)
    return task
