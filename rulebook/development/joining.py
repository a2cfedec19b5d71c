"""From the application to the candidate: steps 1 to 8."""

from datetime import date
from itertools import pairwise

from rulebook.calendar import add_months, add_years
from rulebook.development.facts import Development
from rulebook.development.texts import of_2014, of_2026, rule, same, taken
from rulebook.evaluation import PublicNotice, notice_days
from rulebook.measures import (
    all_of,
    compared,
    doubtful,
    met,
    not_applicable,
    not_before,
    not_met,
    unknown,
    within_months,
    yes,
)
from rulebook.model import NOT_DONE, Asked, Bound, Figure, Force, Outcome, Verdict
from rulebook.words import day

NOT_ACTIVIST = "还没有确定为入党积极分子"
NOT_CANDIDATE = "还没有确定为发展对象"


def _age(facts: Development, asked: Asked) -> Outcome:
    if facts.born is None or facts.applied is None:
        return unknown("出生日期、申请日期")
    adult = add_years(facts.born, int(asked["age"].value))
    words = f"{day(facts.born)}出生，{day(adult)}年满 {asked['age'].amount}"
    if facts.applied is NOT_DONE:
        return not_applicable(f"{words}，还没有申请")
    words = f"{words}，{day(facts.applied)}申请"
    return met(words) if facts.applied >= adult else not_met(words)


def _talk(facts: Development, asked: Asked) -> Outcome:
    start = ("递交入党申请书", facts.applied)
    return within_months(start, "派人谈话", facts.talked, months=asked["months"], on=asked.on)


def _activist(facts: Development, _asked: Asked) -> Outcome:
    if facts.activist is NOT_DONE:
        return not_applicable(NOT_ACTIVIST)
    if facts.activist is None:
        return unknown("确定为入党积极分子的日期")
    decided = met(f"{day(facts.activist)}支部确定为入党积极分子")
    return all_of(decided, yes("报上级备案", facts.filed))


def _sponsors(facts: Development, asked: Asked) -> Outcome:
    if not taken(facts.activist):
        return not_applicable(NOT_ACTIVIST)
    least = compared("培养联系人", facts.sponsors, asked["least"])
    if least.verdict == Verdict.MET:
        least = compared("培养联系人", facts.sponsors, asked["most"])
    return all_of(least, all_full("培养联系人", facts.sponsors, facts.sponsors_full))


def all_full(who: str, number: int | None, full: int | None) -> Outcome:
    """Ask that all of those named are full members (正式党员)."""
    if number is None or full is None:
        return unknown(f"{who}中的正式党员数")
    words = f"其中正式党员 {full} 名"
    if not 0 <= full <= number:
        return doubtful(words)
    return met(words) if full == number else not_met(f"{words}，应都是正式党员")


def _observation(facts: Development, asked: Asked) -> Outcome:
    if facts.activist is NOT_DONE:
        return not_applicable(NOT_ACTIVIST)
    if facts.activist is None or facts.observed is None:
        return unknown("考察日期")
    end = facts.candidate if isinstance(facts.candidate, date) else asked.on
    months = int(asked["months"].value)
    days = [facts.activist, *sorted(facts.observed), end]
    for before, after in pairwise(days):
        line = add_months(before, months)
        if after > line:
            return not_met(f"{day(before)}以后，应于 {day(line)}前考察，{day(after)}仍没有")
    last = add_months(days[-2], months)
    times = f"已考察 {len(facts.observed)} 次，每 {asked['months'].amount}至少一次"
    return met(f"{times}，下一次 {day(last)}前")


def _year_as_activist(facts: Development, asked: Asked) -> Outcome:
    if facts.activist is None:
        return unknown("确定为入党积极分子的日期")
    if facts.activist is NOT_DONE:
        return not_applicable(NOT_ACTIVIST)
    earliest = add_years(facts.activist, int(asked["years"].value))
    outcome = not_before("确定为发展对象", facts.candidate, earliest)
    return Outcome(outcome.verdict, f"{day(facts.activist)}确定为入党积极分子，{outcome.words}")


def _candidate_2014(facts: Development, asked: Asked) -> Outcome:
    year = _year_as_activist(facts, asked)
    if not taken(facts.candidate):
        return year
    return all_of(year, yes("报上级备案", facts.candidate_filed))


def _candidate_2026(facts: Development, asked: Asked) -> Outcome:
    year = _year_as_activist(facts, asked)
    return all_of(year, _superior(facts)) if taken(facts.candidate) else year


def _superior(facts: Development) -> Outcome:
    if facts.superior_agreed is None:
        return unknown("上级同意日期")
    if facts.superior_agreed is NOT_DONE:
        return not_met("上级还没有同意")
    return met(f"{day(facts.superior_agreed)}上级同意")


def _notice(facts: Development, asked: Asked) -> Outcome:
    if not taken(facts.candidate):
        return not_applicable(NOT_CANDIDATE)
    found = notice_days(
        PublicNotice(facts.notice_first, facts.notice_last, facts.is_workday), asked["workdays"]
    )
    agreed, first = facts.superior_agreed, facts.notice_first
    if first is None or agreed is None:
        return all_of(found, unknown("上级同意日期")) if agreed is None else found
    if agreed is NOT_DONE:
        return all_of(found, not_met("上级还没有同意，不能公示"))
    order = f"{day(agreed)}上级同意，{day(first)}开始公示"
    return all_of(found, met(order) if first >= agreed else not_met(f"{order}，应先同意后公示"))


AGE = same(
    "age",
    "申请入党的年龄",
    "年满 18 岁可以申请入党。",
    _age,
    Figure("age", "年龄", 18, Bound.AT_LEAST, "岁", fixed=True),
    article="第五条",
    force=Force.BLOCK,
)
TALK = same(
    "talk",
    "申请后谈话",
    "收到入党申请书后 1 个月内派人谈话。",
    _talk,
    Figure("months", "谈话时限", 1, Bound.AT_MOST, "个月", stop=1),
    article="第七条",
)
ACTIVIST = same(
    "activist",
    "确定入党积极分子",
    "支部研究确定，报上级党委备案。",
    _activist,
    article="第八条",
)
SPONSORS = same(
    "sponsors",
    "培养联系人",
    "指定 1–2 名正式党员作培养联系人。",
    _sponsors,
    Figure("least", "培养联系人", 1, Bound.AT_LEAST, "名", stop=2),
    Figure("most", "培养联系人", 2, Bound.AT_MOST, "名", fixed=True),
    article="第九条",
)
OBSERVATION = same(
    "observation",
    "入党积极分子考察",
    "每半年考察一次。",
    _observation,
    Figure("months", "考察间隔", 6, Bound.AT_MOST, "个月", stop=1),
    article="第十一条",
)
_YEARS = Figure("years", "培养教育考察", 1, Bound.AT_LEAST, "年", stop=3)
CANDIDATE = rule(
    "candidate",
    "确定发展对象",
    of_2014("经过 1 年以上培养教育考察，报上级党委备案。", _candidate_2014, _YEARS),
    of_2026(
        "经过 1 年以上培养教育考察，上级党委同意。",
        _candidate_2026,
        _YEARS,
        article="第十三条",
        force=Force.BLOCK,
    ),
)
NOTICE = rule(
    "notice",
    "发展对象公示",
    of_2014("没有公示的规定。", None),
    of_2026(
        "上级党委同意后公示，不少于 5 个工作日。",
        _notice,
        Figure("workdays", "公示", 5, Bound.AT_LEAST, "个工作日", stop=30),
        article="第十三条",
        force=Force.BLOCK,
    ),
)
RULES = (AGE, TALK, ACTIVIST, SPONSORS, OBSERVATION, CANDIDATE, NOTICE)
