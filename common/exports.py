"""The one export engine: rows and declared columns -> .xlsx as the office prints it, or .csv.

Writes what it is given in the order it is given: scope, order and the audit entry are the caller's.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from django.utils import timezone

from common.days import chinese_date
from common.worksheets import FORMULA_START, KINDS, MAX_TEXT, Kind, Scalar, clean, splice_rows

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

RowT = TypeVar("RowT")
Align = Literal["left", "center", "right"]

_A4 = 9
# Characters of 11 pt that fit across A4 upright; wider tables are laid on their side.
_UPRIGHT_WIDTH = 90
_CSV_PIECE_ROWS = 500
_FORMULA_STARTS = frozenset(FORMULA_START)
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_FONT = {"font_name": "宋体", "valign": "vcenter"}
# Sets of cell styles: a row of the table, its 合计 row, the line under it.
_PLAIN, _BOLD, _BARE = range(3)


@dataclass(frozen=True)
class ExportColumn(Generic[RowT]):
    """One column: its head, how its value is got from a row, its width in characters.

    Values may be text, numbers, dates, booleans (是 / 否) and None (an empty cell); of anything
    else ``str()`` is written. A stamp in time is written in the office's own time zone.
    """

    label: str
    value: Callable[[RowT], object]
    width: float = 12
    align: Align = "left"
    number_format: str = "General"


@dataclass(frozen=True)
class Heading:
    """What stands over and under the table: 填报单位 left, 截至 right, a foot for signatures."""

    title: str
    unit: str = ""
    as_of: date | None = None
    foot: str = ""


# .xlsx -------------------------------------------------------------------------------------------
def write_xlsx(
    rows: Iterable[RowT],
    columns: Sequence[ExportColumn[RowT]],
    *,
    heading: Heading | None = None,
    totals: Sequence[object] = (),
    sheet_name: str = "",
) -> bytes:
    """Return an .xlsx file: title, unit line, bordered table, optional 合计 row and foot.

    A4, on its side where wide, the head repeated on every printed page, 第 X 页 共 Y 页. Without
    ``heading`` the head is the first row, as for files that are read in again. Text never becomes a
    formula.
    """
    frame, first_line = _frame(columns, heading=heading, sheet_name=sheet_name)
    getters = [column.value for column in columns]

    def lines() -> Iterator[tuple[list[Scalar], int]]:
        for row in rows:
            yield [_scalar(get(row)) for get in getters], _PLAIN
        if totals:
            yield [_scalar(value) for value in totals], _BOLD
        if heading and heading.foot:
            yield [heading.foot], _BARE

    return splice_rows(frame, first_line=first_line, rows=lines(), width=len(columns))


def _frame(
    columns: Sequence[ExportColumn[Any]], *, heading: Heading | None, sheet_name: str
) -> tuple[bytes, int]:
    """Return a workbook with page, title and head, and the line at which its specimens begin."""
    from xlsxwriter import Workbook

    target = BytesIO()
    name = _NOT_IN_SHEET_NAMES.sub("", sheet_name or (heading.title if heading else ""))[:31]
    with Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name or "Sheet1")
        _set_up_page(sheet, columns)
        line = _write_title(book, sheet, heading, columns) if heading else 0
        style = book.add_format(
            {**_FONT, "bold": True, "align": "center", "text_wrap": True, "border": 1}
        )
        for place, column in enumerate(columns):
            sheet.write_string(line, place, clean(column.label), style)
        sheet.repeat_rows(line)
        sheet.freeze_panes(line + 1, 0)
        _write_specimens(book, sheet, columns, line + 1)
    return target.getvalue(), line + 2


def _set_up_page(sheet: "Worksheet", columns: Sequence[ExportColumn[Any]]) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    sheet.set_paper(_A4)
    if sum(column.width for column in columns) > _UPRIGHT_WIDTH:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _write_title(
    book: "Workbook",
    sheet: "Worksheet",
    heading: Heading,
    columns: Sequence[ExportColumn[Any]],
) -> int:
    """Write the title and the unit line; return the next free line."""
    last = max(len(columns) - 1, 1)
    sheet.set_row(0, 30)
    big = book.add_format({**_FONT, "bold": True, "align": "center", "font_size": 16})
    sheet.merge_range(0, 0, 0, last, clean(heading.title), big)
    if not heading.unit and heading.as_of is None:
        return 1
    if heading.unit:
        sheet.write_string(1, 0, clean(f"填报单位：{heading.unit}"), book.add_format(_FONT))
    if heading.as_of:
        right = book.add_format({**_FONT, "align": "right"})
        sheet.write_string(1, last, f"截至{chinese_date(heading.as_of)}", right)
    return 2


def _write_specimens(
    book: "Workbook", sheet: "Worksheet", columns: Sequence[ExportColumn[Any]], first: int
) -> None:
    """Write one blank cell for each set of styles, kind of value and column: see `splice_rows`."""
    line = first
    for style in (_PLAIN, _BOLD, _BARE):
        for kind in KINDS:
            for place, column in enumerate(columns):
                look = _cell_look(column, kind, style)
                sheet.write_blank(line, place, None, book.add_format(look))
            line += 1


def _cell_look(column: ExportColumn[Any], kind: Kind, style: int) -> dict[str, object]:
    if style == _BARE:
        return dict(_FONT)
    formats = {"date": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm", "number": column.number_format}
    return {
        **_FONT,
        "border": 1,
        "bold": style == _BOLD,
        "align": column.align,
        "text_wrap": kind in {"text", "quoted"},
        "num_format": formats.get(kind, "General"),
        # Keeps the text a text when somebody edits the cell.
        "quote_prefix": kind == "quoted",
    }


# .csv --------------------------------------------------------------------------------------------
def stream_csv(rows: Iterable[RowT], columns: Sequence[ExportColumn[RowT]]) -> Iterator[bytes]:
    """Yield a .csv file in pieces: UTF-8 with the mark that lets Excel read Chinese, head first.

    Text that a spreadsheet would take for a formula gets a ``'`` before it; numbers stay numbers.
    """
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([_csv_cell(column.label) for column in columns])
    getters = [column.value for column in columns]
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(get(row)) for get in getters])
        if number % _CSV_PIECE_ROWS == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(rows: Iterable[RowT], columns: Sequence[ExportColumn[RowT]]) -> bytes:
    """Return the whole .csv file of `stream_csv`."""
    return b"".join(stream_csv(rows, columns))


def _csv_cell(value: object) -> object:
    # Nearly all cells are harmless texts or empty: they go by without all the questions.
    if value is None:
        return None
    if type(value) is str and value.isprintable() and len(value) <= MAX_TEXT:
        return f"'{value}" if value[:1] in _FORMULA_STARTS else value
    scalar = _scalar(value)
    if isinstance(scalar, bool):
        return "是" if scalar else "否"
    if isinstance(scalar, datetime):
        return f"{scalar:%Y-%m-%d %H:%M}"
    if not isinstance(scalar, str):
        return scalar
    text = clean(scalar)
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text


# Both --------------------------------------------------------------------------------------------
def _scalar(value: object) -> Scalar:
    """Return ``value`` as a cell takes it; of anything unknown its text."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, str | int | float | Decimal | date):
        return value
    return str(value)
