"""Tables of a document: column widths, numbered items in a cell, a head that repeats."""

import math
import re
from collections.abc import Callable, Sequence

from notices.documents.document import Table
from notices.documents.title_breaks import width

TABLE_WIDTH = 156.0  # mm
WIDE_TABLE_WIDTH = 225.0  # on a page turned
_LETTER = 14 * 25.4 / 72  # mm, 4号
_POINT = 25.4 / 72
_MANY_COLUMNS = 5  # from here on cells are padded less
_LEAST = 25.0  # mm for a column of running text
_NARROW = 8  # characters that a column may have to be kept on one line
_SHORT = 4  # the same where room is scarce
_LONGEST_HEAD = 30
_LONGEST_CELL = 150
_ITEM = re.compile(r"(?:^|(?<=[；。;]) ?)(?=\d{1,2}[.．、](?!\d))")
_NUMBER = re.compile(r"(\d{1,2}[.．、])(?!\d) ?(.*)", re.DOTALL)


def table(content: Table, text: Callable[[str], str], *, wide: bool = False) -> str:
    """The table as HTML; `text` escapes. Its first row is a head where it looks like one.

    `wide` is for a page turned.
    """
    rows = _even_rows(content)
    if not rows:
        return ""
    columns = len(rows[0])
    across = WIDE_TABLE_WIDTH if wide else TABLE_WIDTH
    narrow = [is_narrow(column) for column in zip(*rows, strict=True)]
    cols = "".join(f'<col style="width:{share:.2f}mm">' for share in column_widths(rows, across))
    head = ""
    if is_head(rows):
        cells = "".join(f"<th>{text(cell)}</th>" for cell in rows.pop(0))
        head = f"<thead><tr>{cells}</tr></thead>"
    body = "".join(_row(row, narrow, text) for row in rows)
    dense = ' class="dense"' if columns >= _MANY_COLUMNS else ""
    return f"<table{dense}><colgroup>{cols}</colgroup>{head}<tbody>{body}</tbody></table>"


def is_wide(content: Table) -> bool:
    """Whether the columns don't fit side by side into the type area, short cells broken or not."""
    rows = _even_rows(content)
    return bool(rows) and sum(_floors(list(zip(*rows, strict=True)), _SHORT)) > TABLE_WIDTH


def _even_rows(content: Table) -> list[tuple[str, ...]]:
    columns = max((len(row) for row in content.rows), default=0)
    return [(*row, *[""] * (columns - len(row))) for row in content.rows]


def is_head(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns; a long one could never be repeated on each page."""
    return len(rows) > 1 and all(width(cell) <= _LONGEST_HEAD for cell in rows[0])


def _row(row: Sequence[str], narrow: Sequence[bool], text: Callable[[str], str]) -> str:
    cells = (_cell(cell, text, narrow=is_short) for cell, is_short in zip(row, narrow, strict=True))
    # A row stays on one page, unless it may be higher than one.
    parted = ' class="parted"' if max(map(width, row)) > _LONGEST_CELL else ""
    return f"<tr{parted}>{''.join(cells)}</tr>"


def items_of(cell: str) -> list[str]:
    """The numbered items of a cell, each with its number; one piece where there are none."""
    return [item.strip() for item in _ITEM.split(cell) if item.strip()] or [cell]


def column_widths(rows: Sequence[Sequence[str]], across: float = TABLE_WIDTH) -> list[float]:
    """Millimetres for each column, together `across`.

    Narrow columns get what they hold; the others share the rest by the amount of their text, none
    less than half of an equal share. Where there isn't room for that, cells of more than four
    characters are broken too.
    """
    columns = list(zip(*rows, strict=True))
    held = [_held(column, len(columns)) for column in columns]
    if all(map(is_narrow, columns)) and sum(held) <= across:
        return [across * share / sum(held) for share in held]
    if sum(_floors(columns, _NARROW)) <= across:
        return _shared(columns, _NARROW, across, 0.5)
    ways = [_shared(columns, _SHORT, across, power) for power in (0.5, 1.0)]
    return min(ways, key=lambda widths: _lines(rows, widths))


def _lines(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> int:
    """How many lines the table is high, about."""
    return sum(
        max(math.ceil(width(cell) * _LETTER / room) for cell, room in zip(row, widths, strict=True))
        for row in rows
    )


def _shared(
    columns: Sequence[Sequence[str]], most: float, across: float, power: float
) -> list[float]:
    """What columns need; those that may be broken share the rest by `power` of their text."""
    floors = _floors(columns, most)
    if sum(floors) > across:
        return [across * floor / sum(floors) for floor in floors]
    amounts = {
        place: float(sum(width(cell) for cell in column)) ** power
        for place, column in enumerate(columns)
        if not _is_kept(column, most)
    }
    if not amounts:
        return [across * floor / sum(floors) for floor in floors]
    rest = across - sum(floor for place, floor in enumerate(floors) if place not in amounts)
    least = sum(amounts.values()) / len(amounts) / 2
    amounts = {place: max(least, amount) for place, amount in amounts.items()}
    while low := {place for place in amounts if _share(place, amounts, rest) < floors[place]}:
        rest -= sum(floors[place] for place in low)
        amounts = {place: amounts[place] for place in amounts if place not in low}
    return [
        _share(place, amounts, rest) if place in amounts else floor
        for place, floor in enumerate(floors)
    ]


def _share(place: int, amounts: dict[int, float], rest: float) -> float:
    return rest * amounts[place] / sum(amounts.values())


def _floors(columns: Sequence[Sequence[str]], most: float) -> list[float]:
    """What each column needs at least, cells of up to `most` characters being kept on one line."""
    count = len(columns)
    return [
        _held(column, count)
        if _is_kept(column, most)
        else min(_LEAST, _breadth(most if is_narrow(column) else math.inf, count))
        for column in columns
    ]


def _held(column: Sequence[str], columns: int) -> float:
    """The widest cell of a column on one line."""
    return _breadth(_widest(column), columns)


def _breadth(characters: float, columns: int) -> float:
    """So many characters, and the padding beside them in a table of so many columns."""
    padding = (2 * 3 if columns >= _MANY_COLUMNS else 2 * 6) * _POINT + 0.5
    return characters * _LETTER + padding


def _is_kept(column: Sequence[str], most: float) -> bool:
    return is_narrow(column) and _widest(column) <= most


def is_narrow(column: Sequence[str]) -> bool:
    """Whether every cell of a column is short enough to stand on one line, in the middle."""
    return all(width(cell) <= _NARROW and len(items_of(cell)) == 1 for cell in column)


def _widest(column: Sequence[str]) -> float:
    return max(2.0, *(width(cell) for cell in column))


def _cell(cell: str, text: Callable[[str], str], *, narrow: bool) -> str:
    if narrow:
        return f'<td class="short">{text(cell)}</td>'
    items = items_of(cell)
    numbers = [match for item in items if (match := _NUMBER.fullmatch(item))]
    if len(numbers) < len(items):
        return f"<td>{''.join(f'<p>{text(item)}</p>' for item in items)}</td>"
    wide = " wide" if any(len(match[1]) > 2 for match in numbers) else ""
    paragraphs = (
        f'<p class="item{wide}"><span>{match[1]}</span>{text(match[2])}</p>' for match in numbers
    )
    return f"<td>{''.join(paragraphs)}</td>"
