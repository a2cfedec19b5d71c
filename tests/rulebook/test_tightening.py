"""A unit may ask for more than the regulation does, never for less."""

from datetime import date
from fractions import Fraction

import pytest

from rulebook.checking import check
from rulebook.life import MEMBERS_MEETING, Meetings
from rulebook.model import Tightening
from rulebook.registry import RULES, figures_of, rule_of
from rulebook.tightening import LooseningError, as_held, may_tighten, tighten
from rulebook.voting import ELECTION_QUORUM, Vote
from tests.rulebook.findings import MET, NOT_MET, ON, UNKNOWN, said, verdict

BUREAU = Tightening(
    MEMBERS_MEETING.key, "per_quarter", 3, "区教育局党委", "澄教委〔2026〕3号", date(2026, 1, 1)
)


def figure(key, name):
    return rule_of(key).clauses[-1].figure(name)


def refused(key, name, value):
    with pytest.raises(LooseningError) as caught:
        tighten(figure(key, name), value)
    return caught.value.reason


def test_three_meetings_instead_of_one():
    assert tighten(figure("life.members_meeting", "per_quarter"), 3).demand == "至少 3 次"
    assert said(MEMBERS_MEETING, Meetings(held=2), tightenings=[BUREAU]) == (
        NOT_MET,
        "本季度党员大会 2 次，应至少 3 次，还差 1 次",
    )


def test_whose_demand_it_is_stands_beside_the_article():
    found = check(MEMBERS_MEETING, Meetings(held=2), on=ON, tightenings=[BUREAU])
    assert found.tightened == (BUREAU,)
    assert found.reference == (
        "《中国共产党支部工作条例（试行）》条款待核实；区教育局党委从严规定（澄教委〔2026〕3号）"
    )


def test_it_holds_from_its_day_to_its_last():
    ended = Tightening(
        *(BUREAU.rule, BUREAU.figure, 3, "局", "文"), BUREAU.since, date(2026, 6, 30)
    )
    two = Meetings(held=2)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    found = [verdict(MEMBERS_MEETING, two, on=on, tightenings=[ended]) for on in days]
    assert found == [MET, NOT_MET, NOT_MET, MET]


def test_the_strictest_of_several_wins_and_alone_is_named():
    school = Tightening(BUREAU.rule, BUREAU.figure, 4, "芙蓉小学党总支", "芙党〔2026〕1号", ON)
    for order in ([BUREAU, school], [school, BUREAU]):
        found = check(MEMBERS_MEETING, Meetings(held=3), on=ON, tightenings=order)
        assert (found.verdict, found.tightened) == (NOT_MET, (school,))


def test_what_the_regulation_has_overtaken_does_nothing():
    looser = Tightening(BUREAU.rule, BUREAU.figure, 0, "局", "文", BUREAU.since)
    found = check(MEMBERS_MEETING, Meetings(held=0), on=ON, tightenings=[looser])
    assert (found.verdict, found.tightened) == (NOT_MET, ())


def test_those_of_other_rules_and_figures_do_nothing():
    others = [
        Tightening("life.theme_day", "per_quarter", 9, "局", "文", BUREAU.since),
        Tightening(BUREAU.rule, "per_month", 9, "局", "文", BUREAU.since),
    ]
    assert verdict(MEMBERS_MEETING, Meetings(held=1), tightenings=others) == MET
    assert verdict(MEMBERS_MEETING, Meetings(), tightenings=[BUREAU]) == UNKNOWN


def test_loosening_is_refused_with_the_reason():
    assert refused("life.members_meeting", "per_quarter", 0) == (
        "“每季度”现行至少 1 次，改为没有规定是放宽；只能从严，不能放宽。"
    )
    assert refused("setup.branch_size", "members", 60) == (
        "“党员”现行不超过 50 人，改为不超过 60 人是放宽；只能从严，不能放宽。"
    )
    assert refused("voting.election_quorum", "present", Fraction(1, 2)) == (
        "“实到”现行超过五分之四，改为过半是放宽；只能从严，不能放宽。"
    )


def test_what_is_the_same_or_fixed_or_beyond_all_is_refused():
    assert refused("life.member_training", "hours", 32) == (
        "“每年”现行就是至少 32 学时，没有从严。"
    )
    assert refused("terms.term", "branch", 2) == (
        "“党总支、党支部任期”是固定的（3 年），不能另行规定。"
    )
    assert refused("setup.branch_founding", "full", 5) == (
        "“正式党员”是固定的（3 人），不能另行规定。"
    )
    assert refused("life.theme_day", "per_month", 9) == "“每月”从严到 8 次为止，写的是 9 次。"
    assert refused("voting.election_quorum", "present", 1) == (
        "“实到”写成超过 1，谁也做不到，请核对。"
    )
    assert refused("life.theme_day", "per_month", Fraction(3, 2)) == (
        "“每月”按次算，应填整数，写的是 3/2。"
    )
    assert refused("appraisal.excellent", "excellent", 0) == (
        "“优秀”写成没有规定，谁也做不到，请核对。"
    )


def test_a_share_may_be_tightened():
    most = Tightening(ELECTION_QUORUM.key, "present", Fraction(9, 10), "局", "文", date(2026, 1, 1))
    assert said(ELECTION_QUORUM, Vote(20, 18), tightenings=[most]) == (
        NOT_MET,
        "应到 20 人，实到须超过十分之九：19 人，实为 18 人",
    )


def test_what_may_be_tightened_has_a_stricter_value():
    for rule in RULES:
        for each in figures_of(rule):
            if may_tighten(each) and each.stop is not None:
                assert tighten(each, each.stop).value == each.stop, rule.key


def test_figures_are_given_as_they_hold():
    clause = MEMBERS_MEETING.clauses[-1]
    asked, used = as_held(MEMBERS_MEETING, clause, ON, [BUREAU])
    assert (asked["per_quarter"].value, used) == (3, (BUREAU,))
