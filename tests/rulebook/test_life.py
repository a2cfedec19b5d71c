"""Organisational life, appraisal and training."""

import pytest

from rulebook import appraisal, life
from rulebook.appraisal import Appraisal
from rulebook.life import FirstItems, Lessons, Meetings, Talks, Training
from rulebook.model import Tightening
from tests.rulebook.findings import MET, NA, NOT_MET, ON, PENDING, UNKNOWN, said, verdict


def own(rule, figure, value):
    return [Tightening(rule.key, figure, value, "区教育局党委", "澄教委〔2026〕3号", ON)]


def test_a_members_meeting_each_quarter():
    assert said(life.MEMBERS_MEETING, Meetings(held=0)) == (
        NOT_MET,
        "本季度党员大会 0 次，应至少 1 次，还差 1 次",
    )
    assert verdict(life.MEMBERS_MEETING, Meetings(held=1)) == MET
    assert verdict(life.MEMBERS_MEETING, Meetings()) == UNKNOWN


def test_while_the_quarter_lasts_there_is_still_time():
    assert said(life.MEMBERS_MEETING, Meetings(held=0, over=False)) == (
        PENDING,
        "本季度党员大会 0 次，应至少 1 次，还差 1 次，本期还没有结束",
    )
    assert verdict(life.MEMBERS_MEETING, Meetings(held=1, over=False)) == MET
    assert verdict(life.MEMBERS_MEETING, Meetings(over=False)) == UNKNOWN


def test_no_committee_no_groups():
    assert said(life.COMMITTEE_MEETING, Meetings(held=0, committee=False)) == (
        NA,
        "不设支部委员会",
    )
    assert verdict(life.COMMITTEE_MEETING, Meetings(held=0, committee=True)) == NOT_MET
    assert verdict(life.COMMITTEE_MEETING, Meetings(held=0)) == UNKNOWN
    assert verdict(life.GROUP_MEETING, Meetings(held=0, groups=0)) == NA
    assert verdict(life.GROUP_MEETING, Meetings(held=0, groups=2)) == NOT_MET
    assert verdict(life.GROUP_MEETING, Meetings(held=0)) == UNKNOWN
    assert verdict(life.SECRETARY_LESSON, Meetings(held=0, committee=False)) == NA
    assert verdict(life.SECRETARY_LESSON, Meetings(held=1, committee=True)) == MET
    assert verdict(life.SECRETARY_LESSON, Meetings(held=1)) == UNKNOWN


def test_party_lessons_count_only_where_a_unit_has_asked_for_a_number():
    assert verdict(life.LESSONS, Lessons(in_quarter=0, in_term=0)) == NA
    a_quarter = own(life.LESSONS, "per_quarter", 1)
    assert verdict(life.LESSONS, Lessons(in_quarter=0), tightenings=a_quarter) == NOT_MET
    assert verdict(life.LESSONS, Lessons(in_quarter=1), tightenings=a_quarter) == MET
    a_term = own(life.LESSONS, "per_term", 2)
    assert said(life.LESSONS, Lessons(in_term=1), tightenings=a_term) == (
        NOT_MET,
        "本学期党课 1 次，应至少 2 次，还差 1 次",
    )
    assert verdict(life.LESSONS, Lessons(in_quarter=9), tightenings=a_term) == UNKNOWN


def test_theme_days():
    assert verdict(life.THEME_DAY, Meetings(held=1)) == MET
    assert verdict(life.THEME_DAY, Meetings(held=0)) == NOT_MET
    assert verdict(life.FIXED_DAY, Meetings(fixed_day=True)) == MET
    assert verdict(life.FIXED_DAY, Meetings(fixed_day=False)) == NOT_MET
    assert said(life.FIXED_DAY, Meetings()) == (
        UNKNOWN,
        "是否在固定的日子开展没有登记，无法判断",
    )


def test_the_organisational_life_meeting_is_usually_in_the_fourth_quarter():
    rule = life.ORG_LIFE_MEETING
    assert said(rule, Meetings(held=1, last_month=12)) == (
        MET,
        "本年组织生活会 1 次，应至少 1 次；12月召开（第四季度）",
    )
    assert said(rule, Meetings(held=1, last_month=3)) == (
        MET,
        "本年组织生活会 1 次，应至少 1 次；3月召开（一般在第四季度）",
    )
    assert verdict(rule, Meetings(held=0)) == NOT_MET
    assert verdict(rule, Meetings(held=0, over=False)) == PENDING


def test_heart_to_heart_talks_of_each_pair():
    assert verdict(life.TALKS, Talks(True, 1, 1, 1)) == MET
    assert verdict(life.TALKS, Talks(True, 0, 1, 1)) == NOT_MET
    assert verdict(life.TALKS, Talks(True, 1, None, 1)) == UNKNOWN
    assert verdict(life.TALKS, Talks(True, 0, None, 1)) == NOT_MET
    assert verdict(life.TALKS, Talks(False, None, None, 1)) == MET
    assert verdict(life.TALKS, Talks(None, 1, 1, 1)) == UNKNOWN


def test_hours_of_training():
    assert said(life.MEMBER_TRAINING, Training(hours=30)) == (
        NOT_MET,
        "年度学时 30 学时，应至少 32 学时，还差 2 学时",
    )
    assert verdict(life.MEMBER_TRAINING, Training(hours=32)) == MET
    assert verdict(life.MEMBER_TRAINING, Training()) == UNKNOWN
    assert verdict(life.LEADER_TRAINING, Training(hours=55, leads=True)) == NOT_MET
    assert verdict(life.LEADER_TRAINING, Training(hours=56, leads=True)) == MET
    assert verdict(life.LEADER_TRAINING, Training(hours=0, leads=False)) == NA
    assert verdict(life.LEADER_TRAINING, Training(hours=99)) == UNKNOWN


def test_the_first_item_of_every_meeting():
    assert verdict(life.FIRST_ITEM, FirstItems(4, 4)) == MET
    assert verdict(life.FIRST_ITEM, FirstItems(0, 0)) == MET
    assert verdict(life.FIRST_ITEM, FirstItems(4, 3)) == NOT_MET
    assert verdict(life.FIRST_ITEM, FirstItems(4, 5)) == UNKNOWN
    assert verdict(life.FIRST_ITEM, FirstItems(4)) == UNKNOWN


def test_the_appraisal_and_its_parts():
    parts = {"by_oneself": True, "by_others": True, "by_ballot": True}
    assert verdict(appraisal.HELD, Appraisal(held=1, **parts)) == MET
    assert verdict(appraisal.HELD, Appraisal(held=1, **parts | {"by_ballot": False})) == NOT_MET
    assert verdict(appraisal.HELD, Appraisal(held=1, **parts | {"by_ballot": None})) == UNKNOWN
    assert verdict(appraisal.HELD, Appraisal(held=0)) == NOT_MET
    assert verdict(appraisal.HELD, Appraisal(held=0, over=False)) == PENDING
    assert verdict(appraisal.HELD, Appraisal()) == UNKNOWN


@pytest.mark.parametrize(
    ("full", "best", "expected"),
    [(20, 6, MET), (20, 7, NOT_MET), (21, 7, MET), (2, 0, MET), (2, 1, NOT_MET), (0, 0, MET)],
)
def test_at_most_a_third_is_excellent(full, best, expected):
    assert verdict(appraisal.EXCELLENT, Appraisal(full=full, graded={"优秀": best})) == expected


def test_the_third_is_worked_out_in_words():
    assert said(appraisal.EXCELLENT, Appraisal(full=20, graded={"优秀": 7})) == (
        NOT_MET,
        "正式党员 20 人，优秀不超过三分之一：6 人，实为 7 人",
    )
    assert verdict(appraisal.EXCELLENT, Appraisal(full=20)) == UNKNOWN
    assert verdict(appraisal.EXCELLENT, Appraisal(graded={"优秀": 7})) == UNKNOWN
    assert verdict(appraisal.EXCELLENT, Appraisal(full=20, graded={"合格": 20})) == MET


def test_grades_have_their_names():
    assert verdict(appraisal.GRADE_NAMES, Appraisal(graded={"优秀": 6, "合格": 14})) == MET
    assert said(appraisal.GRADE_NAMES, Appraisal(graded={"良好": 6})) == (
        NOT_MET,
        "良好 6 人；等次为优秀、合格、基本合格、不合格，没有良好",
    )
    assert verdict(appraisal.GRADE_NAMES, Appraisal()) == UNKNOWN
    assert verdict(appraisal.GRADE_NAMES, Appraisal(graded={"优秀": -1})) == UNKNOWN


@pytest.mark.parametrize(
    ("probationary", "present", "graded", "expected"),
    [
        (2, 2, 0, MET),
        (2, 1, 0, NOT_MET),
        (2, 2, 1, NOT_MET),
        (0, None, None, MET),
        (None, 2, 0, UNKNOWN),
        (2, None, 0, UNKNOWN),
        (2, 3, 0, UNKNOWN),
    ],
)
def test_probationary_members_take_part_and_get_no_grade(probationary, present, graded, expected):
    facts = Appraisal(
        probationary=probationary, probationary_present=present, probationary_graded=graded
    )
    assert verdict(appraisal.PROBATIONARY, facts) == expected
