"""Plain text, typed or pasted: decoding, tables by tabs, cells that run over several lines."""

import re
from collections.abc import Iterator

from calendar_events.reading.columns import head_of
from calendar_events.reading.fold import clean
from calendar_events.reading.lines import looks_like_time
from calendar_events.reading.model import UnreadableError, check_length
from calendar_events.reading.rows import Cell, Row, cell_of, plain

_LINE_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_NUMBER_CELL = re.compile(
    r"(?:(?<=\t)|^)([（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.．、)）]|[①-⑳•·●])\t(?!\d{1,2}\s*月)"
)
_WIDE_GAP = re.compile(r"(?:  +|\u3000+)")


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without mark, UTF-16 with mark, else GB18030.

    Raises UnreadableError for anything that is no text in one of them.
    """
    if not data.strip():
        raise UnreadableError("文件是空的。")
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableError(
        "这不是文本文件，或编码认不出来。请另存为 UTF-8 的 .txt，或直接粘贴文字。"
    )


def text_rows(text: str) -> list[Row]:
    """The rows of a text; lines with tabs (or bars, or wide gaps under such a head) are table rows.

    Raises UnreadableError when it is far longer than any calendar.
    """
    check_length(text)
    lines = [clean(line) for line in _LINE_BREAKS.split(text)]
    return _join_broken([_row(number, cells) for number, cells in _cells(lines)])


def _cells(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line, with its number; a quoted cell of a spreadsheet is one again."""
    gaps = False
    place = 0
    while place < len(lines):
        number, line = place + 1, _NUMBER_CELL.sub(r"\1 ", lines[place])
        place += 1
        if _opens_quoted(line):
            end = _closing_line(lines, place)
            if end is not None:
                line = "\n".join([line, *lines[place : end + 1]])
                place = end + 1
        if not line.strip():
            continue
        by_gaps = _WIDE_GAP.split(line.strip())
        gaps = gaps or (len(by_gaps) > 1 and bool(head_of(_row(number, by_gaps))))
        yield number, by_gaps if gaps and "\t" not in line else _split(line)


def _split(line: str) -> list[str]:
    if "\t" in line:
        return [_unquoted(cell) for cell in line.split("\t")]
    bars = line.strip()
    if bars.count("|") + bars.count("｜") >= 2:
        return re.split(r"[|｜]", bars.strip("|｜"))
    return [line]


def _opens_quoted(line: str) -> bool:
    """Whether the last cell is one that a spreadsheet quoted because it has line breaks."""
    last = line.rsplit("\t", 1)[-1]
    return "\t" in line and last.startswith('"') and last.count('"') % 2 == 1


def _closing_line(lines: list[str], start: int) -> int | None:
    for place in range(start, min(start + 100, len(lines))):
        if lines[place].count('"') % 2 == 1:
            return place
    return None


def _unquoted(cell: str) -> str:
    if "\n" in cell and cell.startswith('"') and cell.rstrip().endswith('"'):
        return cell.rstrip()[1:-1].replace('""', '"')
    return cell


def _row(number: int, cells: list[str]) -> Row:
    if not any(cell.strip() for cell in cells[1:]):
        return plain(number, cells[0].strip())
    if all(set(cell.strip()) <= set("-: ") for cell in cells):
        return Row(number, ())
    return Row(number, tuple(cell_of(cell, line=number) for cell in cells), table="text")


def _join_broken(rows: list[Row]) -> list[Row]:
    """Put cells together again that run over several lines, and cells beyond the head's last.

    A line belongs to the last cell of the row before when it doesn't begin with a time and the
    two together have no more cells than the head; a line one cell short lacks its month.
    """
    width = 0
    joined: list[Row] = []
    for found in rows:
        if found.table and head_of(found):
            width = len(found.cells)
        row = _within(found, width)
        before = joined[-1] if joined else None
        if before is None or not width or not before.table or not row.table:
            joined.append(row)
        elif _continues(before, row, width):
            joined[-1] = _together(before, row)
        else:
            joined.append(_with_month_cell(row, width))
    return joined


def _within(row: Row, width: int) -> Row:
    if not row.table or not width or len(row.cells) <= width:
        return row
    text = " ".join(cell.text for cell in row.cells[width - 1 :])
    cells = (*row.cells[: width - 1], cell_of(text, line=row.line))
    return Row(row.line, cells, row.table, row.place)


def _continues(before: Row, row: Row, width: int) -> bool:
    if head_of(before) or not row.cells[0].text or looks_like_time(row.cells[0].text):
        return False
    return len(before.cells) - 1 + len(row.cells) <= width


def _together(before: Row, row: Row) -> Row:
    last = Cell(before.cells[-1].pieces + row.cells[0].pieces)
    return Row(before.line, (*before.cells[:-1], last, *row.cells[1:]), before.table, before.place)


def _with_month_cell(row: Row, width: int) -> Row:
    missing = len(row.cells) == width - 1 and not looks_like_time(row.cells[0].text)
    if not missing:
        return row
    return Row(row.line, (Cell(), *row.cells), row.table, row.place)


def pasted(text: str) -> list[Row]:
    """The rows of text from a form field."""
    if not text.strip():
        raise UnreadableError("没有文字。")
    return text_rows(text)
