"""Transfers, meetings of schools, reviews and selections, burden, what is never held."""

from dataclasses import replace
from datetime import date

import pytest

from common.workdays import is_workday
from rulebook import burden, evaluation, holdings, school_meetings, transfers
from rulebook.burden import Documents, Notice, Service
from rulebook.evaluation import PublicNotice, Review, Selection
from rulebook.holdings import Answer, Holding, Material
from rulebook.model import NOT_DONE
from rulebook.school_meetings import SchoolMeeting
from rulebook.transfers import Transfer
from tests.rulebook.findings import MET, NA, NOT_MET, PENDING, UNKNOWN, said, verdict

LEFT = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("back", "transferred", "expected"),
    [
        (date(2026, 7, 30), False, NA),
        (date(2026, 7, 31), False, NOT_MET),
        (date(2026, 7, 31), True, MET),
        (NOT_DONE, False, NOT_MET),
        (NOT_DONE, None, UNKNOWN),
        (None, True, UNKNOWN),
        (date(2026, 1, 1), True, UNKNOWN),
    ],
)
def test_who_is_away_six_months_and_more_is_transferred(back, transferred, expected):
    facts = Transfer(left=LEFT, back=back, transferred=transferred)
    assert verdict(transfers.NEEDED, facts) == expected


@pytest.mark.parametrize(
    ("valid_until", "received", "expected"),
    [
        (date(2026, 2, 10), date(2026, 2, 10), MET),
        (date(2026, 2, 10), date(2026, 2, 11), NOT_MET),
        (date(2026, 4, 30), date(2026, 2, 11), MET),
        (date(2026, 5, 1), date(2026, 2, 11), NOT_MET),
        (date(2026, 2, 10), NOT_DONE, NOT_MET),
        (date(2026, 2, 10), None, UNKNOWN),
        (None, date(2026, 2, 10), UNKNOWN),
        (date(2026, 1, 30), date(2026, 2, 10), UNKNOWN),
    ],
)
def test_the_letter_holds_as_issued_and_three_months_at_most(valid_until, received, expected):
    facts = Transfer(issued=LEFT, valid_until=valid_until, received=received)
    assert verdict(transfers.LETTER, facts) == expected


def test_the_letter_on_its_way_and_the_receipt():
    facts = Transfer(issued=LEFT, valid_until=date(2026, 2, 10), received=NOT_DONE)
    assert verdict(transfers.LETTER, facts, on=date(2026, 2, 10)) == PENDING
    assert said(transfers.RECEIPT, Transfer(receipt=NOT_DONE)) == (
        PENDING,
        "回执未到，转出党组织继续负责管理",
    )
    assert verdict(transfers.RECEIPT, Transfer(receipt=LEFT)) == MET
    assert verdict(transfers.RECEIPT, Transfer()) == UNKNOWN


SCHOOL = SchoolMeeting(
    kindergarten=False, private=False, joint_branch=False, members=7, appointment=False
)


@pytest.mark.parametrize(
    ("present", "appointment", "expected"),
    [(3, False, NOT_MET), (4, False, MET), (4, True, NOT_MET), (5, True, MET), (4, None, UNKNOWN)],
)
def test_more_than_half_meet_and_two_thirds_for_appointments(present, appointment, expected):
    facts = replace(SCHOOL, present=present, appointment=appointment)
    assert verdict(school_meetings.PARTY_MEETING, facts) == expected


def test_two_thirds_in_words():
    assert said(school_meetings.PARTY_MEETING, replace(SCHOOL, present=4, appointment=True)) == (
        NOT_MET,
        "班子成员 7 人，到会须至少三分之二：5 人，实为 4 人",
    )


def test_the_heads_office_meeting_chair_and_agreement():
    assert verdict(school_meetings.OFFICE_MEETING, replace(SCHOOL, present=4)) == MET
    assert verdict(school_meetings.OFFICE_MEETING, replace(SCHOOL, present=3)) == NOT_MET
    chaired = replace(SCHOOL, secretary_chaired=True, secretary_set_agenda=True)
    assert verdict(school_meetings.CHAIR, chaired) == MET
    assert verdict(school_meetings.CHAIR, replace(chaired, secretary_chaired=False)) == NOT_MET
    agreed = replace(SCHOOL, agreed_before=True, agreement_recorded=False)
    assert verdict(school_meetings.AGREED, agreed) == NOT_MET
    assert verdict(school_meetings.AGREED, replace(agreed, agreement_recorded=True)) == MET
    assert verdict(school_meetings.AGREED, SCHOOL) == UNKNOWN


@pytest.mark.parametrize("rule", school_meetings.RULES)
@pytest.mark.parametrize("outside", ["kindergarten", "private", "joint_branch"])
def test_kindergartens_private_schools_and_joint_branches_stand_outside(rule, outside):
    assert verdict(rule, replace(SCHOOL, **{outside: True})) == NA
    assert verdict(rule, replace(SCHOOL, **{outside: None})) == UNKNOWN


def test_the_review_by_the_end_of_the_year():
    in_time, late = date(2026, 12, 31), date(2027, 1, 1)
    assert verdict(evaluation.HELD, Review(2026, held=in_time)) == MET
    assert verdict(evaluation.HELD, Review(2026, held=late)) == NOT_MET
    assert verdict(evaluation.HELD, Review(2026, held=NOT_DONE), on=in_time) == PENDING
    assert verdict(evaluation.HELD, Review(2026, held=NOT_DONE), on=late) == NOT_MET
    assert verdict(evaluation.HELD, Review(2026)) == UNKNOWN


def test_the_review_one_by_one_with_its_grades():
    review = Review(2026, held=date(2026, 12, 1), one_by_one=True, grade="较好")
    assert verdict(evaluation.ONE_BY_ONE, review) == MET
    assert verdict(evaluation.ONE_BY_ONE, replace(review, grade="优秀")) == NOT_MET
    assert verdict(evaluation.ONE_BY_ONE, replace(review, grade=None)) == UNKNOWN
    assert verdict(evaluation.ONE_BY_ONE, replace(review, one_by_one=False)) == NOT_MET
    assert verdict(evaluation.ONE_BY_ONE, replace(review, held=NOT_DONE)) == NA


def test_a_selection_step_by_step_with_its_document():
    days = (date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 20))
    assert verdict(evaluation.STEPS, Selection(days)) == MET
    assert verdict(evaluation.STEPS, Selection(days[::-1])) == NOT_MET
    assert verdict(evaluation.STEPS, Selection(days * 2)) == UNKNOWN
    assert verdict(evaluation.STEPS, Selection()) == UNKNOWN
    assert verdict(evaluation.DOCUMENT, Selection(document="澄教委〔2026〕3号")) == MET
    assert verdict(evaluation.DOCUMENT, Selection(document=" ")) == NOT_MET
    assert verdict(evaluation.DOCUMENT, Selection()) == UNKNOWN


def test_a_selection_is_on_notice_for_five_working_days():
    week = PublicNotice(date(2026, 3, 2), date(2026, 3, 6), is_workday)
    assert verdict(evaluation.NOTICE, week) == MET
    assert said(evaluation.NOTICE, replace(week, last=date(2026, 3, 5))) == (
        NOT_MET,
        "2026年3月2日至 2026年3月5日公示，公示 4 个工作日，应至少 5 个工作日，还差 1 个工作日",
    )
    assert verdict(evaluation.NOTICE, replace(week, is_workday=None)) == UNKNOWN


@pytest.mark.parametrize(
    ("characters", "special", "expected"),
    [
        (5000, False, MET),
        (5001, False, NOT_MET),
        (4000, True, MET),
        (4001, True, NOT_MET),
        (None, True, UNKNOWN),
        (4001, None, UNKNOWN),
    ],
)
def test_notices_are_short(characters, special, expected):
    assert verdict(burden.LENGTH, Notice(characters, special)) == expected


def test_documents_only_become_fewer():
    assert verdict(burden.FEWER, Documents(30, 31)) == MET
    assert verdict(burden.FEWER, Documents(31, 31)) == MET
    assert said(burden.FEWER, Documents(32, 31)) == (
        NOT_MET,
        "本年发文 32 件，上年 31 件，只减不增",
    )
    assert verdict(burden.FEWER, Documents(32)) == UNKNOWN
    assert verdict(burden.FEWER, Documents(-1, 3)) == UNKNOWN


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (burden.CHECK_IN, "forced_check_in"),
        (burden.POINTS, "points_ranking"),
        (burden.LEAGUE, "usage_league"),
    ],
)
def test_services_force_and_rank_nobody(rule, name):
    assert verdict(rule, Service(**{name: False})) == MET
    assert verdict(rule, Service(**{name: True})) == NOT_MET
    assert verdict(rule, Service()) == UNKNOWN


def test_no_apps_below_county_level_and_a_way_to_complain():
    assert verdict(burden.APP, Service(below_county=True, app=True)) == NOT_MET
    assert verdict(burden.APP, Service(below_county=True, app=False)) == MET
    assert verdict(burden.APP, Service(below_county=False, app=True)) == NA
    assert verdict(burden.APP, Service(app=True)) == UNKNOWN
    assert verdict(burden.COMPLAINTS, Service(complaints=True)) == MET
    assert verdict(burden.COMPLAINTS, Service(complaints=False)) == NOT_MET


def test_what_is_never_held():
    kept = {each for each in Material if verdict(holdings.NEVER, Holding(each)) == MET}
    assert kept == {
        Material.ETHNICITY,
        Material.ID_NUMBER,
        Material.MOBILE,
        Material.DATE,
        Material.OUTCOME,
        Material.TITLE,
    }


def test_ethnicity_only_where_a_national_form_prints_it_and_then_masked():
    held = Holding(Material.ETHNICITY, form_prints_it=True, masked=True)
    assert verdict(holdings.ETHNICITY, held) == MET
    assert verdict(holdings.ETHNICITY, replace(held, masked=False)) == NOT_MET
    assert verdict(holdings.ETHNICITY, replace(held, form_prints_it=False)) == NOT_MET
    assert verdict(holdings.ETHNICITY, replace(held, form_prints_it=None)) == UNKNOWN
    assert verdict(holdings.ETHNICITY, Holding(Material.DATE)) == NA


def test_numbers_are_encrypted_masked_and_unmasking_is_recorded():
    held = Holding(Material.MOBILE, masked=True, encrypted=True, unmasking_recorded=True)
    assert said(holdings.NUMBERS_KEPT, held) == (MET, "已加密，已默认遮盖，已查看留痕")
    assert verdict(holdings.NUMBERS_KEPT, replace(held, encrypted=False)) == NOT_MET
    assert verdict(holdings.NUMBERS_KEPT, replace(held, masked=None)) == UNKNOWN
    assert verdict(holdings.NUMBERS_KEPT, Holding(Material.DATE)) == NA


def test_the_discipline_office_answers_with_conclusion_date_and_number():
    assert verdict(holdings.DISCIPLINE, Answer(True, True, True)) == MET
    assert said(holdings.DISCIPLINE, Answer(True, True, False)) == (
        NOT_MET,
        "有固定结论，有日期，无文号",
    )
    assert verdict(holdings.DISCIPLINE, Answer(True, True)) == UNKNOWN
