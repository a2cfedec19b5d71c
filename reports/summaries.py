"""The month's summary (汇总表): figures handed in, their sums, and what changed since 定稿."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from organizations.models import Organization
from reports.choices import CLOSED, PENDING, PeriodState, ReportState
from reports.lines import LINES, NOT_GIVEN, Line
from reports.models import FinalFigure, Period, Report, ReportFigure, ReportQuerySet

# The lines that are added up, in the order of the form.
SUMMED = tuple(line for line in LINES if line.recorded)
A_PAGE = 100
STANDINGS: dict[str, tuple[ReportState, ...]] = {
    "missing": PENDING,
    "submitted": (ReportState.SUBMITTED,),
    "approved": (ReportState.APPROVED,),
    "waived": (ReportState.WAIVED,),
}
OWNER = "report__organization_id"

Figures = dict[int, dict[str, int | None]]
# Organisations: their ids, or the query that finds them.
Scope = Collection[int] | QuerySet[Organization]


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
    def expected(self) -> bool:
        """Whether a report is awaited or was handed in: not where the organisation was closed."""
        return self.state != ReportState.WAIVED.label

    @property
    def unreported(self) -> str:
        """What stands instead of the figures: 未报, 未报（已退回）, 无需报送."""
        if not self.expected:
            return self.state
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
    def expected(self) -> int:
        """How many are to report."""
        return sum(row.expected for row in self.rows)

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


def summary(period: Period, organization_ids: Scope) -> Summary:
    """Sum up the reports of ``period`` handed in by these organisations; three queries.

    Who hasn't handed in stands in the list without figures and adds nothing to the total.
    """
    reports = _reports(period, organization_ids)
    rows = _rows(period, reports, organization_ids, SUMMED)
    return Summary(period, SUMMED, rows, _total(rows, is_final=_is_final(period)))


@dataclass(frozen=True)
class SummaryPage:
    """What the screen shows of a summary: some columns of some rows, the sums of all rows.

    ``count`` reports on ``pages`` pages; ``differences`` are those of the columns shown, all pages.
    """

    summary: Summary
    count: int
    page: int
    pages: int
    differences: int

    @property
    def first(self) -> int:
        """The number of the first row."""
        return (self.page - 1) * A_PAGE + 1


def summary_page(
    period: Period, scope: Scope, *, section: str, standing: str = "", page: int = 1
) -> SummaryPage:
    """Return a page of one section of the summary over the organisations in ``scope``.

    ``standing`` keeps those missing, submitted or approved; the sums are of all in the scope, added
    up by the database, so that thirty thousand cost little more than sixty.
    """
    lines = tuple(line for line in SUMMED if line.section == section)
    reports = _reports(period, scope)
    if standing in STANDINGS:
        reports = reports.filter(state__in=STANDINGS[standing])
    shown = Paginator(reports, A_PAGE).get_page(page)
    some = list(shown.object_list)
    rows = _rows(period, some, [each.organization_id for each in some], lines)
    return SummaryPage(
        Summary(period, lines, rows, _sums(period, scope, lines)),
        count=shown.paginator.count,
        page=shown.number,
        pages=shown.paginator.num_pages,
        differences=_differences(period, scope, lines) if _is_final(period) else 0,
    )


def _is_final(period: Period) -> bool:
    return period.state == PeriodState.FINAL


def _reports(period: Period, scope: Scope) -> ReportQuerySet:
    rows: ReportQuerySet = Report.objects.filter(period=period, organization__in=scope)
    return rows.select_related("organization").order_by("organization__order", "organization_id")


def _rows(
    period: Period, reports: Iterable[Report], scope: Scope, lines: Sequence[Line]
) -> tuple[SummaryRow, ...]:
    now = _by_owner(_said(period, scope, lines).values_list(OWNER, "key", "value"))
    final: Figures = {}
    if _is_final(period):
        kept = _kept(period, scope, lines).values_list("organization_id", "key", "value")
        final = _by_owner(kept)
    return tuple(_row(each, now, final, lines, is_final=_is_final(period)) for each in reports)


def _said(period: Period, scope: Scope, lines: Sequence[Line]) -> QuerySet[ReportFigure]:
    """The figures handed in."""
    return ReportFigure.objects.filter(
        report__period=period,
        report__organization__in=scope,
        report__state__in=CLOSED,
        key__in=[line.key for line in lines],
    )


def _kept(period: Period, scope: Scope, lines: Sequence[Line]) -> QuerySet[FinalFigure]:
    """The figures as they were marked final."""
    keys = [line.key for line in lines]
    return FinalFigure.objects.filter(period=period, organization__in=scope, key__in=keys)


def _sums(period: Period, scope: Scope, lines: Sequence[Line]) -> tuple[Cell, ...]:
    """The total of all organisations in the scope; empty while nobody has handed in."""
    now = dict(_said(period, scope, lines).values_list("key").annotate(sum=Sum("value")))
    kept = _kept(period, scope, lines).values_list("key").annotate(sum=Sum("value"))
    final = dict(kept) if _is_final(period) else {}
    if not now and not final:
        return ()
    return tuple(
        Cell(now.get(line.key), final.get(line.key), was_final=_is_final(period)) for line in lines
    )


def _differences(period: Period, scope: Scope, lines: Sequence[Line]) -> int:
    """How many figures aren't what they were marked final with."""
    said = _said(period, scope, lines).values(OWNER, "key")
    now = said.filter(key=OuterRef("key"), report__organization=OuterRef("organization"))
    kept = _kept(period, scope, lines).annotate(now=Subquery(now.values("value")[:1]))
    changed = Q(now=None, value__isnull=False) | Q(now__isnull=False, value=None)
    changed |= Q(now__isnull=False, value__isnull=False) & ~Q(now=F("value"))
    known = _kept(period, scope, lines).filter(
        key=OuterRef("key"), organization=OuterRef("report__organization")
    )
    new = _said(period, scope, lines).filter(~Exists(known), value__isnull=False)
    return kept.filter(changed).count() + new.count()


def _by_owner(rows: Iterable[tuple[int, str, int | None]]) -> Figures:
    found: Figures = {}
    for owner, key, value in rows:
        found.setdefault(owner, {})[key] = value
    return found


def _row(
    report: Report, now: Figures, final: Figures, lines: Sequence[Line], *, is_final: bool
) -> SummaryRow:
    owner = report.organization_id
    said, was = now.get(owner, {}), final.get(owner, {})
    handed_in = report.state in CLOSED
    cells = tuple(Cell(said.get(line.key), was.get(line.key), was_final=is_final) for line in lines)
    return SummaryRow(
        report.organization.label,
        report.get_state_display(),
        cells if handed_in or was else (),
        report_id=report.pk,
        handed_in=handed_in,
    )


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
