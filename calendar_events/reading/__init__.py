"""Reading a year calendar (行事历) from text, .docx or .xlsx. Pure: no database, no clock.

Sources give rows of cells, the reader gathers what stands under each time, `build` makes events of
it and `checks` look at the whole. Nothing is dropped silently: every line of the source is
in an event, in `around`, or in a problem.
"""

from calendar_events.reading.calendar import read_file, read_source, read_text
from calendar_events.reading.handling import Suggestion, suggest_handling
from calendar_events.reading.model import (
    Problem,
    ReadCalendar,
    ReadEvent,
    SourceLine,
    UnreadableError,
    default_school_dates,
)
from calendar_events.reading.summary import problem_line, sum_line, summary_lines

__all__ = [
    "Problem",
    "ReadCalendar",
    "ReadEvent",
    "SourceLine",
    "Suggestion",
    "UnreadableError",
    "default_school_dates",
    "problem_line",
    "read_file",
    "read_source",
    "read_text",
    "suggest_handling",
    "sum_line",
    "summary_lines",
]
