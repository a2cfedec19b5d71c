"""Terms of committees and branches, and when they are elected anew (任期换届)."""

from dataclasses import dataclass
from datetime import date

from rulebook.calendar import add_months, add_years
from rulebook.measures import doubtful, met, not_applicable, not_met, pending, unknown, yes
from rulebook.model import (
    NOT_DONE,
    Asked,
    Bound,
    Clause,
    Day,
    Figure,
    Force,
    Mark,
    Outcome,
    Rule,
)
from rulebook.regulations import TERMS
from rulebook.setup import Kind
from rulebook.words import day


@dataclass(frozen=True)
class Term:
    """A term of an organisation: ``began`` with an election, ``renewed`` by the next one.

    ``approved``: whether the superior agreed to have that next election earlier or later.
    ``reminded``: the day on which the superior's notice went out.
    """

    kind: Kind
    began: date | None = None
    renewed: Day = NOT_DONE
    approved: bool | None = None
    reminded: Day = NOT_DONE


def due_on(kind: Kind, began: date, asked: Asked) -> date:
    """Return the day on which a term is over (届满): calendar years after it began."""
    key = "committee" if kind == Kind.COMMITTEE else "branch"
    return add_years(began, int(asked[key].value))


def remind_on(due: date, asked: Asked) -> date:
    """Return the day from which the superior reminds of a term that is over on ``due``."""
    return add_months(due, -int(asked["months"].value))


def _term(facts: Term, asked: Asked) -> Outcome:
    if facts.began is None:
        return unknown("任期开始日期")
    due = due_on(facts.kind, facts.began, asked)
    years = due.year - facts.began.year
    words = f"{day(facts.began)}起，任期 {years} 年，{day(due)}届满"
    if facts.renewed is None:
        return unknown("换届日期")
    if facts.renewed is NOT_DONE:
        return _running(facts, asked, due=due, words=words)
    words = f"{words}，{day(facts.renewed)}换届"
    if facts.renewed < facts.began:
        return doubtful(words)
    return met(words) if facts.renewed == due else _shifted(facts, asked, due=due, words=words)


def _running(facts: Term, asked: Asked, *, due: date, words: str) -> Outcome:
    """A term whose election has not taken place on the day that is asked about."""
    if asked.on <= due:
        return met(f"{words}，还有 {(due - asked.on).days} 天")
    last = add_years(due, int(asked["shift"].value))
    words = f"{words}，已过 {(asked.on - due).days} 天"
    if asked.on > last:
        return not_met(f"{words}，延期最长到 {day(last)}")
    return _with_approval(facts, f"{words}，经批准可延期到 {day(last)}")


def _shifted(facts: Term, asked: Asked, *, due: date, words: str) -> Outcome:
    """An election that took place earlier or later than the term was over."""
    assert isinstance(facts.renewed, date)
    shift = int(asked["shift"].value)
    first, last = add_years(due, -shift), add_years(due, shift)
    early = facts.renewed < due
    words = f"{words}，{'提前' if early else '延期'} {abs((facts.renewed - due).days)} 天"
    if not first <= facts.renewed <= last:
        return not_met(f"{words}，应在 {day(first)}至 {day(last)}之间")
    return _with_approval(facts, words)


def _with_approval(facts: Term, words: str) -> Outcome:
    outcome = yes("经上级批准", facts.approved)
    return Outcome(outcome.verdict, f"{words}；{outcome.words}")


def _reminder(facts: Term, asked: Asked) -> Outcome:
    if facts.began is None:
        return unknown("任期开始日期")
    due = due_on(facts.kind, facts.began, asked)
    line = remind_on(due, asked)
    words = f"{day(due)}届满，提前 {asked['months'].amount}即 {day(line)}起提醒"
    if isinstance(facts.renewed, date):
        return not_applicable("已经换届")
    if isinstance(facts.reminded, date):
        return met(f"{words}，{day(facts.reminded)}已提醒")
    if asked.on < line:
        return pending(words)
    return unknown("提醒日期") if facts.reminded is None else not_met(f"{words}，还没有提醒")


_LENGTHS = (
    Figure("committee", "党委任期", 5, Bound.EXACTLY, "年"),
    Figure("branch", "党总支、党支部任期", 3, Bound.EXACTLY, "年"),
)
TERM = Rule(
    "terms.term",
    "任期和换届",
    (
        Clause(
            TERMS,
            Mark.STORED,
            Force.WARN,
            "党委任期 5 年，党总支、党支部任期 3 年；提前或延期换届须经批准，不超过 1 年。",
            _term,
            (*_LENGTHS, Figure("shift", "提前或延期", 1, Bound.AT_MOST, "年", stop=1)),
        ),
    ),
)
REMINDER = Rule(
    "terms.reminder",
    "换届提醒",
    (
        Clause(
            TERMS,
            Mark.STORED,
            Force.INFORM,
            "上级党组织在届满前约 6 个月提醒换届。",
            _reminder,
            (*_LENGTHS, Figure("months", "提前提醒", 6, Bound.AT_LEAST, "个月", stop=24)),
        ),
    ),
)
RULES = (TERM, REMINDER)
