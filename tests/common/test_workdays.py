"""Chinese workdays against the published notices, and laws that hold for any table."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.workdays import (
    add_workdays,
    is_workday,
    known,
    last_workday_of,
    next_workday,
    nth_workday_of,
    workday_from,
    workdays_of,
)

DAYS = st.dates(date(2020, 1, 1), date(2028, 12, 31))
OVERRIDES = st.dictionaries(DAYS, st.booleans(), max_size=30)
MONTHS = st.tuples(st.integers(2020, 2028), st.integers(1, 12))


# 国务院办公厅关于2022年部分节假日安排的通知
@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2022, 1, 3), False),  # 元旦补休
        (date(2022, 1, 29), True),  # Saturday worked for 春节
        (date(2022, 1, 30), True),  # Sunday worked for 春节
        (date(2022, 1, 31), False),
        (date(2022, 2, 6), False),
        (date(2022, 2, 7), True),
        (date(2022, 4, 2), True),
        (date(2022, 4, 4), False),
        (date(2022, 5, 7), True),
        (date(2022, 10, 7), False),
        (date(2022, 10, 9), True),
        (date(2022, 10, 10), True),
        (date(2022, 3, 5), False),  # an ordinary Saturday
    ],
)
def test_the_notice_for_2022(day, worked):
    assert is_workday(day) is worked


def test_a_day_worked_in_december_for_the_next_year():
    assert is_workday(date(2011, 12, 31)) is True


def test_an_override_wins_both_ways():
    saturday, monday = date(2027, 3, 6), date(2027, 3, 8)
    assert is_workday(saturday, {saturday: True}) is True
    assert is_workday(monday, {monday: False}) is False


def test_a_year_without_announced_days_is_recognisable():
    assert known(2022) is True
    assert known(2026) is True
    assert known(2049) is False


def test_a_year_becomes_known_by_the_bureaus_own_table():
    assert known(2049, {date(2049, 1, 30): True}) is True  # a Saturday, worked
    assert known(2049, {date(2049, 2, 1): False}) is False  # a free Monday says nothing of 调休
    assert known(2049, {date(2048, 2, 1): True}) is False


def test_first_and_last_workday_of_a_month():
    assert nth_workday_of(2022, 2, 1) == date(2022, 2, 7)
    assert nth_workday_of(2022, 10, 1) == date(2022, 10, 8)
    assert nth_workday_of(2022, 3, 3) == date(2022, 3, 3)
    assert last_workday_of(2022, 12) == date(2022, 12, 30)
    assert last_workday_of(2022, 1) == date(2022, 1, 30)


def test_a_month_has_no_twenty_fourth_workday():
    with pytest.raises(ValueError, match="asked for number 24"):
        nth_workday_of(2022, 3, 24)
    with pytest.raises(ValueError, match="asked for number 0"):
        nth_workday_of(2022, 3, 0)


def test_a_month_freed_altogether_has_no_last_workday():
    free = {date(2022, 3, day): False for day in range(1, 32)}
    with pytest.raises(ValueError, match="no workday"):
        last_workday_of(2022, 3, free)


def test_a_year_freed_altogether_ends_the_search():
    first = date(2022, 1, 1)
    free = {first + timedelta(days=n): False for n in range(800)}
    with pytest.raises(ValueError, match="no workday"):
        next_workday(first, free)


def test_three_workdays_before_and_after_a_holiday():
    assert add_workdays(date(2022, 2, 8), -3) == date(2022, 1, 29)
    assert add_workdays(date(2022, 1, 29), 3) == date(2022, 2, 8)
    assert add_workdays(date(2022, 2, 2), 0) == date(2022, 2, 2)


def test_workday_from_keeps_a_workday():
    assert workday_from(date(2022, 2, 7)) == date(2022, 2, 7)
    assert workday_from(date(2022, 1, 31)) == date(2022, 2, 7)


@given(DAYS, st.integers(1, 40), OVERRIDES)
def test_adding_lands_on_a_workday_with_just_n_passed(day, n, overrides):
    landed = add_workdays(day, n, overrides)
    span = (day + timedelta(days=k) for k in range(1, (landed - day).days + 1))
    assert is_workday(landed, overrides)
    assert sum(is_workday(passed, overrides) for passed in span) == n


@given(DAYS, st.integers(-40, 40), OVERRIDES)
def test_going_and_coming_back_from_a_workday(day, n, overrides):
    start = workday_from(day, overrides)
    assert add_workdays(add_workdays(start, n, overrides), -n, overrides) == start


@given(DAYS, OVERRIDES)
def test_next_workday_skips_only_free_days(day, overrides):
    found = next_workday(day, overrides)
    between = [day + timedelta(days=k) for k in range(1, (found - day).days)]
    assert is_workday(found, overrides)
    assert not any(is_workday(passed, overrides) for passed in between)


@given(MONTHS, OVERRIDES)
def test_the_workdays_of_a_month_agree_with_each_other(month, overrides):
    year, number = month
    listed = list(workdays_of(year, number, overrides))
    whole = [date(year, number, d + 1) for d in range(calendar.monthrange(year, number)[1])]
    assert listed == [day for day in whole if is_workday(day, overrides)]
    if listed:
        assert nth_workday_of(year, number, 1, overrides) == listed[0]
        assert last_workday_of(year, number, overrides) == listed[-1]
