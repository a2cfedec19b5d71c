"""Spreadsheets as they come: finds the head, leaves out what is no row, keeps the row numbers.

People's tables have title rows above the head, several header rows, 序号 columns, 合计 rows, notes
below, merged cells and heads repeated for printing. Nothing left out is silent: `Sheet.skipped`
names it. What a cell means is read in `common.cells`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from common.grids import Grid, Merge, SheetError, Value, read_grids

_HEAD_WITHIN = 40
_HEAD_DEPTH = 3
_LONG_NOTE = 40
_NOISE = re.compile(r"[\s*/／\\·.．:：_＿\-—]+")
_BRACKETS = re.compile(r"\([^()]*\)")
_SERIAL_LABELS = {"序号", "编号", "no", "行号"}
_TOTAL = re.compile(r"(合计|总计|小计|共计|累计)数?(?![一-鿿])|.{1,4}(合计|总计|小计)数?$")
_WORDS_FOR_COLUMNS = {"甲", "乙", "丙", "丁", "栏次", "序号"}
_COLUMN_WORDS = {"1", *_WORDS_FOR_COLUMNS}
_NOTE = re.compile(
    r"(填表|填报|填写|制表|审核|负责|联系|截至|截止|签字|盖章|单位|日期|电话|书记|经办|报送)[^,，]{0,12}"
    r"[:：]|(注|备注|说明|填表说明|填报说明|附)\s*[:：\d一二三]|[*※★]\s*[注说填]|(示例|例如|样例|例)\s*[:：]|(示例|样例|例)$"
)
_FEW_CELLS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table; ``number`` is the row number that the spreadsheet shows."""

    number: int
    cells: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was taken for no data, with the reason in Chinese."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True)
class Sheet:
    """A table with its head. ``columns`` maps the key of a known column to its place.

    ``labels`` are the head's own words, column for column; ``above`` the texts of the rows over the
    head; ``doubled`` the labels of columns that claim a key already taken; ``unread`` the names of
    further worksheets with the same kind of head.
    """

    name: str
    labels: Sequence[str]
    columns: Mapping[str, int]
    lines: Sequence[Line]
    above: Sequence[str]
    skipped: Sequence[Skipped]
    doubled: Sequence[str]
    unread: Sequence[str]


@dataclass(frozen=True)
class _Head:
    top: int
    depth: int
    labels: list[str]
    columns: dict[str, int]
    doubled: list[str]


def fold_label(text: str) -> str:
    """Return a label as compared: without blanks, marks and width (「党 员／数*」 -> 党员数)."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def as_text(value: Value) -> str:
    """Return a cell as a person reads it: 5.0 as 5, midnight without a time, blanks trimmed."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def read_sheet(
    data: bytes,
    *,
    filename: str,
    known: Mapping[str, str],
    expected: Sequence[str],
    fill_down: Collection[str] = (),
) -> Sheet:
    """Read the first visible worksheet that has a head.

    ``known`` maps folded labels (`fold_label`) to keys; ``expected`` are the labels named to the
    user when no head is found; ``fill_down`` the keys whose merged cells hold for every row they
    span (in .csv, where merging is lost: whose blanks repeat the cell above). Raises `SheetError`.
    """
    grids = read_grids(data, filename=filename)
    found = [(grid, head) for grid in grids if (head := _find_head(grid, known))]
    if not found:
        wanted = "".join(f"「{label}」" for label in expected[:6])
        raise SheetError(f"没有找到表头：表里应有一行写着{wanted}等列名，请对照模板检查。")
    grid, head = found[0]
    filled = [head.columns[key] for key in fill_down if key in head.columns]
    first = head.top + head.depth
    # Looked for before filling down, which would make rows of the empty lines of a merged area.
    empty = _empty_lines(grid.rows[first:], _serial_columns(head))
    _fill_down(grid, first, filled)
    lines, skipped = _lines(grid.rows[first:], first + 1, head, empty)
    return Sheet(
        name=grid.name,
        labels=head.labels,
        columns=head.columns,
        lines=lines,
        above=list(_texts_above(grid.rows[: head.top])),
        skipped=skipped,
        doubled=head.doubled,
        unread=[other.name for other, _ in found[1:]],
    )


# Head --------------------------------------------------------------------------------------------
def _find_head(grid: Grid, known: Mapping[str, str]) -> _Head | None:
    """Return the rows whose joined labels know the most columns; the fewest, topmost rows win."""
    best: _Head | None = None
    parts = _head_parts(grid)
    for depth in range(1, _HEAD_DEPTH + 1):
        for top in range(len(parts) - depth + 1):
            head = _head_at(parts[top : top + depth], top, known)
            if best is None or len(head.columns) > len(best.columns):
                best = head
    enough = min(2, len(set(known.values())))
    return best if best and len(best.columns) >= enough else None


def _head_parts(grid: Grid) -> list[list[str]]:
    """Return the texts of the first rows, merged areas filled in all directions."""
    texts = [[as_text(value) for value in row] for row in grid.rows[:_HEAD_WITHIN]]
    for merge in grid.merges:
        if merge.top >= len(texts):
            continue
        text = _cell(texts[merge.top], merge.left)
        for row in texts[merge.top : merge.bottom + 1]:
            for column in range(merge.left, min(merge.right + 1, len(row))):
                row[column] = text
    return texts


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _head_at(rows: Sequence[Sequence[str]], top: int, known: Mapping[str, str]) -> _Head:
    labels: list[str] = []
    columns: dict[str, int] = {}
    doubled: list[str] = []
    for column in range(max(map(len, rows), default=0)):
        parts = _parts(rows, column)
        labels.append("/".join(parts))
        key = _known_key(parts, known)
        if key in columns:
            doubled.append(labels[-1])
        elif key:
            columns[key] = column
    return _Head(top, len(rows), labels, columns, doubled)


def _parts(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    parts: list[str] = []
    for row in rows:
        text = " ".join(_cell(row, column).split())
        if text and (not parts or parts[-1] != text):
            parts.append(text)
    return parts


def _known_key(parts: Sequence[str], known: Mapping[str, str]) -> str:
    """Match all labels joined, then without the outer ones; each with and without brackets."""
    for start in range(len(parts)):
        joined = fold_label("".join(parts[start:]))
        key = known.get(joined) or known.get(_BRACKETS.sub("", joined))
        if key:
            return key
    return ""


def _texts_above(rows: Sequence[Sequence[Value]]) -> Iterator[str]:
    for row in rows:
        yield from (text for value in row if (text := as_text(value)))


# Body --------------------------------------------------------------------------------------------
def _fill_down(grid: Grid, first: int, columns: Sequence[int]) -> None:
    for column in columns:
        if grid.is_text:
            _repeat_above(grid.rows[first:], column)
        else:
            _fill_merges(grid.rows, grid.merges, column, first=first)


def _repeat_above(rows: Sequence[list[Value]], column: int) -> None:
    above: Value = ""
    for row in rows:
        if column < len(row) and any(as_text(value) for value in row):
            row[column] = above = row[column] if as_text(row[column]) else above


def _fill_merges(
    rows: list[list[Value]], merges: Sequence[Merge], column: int, *, first: int
) -> None:
    for merge in merges:
        if merge.top < first or merge.left != column or merge.top >= len(rows):
            continue
        for row in rows[merge.top + 1 : merge.bottom + 1]:
            row[column] = rows[merge.top][column]


def _empty_lines(rows: Sequence[Sequence[Value]], serials: Collection[int]) -> set[int]:
    """Return the places of rows without content; a number written beforehand is none."""
    return {
        place
        for place, cells in enumerate(rows)
        if not any(
            value != "" and (text := as_text(value)) and not (at in serials and text.isdecimal())
            for at, value in enumerate(cells)
        )
    }


def _lines(
    rows: Sequence[Sequence[Value]], first: int, head: _Head, empty: Collection[int]
) -> tuple[list[Line], list[Skipped]]:
    lines: list[Line] = []
    skipped: list[Skipped] = []
    for place, cells in enumerate(rows):
        if place in empty:
            continue
        reason = _no_data(cells, head)
        if reason:
            text = " ".join(filter(None, map(as_text, cells)))[:80]
            skipped.append(Skipped(first + place, text, reason))
        else:
            lines.append(Line(first + place, cells))
    return lines, skipped


def _serial_columns(head: _Head) -> list[int]:
    used = set(head.columns.values())
    return [
        place
        for place, label in enumerate(head.labels)
        if place not in used and fold_label(label) in _SERIAL_LABELS
    ]


def _no_data(cells: Sequence[Value], head: _Head) -> str:
    """Return why a row that isn't empty is no data, or an empty text."""
    lead = next("".join(text.split()) for value in cells if (text := as_text(value)))
    if _TOTAL.match(lead):
        return "合计"
    if (_NOTE.match(lead) or len(lead) > _LONG_NOTE) and _is_note(cells, lead):
        return "说明"
    if _repeats_head(cells, head):
        return "表头"
    return "列号" if lead in _COLUMN_WORDS and _numbers_columns(cells) else ""


def _is_note(cells: Sequence[Value], lead: str) -> bool:
    filled = sum(1 for value in cells if as_text(value))
    return filled == 1 or (filled <= _FEW_CELLS and _NOTE.match(lead) is not None)


def _repeats_head(cells: Sequence[Value], head: _Head) -> bool:
    places = list(head.columns.values())
    if not any(_says_label(cells, place, head) for place in places[:2]):
        return False
    return sum(_says_label(cells, place, head) for place in places) * 2 > len(places)


def _says_label(cells: Sequence[Value], place: int, head: _Head) -> bool:
    value = cells[place] if place < len(cells) else ""
    return isinstance(value, str) and value != "" and value in head.labels[place]


def _numbers_columns(cells: Sequence[Value]) -> bool:
    """Say whether a row only counts the columns: 栏次 1 2 3 4 ..."""
    numbers = [text for value in cells if (text := as_text(value)) not in {"", *_WORDS_FOR_COLUMNS}]
    steps = [str(step) for step in range(1, len(numbers) + 1)]
    return len(numbers) >= _FEW_CELLS and numbers == steps


__all__ = ["Line", "Sheet", "SheetError", "Skipped", "as_text", "fold_label", "read_sheet"]
