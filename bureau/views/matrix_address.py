"""What the address of the matrix says: month, filters, order."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from bureau.views.addresses import Link, address, number
from calendar_events.matrix import MatrixFilters

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_SEARCH = 50


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
