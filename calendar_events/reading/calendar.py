"""The whole way from rows to a `ReadCalendar`."""

from collections.abc import Sequence

from calendar_events.reading import checks
from calendar_events.reading.build import build
from calendar_events.reading.fold import squeeze
from calendar_events.reading.lines import is_title
from calendar_events.reading.model import (
    Context,
    Problem,
    ReadCalendar,
    ReadEvent,
    SchoolDates,
    SourceLine,
    UnreadableError,
    check_length,
)
from calendar_events.reading.reader import read_rows
from calendar_events.reading.rows import Row
from calendar_events.reading.sources import rows_of_file
from calendar_events.reading.structure import find_end, find_start, has_month, numbered_before
from calendar_events.reading.text import pasted

_NO_SCHOOL_DATES: SchoolDates = {}
FIRST_YEAR, LAST_YEAR = 2000, 2100
# How many lines above the calendar may hold its title.
_TITLE_LINES = 4


def read_file(
    name: str, data: bytes, *, year: int, school_dates: SchoolDates = _NO_SCHOOL_DATES
) -> ReadCalendar:
    """Read an uploaded file (.txt, .docx, .xlsx, told apart by content).

    `school_dates` maps 寒假 and 暑假 to their first and last day; what is missing takes a default.
    Raises UnreadableError when it can't be opened or holds no month at all.
    """
    context = _context(year, school_dates)
    return read_source(rows_of_file(name, data), context)


def read_text(
    text: str, *, year: int, school_dates: SchoolDates = _NO_SCHOOL_DATES
) -> ReadCalendar:
    """Read pasted text; otherwise as `read_file`."""
    context = _context(year, school_dates)
    return read_source(pasted(text), context)


def _context(year: int, school_dates: SchoolDates) -> Context:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnreadableError(f"年度应在 {FIRST_YEAR}–{LAST_YEAR} 之间，写的是 {year}。")
    return Context(year, school_dates)


def read_source(rows: Sequence[Row], context: Context) -> ReadCalendar:
    """Read rows of any source. Every filled row ends in an event, around it, or in a problem."""
    rows = [row for row in rows if row.filled]
    check_length("\n".join(cell.text for row in rows for cell in row.cells if not cell.continued))
    start = find_start(rows, context)
    if start is None:
        raise UnreadableError("没有认出任何月份（如“3月”“第一季度”“每月”），看不出是行事历。")
    begin, end = numbered_before(rows, start), find_end(rows, start)
    gathered = read_rows(rows[begin:end], context)
    titles = _titles(rows[:start])
    joined = " ".join(line.text for line in titles)
    occurrences = checks.of_school_year(gathered.occurrences, joined, context)
    built = build(occurrences, context)
    groups = checks.group_headings(built, occurrences)
    outside = [*rows[:begin], *gathered.around, *(group.row for group in groups), *rows[end:]]
    around = tuple(SourceLine(row.line, row.text, row.place) for row in outside)
    events, twins = checks.without_twins(built.events)
    foreign = checks.foreign_year(joined, context)
    problems = [
        *([] if foreign is None else [checks.year_problem(foreign, titles, context)]),
        *gathered.problems,
        *built.problems,
        *checks.empty_months(built, groups),
        *checks.of_months(events, occurrences, built),
        *twins,
        *_second_calendar(rows[end:], context),
    ]
    problems += _unaccounted(rows, events, problems, around)
    ordered = tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line))
    title = squeeze(titles[-1].text) if titles else ""
    return ReadCalendar(context.year, tuple(events), ordered, around, title, foreign)


def _titles(rows: Sequence[Row]) -> list[SourceLine]:
    """The title lines right above the calendar."""
    near = [SourceLine(row.line, row.text, row.place) for row in rows[-_TITLE_LINES:]]
    return [line for line in near if is_title(line.text)]


def _unaccounted(
    rows: Sequence[Row],
    events: Sequence[ReadEvent],
    problems: Sequence[Problem],
    around: Sequence[SourceLine],
) -> list[Problem]:
    """Rows that ended nowhere, such as a lone “/” below a month; so that none is dropped."""
    seen = {line for event in events for line in event.lines}
    seen |= {problem.line for problem in problems} | {line.line for line in around}
    message = "这一行没有读出事项"
    return [
        Problem(row.line, row.text, message, "warning", row.place)
        for row in rows
        if row.line not in seen
    ]


def _second_calendar(rows: Sequence[Row], context: Context) -> list[Problem]:
    """A further annex with months: named once, as only the first calendar is read."""
    months = [row for row in rows if has_month(row, context)]
    if len(months) < 2:
        return []
    message = "后面的附件里还有月份，没有读入；请单独导入"
    row = months[0]
    return [Problem(row.line, row.text, message, "warning", row.place)]
