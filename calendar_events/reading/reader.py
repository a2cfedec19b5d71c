"""Walks through the rows of a calendar and gathers what stands under each time.

Every row ends under a time, in `around` or in a problem; what it means is worked out in `build`.
"""

from collections.abc import Sequence

from calendar_events.reading.gather import Gathered
from calendar_events.reading.model import Context
from calendar_events.reading.plainlines import LineTaker
from calendar_events.reading.rows import Row
from calendar_events.reading.tablerows import TableTaker


def read_rows(rows: Sequence[Row], context: Context) -> Gathered:
    """Read a stretch of rows that is all calendar."""
    gathered = Gathered(context)
    lines = LineTaker(gathered)
    tables = TableTaker(gathered, lines)
    for row in rows:
        if row.table:
            tables.take(row)
        else:
            lines.take(row)
    return gathered
