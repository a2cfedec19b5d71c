"""Rows out of an .xlsx, with merged cells as areas and dates as they are shown.

Two libraries look at the file: calamine for how far the sheet really goes (formats may reach to
row 1,048,576), openpyxl for number formats, as 2022-03-01 shown as 3月 means the whole month.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from calendar_events.reading.fold import clean
from calendar_events.reading.model import UnreadableError
from calendar_events.reading.rows import Cell, Row, cell_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_ROWS, MAX_COLUMNS = 5000, 60

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - serial days of a spreadsheet have no zone
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
# Formats that only Chinese Excel knows by number; openpyxl takes them for plain numbers.
_FORMATS = {
    (27, 36, 50, 52, 57): "ym",
    (28, 29, 51, 53, 54, 58): "md",
    (31,): "ymd",
}


def sheet_rows(data: bytes) -> list[Row]:
    """The rows of all visible sheets of an .xlsx.

    Raises UnreadableError for a file that is no .xlsx inside, or far too large.
    """
    import openpyxl

    try:
        extents = _extents(data)
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # both raise whatever zip, XML or they themselves met
        raise UnreadableError("这个 .xlsx 打不开，可能已损坏。请打开后另存一份。") from error
    rows: list[Row] = []
    for name, (height, width) in extents.items():
        if height > MAX_ROWS or width > MAX_COLUMNS:
            raise UnreadableError(f"工作表“{name}”有 {height} 行 {width} 列，不像是行事历。")
        prefix = f"工作表“{name}”" if len(extents) > 1 else ""
        rows += _sheet(book[name], height, width, prefix)
    return rows


def _extents(data: bytes) -> dict[str, tuple[int, int]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    shown = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    ends = {name: book.get_sheet_by_name(name).end for name in shown}
    return {name: (end[0] + 1, end[1] + 1) for name, end in ends.items() if end is not None}


def _sheet(sheet: "Worksheet", height: int, width: int, prefix: str) -> Iterator[Row]:
    areas = _areas(sheet, height, width)
    origins: dict[str, Cell] = {}
    for number in range(1, height + 1):
        place = f"{prefix}第{number}行"
        cells: list[Cell] = []
        for column in range(1, width + 1):
            area = areas.get((number, column), "")
            if area in origins:
                cells.append(replace(origins[area], continued=True))
                continue
            shown = clean(_shown(sheet.cell(number, column)))
            cell = replace(cell_of(shown, line=number, place=place), merge=area)
            if area:
                origins[area] = cell
            cells.append(cell)
        yield Row(number, tuple(cells), f"sheet {sheet.title}", place)


def _areas(sheet: "Worksheet", height: int, width: int) -> dict[tuple[int, int], str]:
    """The merged area of each cell inside the used part of the sheet."""
    return {
        (row, column): str(area.coord)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, height) + 1)
        for column in range(area.min_col, min(area.max_col, width) + 1)
    }


def _shown(cell: Any) -> str:
    """A cell's value as the spreadsheet shows it, as far as months and days are concerned."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, date):
        return _date(value, str(cell.number_format))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    form = cell._style.numFmtId  # noqa: SLF001 - the public name hides formats it doesn't know
    shows = next((parts for numbers, parts in _FORMATS.items() if form in numbers), "")
    if shows and 0 < value < 100_000:
        return _written(_EPOCH + timedelta(days=int(value)), shows)
    unit = "月" if "月" in str(cell.number_format) else ""
    return f"{value:g}{unit}"


def _date(value: date, number_format: str) -> str:
    form = _QUOTED.sub("", number_format).lower()
    return _written(value, "".join(part for part in "ymd" if part in form))


def _written(value: date, shows: str) -> str:
    """A date with the parts that its format shows; the month always stands."""
    year = f"{value.year}年" if "y" in shows else ""
    day = f"{value.day}日" if "d" in shows else ""
    return f"{year}{value.month}月{day}"
