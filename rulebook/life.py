"""Organisational life and training (组织生活、教育培训)."""

from dataclasses import dataclass

from rulebook.measures import (
    all_of,
    counted,
    decided,
    doubtful,
    met,
    not_applicable,
    unknown,
    yes,
)
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
from rulebook.regulations import BRANCH_WORK, UNNAMED

NO_COMMITTEE = "不设支部委员会"
FOURTH_QUARTER = 10


@dataclass(frozen=True)
class Meetings:
    """Meetings of one kind in one period (a month, a quarter, a year).

    ``over``: the period is over. ``committee``: there is one. ``groups``: how many Party groups;
    where there are several, each is judged by itself. ``fixed_day``: theme days keep to one.
    ``last_month``: the month of the last meeting.
    """

    held: int | None = None
    over: bool = True
    committee: bool | None = None
    groups: int | None = None
    fixed_day: bool | None = None
    last_month: int | None = None


@dataclass(frozen=True)
class Lessons:
    """Party lessons of a quarter and of the term that it belongs to."""

    in_quarter: int | None = None
    in_term: int | None = None
    over: bool = True


@dataclass(frozen=True)
class Talks:
    """Heart-to-heart talks of a year, by who talks with whom."""

    committee: bool | None = None
    within_committee: int | None = None
    committee_with_members: int | None = None
    among_members: int | None = None
    over: bool = True


@dataclass(frozen=True)
class Training:
    """Hours of training of one person in a year. ``leads``: a secretary or committee member."""

    hours: int | None = None
    leads: bool | None = None
    over: bool = True


@dataclass(frozen=True)
class FirstItems:
    """Party-organisation meetings, and how many began with a recorded first item (第一议题)."""

    meetings: int | None = None
    recorded: int | None = None


def _members_meeting(facts: Meetings, asked: Asked) -> Outcome:
    return counted("本季度党员大会", facts.held, asked["per_quarter"], over=facts.over)


def _committee_meeting(facts: Meetings, asked: Asked) -> Outcome:
    if facts.committee is None:
        return unknown("是否设支部委员会")
    if not facts.committee:
        return not_applicable(NO_COMMITTEE)
    return counted("本月支委会", facts.held, asked["per_month"], over=facts.over)


def _group_meeting(facts: Meetings, asked: Asked) -> Outcome:
    if facts.groups is None:
        return unknown("党小组数")
    if facts.groups == 0:
        return not_applicable("没有划分党小组")
    return counted("本月党小组会", facts.held, asked["per_month"], over=facts.over)


def _lessons(facts: Lessons, asked: Asked) -> Outcome:
    """No national count: only what units have asked for of their own counts."""
    pairs = (
        ("本学期党课", facts.in_term, asked["per_term"]),
        ("本季度党课", facts.in_quarter, asked["per_quarter"]),
    )
    own = [pair for pair in pairs if pair[2].value]
    if not own:
        return not_applicable("定期上党课，全国没有统一次数，本地也没有规定次数")
    return all_of(*(counted(*pair, over=facts.over) for pair in own))


def _secretary_lesson(facts: Meetings, asked: Asked) -> Outcome:
    if facts.committee is None:
        return unknown("是否设委员会")
    if not facts.committee:
        return not_applicable("不设委员会")
    return counted("书记本年讲党课", facts.held, asked["per_year"], over=facts.over)


def _theme_day(facts: Meetings, asked: Asked) -> Outcome:
    return counted("本月主题党日", facts.held, asked["per_month"], over=facts.over)


def _fixed_day(facts: Meetings, _asked: Asked) -> Outcome:
    return yes("在固定的日子开展", facts.fixed_day)


def _org_life(facts: Meetings, asked: Asked) -> Outcome:
    outcome = counted("本年组织生活会", facts.held, asked["per_year"], over=facts.over)
    month = facts.last_month
    if not facts.held or month is None:
        return outcome
    when = "第四季度" if month >= FOURTH_QUARTER else "一般在第四季度"
    return Outcome(outcome.verdict, f"{outcome.words}；{month}月召开（{when}）")


def _talks(facts: Talks, asked: Asked) -> Outcome:
    if facts.committee is None:
        return unknown("是否设支部委员会")
    line = asked["per_year"]
    among = counted("党员之间谈心谈话", facts.among_members, line, over=facts.over)
    if not facts.committee:
        return all_of(among)
    within, between = (
        counted(f"{who}谈心谈话", found, line, over=facts.over)
        for who, found in (
            ("委员之间", facts.within_committee),
            ("委员与党员", facts.committee_with_members),
        )
    )
    return all_of(within, between, among)


def _member_training(facts: Training, asked: Asked) -> Outcome:
    return counted("年度学时", facts.hours, asked["hours"], over=facts.over)


def _leader_training(facts: Training, asked: Asked) -> Outcome:
    if facts.leads is None:
        return unknown("是否书记、委员")
    if not facts.leads:
        return not_applicable("不是书记、委员")
    return counted("年度学时", facts.hours, asked["hours"], over=facts.over)


def _first_item(facts: FirstItems, _asked: Asked) -> Outcome:
    if facts.meetings is None or facts.recorded is None:
        return unknown("第一议题次数")
    if facts.meetings == 0:
        return met("没有召开党组织会议")
    words = f"党组织会议 {facts.meetings} 次，有第一议题记录 {facts.recorded} 次"
    if not 0 <= facts.recorded <= facts.meetings:
        return doubtful(words)
    return decided(facts.recorded == facts.meetings, words)


def _rule(
    name: str,
    title: str,
    asks: str,
    judge: Judge[F],
    *figures: Figure,
    source: tuple[Edition, Mark] = (BRANCH_WORK, Mark.STORED),
) -> Rule[F]:
    edition, mark = source
    clause = Clause(edition, mark, Force.WARN, asks, judge, figures)
    return Rule(f"life.{name}", title, (clause,))


def _times(key: str, label: str, value: int, *, stop: int) -> Figure:
    return Figure(key, label, value, Bound.AT_LEAST, "次", stop=stop)


MEMBERS_MEETING = _rule(
    "members_meeting",
    "党员大会",
    "每季度召开 1 次。",
    _members_meeting,
    _times("per_quarter", "每季度", 1, stop=12),
)
COMMITTEE_MEETING = _rule(
    "committee_meeting",
    "支委会",
    "每月召开 1 次；不设支部委员会的不适用。",
    _committee_meeting,
    _times("per_month", "每月", 1, stop=8),
)
GROUP_MEETING = _rule(
    "group_meeting",
    "党小组会",
    "每月召开 1 次；没有划分党小组的不适用。",
    _group_meeting,
    _times("per_month", "每月", 1, stop=8),
)
LESSONS = _rule(
    "lessons",
    "党课",
    "定期上党课；全国没有统一次数，本地可规定每学期或每季度几次。",
    _lessons,
    _times("per_term", "每学期", 0, stop=20),
    _times("per_quarter", "每季度", 0, stop=12),
)
SECRETARY_LESSON = _rule(
    "secretary_lesson",
    "书记讲党课",
    "委员会书记每年至少讲 1 次党课。",
    _secretary_lesson,
    _times("per_year", "每年", 1, stop=12),
)
THEME_DAY = _rule(
    "theme_day",
    "主题党日",
    "每月固定 1 天开展主题党日。",
    _theme_day,
    _times("per_month", "每月", 1, stop=8),
)
FIXED_DAY = _rule("fixed_day", "主题党日固定日", "主题党日在每月固定的日子。", _fixed_day)
ORG_LIFE_MEETING = _rule(
    "org_life_meeting",
    "组织生活会",
    "每年至少 1 次，一般在第四季度。",
    _org_life,
    _times("per_year", "每年", 1, stop=12),
)
TALKS = _rule(
    "talks",
    "谈心谈话",
    "委员之间、委员与党员、党员之间每年至少 1 次。",
    _talks,
    _times("per_year", "每年", 1, stop=12),
)
MEMBER_TRAINING = _rule(
    "member_training",
    "党员教育培训学时",
    "党员每年至少 32 学时。",
    _member_training,
    Figure("hours", "每年", 32, Bound.AT_LEAST, "学时", stop=400),
    source=(UNNAMED, Mark.GENERAL),
)
LEADER_TRAINING = _rule(
    "leader_training",
    "书记、委员培训学时",
    "书记和委员每年至少 56 学时。",
    _leader_training,
    Figure("hours", "每年", 56, Bound.AT_LEAST, "学时", stop=400),
    source=(UNNAMED, Mark.GENERAL),
)
FIRST_ITEM = _rule(
    "first_item",
    "第一议题",
    "每次党组织会议都有第一议题，并有记录。",
    _first_item,
    source=(UNNAMED, Mark.SEED),
)
RULES = (
    MEMBERS_MEETING,
    COMMITTEE_MEETING,
    GROUP_MEETING,
    LESSONS,
    SECRETARY_LESSON,
    THEME_DAY,
    FIXED_DAY,
    ORG_LIFE_MEETING,
    TALKS,
    MEMBER_TRAINING,
    LEADER_TRAINING,
    FIRST_ITEM,
)
