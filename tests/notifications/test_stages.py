"""When something with a deadline is worth a reminder."""

from datetime import date, timedelta

import pytest

from common.workdays import is_workday
from notifications.stages import Stage, handed_over, reached, steps
from tests.notifications.rows import due

NONE = {}


def test_the_steps_of_an_ordinary_deadline():
    """March 2026 begins on a Sunday and has no holidays; the 25th is a Wednesday."""
    assert steps(date(2026, 3, 25), NONE) == [
        (date(2026, 3, 2), Stage.MONTH_START),
        (date(2026, 3, 20), Stage.THREE_BEFORE),
        (date(2026, 3, 25), Stage.ON_DAY),
        (date(2026, 3, 26), Stage.ONE_AFTER),
        (date(2026, 3, 30), Stage.THREE_AFTER),
        (date(2026, 4, 1), Stage.SUPERIOR),
    ]


def test_a_deadline_early_in_the_month_is_told_of_before_the_month_begins():
    """What is due on the third workday of April 2026; the 6th is Qingming's free Monday."""
    assert steps(date(2026, 4, 3), NONE)[:3] == [
        (date(2026, 3, 31), Stage.THREE_BEFORE),
        (date(2026, 4, 1), Stage.MONTH_START),
        (date(2026, 4, 3), Stage.ON_DAY),
    ]


def test_the_last_day_on_a_sunday_is_told_of_on_the_friday():
    days = {stage: day for day, stage in steps(date(2026, 3, 29), NONE)}
    assert (days[Stage.ON_DAY], days[Stage.ONE_AFTER]) == (date(2026, 3, 27), date(2026, 3, 30))


def test_a_deadline_inside_the_national_holidays():
    """October 1st to 7th are free: nothing is told there, and nothing before it after it."""
    found = steps(date(2026, 10, 3), NONE)
    assert found[:3] == [
        (date(2026, 9, 28), Stage.THREE_BEFORE),
        (date(2026, 9, 30), Stage.MONTH_START),
        (date(2026, 9, 30), Stage.ON_DAY),
    ]
    assert found[3] == (date(2026, 10, 8), Stage.ONE_AFTER)


def test_every_step_of_a_year_falls_on_a_workday_and_in_its_order():
    day = date(2026, 1, 1)
    while day.year == 2026:
        found = steps(day, NONE)
        assert [one for one, _ in found] == sorted(one for one, _ in found)
        assert all(is_workday(one) for one, _ in found)
        assert [stage for _, stage in found][-4:] == [
            Stage.ON_DAY,
            Stage.ONE_AFTER,
            Stage.THREE_AFTER,
            Stage.SUPERIOR,
        ]
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "own", "above"),
    [
        (date(2026, 3, 1), None, None),
        (date(2026, 3, 2), Stage.MONTH_START, None),
        (date(2026, 3, 24), Stage.THREE_BEFORE, None),
        (date(2026, 3, 25), Stage.ON_DAY, None),
        (date(2026, 3, 29), Stage.ONE_AFTER, None),
        (date(2026, 3, 31), Stage.THREE_AFTER, None),
        (date(2026, 12, 31), Stage.THREE_AFTER, Stage.SUPERIOR),
    ],
)
def test_whoever_looks_finds_the_latest_step(on, own, above):
    found = reached(date(2026, 3, 25), on, NONE)
    assert (found.own and found.own[1], found.above and found.above[1]) == (own, above)


def test_of_two_steps_on_one_day_the_later_counts():
    found = reached(date(2026, 3, 2), date(2026, 3, 2), NONE)
    assert found.own == (date(2026, 3, 2), Stage.ON_DAY)


class Person:
    def __init__(self, pk):
        self.pk = pk


@pytest.mark.parametrize(
    ("stage", "responsible", "answer"),
    [
        (Stage.ON_DAY, [1], False),
        (Stage.ON_DAY, [2], True),
        (Stage.ON_DAY, [], True),
        (Stage.VACANT, [], False),
        (Stage.VACANT, [2], True),
        (Stage.SUPERIOR, [2], False),
        (Stage.RETURNED, [2], False),
        (Stage.NUDGE, [2], False),
    ],
)
def test_a_step_concerns_who_answers_today(stage, responsible, answer):
    from accounts.models import User

    row = due(User(pk=1), stage=stage)
    assert handed_over(row, [Person(pk) for pk in responsible]) is answer
