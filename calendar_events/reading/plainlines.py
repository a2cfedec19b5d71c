"""Plain lines: headings with months, lines that begin with one, items below, notes at the end."""

from calendar_events.reading.gather import Entry, Gathered, Occurrence
from calendar_events.reading.items import leftover
from calendar_events.reading.lines import (
    LabelLine,
    is_furniture,
    is_page_head,
    is_tail,
    label_line,
    stretches,
)
from calendar_events.reading.numbering import leading, markers
from calendar_events.reading.rows import Piece, Row


class LineTaker:
    """Takes the plain lines of a calendar one by one."""

    def __init__(self, gathered: Gathered) -> None:
        self._got = gathered

    def take(self, row: Row) -> None:
        """Take one plain line, which may hold several months."""
        for text in stretches(row.text, self._got.context):
            if not text:
                continue
            line = label_line(text, self._got.context)
            if line is not None and self._opens(line):
                self._open_line(line, row)
            else:
                self._take_loose(text, row, foreign=line)

    def _opens(self, line: LabelLine) -> bool:
        """Whether the time at a line's start opens a month, or belongs to an item's title."""
        current = self._got.current
        if line.heading or current is None:
            return True
        within = bool(line.label.ordinals) and line.label.ordinals <= current.label.ordinals
        if current.heading and (within or line.label.named) and not self._got.in_tail:
            return False
        return line.separated or not self._got.marked

    def _open_line(self, line: LabelLine, row: Row) -> None:
        self._got.marked = self._got.marked or line.separated
        occurrence = self._got.begin(line.label, row, heading=line.heading)
        if not line.heading and not leftover(line.rest):
            pieces = [Piece(line.rest.strip(), row.line, row.place)]
            occurrence.entries.append(Entry(pieces, row))

    def _take_loose(self, text: str, row: Row, *, foreign: LabelLine | None) -> None:
        """A line without a month of its own."""
        current = self._got.current
        if is_tail(text):
            self._got.in_tail = True
        elif self._got.in_tail and current is not None and _counts_on(current, text):
            self._got.in_tail = False
        if current is None and leading(text):
            self._got.fault(row, "在第一个月份之前，不知道是哪个月的")
            return
        beside_table = current is not None and bool(current.row.table)
        if self._got.in_tail or current is None or is_furniture(text) or is_page_head(text):
            self._got.around.append(row)
        elif self._got.across:
            self._got.fault(row, "月份横排，这一行不知道是哪个月的，没有读入")
        elif beside_table and not current.row.table.startswith("text"):
            self._beside_table(text, row)
        else:
            self._continue(current, Piece(text, row.line, row.place, *_numbering(row)), row)
            if foreign is not None and foreign.label.ordinals - current.label.ordinals:
                message = f"这一行写着“{foreign.label.text}”，列在“{current.label.text}”下"
                self._got.fault(row, message, doubt=True)

    def _beside_table(self, text: str, row: Row) -> None:
        if leading(text):
            self._got.fault(row, "在表格之外，没有读入")
        else:
            self._got.around.append(row)

    def _continue(self, current: Occurrence, piece: Piece, row: Row) -> None:
        if current.entries:
            current.entries[-1].pieces.append(piece)
        else:
            current.entries.append(Entry([piece], row))


def _counts_on(current: Occurrence, text: str) -> bool:
    """Whether a line goes on counting where the month's list stood: 3. after a note behind 2."""
    number = leading(text)
    if number is None or not current.entries:
        return False
    before = [found for piece in current.entries[-1].pieces for found in markers(piece.text)]
    return bool(before) and number.value == before[-1].value + 1 > 1


def _numbering(row: Row) -> tuple[str, int]:
    piece = row.cells[0].pieces[0]
    return piece.marker, piece.level
