"""Setting organisations up: 3, 7, 50, 100."""

from dataclasses import replace

import pytest

from rulebook import setup
from rulebook.setup import Kind, SchoolSetup, Setup
from tests.rulebook.findings import MET, NA, NOT_MET, UNKNOWN, said, verdict

BRANCH, JOINT = Kind.BRANCH, Kind.JOINT_BRANCH
GENERAL, COMMITTEE = Kind.GENERAL_BRANCH, Kind.COMMITTEE


def test_a_branch_needs_three_full_members():
    assert said(setup.BRANCH_FOUNDING, Setup(BRANCH, full=3)) == (
        MET,
        "正式党员 3 人，应至少 3 人",
    )
    assert said(setup.BRANCH_FOUNDING, Setup(BRANCH, full=2)) == (
        NOT_MET,
        "正式党员 2 人，应至少 3 人，还差 1 人，应与相近单位建立联合党支部",
    )
    assert said(setup.BRANCH_FOUNDING, Setup(JOINT, full=2)) == (
        NOT_MET,
        "正式党员 2 人，应至少 3 人，还差 1 人",
    )
    assert verdict(setup.BRANCH_FOUNDING, Setup(COMMITTEE, full=2)) == NA


def test_none_is_unknown_and_nought_is_not():
    assert said(setup.BRANCH_FOUNDING, Setup(BRANCH)) == (
        UNKNOWN,
        "正式党员没有登记，无法判断",
    )
    assert verdict(setup.BRANCH_FOUNDING, Setup(BRANCH, full=0)) == NOT_MET


@pytest.mark.parametrize(("members", "expected"), [(50, MET), (51, NOT_MET), (None, UNKNOWN)])
def test_a_branch_has_at_most_fifty(members, expected):
    assert verdict(setup.BRANCH_SIZE, Setup(BRANCH, members=members)) == expected
    assert verdict(setup.BRANCH_SIZE, Setup(GENERAL, members=members)) == NA


def test_too_many_members_are_counted():
    assert said(setup.BRANCH_SIZE, Setup(BRANCH, members=53)) == (
        NOT_MET,
        "党员 53 人，应不超过 50 人，超出 3 人",
    )


@pytest.mark.parametrize(("units", "expected"), [(5, MET), (6, NOT_MET), (None, UNKNOWN)])
def test_a_joint_branch_spans_at_most_five_units(units, expected):
    assert verdict(setup.JOINT_BRANCH_UNITS, Setup(JOINT, units=units)) == expected
    assert verdict(setup.JOINT_BRANCH_UNITS, Setup(BRANCH, units=units)) == NA


def test_fewer_than_seven_have_a_secretary_and_no_committee():
    assert said(setup.COMMITTEE, Setup(BRANCH, full=6, secretary=True)) == (
        MET,
        "正式党员 6 人，不足 7 人，设书记 1 名，必要时设副书记；已配书记",
    )
    assert verdict(setup.COMMITTEE, Setup(BRANCH, full=6, secretary=False)) == NOT_MET
    assert verdict(setup.COMMITTEE, Setup(BRANCH, full=6)) == UNKNOWN


@pytest.mark.parametrize(
    ("seats", "expected"),
    [(0, NOT_MET), (2, NOT_MET), (3, MET), (5, MET), (7, MET), (8, NOT_MET), (None, UNKNOWN)],
)
def test_seven_and_more_have_a_committee(seats, expected):
    assert verdict(setup.COMMITTEE, Setup(BRANCH, full=7, committee=seats)) == expected


def test_the_committee_is_worked_out_in_words():
    assert said(setup.COMMITTEE, Setup(BRANCH, full=18, committee=2)) == (
        NOT_MET,
        "正式党员 18 人，满 7 人，应设支部委员会；委员 2 名，须 3–5 名、一般不超过 7 名",
    )
    assert verdict(setup.COMMITTEE, Setup(BRANCH, committee=3)) == UNKNOWN
    assert verdict(setup.COMMITTEE, Setup(GENERAL, full=60, committee=3)) == NA


def test_vacancies_are_told_where_the_seats_are_known():
    rule = setup.VACANCIES
    whole = Setup(BRANCH, full=18, secretary=True, committee=5, seats=5)
    assert verdict(rule, whole) == MET
    assert said(rule, replace(whole, committee=3)) == (
        NOT_MET,
        "已配书记；委员应有 5 名，在任 3 名，缺 2 名",
    )
    assert verdict(rule, replace(whole, secretary=False)) == NOT_MET
    assert verdict(rule, replace(whole, secretary=None)) == UNKNOWN
    assert verdict(rule, replace(whole, seats=None)) == UNKNOWN
    assert verdict(rule, replace(whole, committee=None)) == UNKNOWN
    assert verdict(rule, Setup(GENERAL, secretary=True, seats=0)) == MET


def test_the_secretary_of_a_small_branch_is_judged_once():
    assert verdict(setup.VACANCIES, Setup(BRANCH, full=6, secretary=False, seats=0)) == NA


def test_general_branches_and_committees_by_their_size():
    assert said(setup.GENERAL_BRANCH_SIZE, Setup(GENERAL, members=48)) == (
        NOT_MET,
        "党员 48 人，应至少 50 人，还差 2 人（经批准的除外）",
    )
    assert verdict(setup.GENERAL_BRANCH_SIZE, Setup(GENERAL, members=50)) == MET
    assert verdict(setup.GENERAL_BRANCH_SIZE, Setup(BRANCH, members=50)) == NA
    assert verdict(setup.PARTY_COMMITTEE_SIZE, Setup(COMMITTEE, members=100)) == MET
    assert verdict(setup.PARTY_COMMITTEE_SIZE, Setup(COMMITTEE, members=99)) == NOT_MET
    assert verdict(setup.PARTY_COMMITTEE_SIZE, Setup(COMMITTEE)) == UNKNOWN
    assert verdict(setup.PARTY_COMMITTEE_SIZE, Setup(GENERAL, members=99)) == NA


def test_a_school_with_three_full_members_has_its_own_organisation():
    rule = setup.SCHOOL_ORGANIZATION
    assert said(rule, SchoolSetup(full=3, own_organization=False)) == (
        NOT_MET,
        "正式党员 3 人，满 3 人，应单独设立党组织；未单独设立",
    )
    assert verdict(rule, SchoolSetup(full=3, own_organization=True)) == MET
    assert verdict(rule, SchoolSetup(full=2, own_organization=False)) == NA
    assert verdict(rule, SchoolSetup(full=0, own_organization=False)) == NA
    assert verdict(rule, SchoolSetup(own_organization=False)) == UNKNOWN
    assert verdict(rule, SchoolSetup(full=3)) == UNKNOWN


def test_figures_that_can_not_be_are_asked_back():
    assert said(setup.BRANCH_SIZE, Setup(BRANCH, members=-1)) == (
        UNKNOWN,
        "党员 -1 人，应不超过 50 人，请核",
    )
    assert verdict(setup.COMMITTEE, Setup(BRANCH, full=-1)) == UNKNOWN
    assert verdict(setup.SCHOOL_ORGANIZATION, SchoolSetup(full=-1)) == UNKNOWN
