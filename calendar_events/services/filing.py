"""A record and the tasks it fulfils, in one step: all of it is saved, or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from activities.models import Record
from activities.services import Content, add_or_find, change_record, withdraw_record
from attachments.checks import Upload
from attachments.models import Attachment
from calendar_events.choices import TaskState
from calendar_events.models import FigureValue, Task
from calendar_events.permissions import may_complete
from calendar_events.services.tasks import (
    checked_answers,
    complete_tasks,
    reopen_task,
    write_answers,
)
from common import audit
from common.errors import DomainError
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User

Answers = Mapping[int, int]


def file_record(
    *,
    actor: "User",
    organization: Organization,
    content: Content,
    token: str,
    uploads: Iterable[Upload] = (),
    tasks: Sequence[Task] = (),
    values: Answers,
    at: datetime,
) -> Record:
    """File a new record and complete ``tasks`` by it; ``values`` is ``{figure id: number}``.

    The same ``token`` again gives back the record it made, with its tasks as they are.
    """
    with transaction.atomic():
        record, new = add_or_find(
            actor=actor,
            organization=organization,
            content=content,
            token=token,
            uploads=uploads,
            at=at,
        )
        held = set() if new else _held(record, tasks)
        _fulfil(actor=actor, record=record, tasks=tasks, held=held, values=values, at=at)
    return record


def refile_record(
    *,
    actor: "User",
    record: Record,
    version: int,
    content: Content,
    uploads: Iterable[Upload] = (),
    removed: Iterable[Attachment] = (),
    tasks: Sequence[Task] = (),
    values: Answers,
    at: datetime,
) -> Record:
    """Change a record still at ``version``, with what its tasks ask.

    Tasks that it has done already take the new ``values``; returned and open ones are completed.
    """
    with transaction.atomic():
        changed = change_record(
            actor=actor,
            record=record,
            version=version,
            content=content,
            uploads=uploads,
            removed=removed,
            at=at,
        )
        held = _held(changed, tasks)
        _fulfil(actor=actor, record=changed, tasks=tasks, held=held, values=values, at=at)
    return changed


def withdraw_filed(*, actor: "User", record: Record, reason: str, at: datetime) -> list[Task]:
    """Withdraw a record and open again the tasks it had done; returns these.

    Refused where it did a task of an organisation above that the actor doesn't file for.
    """
    with transaction.atomic():
        withdraw_record(actor=actor, record=record, reason=reason, at=at)
        done = Task.objects.filter(record=record, state=TaskState.DONE).select_related(
            "event", "organization"
        )
        tasks = list(done)
        for task in tasks:
            if not may_complete(actor, task):
                raise DomainError(
                    f"这条记录已用来完成“{task.organization}”的任务，请先请该党组织改用别的记录。"
                )
            reopen_task(actor=actor, task=task, at=at)
    return tasks


def _held(record: Record, tasks: Sequence[Task]) -> set[int]:
    """Return which of ``tasks`` the record has done already, by id."""
    here = Task.objects.filter(pk__in=[task.pk for task in tasks])
    return set(here.filter(state=TaskState.DONE, record=record).values_list("pk", flat=True))


def _fulfil(
    *,
    actor: "User",
    record: Record,
    tasks: Sequence[Task],
    held: set[int],
    values: Answers,
    at: datetime,
) -> None:
    """Complete ``tasks`` by ``record``; those in ``held`` only take the answers."""
    if not tasks:
        return
    prefetch_related_objects(tasks, "event__figures")
    events = {figure.pk: task.event_id for task in tasks for figure in task.event.figures.all()}
    waiting = [task for task in tasks if task.pk not in held]
    done = [task for task in tasks if task.pk in held]
    if waiting:
        complete_tasks(
            actor=actor,
            tasks=waiting,
            record=record,
            values=_asked_of(waiting, values, events),
            on=timezone.localdate(at),
            at=at,
        )
    for task in done:
        _change_answers(actor=actor, task=task, values=_asked_of([task], values, events), at=at)


def _asked_of(tasks: Sequence[Task], values: Answers, events: Mapping[int, int]) -> Answers:
    """Return those of ``values`` that the events of ``tasks`` ask."""
    wanted = {task.event_id for task in tasks}
    return {pk: value for pk, value in values.items() if events.get(pk) in wanted}


def _change_answers(*, actor: "User", task: Task, values: Answers, at: datetime) -> None:
    """Put new figures on a finished task; equal ones leave no trace."""
    answers = checked_answers([task], values)
    before = dict(FigureValue.objects.filter(task=task).values_list("figure", "value"))
    changed = {pk: value for pk, value in values.items() if before.get(pk) != value}
    if not changed:
        return
    write_answers(answers)
    audit.record(
        actor=actor,
        verb="calendar_events.change_answers",
        obj=task,
        before={"values": {pk: before.get(pk) for pk in changed}},
        after={"values": changed},
        at=at,
    )
