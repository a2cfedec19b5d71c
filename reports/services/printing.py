"""Having something of this room printed: the worker does it, the door shows how far it is."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common import audit
from common.errors import DomainError
from common.jobs import enqueue
from common.models import Job
from reports.choices import Outcome
from reports.models import FormerVersion, Period, Report

if TYPE_CHECKING:
    from accounts.models import User

REPORT_JOB = "reports.print_report"
SUMMARY_JOB = "reports.print_summary"


def print_report(
    *, actor: "User", report: Report, at: datetime, version: FormerVersion | None = None
) -> Job:
    """Have one report printed as the A4 form, as it stands or as it stood in ``version``.

    Whether the actor may see it, the door asks. A version that was returned is no document.
    """
    if version is not None and version.outcome != Outcome.APPROVED:
        raise DomainError("退回的版本没有生效，只能查看，不能打印。")
    number = {"version": version.number} if version else {}
    with transaction.atomic():
        audit.record(actor=actor, verb="reports.print", obj=report, after=number or None, at=at)
        return enqueue(
            kind=REPORT_JOB,
            label=f"打印{version or report}",
            params={"report": report.pk, **number},
            owner=actor,
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
