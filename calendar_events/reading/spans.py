"""Times as calendars write them: 3月, 1—2月, 第一季度, 暑期, 每月, 10月中旬, 11月15日前 ...

`read_label` reads the time at the start of a text and hands back what follows it. A time that
is recognised but makes no sense (13月, 2月30日, a foreign year) comes back with its problem,
never as a guess.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from calendar_events.reading.fold import Folded, fold
from calendar_events.reading.model import Context
from calendar_events.reading.points import Point, PointError, dotted, month_names


@dataclass(frozen=True)
class Span:
    """A stretch of months with the dates it names; years are offsets from the calendar's."""

    first_month: int
    last_month: int
    first_year: int = 0
    last_year: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    due_on: date | None = None

    @property
    def ordinals(self) -> range:
        """Its months counted on from January of the calendar's year (1-12, then 13 ...)."""
        return range(
            self.first_year * 12 + self.first_month, self.last_year * 12 + self.last_month + 1
        )


@dataclass(frozen=True)
class Label:
    """A time as written, what it means, and the text that follows it.

    `spans` is empty when it cannot be used; `problem` then says why. `recurring` marks 每月 and
    its kind, which give one event each time.
    """

    text: str
    spans: tuple[Span, ...] = ()
    rest: str = ""
    problem: str = ""
    recurring: bool = False
    named: bool = False
    dated: bool = False

    @property
    def ordinals(self) -> frozenset[int]:
        """All months it covers, counted on from January of the calendar's year."""
        return frozenset(month for span in self.spans for month in span.ordinals)


@dataclass(frozen=True)
class _Read:
    """A reading in progress: what was found in the first `end` folded characters."""

    end: int
    spans: tuple[Span, ...] = ()
    problem: str = ""
    recurring: bool = False
    named: bool = False
    dated: bool = False


_BEFORE = re.compile(r"之?以?前(?!后)|截止|为止|止|以内|内")
_ABOUT = re.compile(r"前后|左右|期间|之间|里|间")
_ONWARD = re.compile(r"开始|起")
_REMARK = re.compile(
    r"[(〔\[【](?![0-9一二三四五六七八九十]{1,2}[)〕\]】])[^()〔〕\[\]【】]*[)〕\]】]"
)
_WRAPPED = re.compile(
    r"\s*[【〔\[［（(〈《]([^【〔\[［（(〈《】〕\]］）)〉》]{1,12})[】〕\]］）)〉》]"
)
_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTERS = re.compile(
    r"第?([一二三四1-4])(?:季度)?(?:([-至到、和])第?([一二三四1-4]))?季度(?:的)?(初|末|底)?"
)
_HALVES = {
    "上半年": (1, 6),
    "下半年": (7, 12),
    "全年": (1, 12),
    "常年": (1, 12),
    "长期": (1, 12),
    "整年": (1, 12),
    "贯穿全年": (1, 12),
    "全学年": (1, 12),
    "年初": (1, 1),
    "年底": (12, 12),
    "年末": (12, 12),
    "年终": (12, 12),
}
_HALF = re.compile("|".join(sorted(_HALVES, key=len, reverse=True)))
_SCHOOL = {
    "寒假": "寒假",
    "暑假": "暑假",
    "暑期": "暑假",
    "春季学期": "春季学期",
    "春学期": "春季学期",
    "秋季学期": "秋季学期",
    "秋学期": "秋季学期",
}
_SCHOOL_NAME = re.compile("|".join(_SCHOOL))
_EVERY = re.compile(
    r"每年(?=每|第|[0-9一二三四五六七八九十元上下寒暑])|每个?月度?|逐月|按月|月月|每个?学期(初|末)?|"
    r"每个?半年|每个?双月|双月|每个?单月|单月|"
    r"(?:每个?|按)季度?(?:的)?(末|底|初|最后一个月|最后1个月|第一个月|第1个月|首月)?月?"
)
_UNUSABLE = re.compile(
    r"每[周天日]|每星期|每两个?月|隔月|每个?双周|待定|另行通知|视情况|适时|不定期|随时|"
    r"第[一二三四五六七八九十0-9]{1,3}周|上学期|下学期|第[一二12]学期|期初|期中|期末|开学"
)


def read_label(text: str, context: Context, *, bare: bool = False) -> Label | None:
    """The time at the start of `text`, or None.

    `bare` also takes what is a time only in a time column: 3, 三, 2022.3, 3.15. Spaces anywhere
    inside, full-width figures and every kind of dash are taken.
    """
    wrapped = _WRAPPED.match(text)
    if wrapped is not None:
        inner = read_label(wrapped[1], context)
        whole = inner is not None and not inner.rest.strip()
        return replace(inner, rest=text[wrapped.end() :]) if inner and whole else None
    folded = fold(text)
    for reader in (_every, _quarters, _half, _school, _months, _unusable):
        found = reader(folded.text, context)
        if found is not None:
            return _label(folded, found)
    if bare:
        found = _bare(folded.text, context)
        return _label(folded, found) if found is not None else None
    return None


def _label(folded: Folded, found: _Read) -> Label:
    remark = _REMARK.match(folded.text, found.end)
    end = remark.end() if remark else found.end
    return Label(
        text=folded.head(end).strip(),
        spans=found.spans,
        rest=folded.rest(end),
        problem=found.problem,
        recurring=found.recurring,
        named=found.named,
        dated=found.dated,
    )


def _whole(first: int, last: int) -> Span:
    """Whole months, counted on from January of the calendar's year."""
    return Span((first - 1) % 12 + 1, (last - 1) % 12 + 1, (first - 1) // 12, (last - 1) // 12)


def _every(text: str, context: Context) -> _Read | None:
    found = _EVERY.match(text)
    if found is None:
        return None
    if found[0] == "每年":
        return _after_every_year(text, context)
    term = "学期" in found[0]
    spans = _terms(context, found[1]) if term else _recurring(found[0], found[2])
    return _each_dated(text, _Read(found.end(), spans, recurring=True, named=True), context)


def _after_every_year(text: str, context: Context) -> _Read | None:
    inner = read_label(text[2:], context)
    if inner is None:
        return None
    end = len(text) - len(inner.rest)
    return _Read(end, inner.spans, inner.problem, inner.recurring, inner.named, inner.dated)


def _recurring(word: str, part: str | None) -> tuple[Span, ...]:
    if "半年" in word:
        return (_whole(1, 6), _whole(7, 12))
    if "双月" in word or "单月" in word:
        first = 2 if "双" in word else 1
        return tuple(_whole(month, month) for month in range(first, 13, 2))
    if "季" not in word:
        return tuple(_whole(month, month) for month in range(1, 13))
    if part is None:
        return tuple(_whole(month, month + 2) for month in (1, 4, 7, 10))
    first = 1 if part in ("初", "首月", "第一个月", "第1个月") else 3
    return tuple(_whole(month, month) for month in range(first, 13, 3))


def _terms(context: Context, part: str | None) -> tuple[Span, ...]:
    """The terms of a calendar year; 学期末 lies before the holidays, so one is in January."""
    terms = [context.period(name) for name in ("春季学期", "秋季学期")]
    if part == "初":
        return tuple(_whole(first.month, first.month) for first, _ in terms)
    if part == "末":
        ends = [context.period(name)[0] - timedelta(days=1) for name in ("寒假", "暑假")]
        return tuple(_whole(end.month, end.month) for end in ends)
    return tuple(_whole(first.month, last.month) for first, last in terms)


def _each_dated(text: str, read: _Read, context: Context) -> _Read:
    """每月25日前, 每月下旬: the same day part for each of the months."""
    try:
        points = [Point.of(span.first_month, span.first_year) for span in read.spans]
        parts = [point.with_day(text, read.end, context, clip=True) for point in points]
    except PointError as error:
        return replace(read, problem=str(error))
    if any(end == read.end for _, end in parts):
        return read
    whole = [_closed(text, end, [(point, point)], context) for point, end in parts]
    spans = tuple(item.spans[0] for item in whole)
    return replace(read, end=whole[0].end, spans=spans, dated=True)


def _quarters(text: str, _: Context) -> _Read | None:
    found = _QUARTERS.match(text)
    if found is None:
        return None
    first, joint, last, part = found.groups()
    numbers = (_QUARTER[first], _QUARTER[last or first])
    if part == "初":
        months = (numbers[0] * 3 - 2, numbers[0] * 3 - 2)
    elif part:
        months = (numbers[1] * 3, numbers[1] * 3)
    else:
        months = (numbers[0] * 3 - 2, numbers[1] * 3)
    if numbers[1] < numbers[0] or (joint in ("、", "和") and numbers[1] > numbers[0] + 1):
        return _Read(found.end(), problem=f"“{found[0]}”不是连着的季度，请分行写", named=True)
    return _suffixed(text, _Read(found.end(), (_whole(*months),), named=True))


def _half(text: str, _: Context) -> _Read | None:
    found = _HALF.match(text)
    if found is None:
        return None
    return _suffixed(text, _Read(found.end(), (_whole(*_HALVES[found[0]]),), named=True))


def _school_span(context: Context, name: str) -> Span:
    starts, ends = context.period(name)
    offset = starts.year - context.year
    return Span(starts.month, ends.month, offset, ends.year - context.year, starts, ends)


def _school(text: str, context: Context) -> _Read | None:
    found = _SCHOOL_NAME.match(text)
    if found is None:
        return None
    span = _school_span(context, _SCHOOL[found[0]])
    before = _BEFORE.match(text, found.end())
    if before is None or before[0] in ("以内", "内"):
        return _suffixed(text, _Read(found.end(), (span,), named=True))
    due = context.period(_SCHOOL[found[0]])[0] - timedelta(days=1)
    offset = due.year - context.year
    early = Span(due.month, due.month, offset, offset, due_on=due)
    return _Read(before.end(), (early,), named=True, dated=True)


def _suffixed(text: str, read: _Read) -> _Read:
    """Take 期间, 前, 内 after a named stretch along; none of them changes its months."""
    for pattern in (_ABOUT, _BEFORE):
        found = pattern.match(text, read.end)
        if found:
            return replace(read, end=found.end())
    return read


def _unusable(text: str, _: Context) -> _Read | None:
    found = _UNUSABLE.match(text)
    if found is None:
        return None
    return _Read(found.end(), problem=f"“{found[0]}”定不下月份，请写明是哪一个月", named=True)


def _months(text: str, context: Context) -> _Read | None:
    names = month_names(text)
    if names is None:
        return None
    try:
        groups = names.groups(context)
    except PointError as error:
        return _Read(names.end, problem=str(error))
    try:
        return _with_days(text, names.end, groups, context)
    except PointError as error:
        # The month stands, only the day cannot be.
        spans = tuple(_span(first, last, context) for first, last in groups)
        end = max(error.end, names.end)
        before = _BEFORE.match(text, end)
        return _Read(before.end() if before else end, spans, str(error))


def _with_days(text: str, start: int, groups: list[tuple[Point, Point]], context: Context) -> _Read:
    first, last = groups[-1]
    dated, end = last.with_day(text, start, context)
    if end == start:
        return _closed(text, end, groups, context)
    group = (dated if first == last else first, dated)
    group, end = _range_end(text, end, group, context)
    return _closed(text, end, [*groups[:-1], group], context)


def _range_end(
    text: str, end: int, group: tuple[Point, Point], context: Context
) -> tuple[tuple[Point, Point], int]:
    """After a day: 3月15日-20日, 3月15日-4月10日, 3月上旬至中旬, 3月5日、12日."""
    joint = re.compile(r"[-至到、]").match(text, end)
    if joint is None:
        return group, end
    names = month_names(text[joint.end() :])
    if names is not None:
        point = names.groups(context)[0][0]
        start = joint.end() + names.end
    else:
        point, start = Point.of(group[1].month, group[1].year), joint.end()
    last, after = point.with_day(text, start, context)
    if after == start:
        return group, end
    return (group[0], last.not_before(group[0])), after


def _closed(text: str, end: int, groups: list[tuple[Point, Point]], context: Context) -> _Read:
    """Turn points into spans, with 前 as due date and 起 until December."""
    problem = ""
    spans = [_span(first, last, context) for first, last in groups]
    dated = any(span.starts_on for span in spans)
    before, about = _BEFORE.match(text, end), _ABOUT.match(text, end)
    onward = _ONWARD.match(text, end)
    if about:
        end = about.end()
    elif dated and text[end - 1] in "底末" and not before:
        spans[-1] = replace(spans[-1], starts_on=None, ends_on=None, due_on=spans[-1].ends_on)
    elif before:
        end, last = before.end(), groups[-1][1]
        if dated:
            spans[-1] = replace(spans[-1], starts_on=None, ends_on=None, due_on=spans[-1].ends_on)
        elif before[0] not in ("以内", "内"):
            problem = f"“{last.month}月前”不清楚是月初还是月底，已记在 {last.month} 月"
    elif onward:
        end, spans[-1] = onward.end(), replace(spans[-1], last_month=12, ends_on=None)
    years = [point.year_problem(context) for group in groups for point in group]
    foreign = next((found for found in years if found), "")
    return _Read(end, () if foreign else tuple(spans), foreign or problem, dated=dated)


def _span(first: Point, last: Point, context: Context) -> Span:
    dates = first.day is not None or last.day is not None
    return Span(
        first.month,
        last.month,
        first.year,
        last.year,
        first.starts(context) if dates else None,
        last.ends(context) if dates else None,
    )


def _bare(text: str, context: Context) -> _Read | None:
    try:
        found = dotted(text, context)
    except PointError as error:
        return _Read(error.end or len(text), problem=str(error))
    if found is None:
        return None
    first, last, end = found
    return _closed(text, end, [(first, last)], context)
