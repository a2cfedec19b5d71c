"""One section of the summary as a table: its head of two rows, for screen and paper alike."""

from dataclasses import dataclass
from itertools import groupby

from reports.lines import Line
from reports.summaries import Summary


@dataclass(frozen=True)
class Head:
    """A cell of the summary's upper head: a kind over its figures, or a figure over both rows.

    ``across`` is the number of columns below it, 1 for a figure that stands alone.
    """

    label: str
    across: int = 1
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """One section of the summary as a table with a head of two rows where kinds have several."""

    title: str
    summary: Summary
    heads: tuple[Head, ...]
    subheads: tuple[Line, ...]

    @property
    def head_rows(self) -> int:
        """One row where nothing stands under another head."""
        return 2 if self.subheads else 1


def section_table(part: Summary, title: str) -> Table:
    """Lay the columns of ``part`` under heads of their kinds."""
    heads: list[Head] = []
    subheads: list[Line] = []
    for name, members in groupby(part.lines, key=lambda line: line.group or line.key):
        lines = list(members)
        if len(lines) == 1:
            heads.append(Head(lines[0].label, unit=lines[0].short_unit))
        else:
            heads.append(Head(name, len(lines)))
            subheads += lines
    return Table(title, part, tuple(heads), tuple(subheads))
