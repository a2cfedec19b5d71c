"""Calendar months and years, never 30 or 360 days."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

# Whether offices work on a day: the caller knows holidays and days worked instead.
IsWorkday = Callable[[date], bool]


def add_months(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or the last one where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Return the same day ``years`` later; 29 February becomes the 28th."""
    return add_months(day, 12 * years)


def workdays_within(first: date, last: date, is_workday: IsWorkday) -> int:
    """Count the workdays from ``first`` to ``last``, both included; 0 when turned round."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(1 for day in days if is_workday(day))
