"""Having something of this room printed: the worker does it, the door shows how far it is."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common import audit
from common.jobs import enqueue
from common.models import Job
from reports.models import Period, Report

if TYPE_CHECKING:
    from accounts.models import User

REPORT_JOB = "reports.print_report"
SUMMARY_JOB = "reports.print_summary"


def print_report(*, actor: "User", report: Report, at: datetime) -> Job:
    """Have one report printed as the A4 form. Whether the actor may see it, the door asks."""
    with transaction.atomic():
        audit.record(actor=actor, verb="reports.print", obj=report, at=at)
        return enqueue(
            kind=REPORT_JOB, label=f"打印{report}", params={"report": report.pk}, owner=actor
        )


def print_summary(
    *, actor: "User", period: Period, organization_ids: Collection[int], at: datetime
) -> Job:
    """Have the summary of ``period`` over these organisations printed.

    They are the ones in the actor's scope; the door reads them.
    """
    ids = sorted(organization_ids)
    with transaction.atomic():
        audit.record(actor=actor, verb="reports.print_summary", obj=period, ids=ids, at=at)
        return enqueue(
            kind=SUMMARY_JOB,
            label=f"打印{period}汇总表",
            params={"period": period.pk, "organizations": ids},
            owner=actor,
        )
