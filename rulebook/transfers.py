"""Transfers of members between organisations (组织关系转接)."""

from dataclasses import dataclass
from datetime import date

from rulebook.calendar import add_months
from rulebook.measures import (
    doubtful,
    met,
    not_applicable,
    not_met,
    pending,
    undecided,
    unknown,
    yes,
)
from rulebook.model import (
    NOT_DONE,
    Asked,
    Bound,
    Clause,
    Day,
    Figure,
    Force,
    Judge,
    Mark,
    Outcome,
    Rule,
)
from rulebook.regulations import UNNAMED
from rulebook.words import day


@dataclass(frozen=True)
class Transfer:
    """A member who is away, and the letter of introduction (介绍信) that goes with them.

    ``back``: the day on which they come back; NOT_DONE: for good. ``valid_until`` is the last day
    written on the letter. ``receipt``: the day on which the receipt (回执) came back.
    """

    left: date | None = None
    back: Day = None
    transferred: bool | None = None
    issued: date | None = None
    valid_until: date | None = None
    received: Day = None
    receipt: Day = None


def _needed(facts: Transfer, asked: Asked) -> Outcome:
    if facts.left is None or facts.back is None:
        return unknown("外出起止日期")
    line = add_months(facts.left, int(asked["months"].value))
    if facts.back is not NOT_DONE and facts.back < facts.left:
        return doubtful(f"{day(facts.left)}外出，{day(facts.back)}返回")
    words = f"{day(facts.left)}外出，满 {asked['months'].amount}为 {day(line)}"
    if facts.back is not NOT_DONE and facts.back < line:
        return not_applicable(f"{words}，{day(facts.back)}已返回，不需要转接")
    outcome = yes("转接组织关系", facts.transferred)
    return Outcome(outcome.verdict, f"{words}，应当转接；{outcome.words}")


def _letter(facts: Transfer, asked: Asked) -> Outcome:
    if facts.issued is None or facts.valid_until is None:
        return unknown("介绍信开具日期、有效期")
    last = add_months(facts.issued, int(asked["months"].value))
    words = f"{day(facts.issued)}开具，有效期至 {day(facts.valid_until)}"
    if facts.valid_until < facts.issued:
        return doubtful(words)
    if facts.valid_until > last:
        return not_met(f"{words}，最长到 {day(last)}")
    return _handed_in(facts, words, on=asked.on)


def _handed_in(facts: Transfer, words: str, *, on: date) -> Outcome:
    """Whether the letter was taken to the receiving organisation while it was valid."""
    assert facts.valid_until is not None
    if facts.received is None:
        return undecided(words, "接收日期")
    if facts.received is NOT_DONE:
        return not_met(f"{words}，已过期") if on > facts.valid_until else pending(words)
    words = f"{words}，{day(facts.received)}接收"
    return not_met(f"{words}，已过期") if facts.received > facts.valid_until else met(words)


def _receipt(facts: Transfer, _asked: Asked) -> Outcome:
    if facts.receipt is None:
        return unknown("回执日期")
    if facts.receipt is NOT_DONE:
        return pending("回执未到，转出党组织继续负责管理")
    return met(f"{day(facts.receipt)}收到回执")


def _rule(
    name: str, title: str, asks: str, judge: Judge[Transfer], *figures: Figure
) -> Rule[Transfer]:
    clause = Clause(UNNAMED, Mark.STORED, Force.WARN, asks, judge, figures)
    return Rule(f"transfers.{name}", title, (clause,))


NEEDED = _rule(
    "needed",
    "应当转接",
    "外出 6 个月以上的，转接组织关系。",
    _needed,
    Figure("months", "外出", 6, Bound.AT_LEAST, "个月", fixed=True),
)
LETTER = _rule(
    "letter",
    "介绍信有效期",
    "介绍信按开具的有效期办理，一般约 10 天，最长不超过 3 个月。",
    _letter,
    Figure("usual", "一般约", 10, Bound.EXACTLY, "天"),
    Figure("months", "有效期", 3, Bound.AT_MOST, "个月", stop=1),
)
RECEIPT = _rule("receipt", "回执", "回执返回前，由转出党组织负责管理。", _receipt)
RULES = (NEEDED, LETTER, RECEIPT)
