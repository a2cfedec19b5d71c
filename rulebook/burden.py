"""Limits that spare the schools (为基层减负)."""

from dataclasses import dataclass

from rulebook.measures import compared, decided, doubtful, not_applicable, unknown, yes
from rulebook.model import (
    Asked,
    Bound,
    Clause,
    Edition,
    F,
    Figure,
    Force,
    Judge,
    Mark,
    Outcome,
    Rule,
)
from rulebook.regulations import GOVERNMENT_APPS, LESS_BURDEN


@dataclass(frozen=True)
class Notice:
    """A notice by the number of its characters. ``special``: it is on one topic (专项)."""

    characters: int | None = None
    special: bool | None = None


@dataclass(frozen=True)
class Documents:
    """How many documents were issued this year and the year before."""

    this_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True)
class Service:
    """An information service that a unit offers to those below it."""

    below_county: bool | None = None
    app: bool | None = None
    forced_check_in: bool | None = None
    points_ranking: bool | None = None
    usage_league: bool | None = None
    complaints: bool | None = None


def _length(facts: Notice, asked: Asked) -> Outcome:
    if facts.special is None:
        return unknown("是否专项文件")
    figure = asked["special" if facts.special else "general"]
    return compared("全文", facts.characters, figure)


def _fewer(facts: Documents, _asked: Asked) -> Outcome:
    if facts.this_year is None or facts.last_year is None:
        return unknown("本年、上年发文数")
    words = f"本年发文 {facts.this_year} 件，上年 {facts.last_year} 件，只减不增"
    if facts.this_year < 0 or facts.last_year < 0:
        return doubtful(words)
    return decided(facts.this_year <= facts.last_year, words)


def _app(facts: Service, _asked: Asked) -> Outcome:
    if facts.below_county is None:
        return unknown("是否县级以下单位")
    if not facts.below_county:
        return not_applicable("不是县级以下单位")
    return _without("建设手机应用、小程序", facts.app)


def _check_in(facts: Service, _asked: Asked) -> Outcome:
    return _without("强制打卡签到", facts.forced_check_in)


def _points(facts: Service, _asked: Asked) -> Outcome:
    return _without("积分排名", facts.points_ranking)


def _league(facts: Service, _asked: Asked) -> Outcome:
    return _without("通报使用率、排名", facts.usage_league)


def _complaints(facts: Service, _asked: Asked) -> Outcome:
    return yes("开通投诉渠道", facts.complaints)


def _without(what: str, found: bool | None) -> Outcome:  # noqa: FBT001 - a fact
    answer = None if found is None else not found
    return yes(what, answer, met_as="没有", unmet_as="有")


def _rule(
    name: str,
    title: str,
    asks: str,
    judge: Judge[F],
    *figures: Figure,
    edition: Edition = GOVERNMENT_APPS,
) -> Rule[F]:
    clause = Clause(edition, Mark.STORED, Force.WARN, asks, judge, figures)
    return Rule(f"burden.{name}", title, (clause,))


LENGTH = _rule(
    "length",
    "文件篇幅",
    "文件不超过 5000 字，专项文件不超过 4000 字。",
    _length,
    Figure("general", "文件", 5000, Bound.AT_MOST, "字", stop=500),
    Figure("special", "专项文件", 4000, Bound.AT_MOST, "字", stop=500),
    edition=LESS_BURDEN,
)
FEWER = _rule("fewer", "发文数量", "年度发文数量只减不增。", _fewer, edition=LESS_BURDEN)
APP = _rule("app", "不建应用", "县级以下单位不建手机应用、小程序。", _app)
CHECK_IN = _rule("check_in", "不强制打卡", "不强制打卡签到。", _check_in)
POINTS = _rule("points", "不搞积分排名", "不对使用系统搞积分排名。", _points)
LEAGUE = _rule("league", "不通报使用率", "不搞使用率通报、排名。", _league)
COMPLAINTS = _rule("complaints", "投诉渠道", "有投诉渠道。", _complaints)
RULES = (LENGTH, FEWER, APP, CHECK_IN, POINTS, LEAGUE, COMPLAINTS)
