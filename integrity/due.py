"""Reminders that self-checks owe: one keyed row for each stage and responsible person.

Nothing here sends; see ``reports.due``, which does the same for reports.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.models import overrides
from integrity.choices import AssignmentState, SelfCheckState
from integrity.models import Assignment, SelfCheck, SelfCheckQuerySet
from integrity.telling import BATCH, MINUTES, NEWS, ROOM, bureau_link, school_link
from notifications import services as notifications
from notifications.hours import opening_of, reached_on
from notifications.models import Due
from notifications.stages import OWN, Reached, Stage, Step, handed_over, reached
from organizations.queries import responsible_people, reviewers_of

if TYPE_CHECKING:
    from accounts.models import User


def write_dues(*, at: datetime) -> int:
    """Write the reminders that waiting self-checks owe by ``at``; returns the new ones.

    The key (``selfcheck:<id>:<stage>:<due date>:<version>:<user>``) makes each once only. What was
    reached before the assignment was made is told by its own news. Three queries and one insert a
    batch.
    """
    on, days = reached_on(at), overrides()
    written = 0
    for assignment in _waiting():
        steps = reached(assignment.due_on, on, days)
        begun = timezone.localdate(assignment.created_at)
        if steps.own and steps.own[0] > begun:
            for batch in _batches(assignment, on):
                written += notifications.write_dues(_rows(assignment, batch, steps, on=on))
    return written


def _waiting() -> list[Assignment]:
    pending = SelfCheck.objects.filter(assignment=OuterRef("pk")).pending()
    open_ones = Assignment.objects.filter(state=AssignmentState.OPEN)
    rows = open_ones.filter(Exists(pending)).select_related("edition__checklist")
    return list(rows.order_by("due_on"))


def _batches(assignment: Assignment, on: date) -> Iterator[list[SelfCheck]]:
    """Read in the order of the key: rows written meanwhile neither repeat nor skip one."""
    pending: SelfCheckQuerySet = SelfCheck.objects.filter(assignment=assignment)
    rows = pending.pending().exclude(organization__closed_on__lte=on)
    named = rows.select_related("organization", "school")
    last = 0
    while batch := list(named.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _rows(
    assignment: Assignment, batch: Sequence[SelfCheck], reached: Reached, *, on: date
) -> list[Due]:
    organizations = {each.organization_id for each in batch}
    responsible = responsible_people(organizations, on)
    reviewers = reviewers_of(organizations, on)
    rows: list[Due] = []
    for each in batch:
        people = responsible[each.organization_id]
        superiors = reviewers[each.organization_id]
        own = reached.own if _is_new(each, reached.own) else None
        if own:
            rows += [_due(assignment, each, own, person) for person in people]
        if own and not people:
            vacant = own[0], Stage.VACANT
            rows += [_due(assignment, each, vacant, person) for person in superiors]
        if reached.above and _is_new(each, reached.above):
            rows += [_due(assignment, each, reached.above, person) for person in superiors]
    return rows


def _is_new(self_check: SelfCheck, step: Step | None) -> bool:
    """One that was returned has just been told so: only later stages remind of it."""
    if step is None or self_check.state != SelfCheckState.RETURNED:
        return True
    returned = self_check.returned_at
    return returned is None or step[0] > timezone.localdate(returned)


def _due(assignment: Assignment, self_check: SelfCheck, step: Step, person: "User") -> Due:
    day, stage = step
    stamp = f"{assignment.due_on:%Y%m%d}:{self_check.state}"
    returned = self_check.state == SelfCheckState.RETURNED
    school = self_check.school
    return Due(
        key=f"selfcheck:{self_check.pk}:{stage}:{stamp}:{person.pk}",
        recipient=person,
        room=ROOM,
        subject=f"{assignment}（已退回，请修改）" if returned else str(assignment),
        stage=stage,
        unit=(school.short_name or school.name) if school else self_check.organization.label,
        deadline=assignment.due_on,
        minutes=MINUTES,
        link=school_link(self_check.pk) if stage in OWN else bureau_link(self_check.pk),
        due_at=opening_of(day),
    )


def outdated(dues: Sequence[Due], at: datetime) -> set[int]:
    """Return the ids of waiting rows that are no longer so: asked just before they are merged.

    The self-check was handed in, its due date moved, its organisation closed, or somebody else is
    responsible by now. News are told in any case. Two queries.
    """
    on = reached_on(at)
    mine = {due: int(due.key.split(":")[1]) for due in dues if due.room == ROOM and _is_step(due)}
    rows = SelfCheck.objects.select_related("organization", "assignment")
    held = rows.in_bulk(set(mine.values()))
    responsible = responsible_people({each.organization_id for each in held.values()}, on)
    return {
        due.pk
        for due, pk in mine.items()
        if pk not in held
        or _settled(held[pk], due, on)
        or handed_over(due, responsible[held[pk].organization_id])
    }


def _is_step(due: Due) -> bool:
    return due.key.split(":")[2] not in NEWS


def _settled(self_check: SelfCheck, due: Due, on: date) -> bool:
    closed = self_check.organization.closed_on
    moved = due.deadline is not None and due.deadline != self_check.assignment.due_on
    return not self_check.is_pending or moved or (closed is not None and closed <= on)
