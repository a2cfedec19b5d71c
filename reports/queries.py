"""Reads of reports, each named after the page or figure it serves."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from organizations.models import Organization
from organizations.queries.tree import paths_on, steps
from reports.choices import CLOSED, PENDING, CorrectionState, PeriodState, ReportState
from reports.composition.scope import expected_on
from reports.lines import LINES, NOT_GIVEN, Line
from reports.models import Correction, FinalFigure, Period, Report, ReportFigure, ReportQuerySet

if TYPE_CHECKING:
    from accounts.models import User

# The lines that the month's summary adds up, in the order of the form.
SUMMED = tuple(line for line in LINES if line.recorded)
SUMMED_KEYS = [line.key for line in SUMMED]


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
    return rows.select_related("period", "organization", "submitted_by").order_by("submitted_at")


def open_corrections(user: "User") -> int:
    """How many corrections wait for an answer in the scope of ``user``."""
    reports = Report.objects.visible_to(user)
    return Correction.objects.filter(
        report__in=reports.values("pk"), state=CorrectionState.ASKED
    ).count()


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
        return NOT_GIVEN if self.value is None else str(self.value)

    @property
    def final_text(self) -> str:
        """The figure it was marked final with, or a dash."""
        return NOT_GIVEN if self.final is None else str(self.final)


@dataclass(frozen=True)
class SummaryRow:
    """One organisation of the summary; ``cells`` empty while there is nothing to show of it.

    One that is back with the school after 定稿 shows its final figures and adds nothing.
    """

    label: str
    state: str
    cells: tuple[Cell, ...]
    report_id: int = 0
    handed_in: bool = True

    @property
    def unreported(self) -> str:
        """What stands instead of the figures: 未报, 未报（已退回）, 未报（已撤销）."""
        plain = self.state == ReportState.DRAFT.label
        return "未报" if plain else f"未报（{self.state}）"


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
        return sum(bool(row.cells) and row.handed_in for row in self.rows)

    @property
    def differences(self) -> int:
        """How many figures changed since it was marked final."""
        return sum(cell.differs for row in self.rows for cell in row.cells)

    def section(self, key: str) -> "Summary":
        """Return the columns of one section (``reports.lines.SECTIONS``) only."""
        places = [at for at, line in enumerate(self.lines) if line.section == key]

        def cut(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
            return tuple(cells[at] for at in places) if cells else ()

        rows = tuple(replace(row, cells=cut(row.cells)) for row in self.rows)
        lines = tuple(self.lines[at] for at in places)
        return replace(self, lines=lines, rows=rows, total=cut(self.total))


def summary(period: Period, organization_ids: Collection[int]) -> Summary:
    """Sum up the reports of ``period`` handed in by these organisations; three queries.

    Who hasn't handed in stands in the list without figures and adds nothing to the total.
    """
    reports = (
        Report.objects.filter(period=period, organization__in=organization_ids)
        .select_related("organization")
        .order_by("organization__order", "organization_id")
    )
    now = _figures(period, organization_ids)
    is_final = period.state == PeriodState.FINAL
    final = _final_figures(period, organization_ids) if is_final else {}
    rows = tuple(_row(report, now, final, is_final=is_final) for report in reports)
    return Summary(period, SUMMED, rows, _total(rows, is_final=is_final))


Figures = dict[int, dict[str, int | None]]


def _figures(period: Period, organization_ids: Collection[int]) -> Figures:
    rows = ReportFigure.objects.filter(
        report__period=period,
        report__organization__in=organization_ids,
        report__state__in=CLOSED,
        key__in=SUMMED_KEYS,
    )
    return _by_owner(rows.values_list("report__organization_id", "key", "value"))


def _final_figures(period: Period, organization_ids: Collection[int]) -> Figures:
    rows = FinalFigure.objects.filter(period=period, organization__in=organization_ids)
    return _by_owner(rows.values_list("organization_id", "key", "value"))


def _by_owner(rows: Iterable[tuple[int, str, int | None]]) -> Figures:
    found: Figures = {}
    for owner, key, value in rows:
        found.setdefault(owner, {})[key] = value
    return found


def _row(report: Report, now: Figures, final: Figures, *, is_final: bool) -> SummaryRow:
    owner = report.organization_id
    said, was = now.get(owner, {}), final.get(owner, {})
    handed_in = report.state in CLOSED
    cells = tuple(
        Cell(said.get(line.key), was.get(line.key), was_final=is_final) for line in SUMMED
    )
    return SummaryRow(
        report.organization.label,
        _state(report),
        cells if handed_in or was else (),
        report_id=report.pk,
        handed_in=handed_in,
    )


def _state(report: Report) -> str:
    """Its state; of an organisation that was closed nobody waits for a report."""
    if report.state in PENDING and report.organization.closed_on:
        return "已撤销"
    return report.get_state_display()


def _total(rows: Sequence[SummaryRow], *, is_final: bool) -> tuple[Cell, ...]:
    columns = zip(*(row.cells for row in rows if row.cells), strict=True)
    return tuple(
        Cell(
            _sum(cell.value for cell in column),
            _sum(cell.final for cell in column),
            was_final=is_final,
        )
        for column in columns
    )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
