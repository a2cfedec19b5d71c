"""What becomes of a task: completed by a record, not applicable, returned, opened again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, prefetch_related_objects
from django.utils import timezone

from activities.models import Record
from calendar_events.choices import FINISHED, PENDING, TaskState
from calendar_events.models import FigureValue, Task
from calendar_events.permissions import may_complete, may_reopen, may_return
from calendar_events.services.checks import TASK_CHANGED, required_text
from calendar_events.telling import News, short_title, tell, withdraw_dues
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User

LARGEST_VALUE = 99_999_999
Answers = Mapping[int, int]


def complete_task(
    *, actor: "User", task: Task, record: Record, values: Answers, on: date, at: datetime
) -> Task:
    """Complete one task by a record; see :func:`complete_tasks`."""
    return complete_tasks(actor=actor, tasks=[task], record=record, values=values, on=on, at=at)[0]


def complete_tasks(
    *,
    actor: "User",
    tasks: Sequence[Task],
    record: Record,
    values: Answers,
    on: date,
    at: datetime,
) -> list[Task]:
    """Complete tasks by one record: all of them, or none.

    ``values`` is ``{figure id: number}`` and answers every figure of every task; 0 is an answer.
    ``on`` is the day that counts against the due date: the day of filing, at the doors today.
    Raises ConflictError when one of the tasks doesn't wait any more: two at once give one result.
    """
    _check_tasks(actor, tasks, on=on, at=at)
    _check_record(record, tasks)
    answers = checked_answers(tasks, values)
    ids = sorted(task.pk for task in tasks)
    with transaction.atomic():
        _transit(ids, PENDING, at=at, state=TaskState.DONE, record=record, **_finished(actor, on))
        # Locks the record, so that it can't be withdrawn between the check and the commit.
        if not Record.objects.select_for_update().standing().filter(pk=record.pk).exists():
            raise ConflictError("这条记录刚刚被撤回，请换一条记录。")
        write_answers(answers)
        withdraw_dues(ids, at=at)
        audit.record(
            actor=actor,
            verb="calendar_events.complete_tasks",
            obj=tasks[0] if len(tasks) == 1 else record,
            ids=ids,
            before={str(task.pk): task.state for task in tasks},
            after={"state": TaskState.DONE, "record": record.pk, "on": on, "values": dict(values)},
            at=at,
        )
    return _again(tasks)


def mark_not_applicable(*, actor: "User", task: Task, reason: str, at: datetime) -> Task:
    """Say, with a reason, that a task doesn't apply to the organisation."""
    on = timezone.localdate(at)
    _check_tasks(actor, [task], on=on, at=at)
    why = required_text(reason, name="不适用的理由", limit=200)
    state = TaskState.NOT_APPLICABLE
    with transaction.atomic():
        _transit([task.pk], PENDING, at=at, state=state, reason=why, **_finished(actor, on))
        withdraw_dues([task.pk], at=at)
        _note("mark_not_applicable", actor, task, {"state": state, "reason": why}, at=at)
    return _again([task])[0]


def return_task(*, actor: "User", task: Task, comment: str, at: datetime) -> Task:
    """Send a finished task back with a comment, and tell who is responsible.

    Its record and figures stay; the school corrects and completes it again.
    """
    if not may_return(actor, task):
        raise ForbiddenError("您不能退回这个任务：需要是它的审核人，且不能退回本单位的任务。")
    what = required_text(comment, name="退回意见", limit=500)
    _check_somebody_left(task)
    fields = {"comment": what, "completed_on": None, "completed_by": None}
    with transaction.atomic():
        _transit([task.pk], FINISHED, at=at, state=TaskState.RETURNED, **fields)
        _note("return_task", actor, task, {"state": TaskState.RETURNED, "comment": what}, at=at)
        fresh = _again([task])[0]
        sentence = f"「{short_title(fresh.event.title)}」已退回：{what}"
        tell(tasks=[fresh], news=News("returned", "returned", "任务退回", sentence), at=at)
    return fresh


def _check_somebody_left(task: Task) -> None:
    owner = task.organization
    if owner.closed_on is not None:
        raise DomainError(f"「{owner}」已于 {owner.closed_on:%Y-%m-%d} 撤销，没有人能再修改。")


def reopen_task(*, actor: "User", task: Task, at: datetime) -> Task:
    """Open a finished task again: its record is let go, the figures stay as a start."""
    if not may_reopen(actor, task):
        raise ForbiddenError("您不能重新打开这个任务。")
    with transaction.atomic():
        _transit([task.pk], FINISHED, at=at, state=TaskState.OPEN, **_UNFINISHED)
        _note("reopen_task", actor, task, {"state": TaskState.OPEN}, at=at)
    return _again([task])[0]


def reopen_withdrawn(*, at: datetime) -> int:
    """Open again the tasks whose record was withdrawn; returns how many.

    The room of records doesn't know of tasks, so the scheduler asks before it writes reminders.
    Safe to run twice.
    """
    hollow = Task.objects.filter(state=TaskState.DONE, record__withdrawn_at__isnull=False)
    with transaction.atomic():
        ids = list(hollow.select_for_update(of=("self",)).values_list("pk", flat=True))
        if ids:
            _transit(ids, (TaskState.DONE,), at=at, state=TaskState.OPEN, **_UNFINISHED)
            audit.record(actor=None, verb="calendar_events.reopen_withdrawn", ids=ids, at=at)
    return len(ids)


def cancel_closed(
    *, actor: "User | None" = None, organization: Organization | None = None, at: datetime
) -> int:
    """Cancel what waits for organisations that exist no longer; returns how many.

    Nobody is left to do it, and nobody is told. What was finished stays as it is. Organisations
    don't know of tasks, so who closes one asks, and the scheduler for all. Safe to run twice.
    """
    orphaned = Task.objects.filter(
        state__in=PENDING, organization__closed_on__lte=timezone.localdate(at)
    )
    if organization is not None:
        orphaned = orphaned.filter(organization=organization)
    with transaction.atomic():
        rows = orphaned.select_related("event", "organization").select_for_update(of=("self",))
        tasks = list(rows)
        ids = [task.pk for task in tasks]
        if ids:
            _transit(ids, PENDING, at=at, state=TaskState.CANCELLED)
            withdraw_dues(ids, at=at)
            audit.record_rows(
                actor=actor,
                verb="calendar_events.cancel_closed",
                model=Task,
                changed=[_cancelled(task) for task in tasks],
                label=str(organization or ""),
                at=at,
            )
    return len(ids)


def _cancelled(task: Task) -> audit.RowChange:
    before, after = {"state": task.state}, {"state": TaskState.CANCELLED}
    return audit.RowChange(task.pk, f"{task}（{task.pk}）", before, after)


_UNFINISHED: dict[str, Any] = {
    "record": None,
    "reason": "",
    "comment": "",
    "completed_on": None,
    "completed_by": None,
}


def _finished(actor: "User", on: date) -> dict[str, Any]:
    return {"completed_on": on, "completed_by": actor, "comment": ""}


def _transit(
    ids: Sequence[int], expected: Sequence[str], *, at: datetime, state: str, **fields: Any
) -> None:
    """Move tasks on from one of the ``expected`` states; all of them, or ConflictError."""
    rows = Task.objects.filter(pk__in=ids, state__in=expected)
    moved = rows.update(state=state, updated_at=at, version=F("version") + 1, **fields)
    if moved != len(ids):
        raise ConflictError(TASK_CHANGED)


def _note(verb: str, actor: "User", task: Task, after: Mapping[str, Any], *, at: datetime) -> None:
    before = {name: getattr(task, name) for name in after}
    name = f"calendar_events.{verb}"
    audit.record(actor=actor, verb=name, obj=task, before=before, after=after, at=at)


def _again(tasks: Sequence[Task]) -> list[Task]:
    for task in tasks:
        task.refresh_from_db()
    return list(tasks)


def _check_tasks(actor: "User", tasks: Sequence[Task], *, on: date, at: datetime) -> None:
    if not tasks or len({task.pk for task in tasks}) != len(tasks):
        raise DomainError("请选择要完成的任务。")
    if len({task.organization_id for task in tasks}) > 1:
        raise DomainError("一次只能完成同一个党组织的任务。")
    organization = tasks[0].organization
    if not may_complete(actor, tasks[0]):
        raise ForbiddenError(f"您没有为“{organization}”填报的角色。")
    if organization.closed_on and organization.closed_on <= timezone.localdate(at):
        raise DomainError(f"“{organization}”已撤销，不能再填报。")
    if on > timezone.localdate(at):
        raise DomainError("完成日期不能晚于今天。")


def _check_record(record: Record, tasks: Sequence[Task]) -> None:
    """A record fulfils tasks of its own organisation, or of one above that reports for it."""
    if record.withdrawn_at is not None:
        raise DomainError("这条记录已撤回，请换一条记录。")
    for task in tasks:
        if not record.organization.path.startswith(task.organization.path):
            raise DomainError(f"这条记录不是“{task.organization}”的，不能用来完成它的任务。")


def checked_answers(tasks: Sequence[Task], values: Answers) -> list[FigureValue]:
    """Match the answers with the figures asked; refuse missing, foreign and impossible ones."""
    by_event = {task.event_id: task for task in tasks}
    prefetch_related_objects(tasks, "event__figures")
    asked = {figure.pk: figure for task in tasks for figure in task.event.figures.all()}
    if set(values) - set(asked):
        raise DomainError("提交的数据项与任务不符，可能刚刚调整过，请刷新页面后重新填写。")
    missing = [figure.name for pk, figure in asked.items() if pk not in values]
    if missing:
        raise DomainError(f"请填写{'、'.join(f'“{name}”' for name in missing)}；没有的填 0。")
    for pk, value in values.items():
        if not 0 <= value <= LARGEST_VALUE:
            raise DomainError(f"“{asked[pk].name}”应在 0–{LARGEST_VALUE} 之间，写的是 {value}。")
    return [
        FigureValue(task=by_event[figure.event_id], figure=figure, value=values[pk])
        for pk, figure in asked.items()
    ]


def write_answers(answers: list[FigureValue]) -> None:
    FigureValue.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["task", "figure"],
        update_fields=["value"],
    )
