"""Rows out of an .xlsx, with merged cells as areas and dates as they are shown.

Two libraries look at the file: calamine for how far the sheet really goes and for merged areas
(formats and merges may reach to row 1,048,576, which openpyxl would fill cell by cell), openpyxl
for number formats, as 2022-03-01 shown as 3月 means the whole month.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from calendar_events.reading.fold import clean
from calendar_events.reading.model import UnreadableError
from calendar_events.reading.rows import Cell, Row, cell_of

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
        frames = _frames(data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return [
            row
            for frame in frames
            for row in _rows(book[frame.name], frame, prefixed=len(frames) > 1)
        ]
    except UnreadableError:
        raise
    except Exception as error:  # both raise whatever zip, XML or they themselves met
        raise UnreadableError("这个 .xlsx 打不开，可能已损坏。请打开后另存一份。") from error


@dataclass(frozen=True)
class _Frame:
    """A sheet's used part, and the merged area of each of its cells (both from 1)."""

    name: str
    height: int
    width: int
    areas: dict[tuple[int, int], str]


def _frames(data: bytes) -> list[_Frame]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    shown = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    frames = (_frame(book.get_sheet_by_name(name)) for name in shown)
    return [frame for frame in frames if frame is not None]


def _frame(sheet: CalamineSheet) -> _Frame | None:
    if sheet.end is None:
        return None
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height > MAX_ROWS or width > MAX_COLUMNS:
        raise UnreadableError(f"工作表“{sheet.name}”有 {height} 行 {width} 列，不像是行事历。")
    areas = {
        (row + 1, column + 1): f"{first}-{last}"
        for first, last in sheet.merged_cell_ranges or ()
        for row in range(first[0], min(last[0], height - 1) + 1)
        for column in range(first[1], min(last[1], width - 1) + 1)
    }
    return _Frame(sheet.name, height, width, areas)


def _rows(sheet: Any, frame: _Frame, *, prefixed: bool) -> Iterator[Row]:
    origins: dict[str, Cell] = {}
    prefix = f"工作表“{frame.name}”" if prefixed else ""
    cells_by_row = sheet.iter_rows(min_row=1, max_row=frame.height, min_col=1, max_col=frame.width)
    for number, found in enumerate(cells_by_row, start=1):
        place = f"{prefix}第{number}行"
        cells: list[Cell] = []
        for column, each in enumerate(found, start=1):
            area = frame.areas.get((number, column), "")
            if area in origins:
                cells.append(replace(origins[area], continued=True))
                continue
            text = clean(_shown(each))
            cell = replace(cell_of(text, line=number, place=place), merge=area)
            if area:
                origins[area] = cell
            cells.append(cell)
        yield Row(number, tuple(cells), f"sheet {frame.name}", place)


def _shown(cell: Any) -> str:
    """A cell's value as the spreadsheet shows it, as far as months and days are concerned."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, date):
        return _date(value, str(cell.number_format))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    form = cell.style_array.numFmtId
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
