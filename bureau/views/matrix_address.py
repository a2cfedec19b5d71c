"""What the address of the matrix says: month, filters, order; and the links that change one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from calendar_events.matrix import MatrixFilters

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_SEARCH = 50
# Parameters that belong to one look at the page, not to what it shows.
PASSING = ("page", "task")


@dataclass(frozen=True)
class Link:
    """A filter as a button: where it leads and whether it is on."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Asked:
    """What is to be shown: a month, what narrows it, in which order."""

    year: int
    month: int
    filters: MatrixFilters
    sort: str

    @property
    def title(self) -> str:
        """The page's title."""
        return f"{self.year}年{self.month}月任务完成情况"


def number(query: QueryDict, name: str) -> int | None:
    """Return a parameter as a number that a database can hold; None where it is none."""
    text = query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def numbers(query: QueryDict, name: str) -> list[int]:
    """Return a parameter that stands several times, or holds several numbers with commas."""
    parts = ",".join(query.getlist(name)).split(",")
    return [int(part) for part in parts if part.isdecimal() and len(part) < 10]


def asked_of(query: QueryDict, *, today: date) -> Asked:
    """Read the address; what can't be a month is the present one."""
    year, month = number(query, "year"), number(query, "month")
    if year is None or month is None or not _is_month(year, month):
        year, month = today.year, today.month
    filters = MatrixFilters(
        search=query.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        state=query.get("state", ""),
        school_kind=query.get("school_kind", ""),
        group=number(query, "group"),
        above=number(query, "above"),
        event=number(query, "event"),
    )
    return Asked(year, month, filters, query.get("sort", "order"))


def _is_month(year: int, month: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12


def address(query: QueryDict, **changes: object) -> str:
    """Return the page's address with some parameters changed; None drops one."""
    kept: dict[str, object] = {
        name: value for name, value in query.items() if name not in (*PASSING, *changes)
    }
    kept |= {name: value for name, value in changes.items() if value is not None}
    return "?" + urlencode(kept)


def links(query: QueryDict, name: str, choices: Sequence[tuple[str, Any]]) -> list[Link]:
    """Return a button for each value of a parameter; an empty value drops it."""
    chosen = query.get(name, choices[0][0])
    return [
        Link(str(label), address(query, **{name: value or None}), value == chosen)
        for value, label in choices
    ]


def month_links(query: QueryDict, asked: Asked) -> list[Link]:
    """Return the months of the year and the ones before and after it; an event stays behind."""

    def link(label: str, year: int, month: int) -> Link:
        url = address(query, year=year, month=month, event=None)
        return Link(label, url, (year, month) == (asked.year, asked.month))

    return [
        link(f"‹ {asked.year - 1}年", asked.year - 1, 12),
        *(link(f"{month}月", asked.year, month) for month in range(1, 13)),
        link(f"{asked.year + 1}年 ›", asked.year + 1, 1),
    ]
