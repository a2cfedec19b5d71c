"""The development of members by both editions: calendar months, notices, votes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from common.workdays import is_workday
from rulebook.checking import check
from rulebook.development import admission, joining, order, probation
from rulebook.development.facts import Development
from rulebook.development.order import Steps
from rulebook.model import NOT_DONE
from tests.rulebook.findings import MET, NA, NOT_MET, PENDING, UNKNOWN, said, verdict

IN_2020 = date(2020, 6, 1)
IN_2026 = date(2026, 6, 1)
ACTIVIST = Development(activist=date(2025, 3, 1))
CANDIDATE = replace(ACTIVIST, candidate=date(2026, 5, 11))
# Of 6 to 11 May 2026 only Sunday is free: Saturday the 9th is worked instead of a holiday.
NOTICED = replace(
    CANDIDATE,
    superior_agreed=date(2026, 5, 6),
    notice_first=date(2026, 5, 6),
    notice_last=date(2026, 5, 11),
    is_workday=is_workday,
)


@pytest.mark.parametrize(
    ("born", "applied", "expected"),
    [
        (date(2008, 6, 1), date(2026, 6, 1), MET),
        (date(2008, 6, 2), date(2026, 6, 1), NOT_MET),
        (date(2008, 2, 29), date(2026, 2, 28), MET),
        (None, date(2026, 6, 1), UNKNOWN),
        (date(2008, 6, 1), None, UNKNOWN),
        (date(2008, 6, 1), NOT_DONE, NA),
    ],
)
def test_whoever_applies_is_eighteen(born, applied, expected):
    assert verdict(joining.AGE, Development(born=born, applied=applied)) == expected


def test_what_is_not_met_blocks_by_the_edition_of_2026_only():
    young = Development(born=date(2010, 1, 1), applied=date(2020, 1, 1))
    old, new = (check(joining.AGE, young, on=on) for on in (IN_2020, IN_2026))
    assert (old.verdict, old.blocks) == (NOT_MET, False)
    assert (new.verdict, new.blocks) == (NOT_MET, True)
    assert old.reference == "《中国共产党发展党员工作细则》（2014年版）条款待核实"
    assert new.reference == "《中国共产党发展党员工作细则》（2026年5月版）第五条"


@pytest.mark.parametrize(
    ("talked", "on", "expected"),
    [
        (date(2026, 2, 28), IN_2026, MET),
        (date(2026, 3, 1), IN_2026, NOT_MET),
        (date(2026, 1, 30), IN_2026, UNKNOWN),
        (NOT_DONE, date(2026, 2, 28), PENDING),
        (NOT_DONE, date(2026, 3, 1), NOT_MET),
        (None, IN_2026, UNKNOWN),
    ],
)
def test_a_talk_within_a_calendar_month(talked, on, expected):
    """31 January and a month is 28 February, not the 2nd of March."""
    facts = Development(applied=date(2026, 1, 31), talked=talked)
    assert verdict(joining.TALK, facts, on=on) == expected


def test_the_talk_in_words():
    facts = Development(applied=date(2026, 1, 31), talked=date(2026, 3, 3))
    assert said(joining.TALK, facts) == (
        NOT_MET,
        "2026年1月31日递交入党申请书，应于 2026年2月28日前派人谈话，实际 2026年3月3日，晚 3 天",
    )
    assert verdict(joining.TALK, Development()) == UNKNOWN
    assert verdict(joining.TALK, Development(applied=NOT_DONE)) == NA


def test_activists_are_decided_and_filed_above():
    assert verdict(joining.ACTIVIST, replace(ACTIVIST, filed=True)) == MET
    assert verdict(joining.ACTIVIST, replace(ACTIVIST, filed=False)) == NOT_MET
    assert verdict(joining.ACTIVIST, ACTIVIST) == UNKNOWN
    assert verdict(joining.ACTIVIST, Development(activist=None)) == UNKNOWN
    assert verdict(joining.ACTIVIST, Development()) == NA


@pytest.mark.parametrize(
    ("number", "full", "expected"),
    [
        (0, 0, NOT_MET),
        (1, 1, MET),
        (2, 2, MET),
        (2, 1, NOT_MET),
        (3, 3, NOT_MET),
        (None, None, UNKNOWN),
        (2, None, UNKNOWN),
        (1, 2, UNKNOWN),
    ],
)
def test_one_or_two_full_members_as_sponsors(number, full, expected):
    facts = replace(ACTIVIST, sponsors=number, sponsors_full=full)
    assert verdict(joining.SPONSORS, facts) == expected
    assert verdict(joining.SPONSORS, Development(sponsors=number)) == NA


def test_an_observation_each_half_year():
    half = (date(2025, 9, 1), date(2026, 3, 1))
    facts = replace(ACTIVIST, observed=half)
    assert verdict(joining.OBSERVATION, facts, on=date(2026, 9, 1)) == MET
    assert said(joining.OBSERVATION, facts, on=date(2026, 9, 2)) == (
        NOT_MET,
        "2026年3月1日以后，应于 2026年9月1日前考察，2026年9月2日仍没有",
    )
    assert verdict(joining.OBSERVATION, replace(facts, candidate=date(2026, 4, 1))) == MET
    assert verdict(joining.OBSERVATION, ACTIVIST) == UNKNOWN
    assert verdict(joining.OBSERVATION, replace(ACTIVIST, observed=()), on=IN_2026) == NOT_MET
    assert verdict(joining.OBSERVATION, Development()) == NA


def test_a_candidate_after_a_year_filed_above_by_the_old_text():
    early = replace(ACTIVIST, candidate=date(2026, 2, 28), candidate_filed=True)
    assert verdict(joining.CANDIDATE, early, on=IN_2020) == NOT_MET
    filed = replace(ACTIVIST, candidate=date(2026, 3, 1), candidate_filed=True)
    assert verdict(joining.CANDIDATE, filed, on=IN_2020) == MET
    assert verdict(joining.CANDIDATE, replace(filed, candidate_filed=None), on=IN_2020) == UNKNOWN


def test_a_candidate_after_a_year_and_with_the_superiors_consent_by_the_new_one():
    assert verdict(joining.CANDIDATE, NOTICED) == MET
    assert verdict(joining.CANDIDATE, replace(NOTICED, superior_agreed=NOT_DONE)) == NOT_MET
    assert verdict(joining.CANDIDATE, CANDIDATE) == UNKNOWN
    assert said(joining.CANDIDATE, replace(ACTIVIST, activist=date(2026, 3, 1))) == (
        PENDING,
        "2026年3月1日确定为入党积极分子，最早 2027年3月1日确定为发展对象，还没有办理",
    )
    assert verdict(joining.CANDIDATE, Development()) == NA
    assert verdict(joining.CANDIDATE, replace(CANDIDATE, activist=None)) == UNKNOWN


def test_the_public_notice_counts_workdays():
    assert said(joining.NOTICE, NOTICED) == (
        MET,
        "2026年5月6日至 2026年5月11日公示，公示 5 个工作日，应至少 5 个工作日；2026年5月6日上级同意，2026年5月6日开始公示",
    )
    short = replace(NOTICED, notice_last=date(2026, 5, 10))
    assert verdict(joining.NOTICE, short) == NOT_MET


def test_the_notice_follows_the_consent_and_is_known_in_the_new_edition_alone():
    late = replace(NOTICED, superior_agreed=date(2026, 5, 7))
    assert verdict(joining.NOTICE, late) == NOT_MET
    assert verdict(joining.NOTICE, replace(NOTICED, superior_agreed=NOT_DONE)) == NOT_MET
    assert verdict(joining.NOTICE, replace(NOTICED, superior_agreed=None)) == UNKNOWN
    assert verdict(joining.NOTICE, replace(NOTICED, is_workday=None)) == UNKNOWN
    assert verdict(joining.NOTICE, replace(NOTICED, notice_first=None)) == UNKNOWN
    assert verdict(joining.NOTICE, replace(NOTICED, notice_last=date(2026, 5, 5))) == UNKNOWN
    assert verdict(joining.NOTICE, ACTIVIST) == NA
    assert said(joining.NOTICE, CANDIDATE, on=IN_2020) == (
        NA,
        "2020年6月1日适用《中国共产党发展党员工作细则》（2014年版），其中没有这一项",
    )


@pytest.mark.parametrize(
    ("number", "full", "expected"),
    [(2, 2, MET), (1, 1, NOT_MET), (3, 3, NOT_MET), (2, 1, NOT_MET), (None, 2, UNKNOWN)],
)
def test_two_full_members_introduce(number, full, expected):
    facts = replace(CANDIDATE, introducers=number, introducers_full=full)
    assert verdict(admission.INTRODUCERS, facts) == expected


def test_without_a_political_review_no_admission():
    found = check(admission.REVIEW, replace(CANDIDATE, reviewed=False), on=IN_2026)
    assert (found.verdict, found.blocks) == (NOT_MET, True)
    assert verdict(admission.REVIEW, replace(CANDIDATE, reviewed=True)) == MET
    assert verdict(admission.REVIEW, CANDIDATE) == UNKNOWN
    assert verdict(admission.REVIEW, ACTIVIST) == NA


@pytest.mark.parametrize(
    ("days", "hours", "expected"),
    [
        (3, None, MET),
        (None, 24, MET),
        (2, 24, MET),
        (2, 23, NOT_MET),
        (2, None, UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_three_days_or_twenty_four_hours(days, hours, expected):
    facts = replace(CANDIDATE, training_days=days, training_hours=hours)
    assert verdict(admission.TRAINING, facts) == expected


def test_before_there_is_a_candidate_nothing_of_this_applies():
    for each in (admission.INTRODUCERS, admission.REVIEW, admission.TRAINING):
        assert verdict(each, ACTIVIST) == NA


def met_on(day, **more):
    return replace(CANDIDATE, meeting=day, **more)


def test_the_meeting_within_a_month_of_the_pre_review():
    reviewed = {"pre_reviewed": date(2026, 5, 31)}
    assert verdict(admission.PRE_REVIEW, met_on(date(2026, 6, 30), **reviewed)) == MET
    assert verdict(admission.PRE_REVIEW, met_on(date(2026, 7, 1), **reviewed)) == NOT_MET
    assert verdict(admission.PRE_REVIEW, met_on(date(2026, 7, 1)), on=IN_2020) == NA


def test_the_vote_counts_those_entitled_and_is_secret_by_the_new_text():
    figures = {"entitled": 15, "present": 9, "in_favour": 8}
    open_vote = met_on(date(2026, 6, 1), secret_ballot=False, **figures)
    assert verdict(admission.VOTE, open_vote, on=IN_2020) == MET
    assert said(admission.VOTE, open_vote) == (
        NOT_MET,
        "应到 15 人，赞成须过半：8 票，实为 8 票；没有采用无记名投票",
    )
    assert verdict(admission.VOTE, replace(open_vote, secret_ballot=True)) == MET
    assert verdict(admission.VOTE, replace(open_vote, secret_ballot=None)) == UNKNOWN
    short = replace(open_vote, secret_ballot=True, in_favour=7)
    assert check(admission.VOTE, short, on=IN_2026).blocks
    assert verdict(admission.VOTE, CANDIDATE) == NA


def test_more_than_half_take_part():
    assert verdict(admission.QUORUM, met_on(IN_2026, entitled=15, present=7)) == NOT_MET
    assert verdict(admission.QUORUM, met_on(IN_2026, entitled=15, present=8)) == MET
    assert verdict(admission.QUORUM, CANDIDATE) == NA


@pytest.mark.parametrize(
    ("approved", "special", "expected"),
    [
        (date(2026, 8, 31), False, MET),
        (date(2026, 9, 1), False, NOT_MET),
        (date(2026, 11, 30), True, MET),
        (date(2026, 12, 1), True, NOT_MET),
    ],
)
def test_approval_within_three_months_or_six(approved, special, expected):
    facts = met_on(date(2026, 5, 31), approved=approved, special_case=special)
    assert verdict(admission.APPROVAL, facts, on=date(2027, 1, 1)) == expected


@pytest.mark.parametrize(
    ("leaves", "expected"),
    [
        (date(2026, 8, 31), NOT_MET),
        (date(2026, 9, 1), MET),
        (NOT_DONE, MET),
        (None, UNKNOWN),
        (date(2026, 5, 1), UNKNOWN),
    ],
)
def test_who_leaves_within_three_months_is_normally_not_admitted(leaves, expected):
    facts = met_on(date(2026, 6, 1), leaves=leaves)
    assert verdict(admission.LEAVING, facts) == expected
    assert verdict(admission.LEAVING, CANDIDATE) == NA


def test_the_oath_within_a_month_of_the_approval():
    sworn = replace(CANDIDATE, approved=date(2026, 5, 31), sworn=date(2026, 6, 30))
    assert verdict(probation.OATH, sworn) == MET
    assert verdict(probation.OATH, replace(sworn, sworn=date(2026, 7, 1))) == NOT_MET
    assert verdict(probation.OATH, sworn, on=IN_2020) == NA


def test_probation_is_a_calendar_year_from_the_meeting():
    facts = met_on(date(2024, 2, 29), extensions=0, full_meeting=date(2025, 2, 28))
    assert said(probation.LENGTH, facts) == (
        MET,
        "预备期自 2024年2月29日至 2025年2月28日，最早 2025年2月28日讨论转正，实际 2025年2月28日",
    )
    early = replace(facts, full_meeting=date(2025, 2, 27))
    assert verdict(probation.LENGTH, early) == NOT_MET
    assert verdict(probation.LENGTH, replace(facts, full_meeting=NOT_DONE)) == PENDING
    assert verdict(probation.LENGTH, replace(facts, extensions=None)) == UNKNOWN
    assert verdict(probation.LENGTH, CANDIDATE) == NA


@pytest.mark.parametrize(
    ("times", "months", "expected"),
    [
        (1, 5, NOT_MET),
        (1, 6, MET),
        (1, 12, MET),
        (1, 13, NOT_MET),
        (2, 12, NOT_MET),
        (1, None, UNKNOWN),
    ],
)
def test_probation_is_extended_once_by_six_to_twelve_months(times, months, expected):
    facts = met_on(
        date(2023, 3, 1), extensions=times, extended_months=months, full_meeting=date(2026, 3, 1)
    )
    assert verdict(probation.LENGTH, facts) == expected


def test_an_extended_probation_ends_later():
    facts = met_on(
        date(2024, 3, 1), extensions=1, extended_months=6, full_meeting=date(2025, 8, 31)
    )
    assert verdict(probation.LENGTH, facts) == NOT_MET
    assert verdict(probation.LENGTH, replace(facts, full_meeting=date(2025, 9, 1))) == MET


def test_full_membership_is_approved_within_three_months_and_counts_from_then():
    facts = met_on(date(2025, 1, 5), full_meeting=date(2026, 1, 5))
    approved = replace(facts, full_approved=date(2026, 4, 5))
    assert verdict(probation.FULL_APPROVAL, approved) == MET
    late = replace(facts, full_approved=date(2026, 4, 6))
    assert verdict(probation.FULL_APPROVAL, late) == NOT_MET
    since = replace(facts, full_since=date(2026, 1, 5))
    same = replace(since, seniority_from=date(2026, 1, 5))
    other = replace(since, seniority_from=date(2025, 1, 5))
    assert verdict(probation.SENIORITY, same) == MET
    assert verdict(probation.SENIORITY, other) == NOT_MET
    assert verdict(probation.SENIORITY, since) == UNKNOWN
    assert verdict(probation.SENIORITY, CANDIDATE) == NA


def test_steps_are_taken_one_after_the_other():
    first = date(2024, 1, 1)
    days = tuple(first + timedelta(days=30 * number) for number in range(25))
    assert said(order.ORDER, Steps(days)) == (MET, "已办 25 步，共 25 步，依次进行")
    turned = (*days[:6], days[4], *days[7:])
    assert said(order.ORDER, Steps(turned)) == (
        NOT_MET,
        "第 7 步“确定发展对象”2024年4月30日，早于第 6 步“培养教育考察”2024年5月30日",
    )
    assert verdict(order.ORDER, Steps((*days[:6], None, *days[7:]))) == UNKNOWN
    assert verdict(order.ORDER, Steps((*days, first))) == UNKNOWN
    assert verdict(order.ORDER, Steps()) == UNKNOWN
