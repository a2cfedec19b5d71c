"""How a year is cut into reporting periods: pure dates, no database."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common.workdays import nth_workday_of


@dataclass(frozen=True)
class Span:
    """One period: its months, its days (both included) and the last day to report."""

    first_month: int
    last_month: int
    starts_on: date
    ends_on: date
    due_on: date


def spans_of_year(
    year: int,
    *,
    first_day: int,
    joint: Sequence[Sequence[int]],
    due_workday: int,
    overrides: Mapping[date, bool],
) -> list[Span]:
    """Return the periods of ``year`` in order, without gap or overlap.

    ``first_day`` 1: calendar months; otherwise a month runs from that day of the month before to
    the day before it (26: from the 26th to the 25th). ``joint`` lists neighbouring months reported
    together. Due on the ``due_workday``-th workday of the month after the last one.

    Raises ValueError for joint months that overlap or aren't neighbours.
    """
    return [
        Span(
            first,
            last,
            _starts(year, first, first_day),
            _ends(year, last, first_day),
            _due(year, last, due_workday, overrides),
        )
        for first, last in _months(joint)
    ]


def _months(joint: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    together: dict[int, int] = {}
    for group in joint:
        months = list(group)
        if months != list(range(months[0], months[-1] + 1)) or not 1 <= months[0] <= 12:
            raise ValueError(f"joint months {months} aren't neighbours")
        if months[-1] > 12 or together.keys() & set(months):
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


def _due(year: int, month: int, due_workday: int, overrides: Mapping[date, bool]) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return nth_workday_of(after.year, after.month, due_workday, overrides)
