"""From the candidate to the probationary member: steps 9 to 18."""

from fractions import Fraction

from rulebook.calendar import add_months
from rulebook.development.facts import Development
from rulebook.development.joining import NOT_CANDIDATE, all_full
from rulebook.development.texts import of_2014, of_2026, rule, same, taken
from rulebook.measures import (
    all_of,
    compared,
    doubtful,
    met,
    not_applicable,
    not_met,
    unknown,
    within_months,
    yes,
)
from rulebook.model import (
    NOT_DONE,
    Asked,
    Bound,
    Clause,
    Figure,
    Force,
    Mark,
    Outcome,
    Verdict,
)
from rulebook.regulations import DEVELOPMENT_2014, DEVELOPMENT_2026
from rulebook.voting import Vote, by_entitled, quorum
from rulebook.words import day

NO_MEETING = "支部大会还没有讨论"


def _introducers(facts: Development, asked: Asked) -> Outcome:
    if not taken(facts.candidate):
        return not_applicable(NOT_CANDIDATE)
    if facts.introducers is None:
        return unknown("入党介绍人数")
    wanted = asked["number"]
    words = f"入党介绍人 {facts.introducers} 名，应为 {wanted.amount}"
    number = met(words) if facts.introducers == wanted.value else not_met(words)
    return all_of(number, all_full("入党介绍人", facts.introducers, facts.introducers_full))


def _review(facts: Development, _asked: Asked) -> Outcome:
    if not taken(facts.candidate):
        return not_applicable(NOT_CANDIDATE)
    return yes("政治审查", facts.reviewed)


def _training(facts: Development, asked: Asked) -> Outcome:
    if not taken(facts.candidate):
        return not_applicable(NOT_CANDIDATE)
    either = (
        compared("集中培训", facts.training_days, asked["days"]),
        compared("集中培训", facts.training_hours, asked["hours"]),
    )
    for verdict in (Verdict.MET, Verdict.UNKNOWN):
        found = next((each for each in either if each.verdict == verdict), None)
        if found:
            return found
    return not_met("；".join(each.words for each in either))


def _pre_review(facts: Development, asked: Asked) -> Outcome:
    start = ("上级预审合格", facts.pre_reviewed)
    months = asked["months"]
    return within_months(start, "召开支部大会讨论", facts.meeting, months=months, on=asked.on)


def _vote_of(facts: Development) -> Vote:
    return Vote(facts.entitled, facts.present, facts.in_favour)


def _quorum(facts: Development, asked: Asked) -> Outcome:
    if not taken(facts.meeting):
        return not_applicable(NO_MEETING)
    return quorum(_vote_of(facts), asked)


def _vote(facts: Development, asked: Asked) -> Outcome:
    if not taken(facts.meeting):
        return not_applicable(NO_MEETING)
    return by_entitled(_vote_of(facts), asked)


def _secret_vote(facts: Development, asked: Asked) -> Outcome:
    if not taken(facts.meeting):
        return not_applicable(NO_MEETING)
    secret = yes("采用无记名投票", facts.secret_ballot, unmet_as="没有")
    return all_of(by_entitled(_vote_of(facts), asked), secret)


def _approval(facts: Development, asked: Asked) -> Outcome:
    months = asked["special" if facts.special_case else "months"]
    start = ("支部大会通过", facts.meeting)
    return within_months(start, "审批", facts.approved, months=months, on=asked.on)


def _leaving(facts: Development, asked: Asked) -> Outcome:
    if facts.meeting is NOT_DONE:
        return not_applicable(NO_MEETING)
    if facts.meeting is None or facts.leaves is None:
        return unknown("支部大会日期、离开日期")
    line = add_months(facts.meeting, int(asked["months"].value))
    if facts.leaves is NOT_DONE:
        return met(f"{day(line)}前不离开工作、学习单位")
    words = f"{day(facts.meeting)}讨论，{day(facts.leaves)}离开，应在 {day(line)}以后"
    if facts.leaves < facts.meeting:
        return doubtful(words)
    return met(words) if facts.leaves >= line else not_met(f"{words}，一般不办理接收")


INTRODUCERS = same(
    "introducers",
    "入党介绍人",
    "有 2 名正式党员作入党介绍人。",
    _introducers,
    Figure("number", "入党介绍人", 2, Bound.EXACTLY, "名"),
    article="第十四条",
    force=Force.BLOCK,
)
REVIEW = same(
    "review",
    "政治审查",
    "没有经过政治审查的，不能发展入党。",
    _review,
    article="第十六条",
    force=Force.BLOCK,
)
TRAINING = same(
    "training",
    "发展对象集中培训",
    "集中培训不少于 3 天，或不少于 24 学时。",
    _training,
    Figure("days", "集中培训", 3, Bound.AT_LEAST, "天", stop=15),
    Figure("hours", "集中培训", 24, Bound.AT_LEAST, "学时", stop=120),
    article="第十七条",
    force=Force.BLOCK,
)
PRE_REVIEW = rule(
    "pre_review",
    "预审后召开支部大会",
    of_2014("没有这一时限。", None),
    of_2026(
        "上级预审合格后 1 个月内召开支部大会讨论。",
        _pre_review,
        Figure("months", "讨论时限", 1, Bound.AT_MOST, "个月", stop=1),
        article="第十九条",
    ),
)
_HALF = Fraction(1, 2)
QUORUM = same(
    "quorum",
    "支部大会到会人数",
    "实到超过应到的一半。",
    _quorum,
    Figure("present", "实到", _HALF, Bound.MORE_THAN),
)
_FAVOUR = Figure("in_favour", "赞成", _HALF, Bound.MORE_THAN)
VOTE = rule(
    "vote",
    "支部大会表决",
    of_2014("赞成超过应到的一半。", _vote, _FAVOUR),
    of_2026(
        "无记名投票，赞成超过应到的一半。",
        _secret_vote,
        _FAVOUR,
        article="第二十条",
        force=Force.BLOCK,
    ),
)
APPROVAL = same(
    "approval",
    "接收预备党员审批",
    "3 个月内审批，特殊情况不超过 6 个月。",
    _approval,
    Figure("months", "审批时限", 3, Bound.AT_MOST, "个月", stop=1),
    Figure("special", "特殊情况审批时限", 6, Bound.AT_MOST, "个月", stop=3),
    article="第二十五条",
)
_LEAVING = (
    Mark.SECOND_HAND,
    Force.WARN,
    "3 个月内将离开工作、学习单位的，一般不办理接收。",
    _leaving,
    (Figure("months", "离开", 3, Bound.AT_LEAST, "个月", fixed=True),),
)
LEAVING = rule(
    "leaving",
    "即将离开的",
    Clause(DEVELOPMENT_2014, *_LEAVING, note="旧流程图"),
    Clause(DEVELOPMENT_2026, *_LEAVING, note="旧流程图，新版是否沿用待核实"),
)
RULES = (INTRODUCERS, REVIEW, TRAINING, PRE_REVIEW, QUORUM, VOTE, APPROVAL, LEAVING)
