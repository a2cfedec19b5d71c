"""Elections, which count those present, and decisions, which count those entitled (选举表决)."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from rulebook.measures import Tally, decided, doubtful, not_applicable, share, undecided, unknown
from rulebook.model import Asked, Bound, Clause, Figure, Force, Mark, Outcome, Rule
from rulebook.regulations import BRANCH_WORK, ELECTIONS


@dataclass(frozen=True)
class Vote:
    """A meeting that votes: entitled to vote (应到), present (实到), votes in favour."""

    entitled: int | None = None
    present: int | None = None
    in_favour: int | None = None


@dataclass(frozen=True)
class Candidates:
    """Candidates for the seats of a committee; ``committee`` False: only a secretary is elected."""

    committee: bool | None = None
    seats: int | None = None
    candidates: int | None = None


def quorum(facts: Vote, asked: Asked) -> Outcome:
    """Those present against those entitled."""
    return share(Tally("应到", facts.entitled), Tally("实到", facts.present), asked["present"])


def by_entitled(facts: Vote, asked: Asked) -> Outcome:
    """Votes in favour against those entitled, whoever stayed away."""
    total = Tally("应到", facts.entitled)
    return share(total, Tally("赞成", facts.in_favour, "票"), asked["in_favour"])


def _by_present(facts: Vote, asked: Asked) -> Outcome:
    total = Tally("实到", facts.present)
    return share(total, Tally("赞成", facts.in_favour, "票"), asked["in_favour"])


def _more_candidates(facts: Candidates, asked: Asked) -> Outcome:
    if facts.committee is False:
        return not_applicable("不设委员会")
    if facts.seats is None:
        return unknown("应选人数")
    more = asked["more"]
    line = facts.seats + ceil(facts.seats * more.value)
    words = f"应选 {facts.seats} 人，候选人应多{more.amount}：{line} 人"
    if facts.candidates is None:
        return undecided(words, "候选人数")
    words = f"{words}，实为 {facts.candidates} 人"
    if facts.seats < 1 or facts.candidates < 0:
        return doubtful(words)
    return decided(facts.candidates >= line, words)


_HALF = Fraction(1, 2)
ELECTION_QUORUM = Rule(
    "voting.election_quorum",
    "选举到会人数",
    (
        Clause(
            ELECTIONS,
            Mark.STORED,
            Force.WARN,
            "有选举权的到会人数超过应到的五分之四，选举有效。",
            quorum,
            (Figure("present", "实到", Fraction(4, 5), Bound.MORE_THAN),),
        ),
    ),
)
ELECTION_MAJORITY = Rule(
    "voting.election_majority",
    "选举当选票数",
    (
        Clause(
            ELECTIONS,
            Mark.STORED,
            Force.WARN,
            "赞成票超过实到有选举权人数的一半，方可当选。",
            _by_present,
            (Figure("in_favour", "赞成", _HALF, Bound.MORE_THAN),),
        ),
    ),
)
CANDIDATES = Rule(
    "voting.candidates",
    "委员候选人差额",
    (
        Clause(
            ELECTIONS,
            Mark.GENERAL,
            Force.WARN,
            "委员候选人比应选人数多五分之一。",
            _more_candidates,
            (Figure("more", "差额", Fraction(1, 5), Bound.AT_LEAST),),
        ),
    ),
)
DECISION_QUORUM = Rule(
    "voting.decision_quorum",
    "党员大会表决到会人数",
    (
        Clause(
            BRANCH_WORK,
            Mark.GENERAL,
            Force.WARN,
            "党员大会表决，实到超过应到的一半。",
            quorum,
            (Figure("present", "实到", _HALF, Bound.MORE_THAN),),
        ),
    ),
)
DECISION_MAJORITY = Rule(
    "voting.decision_majority",
    "党员大会表决票数",
    (
        Clause(
            BRANCH_WORK,
            Mark.GENERAL,
            Force.WARN,
            "党员大会决议，赞成超过应到的一半。",
            by_entitled,
            (Figure("in_favour", "赞成", _HALF, Bound.MORE_THAN),),
        ),
    ),
)
RULES = (ELECTION_QUORUM, ELECTION_MAJORITY, CANDIDATES, DECISION_QUORUM, DECISION_MAJORITY)
