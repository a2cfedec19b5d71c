"""Bytes of an .xlsx or .csv file -> grids of plain values, row for row as the spreadsheet shows.

Nothing is interpreted here but the file format; what the rows mean is found in `common.sheets`.
"""

import csv
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from pathlib import PurePath
from xml.etree import ElementTree

from common.archives import ArchiveError, open_archive
from common.errors import DomainError

Value = str | int | float | bool | date | datetime | time | timedelta

MAX_BYTES = 20 * 1024 * 1024
MAX_CELLS = 5_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_DELIMITERS = ",\t;|"
_SAMPLE_ROWS = 50
_SHEET_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# A cell or row so far out that the dense grid could fill the memory; looked for before reading.
_FAR = re.compile(rb' r="(?:[A-Z]{0,3}[0-9]{6,}|[A-Z]{3}[0-9]|[C-Z][A-Z][0-9])')
_FILLED_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>(?!</)'
)
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\s(?=[^>]*\st="e")(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"')
# Excel drops the nought of 1985.10; whether 1985.1 is January or October can't be told from text.
_DECIMAL_YEAR = re.compile(r"\d{4}\.1")
FORMULA_ERROR = "#公式出错"


class SheetError(DomainError):
    """The file as a whole can't be read; the message says what to do."""


@dataclass(frozen=True)
class Merge:
    """A merged area, zero-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Grid:
    """One worksheet: ``rows[0]`` is the spreadsheet's row 1; an empty cell is ``""``."""

    name: str
    rows: list[list[Value]]
    merges: list[Merge] = field(default_factory=list)
    is_text: bool = False


def read_grids(data: bytes, *, filename: str) -> list[Grid]:
    """Return the visible worksheets of ``data``; a .csv gives one grid.

    The content decides, not the name. Raises `SheetError` for anything but .xlsx and .csv, for
    damaged, encrypted and oversized files.
    """
    shown = f"“{PurePath(filename).name}”"
    if not data.strip(b"\0 \r\n\t"):
        raise SheetError(f"{shown}是空文件，请检查后重新上传。")
    if len(data) > MAX_BYTES:
        raise SheetError(f"{shown}超过 {MAX_BYTES // 2**20} MB，请分成几个文件再传。")
    if data.startswith(_ZIP):
        return _read_workbook(data, shown=shown)
    if data.startswith(_OLE):
        raise SheetError(f"{shown}是旧版格式或加了密码，请用 WPS 或 Excel 另存为 .xlsx 后再传。")
    if PurePath(filename).suffix.lower() not in {".csv", ".txt", ".tsv"}:
        raise SheetError(f"{shown}不是 .xlsx 或 .csv 表格，请用 WPS 或 Excel 另存为 .xlsx 后再传。")
    return [_read_csv(data, shown=shown)]


# .xlsx -------------------------------------------------------------------------------------------
def _read_workbook(data: bytes, *, shown: str) -> list[Grid]:
    try:
        archive = open_archive(data)
    except ArchiveError as problem:
        raise SheetError(f"{shown}：{problem.remedy}") from problem
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        raise SheetError(f"{shown}不是普通的 .xlsx 表格，请用 WPS 或 Excel 另存为 .xlsx 后再传。")
    try:
        return _visible_grids(data, archive, shown=shown)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ElementTree.ParseError, KeyError):
        raise SheetError(f"{shown}已损坏，请打开后另存为 .xlsx 再传。") from None


def _visible_grids(data: bytes, archive: zipfile.ZipFile, *, shown: str) -> list[Grid]:
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    parts = _sheet_parts(archive)
    grids: list[Grid] = []
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for meta in book.sheets_metadata:
            wanted = (
                meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
            )
            if not wanted or meta.name not in parts:
                continue
            xml = archive.read(parts[meta.name])
            _refuse_far_cells(xml, sheet=meta.name, shown=shown)
            sheet = book.get_sheet_by_name(meta.name)
            rows: list[list[Value]] = list(sheet.to_python(skip_empty_area=False))
            _mark_errors(rows, xml)
            merges = [Merge(*start, *end) for start, end in sheet.merged_cell_ranges or []]
            grids.append(Grid(meta.name, rows, merges))
    except CalamineError:
        raise SheetError(f"{shown}已损坏，请打开后另存为 .xlsx 再传。") from None
    return grids


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return where each worksheet's XML lies in the container."""
    links = _parse(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    book = _parse(archive.read("xl/workbook.xml"))
    found: dict[str, str] = {}
    for sheet in book.iter(f"{_SHEET_NS}sheet"):
        target = targets.get(sheet.get(_LINK), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in archive.namelist():
            found[sheet.get("name", "")] = path
    return found


def _parse(xml: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in xml:
        raise ElementTree.ParseError("A workbook declares no document type.")
    return ElementTree.fromstring(xml)  # noqa: S314 - no entities without a document type


def _refuse_far_cells(xml: bytes, *, sheet: str, shown: str) -> None:
    """Refuse a sheet whose outermost cells span more than `MAX_CELLS`.

    A forgotten blank at the end of a sheet costs a dense reader gigabytes.
    """
    if not _FAR.search(xml):
        return
    last_row = last_column = 0
    for letters, digits in _FILLED_CELL.findall(xml):
        last_row = max(last_row, int(digits))
        last_column = max(last_column, _column_number(letters))
    if last_row * last_column > MAX_CELLS:
        raise SheetError(
            f"{shown}的工作表「{sheet}」一直用到第 {last_row} 行、第 {last_column} 列，"
            "请删去表格之外的行和列后再传。"
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _mark_errors(rows: list[list[Value]], xml: bytes) -> None:
    """Put `FORMULA_ERROR` where a formula failed; the reader alone would leave the cell empty."""
    if b't="e"' not in xml:
        return
    for letters, digits in _ERROR_CELL.findall(xml):
        row, column = int(digits) - 1, _column_number(letters) - 1
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = FORMULA_ERROR


# .csv --------------------------------------------------------------------------------------------
def _read_csv(data: bytes, *, shown: str) -> Grid:
    text = _decode(data, shown=shown)
    if "\0" in text or text.lstrip()[:1] == "<":
        raise SheetError(f"{shown}不是 .csv 表格，请用 WPS 或 Excel 另存为 .xlsx 后再传。")
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        rows: list[list[Value]] = [[_csv_value(cell) for cell in record] for record in reader]
    except csv.Error:
        raise SheetError(
            f"{shown}第 {reader.line_num} 行附近的引号没有成对，请改正，或另存为 .xlsx 后再传。"
        ) from None
    if sum(map(len, rows)) > MAX_CELLS:
        raise SheetError(f"{shown}的内容太多，请分成几个文件再传。")
    return Grid("", rows, is_text=True)


def _csv_value(cell: str) -> Value:
    return float(cell) if len(cell) == 6 and _DECIMAL_YEAR.fullmatch(cell) else cell


def _decode(data: bytes, *, shown: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError(f"{shown}的文字编码不认识，请用 WPS 或 Excel 另存为 .xlsx 后再传。")


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts most of the first rows into the same number of cells."""
    sample = text.splitlines()[:_SAMPLE_ROWS]

    def regularity(delimiter: str) -> tuple[int, int]:
        # A sample may end inside a quoted cell, so this look is lenient.
        counts = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter))
        cells, rows = max(
            ((cells, rows) for cells, rows in counts.items() if cells > 1),
            key=lambda pair: (pair[1], pair[0]),
            default=(0, 0),
        )
        return rows, cells

    return max(_DELIMITERS, key=regularity)
