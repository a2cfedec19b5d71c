"""Keeping what a report said before another version takes its place; append-only."""

from datetime import datetime

from reports.choices import Outcome
from reports.models import Correction, FormerVersion, Report, ReportedRecord


def keep_version(report: Report, *, number: int, outcome: Outcome, at: datetime) -> FormerVersion:
    """Write down ``report`` as it stands as its version ``number``; inside the verb's transaction.

    Called before anything of that version is changed. One that a correction made was decided by
    who granted it.
    """
    made_by = Correction.objects.filter(report=report, version=number).first()
    late = ReportedRecord.objects.filter(report=report, supplement=True)
    version: FormerVersion = FormerVersion.objects.create(
        report=report,
        number=number,
        outcome=outcome,
        figures=[
            list(row)
            for row in report.figures.order_by("pk").values_list("key", "value", "text", "recorded")
        ],
        late=list(late.order_by("record__held_on", "pk").values_list("record_id", flat=True)),
        problems=report.problems,
        plans=report.plans,
        head_label=report.head_label,
        filler_label=report.filler_label,
        reviewer_label=report.reviewer_label,
        submitted_at=report.submitted_at,
        submitted_by=report.submitted_by,
        reviewed_at=made_by.decided_at if made_by else report.reviewed_at,
        reviewed_by=made_by.decided_by if made_by else report.reviewed_by,
        kept_at=at,
    )
    return version
