"""What one cell means: parsers for the declared columns of an import.

A parser takes a cell that isn't empty and returns the value or raises `CellError` with the remedy
in Chinese; `common.imports` puts row, column and the text found before it. Nothing is guessed.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from common.grids import FORMULA_ERROR, Value
from common.names import is_mobile, normalize_mobile, tidy_name
from common.sheets import as_text

T = TypeVar("T", bound=Hashable)
Parser = Callable[[Value], T]

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}
_WIDE |= {code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)} | {0x3000: 0x20}
_UNIT = re.compile(r"(?<=\d)\s*[人名个次户节件篇条岁年]$")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d+", re.IGNORECASE)
# Digits beyond these are lost in a spreadsheet's number, as in an ID number typed as one.
_EXACT_FLOAT = 10**15
_EXCEL_EPOCH = date(1899, 12, 30)
# 1927 to 2099; below lie bare years, above them 198507 and 19850701.
_SERIALS = range(10_000, 73_051)
_YEARS = range(1900, 2100)
_DATE = re.compile(
    r"(\d{4})\s*[-./年\s]\s*(\d{1,2})(?:\s*[-./月\s]\s*(\d{1,2})?\s*[日号]?)?\s*[-./]?"
)
_YEAR = re.compile(r"(\d{4})\s*(?:年度?)?")
_SOLID_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_SHORT_YEAR = re.compile(r"['’]?\d{2}\s*[-./年]\s*\d{1,2}")


class CellError(Exception):
    """One cell can't be taken; ``remedy`` says in Chinese what is wrong or what to write."""

    def __init__(self, remedy: str) -> None:
        super().__init__(remedy)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is known: 1985, 1985.07 or 1985.07.01, and so it prints.

    A row keeps its ``first`` day and beside it how much of that is ``known``: year, month or day.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, first: date, known: str) -> "PartialDate":
        """Return what a row keeps."""
        month = None if known == "year" else first.month
        return cls(first.year, month, first.day if known == "day" else None)

    def __str__(self) -> str:
        parts = (self.month, self.day)
        return ".".join([str(self.year), *(f"{part:02}" for part in parts if part is not None)])

    @property
    def known(self) -> str:
        """How much is known: year, month or day."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def first(self) -> date:
        """The first day that it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day that it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def holds(self, other: "PartialDate") -> bool:
        """Whether ``other`` says the same, or the same more exactly."""
        return self.first <= other.first and other.last <= self.last


# Text --------------------------------------------------------------------------------------------
def text(*, max_length: int = 200) -> Parser[str]:
    """Return a parser for a line of text: blanks joined, full-width figures made half-width."""

    def parse(value: Value) -> str:
        return _bounded(_line(value), max_length)

    return parse


def person_name(*, max_length: int = 50) -> Parser[str]:
    """Return a parser for a person's name, without the blanks that fill up a cell."""

    def parse(value: Value) -> str:
        name = tidy_name(_line(value))
        if any(character.isdigit() for character in name):
            raise CellError("姓名里不应有数字，请核对。")
        return _bounded(name, max_length)

    return parse


def code(*, max_length: int = 30) -> Parser[str]:
    """Return a parser for codes and numbers that are names: no blanks, leading noughts kept."""

    def parse(value: Value) -> str:
        if isinstance(value, float | int) and abs(value) >= _EXACT_FLOAT:
            raise CellError("位数太多，已被表格软件改动；请把这一列设为“文本”后重新填写。")
        found = "".join(_line(value).split())
        if _SCIENTIFIC.fullmatch(found):
            raise CellError("被表格软件写成了科学计数；请把这一列设为“文本”后重新填写。")
        return _bounded(found, max_length)

    return parse


def mobile() -> Parser[str]:
    """Return a parser for mainland mobile numbers: 11 digits, +86 and dashes left out."""
    as_code = code()

    def parse(value: Value) -> str:
        number = normalize_mobile(as_code(value))
        if is_mobile(number):
            return number
        if number.isdecimal() and len(number) != 11:
            raise CellError(f"手机号应为 11 位，现有 {len(number)} 位，请核对。")
        raise CellError("手机号应为以 13–19 开头的 11 位数字，请核对。")

    return parse


def choice(options: Mapping[str, T]) -> Parser[T]:
    """Return a parser for one of ``options`` (label or synonym -> value), width and blanks aside.

    The first label of a value is the one named to the user.
    """
    folded = {_folded(label): value for label, value in options.items()}
    labels: dict[T, str] = {}
    for label, value in options.items():
        labels.setdefault(value, label)
    allowed = "、".join(labels.values())

    def parse(value: Value) -> T:
        key = _folded(as_text(value))
        if key not in folded:
            raise CellError(f"应为 {allowed} 之一。")
        return folded[key]

    return parse


def yes_no() -> Parser[bool]:
    """Return a parser for 是 / 否 and the marks used for them."""
    return choice(
        {"是": True, "否": False, "有": True, "无": False, "√": True, "×": False, "✓": True}
    )


def _line(value: Value) -> str:
    raw = as_text(value)
    if raw == FORMULA_ERROR:
        raise CellError("这一格的公式出错，请改为填写结果。")
    wide = raw.translate(_WIDE)
    if not wide.isprintable():
        wide = "".join(c for c in wide if c.isspace() or _is_visible(c))
    return " ".join(wide.split())


def _is_visible(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) in {"Cn", "Co"}


def _bounded(found: str, max_length: int) -> str:
    if len(found) > max_length:
        raise CellError(f"有 {len(found)} 个字，最多 {max_length} 个，请精简。")
    return found


def _folded(label: str) -> str:
    return "".join(unicodedata.normalize("NFKC", label).split()).casefold()


# Numbers -----------------------------------------------------------------------------------------
def integer(*, minimum: int = 0, maximum: int | None = None) -> Parser[int]:
    """Return a parser for whole numbers, also as text, with a unit behind or in full width."""
    as_decimal = decimal(places=0, minimum=minimum, maximum=maximum)

    def parse(value: Value) -> int:
        return int(as_decimal(value))

    return parse


def decimal(*, places: int, minimum: int = 0, maximum: int | None = None) -> Parser[Decimal]:
    """Return a parser for numbers with at most ``places`` decimals."""

    def parse(value: Value) -> Decimal:
        number = _number(value)
        if number != round(number, places):
            raise CellError("应为整数。" if places == 0 else f"最多保留 {places} 位小数。")
        if number < minimum:
            raise CellError(f"不能小于 {minimum}。")
        if maximum is not None and number > maximum:
            raise CellError(f"不能大于 {maximum}。")
        return number

    return parse


def _number(value: Value) -> Decimal:
    if isinstance(value, date | timedelta):
        raise CellError("应填数字，却是日期或时间；请把这一格的格式改为“常规”后重新填写。")
    found = _UNIT.sub("", unicodedata.normalize("NFKC", _line(value)))
    if found in {"无", "没有", "—", "-"}:
        raise CellError("没有请填 0，不清楚请留空。")
    plain = found.replace(",", "") if _THOUSANDS.fullmatch(found) else found
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise CellError("应填数字。") from None
    if not number.is_finite() or "_" in plain:
        raise CellError("应填数字。")
    if abs(number) >= _EXACT_FLOAT:
        raise CellError("数字太大，请核对。")
    return number


# Dates -------------------------------------------------------------------------------------------
def partial_date() -> Parser[PartialDate]:
    """Return a parser for dates to the day or to the month.

    Takes 1985.7 1985.07.01 1985年7月 198507 19850701 1985-07-01 1985/7/1, date cells and Excel's
    serial numbers. Refuses what reads two ways: 1985.1 as a number (1985.10 loses its nought) and
    years of two digits.
    """
    return _partial_date


def loose_date() -> Parser[PartialDate]:
    """Return a parser for dates to the day, to the month or, as 2024 and 2024年, to the year."""

    def parse(value: Value) -> PartialDate:
        whole = value if not isinstance(value, float) or not value.is_integer() else int(value)
        match = _YEAR.fullmatch(unicodedata.normalize("NFKC", as_text(whole)).strip())
        if match and int(match[1]) in _YEARS:
            return PartialDate(int(match[1]))
        return _partial_date(value)

    return parse


def full_date() -> Parser[date]:
    """Return a parser for dates that must name the day."""

    def parse(value: Value) -> date:
        found = _partial_date(value)
        if found.day is None:
            raise CellError("只写到了月，请写到日，如 2026-03-25。")
        return found.first

    return parse


def _partial_date(value: Value) -> PartialDate:
    if isinstance(value, datetime | date):
        return PartialDate(value.year, value.month, value.day)
    if isinstance(value, float | int) and not isinstance(value, bool):
        _refuse_lost_nought(float(value))
    found = _CLOCK.sub("", unicodedata.normalize("NFKC", _line(value)))
    if len(found) == 5 and found.isdecimal() and int(found) in _SERIALS:
        day = _EXCEL_EPOCH + timedelta(days=int(found))
        return PartialDate(day.year, day.month, day.day)
    match = _DATE.fullmatch(found) or _SOLID_DATE.fullmatch(found)
    if match is None:
        raise CellError(_date_remedy(found))
    year, month, day_text = int(match[1]), int(match[2]), match[3]
    return _checked(year, month, int(day_text) if day_text else None)


def _refuse_lost_nought(number: float) -> None:
    if _YEARS.start <= number < _YEARS.stop and str(number).endswith(".1"):
        year = int(number)
        raise CellError(f"可能是 1 月，也可能是 10 月；请写成 {year}-01 或 {year}-10。")


def _date_remedy(found: str) -> str:
    if len(found) == 4 and found.isdecimal() and int(found) in _YEARS:
        return "只写了年份，请补上月份，如 1985.07。"
    if _SHORT_YEAR.match(found):
        return "年份请写四位，如 1985.07。"
    return "应为日期，如 1985.07 或 1985-07-01。"


def _checked(year: int, month: int, day: int | None) -> PartialDate:
    if year not in _YEARS:
        raise CellError("年份应在 1900–2099 之间。")
    if not 1 <= month <= 12:
        raise CellError("月份应在 1–12 之间。")
    if day is not None:
        last = monthrange(year, month)[1]
        if not 1 <= day <= last:
            raise CellError(f"{year} 年 {month} 月只有 {last} 天，请核对日期。")
    return PartialDate(year, month, day)
