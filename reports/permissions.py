"""Who may do what with a report, beside ``Report.objects.visible_to`` and ``editable_by``."""

from typing import TYPE_CHECKING

from organizations.permissions import is_officer, may_file_for, may_review, may_submit_for
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
    """Officers of the bureau mark a month's summary final."""
    return is_officer(user)
