"""Dates, offices and audiences that a title itself names; the title stays as it is."""

import re
from dataclasses import dataclass
from datetime import date

from calendar_events.reading.fold import fold
from calendar_events.reading.model import Context
from calendar_events.reading.spans import Label, Span, read_label

_MONTH_DATE = re.compile(
    r"(?<![\d年〇一二三四五六七八九十])(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?"
    r"(?:\d{1,2}[日号]?[-至到]?|[上中下]旬|底|末|初)"
)
_DAY_BEFORE = re.compile(r"(?<![\d月.年])(\d{1,2})[日号](?:之?以?前(?!后)|截止|为止)")
_THIRD = re.compile(r"(?<![月\w])(上旬|中旬|下旬|月底|月末)(?:之?以?前(?!后))?")
_LABELLED = {
    "office": re.compile(
        r"[（(【]\s*(?:责任|牵头|负责|主办|承办)(?:科室|部门|单位|处室)\s*[：:]\s*([^）)】]+)[）)】]"
    ),
    "audience": re.compile(
        r"[（(【]\s*(?:参加|参与|参会|面向|培训|实施)?(?:对象|人员|范围)\s*[：:]\s*([^）)】]+)[）)】]"
    ),
}


@dataclass(frozen=True)
class TitleDates:
    """The dates a title gives, and a sentence when one of them cannot be meant."""

    starts_on: date | None = None
    ends_on: date | None = None
    due_on: date | None = None
    doubt: str = ""


def dates_in(title: str, span: Span, context: Context) -> TitleDates:
    """The first date in `title` that lies in the months of `span`.

    11月15日前 is a due date, 10月中旬 a stretch; 15日前 and 月底前 count in a span of one month.
    A date of other months is left alone (学习2月18日讲话), but a 前 outside is doubted.
    """
    text = fold(title).text
    doubt = ""
    for found in _MONTH_DATE.finditer(text):
        label = read_label(text[found.start() :], context)
        if label is None:
            continue
        if label.problem:
            doubt = doubt or f"标题里的“{label.text}”：{label.problem}"
        elif label.ordinals <= frozenset(span.ordinals):
            return _taken(label)
        elif any(inner.due_on for inner in label.spans):
            doubt = doubt or f"标题里的“{label.text}”不在本行的月份里"
    return _within_month(text, span, context) or TitleDates(doubt=doubt)


def _within_month(text: str, span: Span, context: Context) -> TitleDates | None:
    """A day without its month, where the span is a single one."""
    if len(span.ordinals) != 1:
        return None
    found = _DAY_BEFORE.search(text) or _THIRD.search(text)
    if found is None:
        return None
    year = context.year + span.first_year
    label = read_label(f"{year}年{span.first_month}月{found[0]}", context)
    return _taken(label) if label and label.dated and not label.problem else None


def _taken(label: Label) -> TitleDates:
    dated = next((s for s in label.spans if s.due_on or s.starts_on), None)
    if dated is None:
        return TitleDates()
    return TitleDates(dated.starts_on, dated.ends_on, dated.due_on)


def labelled(title: str, kind: str) -> str:
    """What a title says in a bracket of its own: （责任科室：组织科） or （参加对象：书记）."""
    found = _LABELLED[kind].search(title)
    return found[1].strip() if found else ""
