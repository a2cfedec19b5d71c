"""Where in a document the calendar begins, and what at its end belongs to the letter."""

from collections.abc import Sequence

from calendar_events.reading.columns import TIME, Columns, head_of
from calendar_events.reading.lines import (
    is_annex,
    is_date,
    is_furniture,
    is_issuer,
    is_tail,
    is_title,
    label_line,
    looks_like_time,
)
from calendar_events.reading.model import Context
from calendar_events.reading.numbering import leading
from calendar_events.reading.rows import Row
from calendar_events.reading.spans import read_label

# How far behind a title or a head the first month may stand.
_REACH = 4


def find_start(rows: Sequence[Row], context: Context) -> int | None:
    """The index of the first row of the calendar, None when no month is found anywhere.

    A title (…行事历) or a table head with months right behind it wins over a line of the letter
    that merely begins with a date.
    """
    months = [place for place, row in enumerate(rows) if has_month(row, context)]
    clear = next((place for place in months if _stands_clear(rows[place], context)), len(rows))
    for place, row in enumerate(rows[: clear + 1]):
        if row.table and any(_times_below(group, rows, place, context) for group in head_of(row)):
            return place
        near = any(place < month <= place + _REACH for month in months)
        if near and len(row.filled) == 1 and place not in months and is_title(row.text):
            return place + 1
    return clear if clear < len(rows) else next(iter(months), None)


def _stands_clear(row: Row, context: Context) -> bool:
    """Whether a month is a heading or a cell, not just how a sentence of the letter begins."""
    if row.table:
        return True
    line = label_line(row.text, context)
    return line is not None and line.clear


def _times_below(head: Columns, rows: Sequence[Row], place: int, context: Context) -> bool:
    """Whether months follow a head: in its time column, or in rows of their own."""
    column = head.first(TIME)
    for row in rows[place + 1 : place + 1 + _REACH]:
        if has_month(row, context):
            return True
        words = row.cell(column).words if column is not None else ""
        if read_label(words, context, bare=True) is not None:
            return True
    return False


def has_month(row: Row, context: Context) -> bool:
    """Whether a row names a time where a calendar does: at its start or in one of its cells."""
    if not row.table:
        return label_line(row.text, context) is not None
    words = (row.cells[column].words for column in row.filled[:3])
    return any(looks_like_time(word) and not is_furniture(word) for word in words)


def numbered_before(rows: Sequence[Row], start: int) -> int:
    """The index from which numbered lines stand right before `start`, without a month."""
    first = start
    while first > 0 and not rows[first - 1].table and leading(rows[first - 1].text):
        first -= 1
    return first


def find_end(rows: Sequence[Row], start: int) -> int:
    """The index behind the last row that can belong to the calendar: signature, date and
    distribution lines at the foot are left out, and everything from the next annex on.
    """
    end = next(
        (place for place in range(start + 1, len(rows)) if _opens_annex(rows[place])), len(rows)
    )
    while end > start and _foot(rows, end - 1):
        end -= 1
    return end


def _opens_annex(row: Row) -> bool:
    return len(row.filled) == 1 and is_annex(row.text)


def _foot(rows: Sequence[Row], place: int) -> bool:
    row = rows[place]
    if len(row.filled) > 1:
        return False
    if is_furniture(row.text) or is_tail(row.text):
        return True
    signed = place + 1 < len(rows) and is_date(rows[place + 1].text)
    return signed and is_issuer(row.text)
