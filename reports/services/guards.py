"""What several verbs of this room check, and the one way in which a report changes its state."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from common.errors import ConflictError, DomainError, ForbiddenError
from reports.choices import REPORT_TRANSITIONS, ReportState
from reports.models import Report
from reports.permissions import may_review_report

if TYPE_CHECKING:
    from accounts.models import User


def take(
    report: Report,
    *,
    state: ReportState,
    at: datetime,
    seen_version: int | None = None,
    **fields: Any,
) -> None:
    """Move ``report`` on to ``state`` if it still stands where that is allowed from.

    ``seen_version`` is the one that the actor looked at, None where it doesn't matter. Raises
    ConflictError that says who was first; nothing is written then.
    """
    sources = [each for each, targets in REPORT_TRANSITIONS.items() if state in targets]
    rows = Report.objects.filter(pk=report.pk, state__in=sources)
    if seen_version is not None:
        rows = rows.filter(version=seen_version)
    if not rows.update(state=state, updated_at=at, **fields):
        raise ConflictError(_who_was_first(report))


def _who_was_first(report: Report) -> str:
    rows = Report.objects.select_related("submitted_by", "reviewed_by")
    now: Report = rows.get(pk=report.pk)
    who = {
        ReportState.SUBMITTED: now.submitted_by,
        ReportState.RETURNED: now.reviewed_by,
        ReportState.APPROVED: now.reviewed_by,
    }.get(ReportState(now.state))
    by = f"，由{who}办理" if who else ""
    return f"这份月报现在是「{now.get_state_display()}」{by}，请刷新后再看。"


def check_reviewer(actor: "User", report: Report) -> None:
    """Raise ForbiddenError for who doesn't review the organisation."""
    if not may_review_report(actor, report):
        raise ForbiddenError("您不是这个党组织的审核人。")


def check_somebody_left(report: Report) -> None:
    """Refuse to ask a closed organisation for changes: nobody is there who could make them."""
    owner = report.organization
    if owner.closed_on is not None:
        raise DomainError(
            f"「{owner}」已于 {owner.closed_on:%Y-%m-%d} 撤销，没有人能再修改；核对后请通过。"
        )


def checked_text(text: str, *, name: str, limit: int) -> str:
    """Return ``text`` without surrounding blanks, line ends as one character each.

    Raises DomainError when it is longer than ``limit`` characters.
    """
    told = text.replace("\r\n", "\n").strip()
    if len(told) > limit:
        raise DomainError(f"「{name}」写了 {len(told)} 字，最多 {limit} 字，请精简。")
    return told


def required_text(text: str, *, name: str, limit: int) -> str:
    """Return ``text`` as :func:`checked_text` does; raise DomainError where there is none."""
    told = checked_text(text, name=name, limit=limit)
    if not told:
        raise DomainError(f"请写明{name}。")
    return told
