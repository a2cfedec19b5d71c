"""A year figure in a title, one year on: 2026年度 becomes 2027年度."""

import re
from typing import NamedTuple

_DIGITS = "〇一二三四五六七八九"
_JOIN = r"\s*(?:[-—–－~～至到]|——)\s*"
_AFTER = r"(?=\s*(?:学?年|届|级|秋|春))"
_RANGE = re.compile(rf"(?<![\d.])(20\d\d)({_JOIN})(20\d\d){_AFTER}")
_YEAR = re.compile(rf"(?<![\d.])(20\d\d){_AFTER}")
_WRITTEN = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=学?年)")
# What counts on by itself, or doesn't, nobody but a person can say.
_DOUBTFUL = re.compile(
    r"[\d一二三四五六七八九十百]+\s*周年"
    r"|第[\d一二三四五六七八九十百]+[届次批期个轮]"
    r"|十[一二三四五六七八九]五"
)


class Words(NamedTuple):
    """A text one year on, and what in it a person should look at."""

    text: str
    doubts: tuple[str, ...]


def one_year_on(text: str, *, year: int) -> Words:
    """Return ``text`` of a line of ``year`` as it reads a year later.

    Only years next to ``year`` move: 2021 in a title is history, and 2026—2030年 a plan of five.
    """
    doubts = [match[0] for match in _DOUBTFUL.finditer(text)]
    near = range(year - 1, year + 2)

    def span(match: re.Match[str]) -> str:
        first, last = int(match[1]), int(match[3])
        if first in near and last - first == 1:
            return f"{first + 1}{match[2]}{last + 1}"
        doubts.append(match[0])
        return match[0]

    def single(match: re.Match[str]) -> str:
        found = int(match[1])
        return str(found + 1) if found in near else match[0]

    def written(match: re.Match[str]) -> str:
        found = int("".join(str(_value(char)) for char in match[0]))
        return _written(found + 1) if found in near else match[0]

    # Ranges are put aside, lest their second half be moved once more by itself.
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(span(match))
        return f"\x01{len(kept) - 1}\x02"

    moved = _WRITTEN.sub(written, _YEAR.sub(single, _RANGE.sub(keep, text)))
    moved = re.sub("\x01(\\d+)\x02", lambda match: kept[int(match[1])], moved)
    return Words(moved, tuple(dict.fromkeys(doubts)))


def _value(char: str) -> int:
    return 0 if char in "○零" else _DIGITS.index(char)


def _written(year: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(year))
