"""ID numbers: what is wrong is named, the number itself never is."""

from datetime import date

import pytest

from common.errors import DomainError
from common.identity import check_id_number, mask_id_number
from tests.people.numbers import id_number

TODAY = date(2026, 3, 2)
GOOD = id_number("19850712", 3)


def test_a_number_says_day_of_birth_and_sex():
    facts = check_id_number(GOOD, on=TODAY)
    assert (facts.number, facts.born_on, facts.is_male) == (GOOD, date(1985, 7, 12), True)
    assert check_id_number(id_number(serial=4), on=TODAY).is_male is False


def test_it_is_read_as_people_type_it():
    ends_in_x = next(n for n in map(id_number, ["19850712"] * 99, range(99)) if n[-1] == "X")
    typed = f" {ends_in_x[:6]} {ends_in_x[6:14]}-{ends_in_x[14:17]}ｘ"
    assert check_id_number(typed, on=TODAY).number == ends_in_x


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("110105850712001", "15 位的旧号，请填 18 位"),
        (GOOD[:-1], "有 17 位，应为 18 位"),
        ("", "有 0 位"),
        (GOOD[:5] + "O" + GOOD[6:], "17 位数字加 1 位数字或 X"),
        (GOOD[:-1] + "Y", "17 位数字加 1 位数字或 X"),
        (id_number("19850231"), "第 7–14 位不是一个日期"),
        (id_number("20260303"), "出生日期是 2026-03-03"),
        (id_number("18991231"), "出生日期是 1899-12-31"),
        (GOOD[:-1] + str((int(GOOD[-1], 36) + 1) % 10), "校验码不对"),
    ],
)
def test_what_is_wrong_is_told_without_the_number(number, told):
    with pytest.raises(DomainError) as refused:
        check_id_number(number, on=TODAY)
    assert told in refused.value.message
    assert not number or number not in refused.value.message


def test_it_is_masked():
    assert mask_id_number(GOOD) == f"{GOOD[:3]}***********{GOOD[-4:]}"
    assert mask_id_number("") == ""
