"""Prints of this room: the report as the field's A4 form, the month's summary as wide tables."""

from collections.abc import Collection
from dataclasses import dataclass

from django.template.loader import render_to_string

from activities.choices import RecordKind
from organizations.queries import head_label
from reports.lines import NOTHING, SECTIONS, Line, of_section
from reports.models import Period, Report
from reports.queries import Cell, Summary, SummaryRow, summary
from reports.sheet import Sheet, sheet_of


@dataclass(frozen=True)
class LifeRow:
    """One kind of meeting in section 二: how often, how many, when and what about."""

    label: str
    times: str
    entitled: str
    present: str
    note: str


def report_html(report: Report) -> str:
    """Return the report as the form prints it, with places for signature and seal."""
    sheet = sheet_of(report)
    on = report.period.ends_on
    head = report.head_label or head_label([report.organization_id], on).get(
        report.organization_id, ""
    )
    context = {
        "report": report,
        "sheet": sheet,
        "life": _life(sheet),
        "head": head,
        "nothing": NOTHING,
    }
    return render_to_string("reports/print/report.html", context)


def _life(sheet: Sheet) -> list[LifeRow]:
    kinds = dict.fromkeys(line.key.partition(".")[0] for line in of_section("life"))
    return [_life_row(sheet, RecordKind(kind)) for kind in kinds]


def _life_row(sheet: Sheet, kind: RecordKind) -> LifeRow:
    times = sheet.by_key[f"{kind}.times"]
    # A talk has no meeting's two figures; its persons stand where the others have 实到.
    present = sheet.by_key.get(f"{kind}.present") or sheet.by_key.get(f"{kind}.persons")
    entitled = sheet.by_key.get(f"{kind}.entitled")
    return LifeRow(
        kind.label,
        times.value,
        entitled.value if entitled else "—",
        present.value if present else "—",
        times.note,
    )


@dataclass(frozen=True)
class Table:
    """The columns of one section, so that each table fits its page."""

    title: str
    lines: tuple[Line, ...]
    rows: tuple[SummaryRow, ...]
    total: tuple[Cell, ...]


def summary_html(period: Period, organization_ids: Collection[int]) -> str:
    """Return the summary of ``period`` over these organisations, a table for each section."""
    whole = summary(period, organization_ids)
    tables = [_table(whole, key, title) for key, title in SECTIONS.items()]
    context = {"summary": whole, "tables": tables}
    return render_to_string("reports/print/summary.html", context)


def _table(whole: Summary, section: str, title: str) -> Table:
    columns = [at for at, line in enumerate(whole.lines) if line.section == section]

    def cut(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(cells[at] for at in columns) if cells else ()

    rows = tuple(SummaryRow(row.label, row.state, cut(row.cells)) for row in whole.rows)
    return Table(title, tuple(whole.lines[at] for at in columns), rows, cut(whole.total))
