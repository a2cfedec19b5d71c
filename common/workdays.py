"""Chinese workdays: weekends, public holidays and the days worked instead (调休).

The official list comes from the `holidays` package. It knows 调休 only for years whose notice
the State Council had published when the package was released; for later years it still gives
the holidays themselves. `known(year)` tells the two apart, so that a page can say
"调休安排未公布" instead of showing a guess as a fact.

Everything here takes `overrides`, a mapping `{date: is_workday}` out of the bureau's editable
table; an override always wins over the package. Nothing here reads the clock or the database.
"""

import calendar
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import holidays

Overrides = Mapping[date, bool]

NO_OVERRIDES: Overrides = MappingProxyType({})

# The longest a search goes on before it gives up: an override table that frees a whole year is
# a mistake, and a page must not hang on it.
_SEARCH_DAYS = 366


class _Official(NamedTuple):
    free: frozenset[date]
    worked_instead: frozenset[date]


@lru_cache(maxsize=64)
def _official(year: int) -> _Official:
    """The package's list for one year.

    The following year is loaded too: its 调休 may fall into this December.
    """
    listed = holidays.country_holidays("CN", years=(year, year + 1), language="zh_CN")
    return _Official(
        free=frozenset(day for day in listed if day.year == year),
        worked_instead=frozenset(day for day in listed.weekend_workdays if day.year == year),
    )


def known(year: int, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether the 调休 of `year` is known, from the package or from the bureau's own table.

    Every yearly notice since 2001 has days worked on a weekend, so a year without any is one
    that has not been announced. An override that makes a weekend a workday counts the same.
    """
    entered = (day for day, worked in overrides.items() if worked and day.year == year)
    return bool(_official(year).worked_instead) or any(day.weekday() >= 5 for day in entered)


def is_workday(day: date, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether offices work on `day`."""
    if day in overrides:
        return overrides[day]
    official = _official(day.year)
    if day in official.worked_instead:
        return True
    return day.weekday() < 5 and day not in official.free


def next_workday(day: date, overrides: Overrides = NO_OVERRIDES) -> date:
    """The first workday strictly after `day`."""
    return add_workdays(day, 1, overrides)


def workday_from(day: date, overrides: Overrides = NO_OVERRIDES) -> date:
    """`day` itself when it is a workday, else the first one after it."""
    return day if is_workday(day, overrides) else next_workday(day, overrides)


def add_workdays(day: date, n: int, overrides: Overrides = NO_OVERRIDES) -> date:
    """The `n`-th workday after `day`, or before it when `n` is negative; `day` itself for 0.

    `day` need not be a workday and is never counted. Raises ValueError when a whole year in
    that direction holds no workday.
    """
    step = timedelta(days=1 if n > 0 else -1)
    found = day
    for _ in range(abs(n)):
        found = _step_to_workday(found, step, overrides)
    return found


def _step_to_workday(day: date, step: timedelta, overrides: Overrides) -> date:
    for _ in range(_SEARCH_DAYS):
        day += step
        if is_workday(day, overrides):
            return day
    raise ValueError(f"no workday within {_SEARCH_DAYS} days of {day}")


def workdays_of(year: int, month: int, overrides: Overrides = NO_OVERRIDES) -> Iterator[date]:
    """The workdays of a month, in order."""
    _, length = calendar.monthrange(year, month)
    days = (date(year, month, number) for number in range(1, length + 1))
    return (day for day in days if is_workday(day, overrides))


def nth_workday_of(year: int, month: int, n: int, overrides: Overrides = NO_OVERRIDES) -> date:
    """The `n`-th workday of a month, counted from 1. ValueError when the month has fewer."""
    found = list(workdays_of(year, month, overrides))
    if not 1 <= n <= len(found):
        raise ValueError(f"{year}-{month:02d} has {len(found)} workdays, asked for number {n}")
    return found[n - 1]


def last_workday_of(year: int, month: int, overrides: Overrides = NO_OVERRIDES) -> date:
    """The last workday of a month. ValueError when overrides leave it none."""
    found = list(workdays_of(year, month, overrides))
    if not found:
        raise ValueError(f"{year}-{month:02d} has no workday")
    return found[-1]
