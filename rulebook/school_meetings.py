"""Meetings that decide in a school: Party organisation and head's office (学校议事).

They are those of public schools that a Party organisation of their own leads: kindergartens,
private schools and joint branches stand outside.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from rulebook.measures import Tally, all_of, not_applicable, share, unknown, yes
from rulebook.model import Asked, Bound, Clause, Figure, Force, Mark, Outcome, Rule
from rulebook.regulations import PRINCIPALS


@dataclass(frozen=True)
class SchoolMeeting:
    """One meeting. ``members`` are those of the Party organisation's, or of the head's team."""

    kindergarten: bool | None = None
    private: bool | None = None
    joint_branch: bool | None = None
    members: int | None = None
    present: int | None = None
    appointment: bool | None = None
    secretary_chaired: bool | None = None
    secretary_set_agenda: bool | None = None
    agreed_before: bool | None = None
    agreement_recorded: bool | None = None


_Judge = Callable[[SchoolMeeting, Asked], Outcome]


def _led(judge: _Judge) -> _Judge:
    """Ask only schools that the opinion is about."""

    def inner(facts: SchoolMeeting, asked: Asked) -> Outcome:
        outside = (
            ("幼儿园", facts.kindergarten),
            ("民办学校", facts.private),
            ("联合党支部", facts.joint_branch),
        )
        for name, applies in outside:
            if applies:
                return not_applicable(f"{name}不适用")
        if any(applies is None for _, applies in outside):
            return unknown("学校类别、办学性质")
        return judge(facts, asked)

    return inner


def _chair(facts: SchoolMeeting, _asked: Asked) -> Outcome:
    chaired = yes("由书记主持", facts.secretary_chaired)
    return all_of(chaired, yes("由书记确定议题", facts.secretary_set_agenda))


def _party_meeting(facts: SchoolMeeting, asked: Asked) -> Outcome:
    if facts.appointment is None:
        return unknown("是否讨论干部任免")
    figure = asked["appointment" if facts.appointment else "present"]
    return share(Tally("班子成员", facts.members), Tally("到会", facts.present), figure)


def _office_meeting(facts: SchoolMeeting, asked: Asked) -> Outcome:
    total = Tally("行政班子成员", facts.members)
    return share(total, Tally("到会", facts.present), asked["present"])


def _agreed(facts: SchoolMeeting, _asked: Asked) -> Outcome:
    agreed = yes("会前沟通一致", facts.agreed_before)
    return all_of(agreed, yes("记录会前沟通", facts.agreement_recorded))


def _rule(name: str, title: str, asks: str, judge: _Judge, *figures: Figure) -> Rule[SchoolMeeting]:
    clause = Clause(PRINCIPALS, Mark.STORED, Force.WARN, asks, _led(judge), figures)
    return Rule(f"school_meetings.{name}", title, (clause,))


_HALF = Fraction(1, 2)
CHAIR = _rule("chair", "党组织会议主持", "党组织会议由书记主持、确定议题。", _chair)
PARTY_MEETING = _rule(
    "party_meeting",
    "党组织会议到会人数",
    "党组织会议，到会超过班子成员的一半；讨论干部任免至少三分之二到会。",
    _party_meeting,
    Figure("present", "到会", _HALF, Bound.MORE_THAN),
    Figure("appointment", "讨论干部任免到会", Fraction(2, 3), Bound.AT_LEAST),
)
OFFICE_MEETING = _rule(
    "office_meeting",
    "校长办公会到会人数",
    "校长办公会，到会超过行政班子成员的一半。",
    _office_meeting,
    Figure("present", "到会", _HALF, Bound.MORE_THAN),
)
AGREED = _rule("agreed", "会前沟通", "会前书记与校长充分沟通、取得一致，并有记录。", _agreed)
RULES = (CHAIR, PARTY_MEETING, OFFICE_MEETING, AGREED)
