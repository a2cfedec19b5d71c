"""Numbers and days in Chinese, as findings write them."""

from datetime import date
from fractions import Fraction

_DIGITS = "零一二三四五六七八九十"


def amount(value: int | Fraction, unit: str = "") -> str:
    """Return 3 人 for 3, 三分之一 for 1/3; 一又五分之一 is never needed, so 6/5 stays 6/5."""
    if isinstance(value, int) or value.denominator == 1:
        return f"{value} {unit}".strip()
    if value.denominator < len(_DIGITS) and 0 < value < 1:
        return f"{_DIGITS[value.denominator]}分之{_DIGITS[value.numerator]}"
    return str(value)


def joined(before: str, number: str) -> str:
    """Put a word before a number: a blank stands between Chinese and digits only."""
    return f"{before} {number}" if before and number[:1].isascii() else f"{before}{number}"


def day(on: date) -> str:
    """Return 2026年3月25日."""
    return f"{on.year}年{on.month}月{on.day}日"
