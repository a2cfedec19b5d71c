"""Reads of reports, each named after the page or figure it serves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from organizations.models import Organization
from organizations.models.role import steps
from organizations.queries.tree import paths_on
from reports.choices import CorrectionState, PeriodState, ReportState
from reports.composition.scope import expected_on
from reports.models import Correction, Period, Report, ReportFigure, ReportQuerySet

if TYPE_CHECKING:
    from accounts.models import User


def school_reports(organization: Organization) -> ReportQuerySet:
    """Every report of one organisation, newest first, with its period and comments."""
    rows: ReportQuerySet = Report.objects.filter(organization=organization)
    return rows.select_related("period").order_by("-period__starts_on")


def reported_by(organization: Organization, *, on: date) -> Organization | None:
    """The nearest organisation above, in today's tree, that reports for ``organization``."""
    reporting = set(expected_on(on))
    path = paths_on([organization.pk], on).get(organization.pk, "")
    above = next((pk for pk in reversed(steps(path)[:-1]) if pk in reporting), None)
    return Organization.objects.get(pk=above) if above else None


def current_report(organization: Organization) -> Report | None:
    """The report that waits longest for the school, else the newest one."""
    rows = school_reports(organization).exclude(period__state=PeriodState.PLANNED)
    waiting = rows.pending().order_by("period__starts_on").first()
    return waiting or rows.first()


def review_queue(user: "User") -> ReportQuerySet:
    """Submitted reports that ``user`` may see, the longest waiting first."""
    rows: ReportQuerySet = Report.objects.visible_to(user).filter(state=ReportState.SUBMITTED)
    return rows.select_related("period", "organization", "submitted_by").order_by(
        "submitted_at", "pk"
    )


# What tells most of a report in a list.
BRIEF = {
    "theme_day": "theme_day.times",
    "present": "theme_day.present",
    "entitled": "theme_day.entitled",
    "done": "tasks.done",
    "total": "tasks.total",
}


def brief_figures(report_ids: Sequence[int]) -> dict[int, dict[str, int | None]]:
    """Return of each report the few figures of ``BRIEF`` that it was handed in with; one query."""
    words = {key: word for word, key in BRIEF.items()}
    found: dict[int, dict[str, int | None]] = {pk: {} for pk in report_ids}
    rows = ReportFigure.objects.filter(report__in=report_ids, key__in=words)
    for report, key, value in rows.values_list("report_id", "key", "value"):
        found[report][words[key]] = value
    return found


def open_corrections(user: "User") -> int:
    """How many corrections wait for an answer in the scope of ``user``."""
    reports = Report.objects.visible_to(user)
    return Correction.objects.filter(
        report__in=reports.values("pk"), state=CorrectionState.ASKED
    ).count()


@dataclass(frozen=True)
class Standing:
    """How far the reports of one period are; waived ones are no longer expected."""

    expected: int
    approved: int
    submitted: int
    returned: int
    waived: int = 0

    @property
    def missing(self) -> int:
        """Reports that the schools still have."""
        return self.expected - self.approved - self.submitted


def standing(user: "User", period: Period) -> Standing:
    """Count the reports of ``period`` in the scope of ``user`` by state; one query."""
    counts = (
        Report.objects.visible_to(user)
        .filter(period=period)
        .aggregate(
            expected=Count("state", filter=~Q(state=ReportState.WAIVED)),
            approved=Count("state", filter=Q(state=ReportState.APPROVED)),
            submitted=Count("state", filter=Q(state=ReportState.SUBMITTED)),
            returned=Count("state", filter=Q(state=ReportState.RETURNED)),
            waived=Count("state", filter=Q(state=ReportState.WAIVED)),
        )
    )
    return Standing(**counts)
