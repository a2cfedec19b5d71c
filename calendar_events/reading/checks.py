"""What is odd about the calendar as a whole: missing, repeated and empty months, the year."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from calendar_events.reading.build import Built
from calendar_events.reading.fold import squeeze
from calendar_events.reading.gather import Occurrence
from calendar_events.reading.model import Context, Problem, ReadEvent, SourceLine
from calendar_events.reading.rows import Row
from calendar_events.reading.spans import Label, Span

_SCHOOL_YEAR = re.compile(r"(20\d\d)(?:-(?:20)?\d\d)?学年")
_YEAR = re.compile(r"(20\d\d)(?:年|-)")
# From so many months with rows of their own on, a month that only 每月 covers is a lost row.
_NEARLY_ALL = 9


def of_school_year(
    occurrences: Sequence[Occurrence], titles: str, context: Context
) -> list[Occurrence]:
    """Months after the turn of the year moved to the next one, in a calendar of a school year.

    Only for a 学年 that begins in the calendar's year and whose months run from 8月 or 9月 on over
    December; a month with its own year stays.
    """
    found = _SCHOOL_YEAR.search(squeeze(titles))
    if found is None or int(found[1]) != context.year:
        return list(occurrences)
    moved: list[Occurrence] = []
    turned, last = False, 0
    for occurrence in occurrences:
        first = min(occurrence.label.ordinals, default=0)
        if occurrence.label.recurring or not 1 <= first <= 12:
            moved.append(occurrence)
            continue
        turned = turned or (last >= 8 and first < 8)
        last = first
        label = _next_year(occurrence.label) if turned else occurrence.label
        moved.append(replace(occurrence, label=label))
    return moved


def _next_year(label: Label) -> Label:
    """The time one year later; its dates fall away, as they were worked out for this year."""
    spans = tuple(
        Span(span.first_month, span.last_month, span.first_year + 1, span.last_year + 1)
        for span in label.spans
    )
    return replace(label, spans=spans)


def foreign_year(titles: str, context: Context) -> int | None:
    """The year in the title when it isn't the calendar's; 2021学年 is 2021 and 2022."""
    text = squeeze(titles)
    school = _SCHOOL_YEAR.search(text)
    years = [int(school[1]), int(school[1]) + 1] if school else []
    years = years or [int(year) for year in _YEAR.findall(text)]
    return years[0] if years and context.year not in years else None


def year_problem(year: int, around: Sequence[SourceLine], context: Context) -> Problem:
    """A problem that names the title with its foreign year."""
    source = next(line for line in around if str(year) in squeeze(line.text))
    message = f"标题写的是 {year} 年，现在导入的是 {context.year} 年"
    return Problem(source.line, source.text, message, "error", source.place)


def group_headings(built: Built, occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """Times that only group the ones below them: 第一季度 above 1月, 2月 and 3月."""
    following = dict(zip(map(id, occurrences), occurrences[1:], strict=False))
    return [
        found
        for found in built.empty
        if id(found) in following and following[id(found)].label.ordinals < found.label.ordinals
    ]


def empty_months(built: Built, groups: Sequence[Occurrence]) -> Iterator[Problem]:
    """Times with nothing under them that are no heading of a group."""
    for occurrence in built.empty:
        if not any(occurrence is group for group in groups):
            yield _at(occurrence.row, f"“{occurrence.label.text}”下面没有事项")


def of_months(
    events: Sequence[ReadEvent], occurrences: Sequence[Occurrence], built: Built
) -> Iterator[Problem]:
    """Months that are missing, that come twice, or that overlap."""
    yield from missing_months(events, occurrences)
    yield from repeated_months(occurrences, built)
    yield from overlapping_months(occurrences)


def missing_months(
    events: Sequence[ReadEvent], occurrences: Sequence[Occurrence]
) -> Iterator[Problem]:
    """Months that nothing covers, or that only 每月 covers while nearly all others have a row."""
    named = {month for found in occurrences for month in found.label.ordinals}
    rows = [found for found in occurrences if not found.label.recurring]
    own = {(month - 1) % 12 + 1 for found in rows for month in found.label.ordinals}
    single = {
        min(found.label.ordinals)
        for found in rows
        if len(found.label.ordinals) == 1 and not found.label.dated
    }
    covered = {month for event in events for month in event.months}
    covered |= {(month - 1) % 12 + 1 for month in named}
    for month in range(1, 13):
        lost_row = len(single) >= _NEARLY_ALL and month not in own
        if month in covered and not lost_row:
            continue
        row = _where_missing(month, rows)
        if row is not None:
            yield _at(row, f"没有{month}月")


def _where_missing(month: int, occurrences: Sequence[Occurrence]) -> Row | None:
    """The row before which a missing month should stand, else the last one."""
    for occurrence in occurrences:
        if min(occurrence.label.ordinals, default=0) > month:
            return occurrence.row
    return occurrences[-1].row if occurrences else None


def repeated_months(occurrences: Sequence[Occurrence], built: Built) -> Iterator[Problem]:
    """A month that stands twice where each should stand once.

    Rows of one event each repeat their month one below the other, and tables by topic come back to
    every month: neither is named. Headings, lists that begin again with 1 and a month that
    comes back after another one are.
    """
    again = _again(occurrences)
    apart = [pair for pair in again if not _same(pair[1], occurrences[pair[0] - 1])]
    rows = {min(pair[1].label.ordinals) for pair in apart if pair[1].row.table}
    by_topic = len(rows) > 2
    for place, occurrence in again:
        before = occurrences[place - 1]
        adjacent = _same(occurrence, before)
        restarts = (
            built.opened_with.get(place) == 1 and built.opened_with.get(place - 1) is not None
        )
        if (adjacent and (occurrence.heading or restarts)) or (not adjacent and not by_topic):
            yield _at(occurrence.row, f"“{occurrence.label.text}”重复出现")


def _again(occurrences: Sequence[Occurrence]) -> list[tuple[int, Occurrence]]:
    """Plain months that stood before already, with their place."""
    seen: set[frozenset[int]] = set()
    again = []
    for place, occurrence in enumerate(occurrences):
        if not _plain(occurrence.label):
            continue
        if occurrence.label.ordinals in seen:
            again.append((place, occurrence))
        seen.add(occurrence.label.ordinals)
    return again


def overlapping_months(occurrences: Sequence[Occurrence]) -> Iterator[Problem]:
    """Neighbours such as 一、二月 and 二、三月, which may be item numbers before single months."""
    for before, occurrence in pairwise(occurrences):
        one, other = before.label, occurrence.label
        if one.named or other.named or one.dated or other.dated:
            continue
        shared = one.ordinals & other.ordinals
        if shared and shared < one.ordinals and shared < other.ordinals:
            yield _at(occurrence.row, f"“{other.text}”与前面的“{one.text}”月份有重叠")


def _plain(label: Label) -> bool:
    return bool(label.spans) and not (label.dated or label.recurring or label.named)


def _same(one: Occurrence, other: Occurrence) -> bool:
    both = _plain(one.label) and _plain(other.label)
    return both and one.label.ordinals == other.label.ordinals


def _at(row: Row, message: str) -> Problem:
    return Problem(row.line, row.text, message, "error", row.place)


def without_twins(events: Sequence[ReadEvent]) -> tuple[list[ReadEvent], list[Problem]]:
    """Events without those that repeat one of the same months, and a problem for each of them."""
    seen: set[tuple[object, ...]] = set()
    kept: list[ReadEvent] = []
    problems: list[Problem] = []
    for event in events:
        key = (squeeze(event.title), event.first_year_offset, event.first_month, event.last_month)
        if key in seen:
            message = f"「{event.title}」在{event.first_month}月已有一项，只记一次"
            problems.append(Problem(event.line, event.source, message, "error", event.place))
        else:
            kept.append(event)
        seen.add(key)
    return kept, problems
