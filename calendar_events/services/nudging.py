"""Nudging (催办): telling those who are responsible that a task still waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from calendar_events.choices import PENDING
from calendar_events.models import Task
from calendar_events.services.checks import require_reviewable
from calendar_events.telling import ROOM, school_link, short_title
from common import audit
from common.errors import DomainError
from notifications.choices import GroupTextKind
from notifications.models import Due, GroupText
from notifications.services import write_dues, write_group_text
from notifications.texts import GroupWords, day_words, group_words
from organizations.queries import responsible_people

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Nudge:
    """What a nudge would do, before it does it: whom it tells of what, in which words."""

    dues: tuple[Due, ...]
    words: GroupWords
    silent: tuple[str, ...]

    @property
    def people(self) -> int:
        """How many persons it tells."""
        return len({due.recipient_id for due in self.dues})

    @property
    def units(self) -> int:
        """How many organisations it is about."""
        return len({due.unit for due in self.dues})


def prepare_nudge(*, tasks: Sequence[Task], at: datetime) -> Nudge:
    """Return what nudging for these tasks would do; those that don't wait are passed over.

    ``silent`` names organisations for which nobody is responsible today.
    """
    waiting = [task for task in tasks if task.state in PENDING]
    on = timezone.localdate(at)
    people = responsible_people({task.organization_id for task in waiting}, on)
    dues = [
        _due(task, person, at=at)
        for task in waiting
        for person in people.get(task.organization_id, [])
    ]
    silent = [t.organization.label for t in waiting if not people.get(t.organization_id)]
    words = group_words(dues, title=f"{day_words(on)}催办")
    return Nudge(tuple(dues), words, tuple(dict.fromkeys(silent)))


def _due(task: Task, person: "User", *, at: datetime) -> Due:
    day = timezone.localdate(at)
    return Due(
        key=f"task:{task.pk}:nudge:{day:%Y%m%d}:{person.pk}",
        recipient=person,
        room=ROOM,
        subject=short_title(task.event.title),
        stage="nudge",
        unit=task.organization.label,
        deadline=task.due_on,
        link=school_link(task.pk),
        due_at=at,
    )


def nudge(*, actor: "User", tasks: Sequence[Task], at: datetime) -> GroupText:
    """Tell the responsible, once a day for each task, and keep the text for the group.

    The digests go out with the next round of reminders in working hours. Raises ForbiddenError for
    tasks that the actor may not review, DomainError when nothing waits.
    """
    require_reviewable(actor, tasks)
    prepared = prepare_nudge(tasks=tasks, at=at)
    if not prepared.dues:
        raise DomainError("选中的任务都已办结，或没有负责人可以提醒，不用催办。")
    with transaction.atomic():
        write_dues(prepared.dues)
        text = write_group_text(
            kind=GroupTextKind.NUDGE,
            key=f"nudge:{actor.pk}:{at:%Y%m%d%H%M%S%f}",
            title=prepared.words.title,
            named=prepared.words.named,
            unnamed=prepared.words.unnamed,
            calls=prepared.words.calls,
            actor=actor,
        )
        audit.record(
            actor=actor,
            verb="calendar_events.nudge",
            obj=text,
            ids=[task.pk for task in tasks],
            after={"people": prepared.people},
            at=at,
        )
    return text
