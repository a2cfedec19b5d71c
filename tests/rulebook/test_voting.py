"""Elections count those present, decisions and admissions those entitled."""

import pytest

from rulebook import voting
from rulebook.voting import Candidates, Vote
from tests.rulebook.findings import MET, NA, NOT_MET, UNKNOWN, said, verdict


def test_the_arithmetic_stands_in_words():
    assert said(voting.DECISION_MAJORITY, Vote(entitled=15, in_favour=8)) == (
        MET,
        "应到 15 人，赞成须过半：8 票，实为 8 票",
    )
    assert said(voting.DECISION_MAJORITY, Vote(entitled=15, in_favour=7)) == (
        NOT_MET,
        "应到 15 人，赞成须过半：8 票，实为 7 票",
    )
    assert said(voting.DECISION_MAJORITY, Vote(entitled=15)) == (
        UNKNOWN,
        "应到 15 人，赞成须过半：8 票；赞成数没有登记，无法判断",
    )


@pytest.mark.parametrize(
    ("entitled", "present", "expected"),
    [(15, 12, NOT_MET), (15, 13, MET), (16, 13, MET), (10, 8, NOT_MET), (10, 9, MET)],
)
def test_an_election_needs_more_than_four_fifths(entitled, present, expected):
    assert verdict(voting.ELECTION_QUORUM, Vote(entitled, present)) == expected


def test_elected_by_more_than_half_of_those_present():
    assert said(voting.ELECTION_MAJORITY, Vote(15, 13, 7)) == (
        MET,
        "实到 13 人，赞成须过半：7 票，实为 7 票",
    )
    assert verdict(voting.ELECTION_MAJORITY, Vote(15, 12, 6)) == NOT_MET
    assert verdict(voting.ELECTION_MAJORITY, Vote(15, None, 6)) == UNKNOWN


def test_the_same_votes_elect_but_do_not_decide():
    votes = Vote(entitled=15, present=13, in_favour=7)
    assert verdict(voting.ELECTION_MAJORITY, votes) == MET
    assert verdict(voting.DECISION_MAJORITY, votes) == NOT_MET


@pytest.mark.parametrize(("present", "expected"), [(7, NOT_MET), (8, MET), (16, UNKNOWN)])
def test_a_decision_needs_more_than_half_present(present, expected):
    assert verdict(voting.DECISION_QUORUM, Vote(15, present)) == expected


def test_more_people_than_there_are_is_asked_back():
    assert said(voting.DECISION_QUORUM, Vote(15, 16)) == (
        UNKNOWN,
        "应到 15 人，实到须过半：8 人，实为 16 人，请核",
    )


@pytest.mark.parametrize(
    ("seats", "line"), [(1, 2), (3, 4), (5, 6), (6, 8), (7, 9), (9, 11), (10, 12)]
)
def test_one_fifth_more_candidates_than_seats(seats, line):
    assert verdict(voting.CANDIDATES, Candidates(True, seats, line)) == MET
    assert verdict(voting.CANDIDATES, Candidates(True, seats, line - 1)) == NOT_MET


def test_candidates_in_words_and_where_there_are_none_to_choose():
    assert said(voting.CANDIDATES, Candidates(True, 5, 5)) == (
        NOT_MET,
        "应选 5 人，候选人应多五分之一：6 人，实为 5 人",
    )
    assert verdict(voting.CANDIDATES, Candidates(False, 5, 5)) == NA
    assert verdict(voting.CANDIDATES, Candidates(True)) == UNKNOWN
    assert verdict(voting.CANDIDATES, Candidates(True, 5)) == UNKNOWN
    assert verdict(voting.CANDIDATES, Candidates(True, 0, 5)) == UNKNOWN
