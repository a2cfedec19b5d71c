"""What a reading gave, in words: every problem with its line and text, then the sum."""

from collections.abc import Iterator

from calendar_events.reading.model import Problem, ReadCalendar

_LEVELS = {"error": "错误", "warning": "请核对"}


def summary_lines(calendar: ReadCalendar) -> Iterator[str]:
    """The problems in the source's order; the last line is always `sum_line`."""
    for problem in calendar.problems:
        yield problem_line(problem)
    yield sum_line(calendar)


def problem_line(problem: Problem) -> str:
    """One problem: where, what kind, why, and the source's own words."""
    place = f"（{problem.place}）" if problem.place else ""
    text = " ".join(problem.text.split())
    return f"第 {problem.line} 行{place} {_LEVELS[problem.level]}：{problem.message}：{text}"


def sum_line(calendar: ReadCalendar) -> str:
    """`12 months, 33 events, 0 problems`; months are the distinct ones covered by events."""
    return (
        f"{len(calendar.months)} months, {len(calendar.events)} events, "
        f"{len(calendar.problems)} problems"
    )
