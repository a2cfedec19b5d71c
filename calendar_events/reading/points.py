"""Single points of time: a month with or without a year, a day, a third of a month (旬)."""

import re
from dataclasses import dataclass, replace
from datetime import date

from calendar_events.reading.model import Context

_CHINESE = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_LUNAR = ("正", "腊", "冬")

_YEAR = (
    r"(?:(?P<year>\d{4}|[〇○零一二三四五六七八九]{4})年度?|"
    r"(?P<relative>次年|翌年|明年|下一?年|今年|本年|当年))?"
)
_MONTH = r"(?P<month>\d{1,3}|[一二三四五六七八九十零〇]{1,3}|元|正|腊|冬)"
_JOINT = r"(?P<joint>[-至到、,，和及与/])"

# "M月", "M-N月", "M月、N月": up to twelve, the last one must carry 月.
_NEXT = re.compile((_JOINT + _YEAR + _MONTH) + r"(?P<unit>月份?)?")
_FIRST = re.compile((_YEAR + _MONTH) + r"(?P<unit>月份?)?")

_FIGURES = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DAY = re.compile(
    rf"(?P<first>{_FIGURES})(?:(?:[日号]?[-至到](?P<last>{_FIGURES}))?[日号]|(?=[-至到]\d{{1,2}}月))"
)
_THIRDS = {
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "上中旬": (1, 20),
    "上、中旬": (1, 20),
    "中下旬": (11, 31),
    "中、下旬": (11, 31),
    "月初": (1, 10),
    "初": (1, 10),
    "月底": (31, 31),
    "月末": (31, 31),
    "底": (31, 31),
    "末": (31, 31),
}
_THIRD = re.compile("|".join(sorted(_THIRDS, key=len, reverse=True)))
_DOTTED = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)[-./年])?(?P<month>\d{1,2})[./](?P<day>\d{1,2})(?![\d.])"
)
_YEAR_MONTH = re.compile(
    r"(?P<year>(?:19|20)\d\d)[-./](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?(?!\d)"
)
_NUMBER = re.compile(
    r"(?P<first>\d{1,2}|[一二三四五六七八九十]{1,3})(?:[-至到](?P<last>\d{1,2}|[一二三四五六七八九十]{1,3}))?"
)


class PointError(ValueError):
    """A time that cannot be; the message is Chinese, `end` says how far the writing goes."""

    def __init__(self, message: str, end: int = 0) -> None:
        super().__init__(message)
        self.end = end


@dataclass(frozen=True)
class Point:
    """A month, its year as an offset from the calendar's, and perhaps days of it.

    `day` and `last_day` are clipped to the month's length for 下旬 and 月底; a typed day that
    the month doesn't have is refused.
    """

    month: int
    year: int = 0
    day: int | None = None
    last_day: int | None = None

    @classmethod
    def of(cls, month: int, year: int = 0) -> "Point":
        """A point that is a whole month."""
        return cls(month, year)

    def with_day(
        self, text: str, start: int, context: Context, *, clip: bool = False
    ) -> tuple["Point", int]:
        """The point with the day written at `start`, and where that ends.

        `clip` takes 每月30日 as the last day of February instead of refusing it.
        """
        length = context.month_end(self.year, self.month).day
        typed = _DAY.match(text, start)
        if typed:
            first = chinese_number(typed["first"]) or 0
            last = chinese_number(typed["last"] or "") or first
            wrong = [day for day in (first, last) if not 1 <= day <= (31 if clip else length)]
            if wrong:
                raise PointError(f"没有{self.month}月{wrong[0]}日", typed.end())
            first, last = min(first, length), min(last, length)
            return replace(self, day=first, last_day=max(first, last)), typed.end()
        third = _THIRD.match(text, start)
        if third:
            first, last = (min(day, length) for day in _THIRDS[third[0]])
            return replace(self, day=first, last_day=last), third.end()
        return self, start

    def starts(self, context: Context) -> date:
        """Its first day."""
        return date(context.year + self.year, self.month, self.day or 1)

    def ends(self, context: Context) -> date:
        """Its last day."""
        last = self.last_day or self.day
        end = context.month_end(self.year, self.month)
        return end if last is None else date(end.year, end.month, last)

    def not_before(self, other: "Point") -> "Point":
        """The point, a year later when it would lie before `other` (12月—2月)."""
        if (self.year, self.month) < (other.year, other.month):
            return replace(self, year=other.year + 1)
        return self

    def year_problem(self, context: Context) -> str:
        """A sentence when its year is neither the calendar's nor the next one."""
        if self.year in (0, 1):
            return ""
        return f"写的是 {context.year + self.year} 年，行事历是 {context.year} 年"


@dataclass(frozen=True)
class MonthNames:
    """The months written in a row: (joint before it, year or None, month as written)."""

    parts: tuple[tuple[str, str | None, str], ...]
    end: int

    def groups(self, context: Context) -> list[tuple[Point, Point]]:
        """The months as stretches: 1—2月 one, 7、8月 one, 3月、9月 two. PointError for 13月."""
        groups: list[tuple[Point, Point]] = []
        offset = 0
        for joint, year, written in self.parts:
            offset = _offset(year, context) if year else offset
            point = Point.of(_month(written, self.end), offset)
            if not groups:
                groups.append((point, point))
            elif joint in "-至到":
                groups[-1] = (groups[-1][0], point.not_before(groups[-1][0]))
                offset = groups[-1][1].year
            elif _follows(groups[-1][1], point):
                groups[-1] = (groups[-1][0], point)
            else:
                groups.append((point, point))
        return groups


def month_names(text: str) -> MonthNames | None:
    """The months at the start of folded `text`: 3月, 1-2月, 1、2月, 2022年3月份, 3月和9月."""
    found = _FIRST.match(text)
    if found is not None and _is_number(found, text):
        return None
    parts: list[tuple[str, str | None, str]] = []
    complete: MonthNames | None = None
    while found is not None:
        joint = found.groupdict().get("joint") or ""
        parts.append((joint, found["year"] or found["relative"], found["month"]))
        if found["unit"]:
            complete = MonthNames(tuple(parts), found.end())
        found = _NEXT.match(text, found.end())
    return complete


def _is_number(first: re.Match[str], text: str) -> bool:
    """一、1月份 and 3、3月 begin with an item number, not with the first of two months."""
    second = _NEXT.match(text, first.end())
    if first["unit"] or second is None or second["joint"] != "、":
        return False
    one, other = chinese_number(first["month"]), chinese_number(second["month"])
    return (
        one is None
        or other is None
        or one >= other
        or first["month"].isascii() != second["month"].isascii()
    )


def chinese_number(text: str) -> int | None:
    """A number below 100 in Chinese or Arabic figures, None for anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        if len(tens) > 1 or len(ones) > 1:
            return None
        return _CHINESE.get(tens, 1) * 10 + (_CHINESE.get(ones, 0) if ones else 0)
    return _CHINESE.get(text) if len(text) == 1 else None


def _month(written: str, end: int) -> int:
    if written in _LUNAR:
        raise PointError(f"“{written}月”是农历，请改成公历月份", end)
    number = 1 if written == "元" else chinese_number(written)
    if number is None or not 1 <= number <= 12:
        raise PointError(f"没有{written}月", end)
    return number


def _offset(year: str, context: Context) -> int:
    if year in ("次年", "翌年", "明年", "下年", "下一年"):
        return 1
    if year in ("今年", "本年", "当年"):
        return 0
    digits = "".join(str(_CHINESE.get(char, char)) for char in year)
    return int(digits) - context.year


def _follows(before: Point, after: Point) -> bool:
    return before.year * 12 + before.month + 1 == after.year * 12 + after.month


def dotted(text: str, context: Context) -> tuple[Point, Point, int] | None:
    """What is a time only in a time column: 2022.3, 2022-03-15, 3.15, 3.15-3.20, 3, 三, 1-2."""
    found = _YEAR_MONTH.match(text) or _DOTTED.match(text)
    if found is None:
        return _bare_number(text)
    first = _dotted_point(found, context)
    joint = re.compile(r"[-至到]").match(text, found.end())
    second = _DOTTED.match(text, joint.end()) if joint else None
    if second is None:
        return first, first, found.end()
    return first, _dotted_point(second, context).not_before(first), second.end()


def _dotted_point(found: re.Match[str], context: Context) -> Point:
    offset = int(found["year"]) - context.year if found["year"] else 0
    point = Point.of(_month(found["month"], found.end()), offset)
    if not found["day"]:
        return point
    return point.with_day(f"{found['day']}日", 0, context)[0]


def _bare_number(text: str) -> tuple[Point, Point, int] | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    first = Point.of(_month(found["first"], found.end()))
    last = Point.of(_month(found["last"], found.end())) if found["last"] else first
    return first, last.not_before(first), found.end()
