"""Telling people of self-checks: rows for the digest, and a text for the group."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from integrity.models import Assignment, Rectification, SelfCheck
from notifications.choices import GroupTextKind
from notifications.models import Due
from notifications.services import write_dues, write_group_text
from notifications.stages import Stage
from organizations.queries import responsible_people, reviewers_of

if TYPE_CHECKING:
    from accounts.models import User

ROOM = "integrity"
# What filling in a self-check takes, as long as evidence is picked from what is held.
MINUTES = 10
GLANCE = 1
BATCH = 500
# The second part of a row's key where it tells news and no step.
NEWS = ("assigned", "moved", "cancelled", "returned", "opened", "reopened")


def school_link(self_check_id: int) -> str:
    """Return the address of a self-check on the school's side."""
    return reverse("integrity:self_check", args=[self_check_id])


def bureau_link(self_check_id: int) -> str:
    """Return the address of a self-check in the admin."""
    return reverse("admin:integrity_selfcheck_change", args=[self_check_id])


def withdraw_dues(self_check_ids: Sequence[int], *, at: datetime) -> int:
    """Withdraw what waits for the next sweep about these; return how many rows."""
    withdrawn = 0
    for start in range(0, len(self_check_ids), BATCH):
        some = self_check_ids[start : start + BATCH]
        links = [link(pk) for pk in some for link in (school_link, bureau_link)]
        waiting = Due.objects.filter(room=ROOM, digest=None, withdrawn_at=None, link__in=links)
        withdrawn += waiting.update(withdrawn_at=at)
    return withdrawn


def tell_returned(self_check: SelfCheck, comment: str, *, at: datetime) -> int:
    """Tell who answers for the organisation what to mend; return how many people."""
    withdraw_dues([self_check.pk], at=at)
    subject = f"{self_check.assignment}：{comment}"
    what = f"returned:{self_check.version}"
    return _tell([self_check], what, subject, Stage.RETURNED, MINUTES, at=at)


def tell_news(
    assignment: Assignment,
    self_checks: Sequence[SelfCheck],
    what: str,
    sentence: str,
    *,
    actor: "User | None",
    at: datetime,
) -> int:
    """Tell everybody concerned one sentence, and write the text for the group.

    ``self_checks`` come with their organisations; ``what`` is one of ``NEWS``.
    """
    withdraw_dues([each.pk for each in self_checks], at=at)
    stamp = f"{what}:{at:%Y%m%d%H%M%S%f}"
    units = "、".join(label_of(each) for each in self_checks)
    write_group_text(
        kind=GroupTextKind.CHANGE,
        key=f"assignment:{assignment.pk}:{stamp}",
        title=f"{assignment}通知",
        named=f"【{assignment}】{sentence}涉及：{units}。",
        unnamed=f"【{assignment}】{sentence}",
        calls=[],
        actor=actor,
    )
    return _tell(self_checks, stamp, sentence, Stage.CHANGE, GLANCE, at=at)


def label_of(self_check: SelfCheck) -> str:
    """Return what its unit is called in short."""
    school = self_check.school
    return (school.short_name or school.name) if school else self_check.organization.label


def _tell(
    self_checks: Sequence[SelfCheck],
    what: str,
    subject: str,
    stage: str,
    minutes: int,
    *,
    at: datetime,
) -> int:
    on = timezone.localdate(at)
    people = responsible_people({each.organization_id for each in self_checks}, on)
    vacant = [pk for pk, found in people.items() if not found]
    superiors = reviewers_of(vacant, on) if vacant else {}
    told = [
        (each, person, link(each.pk))
        for each in self_checks
        for found, link in ((people, school_link), (superiors, bureau_link))
        for person in found.get(each.organization_id, [])
    ]
    return write_dues(
        Due(
            key=f"selfcheck:{each.pk}:{what}:{person.pk}",
            recipient=person,
            room=ROOM,
            subject=subject[:200],
            stage=stage,
            unit=label_of(each),
            minutes=minutes,
            link=link,
            due_at=at,
        )
        for each, person, link in told
    )


def rectification_link(rectification_id: int) -> str:
    """Return the address of a rectification on the school's side."""
    return reverse("integrity:rectification", args=[rectification_id])


def rectification_desk(rectification_id: int) -> str:
    """Return its address in the admin."""
    return reverse("admin:integrity_rectification_change", args=[rectification_id])


def withdraw_rectification_dues(ids: Sequence[int], *, at: datetime) -> int:
    """Withdraw what waits for the next sweep about these; return how many rows."""
    links = [link(pk) for pk in ids for link in (rectification_link, rectification_desk)]
    waiting = Due.objects.filter(room=ROOM, digest=None, withdrawn_at=None, link__in=links)
    return waiting.update(withdrawn_at=at)


def tell_rectification(
    row: Rectification,
    what: str,
    sentence: str,
    *,
    at: datetime,
    stage: str = Stage.RETURNED,
) -> int:
    """Tell who answers for the organisation what has to be mended; return how many people."""
    on = timezone.localdate(at)
    people = responsible_people([row.organization_id], on)[row.organization_id]
    told_only = stage == Stage.CHANGE
    return write_dues(
        Due(
            key=f"rectification:{row.pk}:{what}:{person.pk}",
            recipient=person,
            room=ROOM,
            subject=sentence[:200],
            stage=stage,
            unit=label_of(row.self_check),
            deadline=None if told_only else row.due_on,
            minutes=GLANCE if told_only else MINUTES,
            link=rectification_link(row.pk),
            due_at=at,
        )
        for person in people
    )
