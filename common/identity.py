"""Resident ID numbers (GB 11643): read as people type them, checked, masked.

A number is never put into a message: what refuses it says what is wrong with it instead.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

from common.errors import DomainError

_LENGTH, _OLD_LENGTH = 18, 15
_EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class IdFacts:
    """What an ID number says: itself in 18 characters, the day of birth, whether of a man."""

    number: str
    born_on: date
    is_male: bool


def check_id_number(text: str, *, on: date) -> IdFacts:
    """Return what the number says; raise `DomainError` with what is wrong with it.

    Checks length, check digit and date of birth, as of the day ``on``. Not the code of the region:
    the list of former ones has gaps, and a slip of the pen is caught by the check digit.
    """
    number = _plain(text)
    if len(number) == _OLD_LENGTH and number.isdecimal():
        raise DomainError("身份证号是 15 位的旧号，请填 18 位的现号。")
    if len(number) != _LENGTH:
        raise DomainError(f"身份证号有 {len(number)} 位，应为 18 位，请核对。")
    if not number[:-1].isdecimal() or number[-1] not in "0123456789X":
        raise DomainError("身份证号应是 17 位数字加 1 位数字或 X，请核对。")
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise DomainError("身份证号第 7–14 位不是一个日期，请核对。") from None
    if not _EARLIEST <= born_on <= on:
        raise DomainError(f"身份证号里的出生日期是 {born_on:%Y-%m-%d}，请核对。")
    if number[-1] != ric.calc_check_digit(number):
        raise DomainError("身份证号的校验码不对，多半有一位写错了，请对照证件核对。")
    return IdFacts(number, born_on, is_male=int(number[16]) % 2 == 1)


def mask_id_number(number: str) -> str:
    """Return the number as pages, prints and files show it: 330***********123X."""
    return f"{number[:3]}{'*' * 11}{number[-4:]}" if len(number) == _LENGTH else ""


def _plain(text: str) -> str:
    """Return the number in half width, without blanks and dashes, its X a capital one."""
    if text.isascii() and text.isalnum():
        return text.upper()
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return folded.replace("-", "").replace("'", "").upper()
