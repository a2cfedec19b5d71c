"""Telling people of a change to their tasks: rows for the digest, and a text for the group.

Only those who haven't finished are told. Reminders of the old state that wait for the next sweep
are withdrawn first, so that nobody reads both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from calendar_events.models import Task
from notifications.choices import GroupTextKind
from notifications.models import Due
from notifications.services import write_dues, write_group_text
from organizations.queries import responsible_people, reviewers_of

if TYPE_CHECKING:
    from accounts.models import User

ROOM = "calendar_events"
BATCH = 1000
SUBJECT_LENGTH = 200
TITLE_LENGTH = 60


@dataclass(frozen=True)
class News:
    """One change: what happened (for the key), the digest's stage, heading and sentence."""

    verb: str
    stage: str
    heading: str
    sentence: str


def school_link(task_id: int) -> str:
    """Return the address of the task's page on the school's side."""
    return f"/tasks/{task_id}/"


def bureau_link(task_id: int) -> str:
    """Return the address of the task in the admin, for its reviewers."""
    return f"/admin/calendar_events/task/{task_id}/change/"


def short_title(title: str) -> str:
    """Return a title cut to what fits into a message."""
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"


def withdraw_dues(task_ids: Sequence[int], *, at: datetime) -> int:
    """Withdraw reminders of these tasks that wait for the next sweep; returns how many."""
    withdrawn = 0
    for start in range(0, len(task_ids), BATCH):
        some = task_ids[start : start + BATCH]
        links = [link(pk) for pk in some for link in (school_link, bureau_link)]
        waiting = Due.objects.filter(room=ROOM, digest=None, withdrawn_at=None, link__in=links)
        withdrawn += waiting.update(withdrawn_at=at)
    return withdrawn


def tell(*, tasks: Sequence[Task], news: News, at: datetime) -> int:
    """Write one Due row per responsible person of each task; returns how many.

    Where nobody is responsible the superior is told. ``tasks`` come with their organisation.
    Constant queries but for the rows written.
    """
    withdraw_dues([task.pk for task in tasks], at=at)
    return write_dues(
        Due(
            key=f"task:{task.pk}:{news.verb}:{at:%Y%m%d%H%M%S%f}:{person.pk}",
            recipient=person,
            room=ROOM,
            subject=news.sentence[:SUBJECT_LENGTH],
            stage=news.stage,
            unit=task.organization.label,
            link=link,
            due_at=at,
        )
        for task, person, link in _told(tasks, at=at)
    )


def people_told(tasks: Sequence[Task], *, at: datetime) -> int:
    """Return how many people :func:`tell` would write to."""
    return len({person.pk for _, person, _ in _told(tasks, at=at)}) if tasks else 0


def tell_group(*, tasks: Sequence[Task], news: News, key: str, at: datetime) -> None:
    """Write the text to copy into a group, with and without names, and whom to call."""
    units = "、".join(task.organization.label for task in tasks)
    opening = f"【{news.heading}】{news.sentence}。涉及 {len(tasks)} 家"
    write_group_text(
        kind=GroupTextKind.CHANGE,
        key=f"{key}:{at:%Y%m%d%H%M%S%f}",
        title=f"{news.heading}：{news.sentence}"[:SUBJECT_LENGTH],
        named=f"{opening}：{units}。已办结的请忽略，谢谢。",
        unnamed=f"{opening}未办结的单位，已办结的请忽略，谢谢。",
        calls=[
            {
                "unit": task.organization.label,
                "user_id": person.pk,
                "name": person.name,
                "what": news.sentence,
            }
            for task, person, _ in _told(tasks, at=at)
        ],
    )


def _told(tasks: Sequence[Task], *, at: datetime) -> "list[tuple[Task, User, str]]":
    """Return each task with whom to tell of it and the page that they can open."""
    organizations = {task.organization_id for task in tasks}
    on = timezone.localdate(at)
    people = responsible_people(organizations, on)
    vacant = [pk for pk, found in people.items() if not found]
    superiors = reviewers_of(vacant, on) if vacant else {}
    told = []
    for task in tasks:
        own = task.organization_id
        told += [(task, person, school_link(task.pk)) for person in people[own]]
        told += [(task, person, bureau_link(task.pk)) for person in superiors.get(own, [])]
    return told
