"""Reads of reports, each named after the page or figure it serves."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from organizations.models import Organization
from reports.choices import PeriodState, ReportState
from reports.composition import CLOSED
from reports.lines import LINES, Line
from reports.models import Correction, FinalFigure, Period, Report, ReportFigure, ReportQuerySet

if TYPE_CHECKING:
    from accounts.models import User

SUMMED = tuple(line for line in LINES if line.recorded)


def school_reports(organization: Organization) -> ReportQuerySet:
    """Every report of one organisation, newest first, with its period and comments."""
    rows: ReportQuerySet = Report.objects.filter(organization=organization)
    return rows.select_related("period").order_by("-period__starts_on")


def current_report(organization: Organization) -> Report | None:
    """The report that waits longest for the school, else the newest one."""
    rows = school_reports(organization).exclude(period__state=PeriodState.PLANNED)
    waiting = rows.pending().order_by("period__starts_on").first()
    return waiting or rows.first()


def review_queue(user: "User") -> ReportQuerySet:
    """Submitted reports that ``user`` may see, the longest waiting first."""
    rows: ReportQuerySet = Report.objects.visible_to(user).filter(state=ReportState.SUBMITTED)
    return rows.select_related("period", "organization", "submitted_by").order_by("submitted_at")


def open_corrections(user: "User") -> int:
    """How many corrections wait for an answer in the scope of ``user``."""
    reports = Report.objects.visible_to(user)
    return Correction.objects.filter(report__in=reports.values("pk"), state="asked").count()


@dataclass(frozen=True)
class Standing:
    """How far the reports of one period are."""

    expected: int
    approved: int
    submitted: int
    returned: int

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
            expected=Count("pk"),
            approved=Count("pk", filter=Q(state=ReportState.APPROVED)),
            submitted=Count("pk", filter=Q(state=ReportState.SUBMITTED)),
            returned=Count("pk", filter=Q(state=ReportState.RETURNED)),
        )
    )
    return Standing(**counts)


@dataclass(frozen=True)
class Cell:
    """A figure of the summary, beside the one it was marked final with."""

    value: int | None
    final: int | None = None
    was_final: bool = False

    @property
    def differs(self) -> bool:
        """Whether it changed since the summary was marked final."""
        return self.was_final and self.value != self.final

    @property
    def text(self) -> str:
        """The figure, or a dash where there is none."""
        return "—" if self.value is None else str(self.value)


@dataclass(frozen=True)
class SummaryRow:
    """One organisation of the summary; ``cells`` empty while it hasn't reported."""

    label: str
    state: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Summary:
    """The month's summary (汇总表): customary order, a total, and what changed since 定稿."""

    period: Period
    lines: tuple[Line, ...]
    rows: tuple[SummaryRow, ...]
    total: tuple[Cell, ...]

    @property
    def reported(self) -> int:
        """How many have handed in."""
        return sum(bool(row.cells) for row in self.rows)


def summary(period: Period, organization_ids: Collection[int]) -> Summary:
    """Sum up the reports of ``period`` handed in by these organisations; four queries.

    Who hasn't handed in stands in the list without figures and adds nothing to the total.
    """
    reports = (
        Report.objects.filter(period=period, organization__in=organization_ids)
        .select_related("organization")
        .order_by("organization__order", "organization_id")
    )
    now = _figures(period, organization_ids)
    final = _final_figures(period, organization_ids)
    is_final = period.state == PeriodState.FINAL
    rows = [
        SummaryRow(
            report.organization.label,
            report.get_state_display(),
            _cells(report, now, final, is_final=is_final) if report.state in CLOSED else (),
        )
        for report in reports
    ]
    return Summary(period, SUMMED, tuple(rows), _total(rows))


Figures = dict[tuple[int, str], int | None]


def _figures(period: Period, organization_ids: Collection[int]) -> Figures:
    rows = ReportFigure.objects.filter(
        report__period=period, report__organization__in=organization_ids, report__state__in=CLOSED
    ).values_list("report__organization_id", "key", "value")
    return {(owner, key): value for owner, key, value in rows}


def _final_figures(period: Period, organization_ids: Collection[int]) -> Figures:
    rows = FinalFigure.objects.filter(period=period, organization__in=organization_ids).values_list(
        "organization_id", "key", "value"
    )
    return {(owner, key): value for owner, key, value in rows}


def _cells(report: Report, now: Figures, final: Figures, *, is_final: bool) -> tuple[Cell, ...]:
    keys = [(report.organization_id, line.key) for line in SUMMED]
    return tuple(Cell(now.get(key), final.get(key), was_final=is_final) for key in keys)


def _total(rows: list[SummaryRow]) -> tuple[Cell, ...]:
    columns = zip(*(row.cells for row in rows if row.cells), strict=True)
    return tuple(Cell(_sum([cell.value for cell in column])) for column in columns)


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
