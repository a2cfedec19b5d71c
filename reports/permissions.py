"""Who may do what with a report, beside ``Report.objects.visible_to`` and ``editable_by``."""

from typing import TYPE_CHECKING

from organizations.choices import RoleKind
from organizations.models.role import held_roles
from organizations.permissions import may_file_for, may_review, may_submit_for
from reports.models import Report

if TYPE_CHECKING:
    from accounts.models import User


def may_type(user: "User", report: Report) -> bool:
    """Whoever holds a school role there may type the two texts; a clerk too."""
    return may_file_for(user, report.organization)


def may_submit(user: "User", report: Report) -> bool:
    """Secretary, acting head or deputy; a clerk prepares but doesn't hand in."""
    return may_submit_for(user, report.organization)


def may_review_report(user: "User", report: Report) -> bool:
    """Officers in whose kinds of school it lies, and reviewers of a superior organisation."""
    return may_review(user, report.organization)


def may_finalise(user: "User") -> bool:
    """Officers of the bureau, if not limited to kinds of school: it is everybody's summary."""
    return any(role.kind == RoleKind.OFFICER and not role.school_kinds for role in held_roles(user))


def may_plan(user: "User") -> bool:
    """Who marks summaries final also cuts the year into periods and moves due dates."""
    return may_finalise(user)
