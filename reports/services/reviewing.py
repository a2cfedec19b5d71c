"""The reviewer's side: returning a report with comments, or approving it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common import audit
from common.errors import DomainError
from reports.choices import Outcome, ReportState
from reports.lines import BY_KEY, TASK_KEY, TEXTS
from reports.models import Comment, Report
from reports.services.guards import check_reviewer, check_somebody_left, checked_text, take
from reports.services.keeping import keep_version
from reports.telling import tell_returned

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_COMMENT = 300


def return_report(
    *,
    actor: "User",
    report: Report,
    comments: Sequence[tuple[str, str]],
    at: datetime,
    version: int | None = None,
) -> Report:
    """Send a report back with comments ``(key, text)``; at least one is needed. Tells the school.

    A key names a line (``reports.lines.BY_KEY``), a typed text (``TEXTS``), a frozen task line
    (``task:<id>``), or is empty for the whole. ``version`` is the submission that the reviewer
    looked at: another one meanwhile is a ConflictError.
    """
    check_reviewer(actor, report)
    check_somebody_left(report)
    said = _checked(report, comments)
    with transaction.atomic():
        _review(actor, report, ReportState.RETURNED, version=version, at=at)
        report.refresh_from_db()
        Comment.objects.bulk_create(
            Comment(report=report, key=key, text=text, version=report.version, author=actor, at=at)
            for key, text in said
        )
        audit.record(
            actor=actor,
            verb="reports.return",
            obj=report,
            before={"state": ReportState.SUBMITTED},
            after={"state": ReportState.RETURNED, "comments": [list(each) for each in said]},
            at=at,
        )
        keep_version(report, number=report.version, outcome=Outcome.RETURNED, at=at)
        tell_returned(report, "；".join(text for _, text in said), at=at)
    return report


def approve_report(
    *, actor: "User", report: Report, at: datetime, version: int | None = None
) -> Report:
    """Approve a submitted report; two reviewers at once get one result and one clear message.

    ``version`` is the submission that the reviewer looked at: another one meanwhile is a
    ConflictError.
    """
    check_reviewer(actor, report)
    with transaction.atomic():
        _review(actor, report, ReportState.APPROVED, version=version, at=at)
        audit.record(
            actor=actor,
            verb="reports.approve",
            obj=report,
            before={"state": ReportState.SUBMITTED},
            after={"state": ReportState.APPROVED},
            at=at,
        )
    report.refresh_from_db()
    return report


def _review(
    actor: "User", report: Report, state: ReportState, *, version: int | None, at: datetime
) -> None:
    take(
        report,
        state=state,
        at=at,
        seen_version=version,
        reviewed_at=at,
        reviewed_by=actor,
        reviewer_label=actor.name,
    )


def _checked(report: Report, comments: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    said = [
        (key, checked_text(text, name="退回意见", limit=LONGEST_COMMENT))
        for key, text in comments
        if text.strip()
    ]
    if not said:
        raise DomainError("请至少写一条退回意见，说明哪一项要改。")
    told = set(report.figures.filter(key__startswith=TASK_KEY).values_list("key", flat=True))
    unknown = {key for key, _ in said} - {"", *BY_KEY, *TEXTS} - told
    if unknown:
        raise DomainError("有退回意见写在月报里没有的项目上，请刷新页面后再退回。")
    return said
