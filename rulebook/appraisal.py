"""The yearly appraisal of members (民主评议)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rulebook.measures import Tally, all_of, counted, decided, doubtful, met, share, unknown, yes
from rulebook.model import Asked, Bound, Clause, Figure, Force, Judge, Mark, Outcome, Rule
from rulebook.regulations import BRANCH_WORK

GRADES = ("优秀", "合格", "基本合格", "不合格")


@dataclass(frozen=True)
class Appraisal:
    """The appraisals of a year: how many, the last one's parts, its grades.

    ``graded`` maps a grade to how many members got it. ``over``: the year is over.
    """

    held: int | None = None
    over: bool = True
    by_oneself: bool | None = None
    by_others: bool | None = None
    by_ballot: bool | None = None
    full: int | None = None
    graded: Mapping[str, int] | None = None
    probationary: int | None = None
    probationary_present: int | None = None
    probationary_graded: int | None = None


def _held(facts: Appraisal, asked: Asked) -> Outcome:
    times = counted("本年民主评议", facts.held, asked["per_year"], over=facts.over)
    if not facts.held:
        return times
    parts = (
        yes("个人自评", facts.by_oneself),
        yes("党员互评", facts.by_others),
        yes("民主测评", facts.by_ballot),
    )
    return all_of(times, *parts)


def _excellent(facts: Appraisal, asked: Asked) -> Outcome:
    best = facts.graded.get(GRADES[0], 0) if facts.graded is not None else None
    return share(Tally("正式党员", facts.full), Tally(GRADES[0], best), asked["excellent"])


def _grades(facts: Appraisal, _asked: Asked) -> Outcome:
    if facts.graded is None:
        return unknown("评议等次")
    named = "、".join(f"{grade} {number} 人" for grade, number in facts.graded.items())
    others = sorted(set(facts.graded) - set(GRADES))
    words = f"{named or '没有评定'}；等次为{'、'.join(GRADES)}"
    if any(number < 0 for number in facts.graded.values()):
        return doubtful(words)
    return decided(not others, f"{words}，没有{'、'.join(others)}" if others else words)


def _probationary(facts: Appraisal, _asked: Asked) -> Outcome:
    total, present = facts.probationary, facts.probationary_present
    if total == 0:
        return met("没有预备党员")
    if total is None or present is None or facts.probationary_graded is None:
        return unknown("预备党员参加和评定情况")
    words = f"预备党员 {total} 人，参加 {present} 人，评定等次 {facts.probationary_graded} 人"
    if not 0 <= present <= total or not 0 <= facts.probationary_graded <= total:
        return doubtful(words)
    fulfilled = present == total and facts.probationary_graded == 0
    return decided(fulfilled, f"{words}；应全部参加、不评定等次")


def _rule(
    name: str, title: str, asks: str, judge: Judge[Appraisal], *figures: Figure
) -> Rule[Appraisal]:
    clause = Clause(BRANCH_WORK, Mark.STORED, Force.WARN, asks, judge, figures)
    return Rule(f"appraisal.{name}", title, (clause,))


HELD = _rule(
    "held",
    "民主评议次数和程序",
    "每年 1 次，含个人自评、党员互评、民主测评。",
    _held,
    Figure("per_year", "每年", 1, Bound.AT_LEAST, "次", stop=4),
)
EXCELLENT = _rule(
    "excellent",
    "优秀比例",
    "优秀党员不超过正式党员的三分之一。",
    _excellent,
    Figure("excellent", "优秀", Fraction(1, 3), Bound.AT_MOST),
)
GRADE_NAMES = _rule("grades", "评议等次", "等次为优秀、合格、基本合格、不合格。", _grades)
PROBATIONARY = _rule(
    "probationary", "预备党员参加评议", "预备党员参加评议，不评定等次。", _probationary
)
RULES = (HELD, EXCELLENT, GRADE_NAMES, PROBATIONARY)
