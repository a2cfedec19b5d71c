"""Which backups stay: the newest of each day, week and month, so many of each."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bureau.backups.manifest import backups_in


@dataclass(frozen=True)
class Keep:
    """How many days, weeks and months with a backup keep their newest one."""

    days: int
    weeks: int
    months: int


def superseded(names: Sequence[str], keep: Keep) -> list[str]:
    """Return the names of the backups that may go; the newest of all never does.

    Days on which there was none don't count: who was away for a month comes back to as many. None
    goes on the day after: the one made before an upgrade is there when that has gone wrong.
    """
    newest_first = sorted(names, reverse=True)
    stay = set(newest_first[:1])
    if newest_first:
        day_before = _day_of(newest_first[0]) - timedelta(days=1)
        stay |= {name for name in names if _day_of(name) >= day_before}
    for most, period in (
        (keep.days, lambda day: (day.year, day.month, day.day)),
        (keep.weeks, lambda day: day.isocalendar()[:2]),
        (keep.months, lambda day: (day.year, day.month)),
    ):
        stay |= _newest_of_each(newest_first, most, period)
    return [name for name in sorted(names) if name not in stay]


def _newest_of_each(
    newest_first: Sequence[str], most: int, period: Callable[[date], tuple[int, ...]]
) -> set[str]:
    newest: dict[tuple[int, ...], str] = {}
    for name in newest_first:
        newest.setdefault(period(_day_of(name)), name)
    return set(list(newest.values())[:most])


def _day_of(name: str) -> date:
    return datetime.strptime(name, "portal-%Y%m%d-%H%M%S").date()  # noqa: DTZ007 - local by name


def rotate(folder: Path, *, keep: Keep | int) -> list[str]:
    """Remove what may go and return the names; a number keeps just so many of the newest."""
    names = [path.name for path in backups_in(folder)]
    gone = names[:-keep] if isinstance(keep, int) else superseded(names, keep)
    for name in gone:
        # Under its own name it is whole or gone, also when this is killed in the middle.
        dying = (folder / name).rename(folder / f".{name}.gone")
        shutil.rmtree(dying)
    return gone
