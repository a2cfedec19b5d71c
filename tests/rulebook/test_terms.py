"""Terms: calendar years, due, overdue, extended with approval."""

from datetime import date, timedelta

import pytest

from rulebook import terms
from rulebook.model import NOT_DONE
from rulebook.setup import Kind
from rulebook.terms import Term
from tests.rulebook.findings import MET, NA, NOT_MET, PENDING, UNKNOWN, said, verdict

BEGAN = date(2023, 9, 1)
DUE = date(2026, 9, 1)


def branch(**more):
    return Term(Kind.BRANCH, began=BEGAN, **more)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (Kind.COMMITTEE, "2028年9月1日"),
        (Kind.GENERAL_BRANCH, "2026年9月1日"),
        (Kind.BRANCH, "2026年9月1日"),
        (Kind.JOINT_BRANCH, "2026年9月1日"),
    ],
)
def test_a_term_is_over_after_five_or_three_calendar_years(kind, due):
    found, words = said(terms.TERM, Term(kind, began=BEGAN), on=date(2026, 6, 1))
    assert found == MET
    assert f"{due}届满" in words


def test_running_due_overdue_and_extended_are_told_apart():
    assert said(terms.TERM, branch(), on=DUE - timedelta(days=1)) == (
        MET,
        "2023年9月1日起，任期 3 年，2026年9月1日届满，还有 1 天",
    )
    assert verdict(terms.TERM, branch(), on=DUE) == MET
    assert said(terms.TERM, branch(approved=False), on=DUE + timedelta(days=1)) == (
        NOT_MET,
        "2023年9月1日起，任期 3 年，2026年9月1日届满，已过 1 天，经批准可延期到 2027年9月1日；未经上级批准",
    )
    assert verdict(terms.TERM, branch(approved=True), on=DUE + timedelta(days=1)) == MET
    assert verdict(terms.TERM, branch(), on=DUE + timedelta(days=1)) == UNKNOWN
    assert verdict(terms.TERM, branch(approved=True), on=date(2027, 9, 1)) == MET
    assert said(terms.TERM, branch(approved=True), on=date(2027, 9, 2)) == (
        NOT_MET,
        "2023年9月1日起，任期 3 年，2026年9月1日届满，已过 366 天，延期最长到 2027年9月1日",
    )


@pytest.mark.parametrize(
    ("renewed", "approved", "expected"),
    [
        (DUE, None, MET),
        (date(2025, 9, 1), True, MET),
        (date(2025, 9, 1), False, NOT_MET),
        (date(2025, 9, 1), None, UNKNOWN),
        (date(2025, 8, 31), True, NOT_MET),
        (date(2027, 9, 1), True, MET),
        (date(2027, 9, 2), True, NOT_MET),
        (date(2022, 9, 1), True, UNKNOWN),
        (None, True, UNKNOWN),
    ],
)
def test_an_election_earlier_or_later_needs_approval_within_a_year(renewed, approved, expected):
    facts = branch(renewed=renewed, approved=approved)
    assert verdict(terms.TERM, facts, on=date(2027, 10, 1)) == expected


def test_a_term_whose_beginning_nobody_wrote_down():
    assert said(terms.TERM, Term(Kind.BRANCH)) == (
        UNKNOWN,
        "任期开始日期没有登记，无法判断",
    )
    assert verdict(terms.REMINDER, Term(Kind.BRANCH)) == UNKNOWN


def test_the_superior_reminds_six_calendar_months_ahead():
    assert verdict(terms.REMINDER, branch(), on=date(2026, 2, 28)) == PENDING
    assert said(terms.REMINDER, branch(), on=date(2026, 3, 1)) == (
        NOT_MET,
        "2026年9月1日届满，提前 6 个月即 2026年3月1日起提醒，还没有提醒",
    )
    assert verdict(terms.REMINDER, branch(reminded=None), on=date(2026, 3, 1)) == UNKNOWN
    assert verdict(terms.REMINDER, branch(reminded=date(2026, 3, 2)), on=DUE) == MET
    assert verdict(terms.REMINDER, branch(renewed=date(2026, 3, 2)), on=DUE) == NA
    assert terms.Term(Kind.BRANCH).renewed is NOT_DONE


def test_a_term_of_before_2018_is_judged_by_no_text_that_is_kept():
    found, words = said(terms.TERM, branch(), on=date(2017, 12, 31))
    assert found == UNKNOWN
    assert words == (
        "《关于党的基层组织任期的意见》（2018年）自 2018年起施行，2017年12月31日时的规定没有收录，无法判断"
    )
