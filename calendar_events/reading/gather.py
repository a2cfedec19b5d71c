"""What reading gathers on its way through the rows, before it is made into events."""

from dataclasses import dataclass, field

from calendar_events.reading.model import Context, Level, Problem
from calendar_events.reading.rows import Cell, Piece, Row
from calendar_events.reading.spans import Label


@dataclass
class Entry:
    """Content under one time: lines for `split_items`, and the other columns of that row."""

    pieces: list[Piece]
    row: Row
    others: dict[str, Cell] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    merged: list["Occurrence"] = field(default_factory=list)


@dataclass
class Occurrence:
    """A time as it stands in the source, with everything under it.

    `absorbed` says that a merged cell of an earlier month is all its content.
    """

    label: Label
    row: Row
    heading: bool
    absorbed: bool = False
    entries: list[Entry] = field(default_factory=list)


class Gathered:
    """The times found so far with what stands under them, and where the reading stands.

    `current` is the time that loose lines belong to; `open` holds the time of each time column,
    for rows that leave it empty; `in_tail` is set once notes (注：…) have begun; `marked` once a
    month stood clear of its text, so that a sentence beginning with a month is no new one;
    `across` while months stand side by side.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.occurrences: list[Occurrence] = []
        self.around: list[Row] = []
        self.problems: list[Problem] = []
        self.current: Occurrence | None = None
        self.open: dict[int, Occurrence] = {}
        self.in_tail = False
        self.marked = False
        self.across = False

    def begin(self, label: Label, row: Row, *, heading: bool) -> Occurrence:
        """Open a time: what follows belongs to it."""
        self.in_tail = self.across = False
        occurrence = Occurrence(label, row, heading)
        self.occurrences.append(occurrence)
        self.current = occurrence
        self.open = {}
        return occurrence

    def begin_in_column(self, column: int, label: Label, row: Row) -> Occurrence:
        """Open the time of one time column; those of columns beside it stay open."""
        beside = self.open
        self.marked = True
        occurrence = self.begin(label, row, heading=False)
        self.open = {**beside, column: occurrence}
        return occurrence

    def fault(self, row: Row, message: str, *, doubt: bool = False) -> None:
        """Name a row: not read, or with `doubt` read but to be looked at."""
        level: Level = "warning" if doubt else "error"
        self.problems.append(Problem(row.line, row.text, message, level, row.place))
