"""What a calendar program is told of self-checks under a private link, beside tasks and reports."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from common.ics import KEPT, Entry
from integrity.choices import AssignmentState, SelfCheckState
from integrity.models import Assignment, SelfCheck, SelfCheckQuerySet
from integrity.telling import school_link
from organizations.choices import BUREAU_ROLES, RoleKind
from organizations.permissions import holds

if TYPE_CHECKING:
    from accounts.models import User

_BEFORE = {
    SelfCheckState.SUBMITTED: "已提交：",
    SelfCheckState.RETURNED: "退回待改：",
    SelfCheckState.WAIVED: "无需自查：",
}


def entries_for(user: "User", *, on: date) -> list[Entry]:
    """Return the days on which self-checks are due; constant queries.

    Who holds a role in a school gets those of their organisations, bureau and reviewers the days of
    the assignments.
    """
    checks: SelfCheckQuerySet = SelfCheck.objects.editable_by(user)
    recent = checks.filter(assignment__due_on__gte=on - KEPT)
    along = ("assignment__edition__checklist", "organization", "school")
    own = list(recent.select_related(*along).order_by("pk"))
    entries = [_of_check(each, named=len(own) > 1) for each in own]
    if holds(user, *BUREAU_ROLES, RoleKind.REVIEWER):
        entries += _of_assignments({each.assignment_id for each in own}, on=on)
    return entries


def _of_check(row: SelfCheck, *, named: bool) -> Entry:
    assignment = row.assignment
    unit = f"（{row.unit}）" if named else ""
    return Entry(
        uid=f"selfcheck-{row.pk}",
        title=f"{_BEFORE.get(SelfCheckState(row.state), '')}{assignment}{unit}",
        due_on=assignment.due_on,
        link=school_link(row.pk),
        created_at=row.created_at,
        changed_at=max(row.updated_at, assignment.updated_at),
        cancelled=row.state == SelfCheckState.WAIVED
        or assignment.state == AssignmentState.CANCELLED,
        rings=row.is_pending,
    )


def _of_assignments(seen: set[int], *, on: date) -> Iterator[Entry]:
    rows = Assignment.objects.filter(due_on__gte=on - KEPT).exclude(pk__in=seen)
    for assignment in rows.select_related("edition__checklist").order_by("pk"):
        yield Entry(
            uid=f"assignment-{assignment.pk}",
            title=f"{assignment}截止",
            due_on=assignment.due_on,
            link=reverse("admin:integrity_assignment_change", args=[assignment.pk]),
            created_at=assignment.created_at,
            changed_at=assignment.updated_at,
            cancelled=assignment.state == AssignmentState.CANCELLED,
            rings=assignment.state == AssignmentState.OPEN,
        )
