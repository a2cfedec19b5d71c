"""How a year is cut into reporting periods: pure dates, no database."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from common.workdays import add_workdays
from reports.choices import DueFrom

Joint = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Span:
    """One period: its months, its days (both included) and the last day to report."""

    first_month: int
    last_month: int
    starts_on: date
    ends_on: date
    due_on: date

    @property
    def months(self) -> str:
        """3月, or 1—2月 where several are reported together."""
        if self.first_month == self.last_month:
            return f"{self.first_month}月"
        return f"{self.first_month}—{self.last_month}月"


class Cut(Protocol):
    """How a year is cut; what ``models.PeriodPlan`` holds."""

    @property
    def first_day(self) -> int: ...
    @property
    def joint(self) -> Joint: ...
    @property
    def due_workday(self) -> int: ...
    @property
    def due_from(self) -> str: ...


def spans_of_year(year: int, cut: Cut, *, overrides: Mapping[date, bool]) -> list[Span]:
    """Return the periods of ``year`` in order, without gap or overlap.

    ``first_day`` 1: calendar months; otherwise a month runs from that day of the month before to
    the day before it (26: from the 26th to the 25th). ``joint`` lists neighbouring months reported
    together. Due on the ``due_workday``-th workday after the last month's last day, or after the
    period's (``due_from``).

    Raises ValueError for joint months that overlap or aren't neighbours.
    """
    spans = []
    for first, last in _months(cut.joint):
        ends = _ends(year, last, cut.first_day)
        counted_from = ends if cut.due_from == DueFrom.PERIOD_END else _ends(year, last, 1)
        due = add_workdays(counted_from, cut.due_workday, overrides)
        spans.append(Span(first, last, _starts(year, first, cut.first_day), ends, due))
    return spans


def chained(
    spans: Sequence[Span], *, after_month: int = 0, after_day: date | None = None
) -> list[Span]:
    """Return the periods that follow what is settled already, without gap or overlap.

    Settled are the months up to ``after_month`` and the days up to ``after_day``: the first period
    left begins on the day after, however the year was cut before.
    """
    left = [span for span in spans if span.last_month > after_month]
    if left and after_day:
        left[0] = replace(
            left[0],
            first_month=max(left[0].first_month, after_month + 1),
            starts_on=after_day + timedelta(days=1),
        )
    return left


def check_joint(joint: Joint) -> None:
    """Raise ValueError for months that can't be reported together."""
    _months(joint)


def _months(joint: Joint) -> list[tuple[int, int]]:
    together: dict[int, int] = {}
    for group in joint:
        months = list(group)
        if len(months) < 2 or months != list(range(months[0], months[-1] + 1)):
            raise ValueError(f"joint months {months} aren't neighbours")
        if months[0] < 1 or months[-1] > 12 or together.keys() & set(months):
            raise ValueError(f"joint months {months} overlap others or leave the year")
        together.update(dict.fromkeys(months, months[-1]))
    found: list[tuple[int, int]] = []
    month = 1
    while month <= 12:
        last = together.get(month, month)
        found.append((month, last))
        month = last + 1
    return found


def _starts(year: int, month: int, first_day: int) -> date:
    if first_day == 1:
        return date(year, month, 1)
    return date(year - (month == 1), (month - 2) % 12 + 1, first_day)


def _ends(year: int, month: int, first_day: int) -> date:
    if first_day == 1:
        return date(year, month, monthrange(year, month)[1])
    return date(year, month, first_day) - timedelta(days=1)
