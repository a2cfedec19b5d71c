"""Reminders that self-checks and rectifications owe: a keyed row for each stage and person.

Nothing here sends; see ``reports.due``, which does the same for reports.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.models import overrides
from integrity.choices import AssignmentState, RectificationState, SelfCheckState
from integrity.models import (
    Assignment,
    Rectification,
    RectificationQuerySet,
    SelfCheck,
    SelfCheckQuerySet,
)
from integrity.telling import (
    BATCH,
    MINUTES,
    NEWS,
    ROOM,
    bureau_link,
    label_of,
    rectification_desk,
    rectification_link,
    school_link,
)
from notifications import services as notifications
from notifications.hours import opening_of, reached_on
from notifications.models import Due
from notifications.stages import OWN, Stage, Step, handed_over, reached
from organizations.queries import responsible_people, reviewers_of

if TYPE_CHECKING:
    from accounts.models import User

SELF_CHECK, RECTIFICATION = "selfcheck", "rectification"


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a school. ``told_on`` is the day of the news that told of it last:
    only later stages remind."""

    key: str
    stamp: str
    organization_id: int
    subject: str
    unit: str
    due_on: date
    told_on: date
    school: str
    desk: str


def write_dues(*, at: datetime) -> int:
    """Write the reminders that are owed by ``at``; returns the new ones.

    The key (``selfcheck:<id>:<stage>:<stamp>:<user>``) makes each once only. Three queries and one
    insert a batch.
    """
    on, days = reached_on(at), overrides()
    written = 0
    for batch in (*_checks(on), *_rectifications(on)):
        steps = {each.due_on: reached(each.due_on, on, days) for each in batch}
        rows = [
            (each, steps[each.due_on].own, steps[each.due_on].above)
            for each in batch
            if steps[each.due_on].own
        ]
        if rows:
            written += notifications.write_dues(_rows(rows, on=on))
    return written


def _checks(on: date) -> Iterator[list[Waiting]]:
    """Read in the order of the key: rows written meanwhile neither repeat nor skip one."""
    pending = SelfCheck.objects.filter(assignment=OuterRef("pk")).pending()
    asked = Assignment.objects.filter(Exists(pending), state=AssignmentState.OPEN)
    for assignment in asked.select_related("edition__checklist").order_by("due_on"):
        rows: SelfCheckQuerySet = SelfCheck.objects.filter(assignment=assignment)
        named = rows.pending().exclude(organization__closed_on__lte=on)
        named = named.select_related("organization", "school")
        last = 0
        while batch := list(named.filter(pk__gt=last).order_by("pk")[:BATCH]):
            yield [_check(assignment, each) for each in batch]
            last = batch[-1].pk


def _check(assignment: Assignment, row: SelfCheck) -> Waiting:
    returned = row.returned_at if row.state == SelfCheckState.RETURNED else None
    return Waiting(
        key=f"{SELF_CHECK}:{row.pk}",
        stamp=f"{assignment.due_on:%Y%m%d}:{row.state}",
        organization_id=row.organization_id,
        subject=f"{assignment}（已退回，请修改）" if returned else str(assignment),
        unit=label_of(row),
        due_on=assignment.due_on,
        told_on=timezone.localdate(returned or assignment.created_at),
        school=school_link(row.pk),
        desk=bureau_link(row.pk),
    )


def _rectifications(on: date) -> Iterator[list[Waiting]]:
    rows: RectificationQuerySet = Rectification.objects.all()
    named = rows.pending().exclude(organization__closed_on__lte=on)
    along = ("item", "self_check__school", "self_check__organization")
    last = 0
    while batch := list(named.select_related(*along).filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield [_rectification(each) for each in batch]
        last = batch[-1].pk


def _rectification(row: Rectification) -> Waiting:
    return Waiting(
        key=f"{RECTIFICATION}:{row.pk}",
        stamp=f"{row.due_on:%Y%m%d}:{row.reopened}",
        organization_id=row.organization_id,
        subject=f"整改：{row.item.text}"[:200],
        unit=label_of(row.self_check),
        due_on=row.due_on,
        told_on=timezone.localdate(row.updated_at) if row.reopened else row.opened_on,
        school=rectification_link(row.pk),
        desk=rectification_desk(row.pk),
    )


def _rows(rows: Sequence[tuple[Waiting, Step | None, Step | None]], *, on: date) -> list[Due]:
    organizations = {each.organization_id for each, _, _ in rows}
    responsible = responsible_people(organizations, on)
    reviewers = reviewers_of(organizations, on)
    dues: list[Due] = []
    for each, own, above in rows:
        people = responsible[each.organization_id]
        superiors = reviewers[each.organization_id]
        if own and own[0] > each.told_on:
            dues += [_due(each, own, person) for person in people]
            if not people:
                vacant = own[0], Stage.VACANT
                dues += [_due(each, vacant, person) for person in superiors]
        if above and above[0] > each.told_on:
            dues += [_due(each, above, person) for person in superiors]
    return dues


def _due(waiting: Waiting, step: Step, person: "User") -> Due:
    day, stage = step
    return Due(
        key=f"{waiting.key}:{stage}:{waiting.stamp}:{person.pk}",
        recipient=person,
        room=ROOM,
        subject=waiting.subject,
        stage=stage,
        unit=waiting.unit,
        deadline=waiting.due_on,
        minutes=MINUTES,
        link=waiting.school if stage in OWN else waiting.desk,
        due_at=opening_of(day),
    )


@dataclass(frozen=True)
class _Stand:
    """How something stands at the moment."""

    organization_id: int
    closed_on: date | None
    due_on: date
    waits: bool


def outdated(dues: Sequence[Due], at: datetime) -> set[int]:
    """Return the ids of waiting rows that are no longer so: asked just before they are merged.

    It was handed in, its due date moved, its organisation closed, or somebody else is responsible
    by now. News are told in any case. Three queries.
    """
    on = reached_on(at)
    mine = {due: _named(due) for due in dues if due.room == ROOM and _is_step(due)}
    held = _stands(set(mine.values()))
    responsible = responsible_people({each.organization_id for each in held.values()}, on)
    return {
        due.pk
        for due, name in mine.items()
        if name not in held
        or _settled(held[name], due, on)
        or handed_over(due, responsible[held[name].organization_id])
    }


def _named(due: Due) -> tuple[str, int]:
    kind, pk = due.key.split(":")[:2]
    return kind, int(pk)


def _stands(names: set[tuple[str, int]]) -> dict[tuple[str, int], _Stand]:
    """Return how what is named stands; two queries."""
    checks = SelfCheck.objects.filter(pk__in=[pk for kind, pk in names if kind == SELF_CHECK])
    mending = Rectification.objects.filter(
        pk__in=[pk for kind, pk in names if kind == RECTIFICATION]
    )
    found: dict[tuple[str, int], _Stand] = {}
    for row in checks.select_related("organization", "assignment"):
        closed, due_on = row.organization.closed_on, row.assignment.due_on
        found[SELF_CHECK, row.pk] = _Stand(row.organization_id, closed, due_on, row.is_pending)
    for each in mending.select_related("organization"):
        waits = each.state == RectificationState.OPEN
        closed = each.organization.closed_on
        found[RECTIFICATION, each.pk] = _Stand(each.organization_id, closed, each.due_on, waits)
    return found


def _is_step(due: Due) -> bool:
    return due.key.split(":")[2] not in NEWS


def _settled(stand: _Stand, due: Due, on: date) -> bool:
    moved = due.deadline is not None and due.deadline != stand.due_on
    closed = stand.closed_on is not None and stand.closed_on <= on
    return not stand.waits or moved or closed
