"""Tables of a document: column widths, numbered items in a cell, a head that repeats."""

import math
import re
from collections.abc import Callable, Sequence

from notices.documents.document import Table
from notices.documents.title_breaks import width

TABLE_WIDTH = 156.0  # mm
_LETTER = 14 * 25.4 / 72  # mm, 4号
_POINT = 25.4 / 72
_MANY_COLUMNS = 5  # from here on cells are padded less
_LEAST = 25.0  # mm for a column of running text
_NARROW = 8  # characters that a column may have to be kept on one line
_LONGEST_HEAD = 30
_LONGEST_CELL = 150
_ITEM = re.compile(r"(?:^|(?<=[；。;]) ?)(?=\d{1,2}[.．、](?!\d))")
_NUMBER = re.compile(r"(\d{1,2}[.．、])(?!\d) ?(.*)", re.DOTALL)


def table(content: Table, text: Callable[[str], str]) -> str:
    """The table as HTML; `text` escapes. Its first row is a head where it looks like one."""
    columns = max((len(row) for row in content.rows), default=0)
    rows = [(*row, *[""] * (columns - len(row))) for row in content.rows]
    if not rows:
        return ""
    narrow = [is_narrow(column) for column in zip(*rows, strict=True)]
    cols = "".join(f'<col style="width:{share:.2f}mm">' for share in column_widths(rows))
    head = ""
    if is_head(rows):
        cells = "".join(f"<th>{text(cell)}</th>" for cell in rows.pop(0))
        head = f"<thead><tr>{cells}</tr></thead>"
    body = "".join(_row(row, narrow, text) for row in rows)
    dense = ' class="dense"' if columns >= _MANY_COLUMNS else ""
    return f"<table{dense}><colgroup>{cols}</colgroup>{head}<tbody>{body}</tbody></table>"


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


def column_widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Millimetres for each column, together 156.

    Narrow columns get what they hold; the others share the rest by the amount of their text, none
    less than half of an equal share.
    """
    columns = list(zip(*rows, strict=True))
    narrow = [is_narrow(column) for column in columns]
    padding = (2 * 3 if len(columns) >= _MANY_COLUMNS else 2 * 6) * _POINT + 0.5
    held = [_widest(column) * _LETTER + padding for column in columns]
    fixed = sum(held[place] for place in range(len(columns)) if narrow[place])
    if all(narrow) or fixed + narrow.count(False) * _LEAST > TABLE_WIDTH:
        return [TABLE_WIDTH * share / sum(held) for share in held]
    amounts = {
        place: math.sqrt(sum(width(cell) for cell in column))
        for place, column in enumerate(columns)
        if not narrow[place]
    }
    least = sum(amounts.values()) / len(amounts) / 2
    shares = {place: max(least, amount) for place, amount in amounts.items()}
    unit = (TABLE_WIDTH - fixed) / sum(shares.values())
    return [shares[place] * unit if place in shares else held[place] for place in range(len(held))]


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
