"""What reading gives: events, problems and the text around, nothing of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Level = Literal["error", "warning"]
Period = tuple[date, date]
SchoolDates = Mapping[str, Period]

_DAY = timedelta(days=1)


class UnreadableError(Exception):
    """The input is no calendar at all; the message is Chinese and says what to do."""


# A notice has at most 5,000 characters; what is far beyond that is no calendar, and patterns that
# look ahead would take minutes over it.
MAX_CHARACTERS, MAX_LINE = 100_000, 3_000


def check_length(text: str) -> None:
    """Refuse text far longer than any calendar, or with a line that is; tabs count as breaks."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"文字超过 {MAX_CHARACTERS // 10000} 万字，不像是行事历。")
    longest = max((len(part) for part in text.replace("\t", "\n").splitlines()), default=0)
    if longest > MAX_LINE:
        raise UnreadableError(f"有一行长达 {longest} 字，不像是行事历。")


@dataclass(frozen=True)
class Problem:
    """Something to look at: `error` was not taken in, `warning` was, but may be wrong.

    `line` counts from 1; for tables it is the row, and `place` says where that is.
    """

    line: int
    text: str
    message: str
    level: Level = "error"
    place: str = ""


@dataclass(frozen=True)
class SourceLine:
    """A line of the source with its number."""

    line: int
    text: str
    place: str = ""


@dataclass(frozen=True)
class ReadEvent:
    """One event of the calendar, as it stands in the source.

    Months are 1-12, years are offsets from the calendar's year (1 for 次年1月). Dates are only
    set where the source gives them; `due_on` is the day of 11月15日前, not a computed default.
    `notes` holds whatever other columns said, as "列名：内容" lines.
    """

    title: str
    first_month: int
    last_month: int
    first_year_offset: int = 0
    last_year_offset: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    due_on: date | None = None
    office: str = ""
    audience: str = ""
    notes: str = ""
    when: str = ""
    line: int = 0
    place: str = ""
    source: str = ""
    lines: tuple[int, ...] = ()

    @property
    def months(self) -> tuple[int, ...]:
        """The calendar months (1-12) that the event touches, in its order."""
        length = (self.last_year_offset - self.first_year_offset) * 12
        last = self.last_month + length
        return tuple((month - 1) % 12 + 1 for month in range(self.first_month, last + 1))


@dataclass(frozen=True)
class ReadCalendar:
    """A calendar as read: `around` holds the lines that were recognised as no part of it.

    `title` is the title line above it, without spaces, empty where there is none; `foreign_year`
    the year that the title gives when that isn't the calendar's.
    """

    year: int
    events: tuple[ReadEvent, ...] = ()
    problems: tuple[Problem, ...] = ()
    around: tuple[SourceLine, ...] = ()
    title: str = ""
    foreign_year: int | None = None

    @property
    def months(self) -> tuple[int, ...]:
        """The distinct months covered by events."""
        return tuple(sorted({month for event in self.events for month in event.months}))


def default_school_dates(year: int) -> dict[str, Period]:
    """Winter and summer holidays for when the bureau has not entered its own.

    Field habit, not an official date: they only have to put 寒假 into January and February and
    暑假 into July and August.
    """
    return {
        "寒假": (date(year, 1, 20), date(year, 2, 20)),
        "暑假": (date(year, 7, 1), date(year, 8, 31)),
    }


@dataclass(frozen=True)
class Context:
    """What a reader has to know beside the file: the calendar's year and the school dates.

    `school_dates` holds 寒假 and 暑假 of that year, as far as the bureau entered them.
    """

    year: int
    school_dates: SchoolDates = field(default_factory=dict)

    def period(self, name: str) -> Period:
        """The dates of 寒假, 暑假, 春季学期 or 秋季学期; terms lie between the holidays."""
        if name == "春季学期":
            return self.period("寒假")[1] + _DAY, self.period("暑假")[0] - _DAY
        if name == "秋季学期":
            return self.period("暑假")[1] + _DAY, date(self.year, 12, 31)
        return self.school_dates.get(name) or default_school_dates(self.year)[name]

    def month_end(self, offset: int, month: int) -> date:
        """The last day of a month, `offset` years from the calendar's year."""
        year = self.year + offset + month // 12
        return date(year, month % 12 + 1, 1) - timedelta(days=1)
