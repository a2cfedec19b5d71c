"""What a calendar program is told of reports under a private link, beside the tasks.

Who holds a role in a school gets the reports of their organisations; bureau and reviewers the days
on which those are due.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from common.ics import KEPT, Entry
from organizations.choices import BUREAU_ROLES, RoleKind
from organizations.permissions import holds
from reports.choices import PENDING, PeriodState, ReportState
from reports.models import Period, Report, ReportQuerySet
from reports.telling import school_link

if TYPE_CHECKING:
    from accounts.models import User

_BEFORE = {
    ReportState.SUBMITTED: "已提交：",
    ReportState.RETURNED: "退回待改：",
    ReportState.APPROVED: "已通过：",
    ReportState.WAIVED: "无需报送：",
}


def entries_for(user: "User", *, on: date) -> list[Entry]:
    """Return the days on which reports are due, of periods that have begun; constant queries."""
    reports: ReportQuerySet = Report.objects.editable_by(user)
    recent = reports.filter(period__due_on__gte=on - KEPT)
    own = list(recent.select_related("period", "organization").order_by("pk"))
    several = len({report.organization_id for report in own}) > 1
    entries = [_of_report(report, named=several) for report in own]
    if holds(user, *BUREAU_ROLES, RoleKind.REVIEWER):
        entries += _of_periods({report.period_id for report in own}, on=on)
    return entries


def _of_report(report: Report, *, named: bool) -> Entry:
    period = report.period
    unit = f"（{report.organization.label}）" if named else ""
    return Entry(
        uid=f"report-{report.pk}",
        title=f"{_BEFORE.get(ReportState(report.state), '')}{period}{unit}",
        due_on=period.due_on,
        link=school_link(report.pk),
        created_at=report.created_at,
        changed_at=max(report.updated_at, period.updated_at),
        cancelled=report.state == ReportState.WAIVED,
        rings=report.state in PENDING,
    )


def _of_periods(seen: set[int], *, on: date) -> Iterator[Entry]:
    begun = Period.objects.exclude(state=PeriodState.PLANNED).filter(due_on__gte=on - KEPT)
    for period in begun.exclude(pk__in=seen).order_by("pk"):
        yield Entry(
            uid=f"period-{period.pk}",
            title=f"{period}截止",
            due_on=period.due_on,
            link=reverse("admin:reports_period_change", args=[period.pk]),
            created_at=period.created_at,
            changed_at=period.updated_at,
            rings=period.state == PeriodState.OPEN,
        )
