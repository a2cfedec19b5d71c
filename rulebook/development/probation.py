"""From the oath to full membership: steps 19 to 25."""

from datetime import date

from rulebook.calendar import add_months, add_years
from rulebook.development.facts import Development
from rulebook.development.texts import of_2014, of_2026, rule, same, taken
from rulebook.measures import (
    all_of,
    compared,
    decided,
    not_applicable,
    not_before,
    unknown,
    within_months,
)
from rulebook.model import NOT_DONE, Asked, Bound, Figure, Force, Outcome
from rulebook.words import day

NOT_ADMITTED = "还没有接收为预备党员"


def probation_ends(meeting: date, extended_months: int, asked: Asked) -> date:
    """Return the day on which a probation is over: calendar years and months after the meeting."""
    return add_months(add_years(meeting, int(asked["years"].value)), extended_months)


def _oath(facts: Development, asked: Asked) -> Outcome:
    start = ("上级批准", facts.approved)
    return within_months(start, "入党宣誓", facts.sworn, months=asked["months"], on=asked.on)


def _length(facts: Development, asked: Asked) -> Outcome:
    if facts.meeting is NOT_DONE:
        return not_applicable(NOT_ADMITTED)
    if facts.meeting is None or facts.extensions is None:
        return unknown("支部大会日期、延长情况")
    if facts.extensions == 0:
        return _over(facts, asked, facts.meeting, 0)
    times = compared("延长预备期", facts.extensions, asked["extensions"])
    months = facts.extended_months
    if months is None:
        return all_of(times, unknown("延长月数"))
    least, most = (compared("延长", months, asked[key]) for key in ("least", "most"))
    return all_of(times, least, most, _over(facts, asked, facts.meeting, months))


def _over(facts: Development, asked: Asked, meeting: date, months: int) -> Outcome:
    end = probation_ends(meeting, max(0, months), asked)
    outcome = not_before("讨论转正", facts.full_meeting, end)
    return Outcome(outcome.verdict, f"预备期自 {day(meeting)}至 {day(end)}，{outcome.words}")


def _full_approval(facts: Development, asked: Asked) -> Outcome:
    start = ("支部大会通过转正", facts.full_meeting)
    months = asked["months"]
    return within_months(start, "审批", facts.full_approved, months=months, on=asked.on)


def _seniority(facts: Development, _asked: Asked) -> Outcome:
    if not taken(facts.full_meeting):
        return not_applicable("还没有转正")
    if facts.full_since is None or facts.seniority_from is None:
        return unknown("转正日期、党龄起算日期")
    words = f"{day(facts.full_since)}转正，党龄自 {day(facts.seniority_from)}起算"
    return decided(facts.full_since == facts.seniority_from, f"{words}，应从转正之日起算")


OATH = rule(
    "oath",
    "入党宣誓",
    of_2014("没有这一时限。", None),
    of_2026(
        "一般在批准后 1 个月内宣誓。",
        _oath,
        Figure("months", "宣誓时限", 1, Bound.AT_MOST, "个月", stop=1),
        article="第二十九条",
    ),
)
LENGTH = same(
    "probation",
    "预备期",
    "预备期 1 年，从支部大会通过之日算起；可延长一次，6–12 个月。",
    _length,
    Figure("years", "预备期", 1, Bound.EXACTLY, "年"),
    Figure("extensions", "延长", 1, Bound.AT_MOST, "次", fixed=True),
    Figure("least", "延长", 6, Bound.AT_LEAST, "个月", fixed=True),
    Figure("most", "延长", 12, Bound.AT_MOST, "个月", fixed=True),
    article="第三十一条",
    force=Force.BLOCK,
)
FULL_APPROVAL = same(
    "full_approval",
    "转正审批",
    "3 个月内审批。",
    _full_approval,
    Figure("months", "审批时限", 3, Bound.AT_MOST, "个月", stop=1),
    article="第三十三条",
)
SENIORITY = same("seniority", "党龄", "党龄从转正之日算起。", _seniority, article="第三十三条")
RULES = (OATH, LENGTH, FULL_APPROVAL, SENIORITY)
