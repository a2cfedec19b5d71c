"""Setting organisations up: how many members, which committee (组织设置)."""

from dataclasses import dataclass
from enum import StrEnum

from rulebook.measures import (
    all_of,
    compared,
    decided,
    doubtful,
    met,
    not_applicable,
    not_met,
    unknown,
    yes,
)
from rulebook.model import Asked, Bound, Clause, Figure, Force, Mark, Outcome, Rule
from rulebook.regulations import BRANCH_WORK, SCHOOL_PARTY_BUILDING, UNNAMED


class Kind(StrEnum):
    """Kinds of Party organisations; the same words as those of the portal."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    JOINT_BRANCH = "joint_branch"


BRANCHES = (Kind.BRANCH, Kind.JOINT_BRANCH)
ONLY_BRANCHES = "只适用于党支部"


@dataclass(frozen=True)
class Setup:
    """An organisation as it is set up on a day.

    ``full`` counts full members (正式党员), ``members`` probationary ones too; of a general branch
    or a Party committee those of the whole subtree. ``units`` is how many units a joint branch
    spans. ``committee`` is how many sit in its committee, 0 for none; ``seats`` how many were
    elected into it.
    """

    kind: Kind
    full: int | None = None
    members: int | None = None
    units: int | None = None
    secretary: bool | None = None
    committee: int | None = None
    seats: int | None = None


@dataclass(frozen=True)
class SchoolSetup:
    """A school: its full members, and whether an organisation works there for it alone."""

    full: int | None = None
    own_organization: bool | None = None


def _founding(facts: Setup, asked: Asked) -> Outcome:
    if facts.kind not in BRANCHES:
        return not_applicable(ONLY_BRANCHES)
    outcome = compared("正式党员", facts.full, asked["full"])
    lone = facts.kind == Kind.BRANCH and facts.full is not None and facts.full < asked["full"].value
    return not_met(f"{outcome.words}，应与相近单位建立联合党支部") if lone else outcome


def _units(facts: Setup, asked: Asked) -> Outcome:
    if facts.kind != Kind.JOINT_BRANCH:
        return not_applicable("不是联合党支部")
    return compared("联合的单位", facts.units, asked["units"])


def _size(facts: Setup, asked: Asked) -> Outcome:
    if facts.kind not in BRANCHES:
        return not_applicable(ONLY_BRANCHES)
    return compared("党员", facts.members, asked["members"])


def _committee(facts: Setup, asked: Asked) -> Outcome:
    if facts.kind not in BRANCHES:
        return not_applicable(ONLY_BRANCHES)
    if facts.full is None:
        return unknown("正式党员数")
    line = int(asked["from"].value)
    if facts.full < 0:
        return doubtful(f"正式党员 {facts.full} 人")
    if facts.full < line:
        words = f"正式党员 {facts.full} 人，不足 {line} 人，设书记 1 名，必要时设副书记"
        return all_of(met(words), yes("配书记", facts.secretary))
    outcome = _committee_size(facts.committee, asked)
    words = f"正式党员 {facts.full} 人，满 {line} 人，应设支部委员会"
    return Outcome(outcome.verdict, f"{words}；{outcome.words}")


def _committee_size(seats: int | None, asked: Asked) -> Outcome:
    if seats is None:
        return unknown("委员数")
    least, usual, most = (asked[key].value for key in ("least", "usual", "most"))
    words = f"委员 {seats} 名，须 {least}–{usual} 名、一般不超过 {most} 名"
    return doubtful(words) if seats < 0 else decided(least <= seats <= most, words)


def _vacancies(facts: Setup, asked: Asked) -> Outcome:
    line = int(asked["from"].value)
    small = facts.kind in BRANCHES and facts.full is not None and facts.full < line
    words = f"不足 {line} 人的党支部，书记由“支部委员会的设置”判断"
    head = not_applicable(words) if small else yes("配书记", facts.secretary)
    return all_of(head, _filled(facts))


def _filled(facts: Setup) -> Outcome:
    """Whether as many sit in the committee as were elected into it."""
    if facts.seats is None:
        return unknown("委员应有数")
    if not facts.seats:
        return not_applicable("不设委员会")
    if facts.committee is None:
        return unknown("在任委员数")
    words = f"委员应有 {facts.seats} 名，在任 {facts.committee} 名"
    missing = facts.seats - facts.committee
    return not_met(f"{words}，缺 {missing} 名") if missing > 0 else met(words)


def _general_branch(facts: Setup, asked: Asked) -> Outcome:
    return _grown(facts, asked, Kind.GENERAL_BRANCH, "不是党总支")


def _party_committee(facts: Setup, asked: Asked) -> Outcome:
    return _grown(facts, asked, Kind.COMMITTEE, "不是党委")


def _grown(facts: Setup, asked: Asked, kind: Kind, otherwise: str) -> Outcome:
    if facts.kind != kind:
        return not_applicable(otherwise)
    outcome = compared("党员", facts.members, asked["members"])
    return Outcome(outcome.verdict, f"{outcome.words}（经批准的除外）")


def _own_organization(facts: SchoolSetup, asked: Asked) -> Outcome:
    if facts.full is None:
        return unknown("正式党员数")
    line = int(asked["full"].value)
    if facts.full < line:
        words = f"正式党员 {facts.full} 人，不足 {line} 人，不要求单独设立"
        return doubtful(words) if facts.full < 0 else not_applicable(words)
    words = f"正式党员 {facts.full} 人，满 {line} 人，应单独设立党组织"
    outcome = yes("单独设立", facts.own_organization)
    return Outcome(outcome.verdict, f"{words}；{outcome.words}")


BRANCH_FOUNDING = Rule(
    "setup.branch_founding",
    "设立党支部",
    (
        Clause(
            BRANCH_WORK,
            Mark.STORED,
            Force.WARN,
            "正式党员 3 人以上可以设立党支部；不足 3 人的建立联合党支部。",
            _founding,
            (Figure("full", "正式党员", 3, Bound.AT_LEAST, "人", fixed=True),),
            article="第二章",
        ),
    ),
)
JOINT_BRANCH_UNITS = Rule(
    "setup.joint_branch_units",
    "联合党支部的单位数",
    (
        Clause(
            BRANCH_WORK,
            Mark.STORED,
            Force.WARN,
            "联合党支部覆盖单位一般不超过 5 个。",
            _units,
            (Figure("units", "覆盖单位", 5, Bound.AT_MOST, "个", stop=2),),
            article="第二章",
        ),
    ),
)
BRANCH_SIZE = Rule(
    "setup.branch_size",
    "党支部人数",
    (
        Clause(
            BRANCH_WORK,
            Mark.STORED,
            Force.WARN,
            "党支部党员一般不超过 50 人。",
            _size,
            (Figure("members", "党员", 50, Bound.AT_MOST, "人", stop=3),),
            article="第二章",
        ),
    ),
)
COMMITTEE = Rule(
    "setup.committee",
    "支部委员会的设置",
    (
        Clause(
            BRANCH_WORK,
            Mark.STORED,
            Force.WARN,
            "正式党员不足 7 人的设书记 1 名，必要时设副书记；"
            "7 人以上的设支部委员会，由 3–5 人组成，一般不超过 7 人。",
            _committee,
            (
                Figure("from", "设委员会的正式党员数", 7, Bound.AT_LEAST, "人", fixed=True),
                Figure("least", "委员", 3, Bound.AT_LEAST, "名", fixed=True),
                Figure("usual", "委员通常", 5, Bound.AT_MOST, "名", fixed=True),
                Figure("most", "委员", 7, Bound.AT_MOST, "名", stop=5),
            ),
            article="第六章",
        ),
    ),
)
VACANCIES = Rule(
    "setup.vacancies",
    "班子空缺",
    (
        Clause(
            UNNAMED,
            Mark.GENERAL,
            Force.INFORM,
            "书记、委员出缺的，及时补齐。",
            _vacancies,
            (Figure("from", "设委员会的正式党员数", 7, Bound.AT_LEAST, "人", fixed=True),),
        ),
    ),
)
GENERAL_BRANCH_SIZE = Rule(
    "setup.general_branch_size",
    "党总支人数",
    (
        Clause(
            UNNAMED,
            Mark.GENERAL,
            Force.INFORM,
            "党员约 50 人以上的设党总支；经批准的除外。",
            _general_branch,
            (Figure("members", "党员", 50, Bound.AT_LEAST, "人", fixed=True),),
        ),
    ),
)
PARTY_COMMITTEE_SIZE = Rule(
    "setup.party_committee_size",
    "党委人数",
    (
        Clause(
            UNNAMED,
            Mark.GENERAL,
            Force.INFORM,
            "党员约 100 人以上的设党委；经批准的除外。",
            _party_committee,
            (Figure("members", "党员", 100, Bound.AT_LEAST, "人", fixed=True),),
        ),
    ),
)
SCHOOL_ORGANIZATION = Rule(
    "setup.school_organization",
    "学校单独设立党组织",
    (
        Clause(
            SCHOOL_PARTY_BUILDING,
            Mark.STORED,
            Force.WARN,
            "正式党员 3 人以上的学校，单独设立党组织。",
            _own_organization,
            (Figure("full", "正式党员", 3, Bound.AT_LEAST, "人", fixed=True),),
        ),
    ),
)
RULES = (
    BRANCH_FOUNDING,
    JOINT_BRANCH_UNITS,
    BRANCH_SIZE,
    COMMITTEE,
    VACANCIES,
    GENERAL_BRANCH_SIZE,
    PARTY_COMMITTEE_SIZE,
    SCHOOL_ORGANIZATION,
)
