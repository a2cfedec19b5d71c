"""The comparisons that rules are made of. Each says its arithmetic; none takes None for 0."""

from datetime import date
from math import ceil, floor
from typing import NamedTuple

from rulebook.calendar import add_months
from rulebook.model import NOT_DONE, Asked, Bound, Day, Figure, Number, Outcome, Verdict
from rulebook.words import amount, day, joined

_GRAVITY = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING, Verdict.MET)


class Tally(NamedTuple):
    """A number of people or votes with its name: 应到 15 人. None: not known."""

    what: str
    number: int | None
    unit: str = "人"

    def __str__(self) -> str:
        return f"{self.what} {self.number} {self.unit}"


def met(words: str) -> Outcome:
    """It is as it should be."""
    return Outcome(Verdict.MET, words)


def not_met(words: str) -> Outcome:
    """It is not as it should be."""
    return Outcome(Verdict.NOT_MET, words)


def pending(words: str) -> Outcome:
    """It need not be yet."""
    return Outcome(Verdict.PENDING, words)


def unknown(what: str) -> Outcome:
    """A fact is missing."""
    return Outcome(Verdict.UNKNOWN, f"{what}没有登记，无法判断")


def undecided(words: str, missing: str) -> Outcome:
    """A fact is missing, but what it is to be held against can be told."""
    return Outcome(Verdict.UNKNOWN, f"{words}；{missing}没有登记，无法判断")


def doubtful(words: str) -> Outcome:
    """Facts contradict each other: nothing follows from them."""
    return Outcome(Verdict.UNKNOWN, f"{words}，请核")


def not_applicable(words: str) -> Outcome:
    """The rule isn't about this."""
    return Outcome(Verdict.NOT_APPLICABLE, words)


def decided(fulfilled: bool, words: str) -> Outcome:  # noqa: FBT001 - what it is about
    """Met or not met, with the same words."""
    return met(words) if fulfilled else not_met(words)


def all_of(*outcomes: Outcome) -> Outcome:
    """Return the gravest of several; those that don't apply don't count."""
    counting = [each for each in outcomes if each.verdict != Verdict.NOT_APPLICABLE]
    words = "；".join(each.words for each in counting or outcomes)
    found = {each.verdict for each in counting}
    grave = next((each for each in _GRAVITY if each in found), Verdict.NOT_APPLICABLE)
    return Outcome(grave, words)


def yes(what: str, answer: bool | None, *, met_as: str = "已", unmet_as: str = "未") -> Outcome:  # noqa: FBT001 - a fact
    """Ask for something that was done or not: 已报上级备案, 未报上级备案."""
    if answer is None:
        return unknown(f"是否{what}")
    return met(f"{met_as}{what}") if answer else not_met(f"{unmet_as}{what}")


def compared(what: str, found: int | None, figure: Figure) -> Outcome:
    """Hold a number against a figure: 党员 53 人，应不超过 50 人，超出 3 人."""
    if found is None:
        return unknown(what)
    words = f"{joined(what, amount(found, figure.unit))}，应{figure.demand}"
    if found < 0:
        return doubtful(words)
    gap = _gap(found, figure)
    if not gap:
        return met(words)
    over = "超出" if figure.bound == Bound.AT_MOST else "还差"
    return not_met(f"{words}，{joined(over, amount(gap, figure.unit))}")


def _gap(found: int, figure: Figure) -> Number:
    """By how much ``found`` misses ``figure``, 0 where it doesn't."""
    if figure.bound == Bound.AT_MOST:
        return max(0, found - figure.value)
    if figure.bound == Bound.MORE_THAN:
        return max(0, floor(figure.value) + 1 - found)
    return max(0, figure.value - found)


def counted(what: str, found: int | None, figure: Figure, *, over: bool) -> Outcome:
    """Count what is to take place in a period; while it lasts there is still time."""
    outcome = compared(what, found, figure)
    waits = outcome.verdict == Verdict.NOT_MET and not over
    return pending(f"{outcome.words}，本期还没有结束") if waits else outcome


def needed(total: int, figure: Figure) -> int:
    """Return how many of ``total`` a share asks for at least, or allows at most."""
    exact = total * figure.value
    if figure.bound == Bound.MORE_THAN:
        return floor(exact) + 1
    return floor(exact) if figure.bound == Bound.AT_MOST else ceil(exact)


def share(total: Tally, part: Tally, figure: Figure) -> Outcome:
    """Hold a part against its share of a total: 应到 15 人，赞成须过半：8 票，实为 9 票."""
    if total.number is None:
        return unknown(f"{total.what}数")
    line = needed(total.number, figure)
    must = "" if figure.bound == Bound.AT_MOST else "须"
    words = f"{total}，{part.what}{must}{figure.demand}：{line} {part.unit}"
    if part.number is None:
        return undecided(words, f"{part.what}数")
    words = f"{words}，实为 {part.number} {part.unit}"
    if not 0 <= part.number <= total.number:
        return doubtful(words)
    below = figure.bound == Bound.AT_MOST
    return decided(part.number <= line if below else part.number >= line, words)


def by_deadline(what: str, done: Day, *, start: date, deadline: date, on: date) -> Outcome:
    """Ask for something from ``start`` on until ``deadline``, seen on the day ``on``."""
    words = f"应于 {day(deadline)}前{what}"
    if done is None:
        return undecided(words, "日期")
    if done is NOT_DONE:
        if on <= deadline:
            return pending(f"{words}，还有 {(deadline - on).days} 天")
        return not_met(f"{words}，已过 {(on - deadline).days} 天")
    words = f"{words}，实际 {day(done)}"
    if done < start:
        return doubtful(f"{words}，早于 {day(start)}")
    if done <= deadline:
        return met(words)
    return not_met(f"{words}，晚 {(done - deadline).days} 天")


def within_months(
    start: tuple[str, Day], what: str, done: Day, *, months: Figure, on: date
) -> Outcome:
    """Ask for something within calendar months after ``start``, which has a name and a day."""
    name, began = start
    if began is None:
        return unknown(f"{name}日期")
    if began is NOT_DONE:
        return not_applicable(f"还没有{name}")
    deadline = add_months(began, int(months.value))
    outcome = by_deadline(what, done, start=began, deadline=deadline, on=on)
    return Outcome(outcome.verdict, f"{day(began)}{name}，{outcome.words}")


def not_before(what: str, done: Day, earliest: date) -> Outcome:
    """Ask that something doesn't take place before a day."""
    words = f"最早 {day(earliest)}{what}"
    if done is None:
        return undecided(words, "日期")
    if done is NOT_DONE:
        return pending(f"{words}，还没有办理")
    words = f"{words}，实际 {day(done)}"
    if done >= earliest:
        return met(words)
    return not_met(f"{words}，早 {(earliest - done).days} 天")


def months_of(asked: Asked, key: str = "months") -> int:
    """Return a figure that counts months or years as a whole number."""
    return int(asked[key].value)
