"""What an address says, read with care, and the links that change one thing in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.dateparse import parse_date

from common.forms import FIRST_YEAR, LAST_YEAR

# Longer than any number of a row; more would not fit into a column.
MOST_DIGITS = 9
# Parameters that belong to one look at a page, not to what it shows.
PASSING = ("page", "task")


@dataclass(frozen=True)
class Link:
    """A filter as a button: where it leads and whether it is on."""

    label: str
    url: str
    current: bool = False


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def number(query: QueryDict, name: str) -> int | None:
    """Return a parameter as a number that a database can hold; None where it is none."""
    text = query.get(name, "")
    return int(text) if _is_number(text) else None


def numbers(query: QueryDict, name: str) -> list[int]:
    """Return a parameter that stands several times, or holds several numbers with commas."""
    parts = ",".join(query.getlist(name)).split(",")
    return [int(part) for part in parts if _is_number(part)]


def day_of(text: str) -> date | None:
    """Return a day written as 2026-03-25; None where it is none that makes sense."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


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
