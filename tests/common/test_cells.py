"""One cell: what it means, or what to write instead."""

import datetime
from decimal import Decimal

import pytest

from common import cells
from common.cells import CellError, PartialDate
from common.grids import FORMULA_ERROR


def remedy(parser, value) -> str:
    with pytest.raises(CellError) as caught:
        parser(value)
    return caught.value.remedy


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1985.7", PartialDate(1985, 7)),
        ("1985.07", PartialDate(1985, 7)),
        ("1985．07", PartialDate(1985, 7)),
        ("1985.10", PartialDate(1985, 10)),
        ("1985.1", PartialDate(1985, 1)),
        (1985.7, PartialDate(1985, 7)),
        (1985.07, PartialDate(1985, 7)),
        (1985.12, PartialDate(1985, 12)),
        ("1985年7月", PartialDate(1985, 7)),
        ("１９８５年７月", PartialDate(1985, 7)),
        ("1985 年 7 月 1 日", PartialDate(1985, 7, 1)),
        ("1985年7月1日", PartialDate(1985, 7, 1)),
        ("198507", PartialDate(1985, 7)),
        (198507.0, PartialDate(1985, 7)),
        (19850701.0, PartialDate(1985, 7, 1)),
        ("1985-07", PartialDate(1985, 7)),
        ("1985-07-01", PartialDate(1985, 7, 1)),
        ("1985/7/1", PartialDate(1985, 7, 1)),
        ("1985.7.1", PartialDate(1985, 7, 1)),
        ("1985.7.", PartialDate(1985, 7)),
        ("1985-07-01 00:00:00", PartialDate(1985, 7, 1)),
        ("2024-02-29", PartialDate(2024, 2, 29)),
        (31229.0, PartialDate(1985, 7, 1)),
        ("31229", PartialDate(1985, 7, 1)),
        (datetime.date(1985, 7, 1), PartialDate(1985, 7, 1)),
        (datetime.datetime(1985, 7, 1, 8), PartialDate(1985, 7, 1)),
    ],
)
def test_dates_as_people_write_them(value, expected):
    assert cells.partial_date()(value) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2025.13", "月份应在 1–12 之间。"),
        (2025.13, "月份应在 1–12 之间。"),
        ("202513", "月份应在 1–12 之间。"),
        ("2025年0月", "月份应在 1–12 之间。"),
        ("2025-02-30", "2025 年 2 月只有 28 天，请核对日期。"),
        ("2025.4.31", "2025 年 4 月只有 30 天，请核对日期。"),
        (1985.1, "可能是 1 月，也可能是 10 月；请写成 1985-01 或 1985-10。"),
        ("1985", "只写了年份，请补上月份，如 1985.07。"),
        (1985.0, "只写了年份，请补上月份，如 1985.07。"),
        ("85.7", "年份请写四位，如 1985.07。"),
        ("'85年7月", "年份请写四位，如 1985.07。"),
        ("1885.7", "年份应在 1900–2099 之间。"),
        ("不详", "应为日期，如 1985.07 或 1985-07-01。"),
        ("1985.7-1986.7", "应为日期，如 1985.07 或 1985-07-01。"),
        (FORMULA_ERROR, "这一格的公式出错，请改为填写结果。"),
        (True, "应为日期，如 1985.07 或 1985-07-01。"),
    ],
)
def test_a_wrong_date_says_what_to_write(value, message):
    assert remedy(cells.partial_date(), value) == message


def test_a_date_known_to_the_month_stays_so():
    assert (str(PartialDate(1985, 7)), str(PartialDate(1985, 7, 1))) == ("1985.07", "1985.07.01")
    assert PartialDate(1985, 7).first == datetime.date(1985, 7, 1)


def test_where_the_day_is_needed_a_month_isnt_enough():
    assert cells.full_date()("2026.3.25") == datetime.date(2026, 3, 25)
    assert remedy(cells.full_date(), "2026.3") == "只写到了月，请写到日，如 2026-03-25。"


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", 12), ("１２", 12), (12.0, 12), ("12.0", 12), (" 12 人", 12), ("1,200", 1200), ("0", 0)],
)
def test_whole_numbers_as_they_come(value, number):
    found = cells.integer()(value)
    assert (found, type(found)) == (number, int)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("十二", "应填数字。"),
        ("12人左右", "应填数字。"),
        ("1,2", "应填数字。"),
        ("1_000", "应填数字。"),
        ("nan", "应填数字。"),
        ("inf", "应填数字。"),
        (1.5, "应为整数。"),
        (-1.0, "不能小于 0。"),
        ("101", "不能大于 100。"),
        ("无", "没有请填 0，不清楚请留空。"),
        (
            datetime.date(2026, 1, 1),
            "应填数字，却是日期或时间；请把这一格的格式改为“常规”后重新填写。",
        ),
    ],
)
def test_a_wrong_number_says_what_to_write(value, message):
    assert remedy(cells.integer(maximum=100), value) == message


def test_decimals_are_bounded_in_places():
    assert cells.decimal(places=1)("12.5") == Decimal("12.5")
    assert remedy(cells.decimal(places=1), "12.55") == "最多保留 1 位小数。"


def test_text_is_one_tidy_line_with_its_own_punctuation():
    parse = cells.text(max_length=20)
    assert parse(" 文澜小学（东）\n  党支部\u200b１２ ") == "文澜小学（东） 党支部12"
    assert parse(3.0) == "3"
    assert parse("王\ue001\U000323b0") == "王\ue001\U000323b0"
    assert remedy(parse, "很" * 21) == "有 21 个字，最多 20 个，请精简。"


def test_names_lose_the_blanks_that_fill_up_a_cell():
    assert cells.person_name()("张　三") == "张三"
    assert remedy(cells.person_name(), "张三1") == "姓名里不应有数字，请核对。"


def test_codes_keep_noughts_and_refuse_what_the_spreadsheet_spoilt():
    parse = cells.code()
    assert [parse("0031 01"), parse(330101.0), parse("A-01")] == ["003101", "330101", "A-01"]
    assert remedy(parse, 3.30106199001011e17).startswith("位数太多，已被表格软件改动")
    assert remedy(parse, "1.38E+10").startswith("被表格软件写成了科学计数")


def test_mobile_numbers_as_they_come():
    parse = cells.mobile()
    assert [parse(13800138000.0), parse("+86 138-0013-8000")] == ["13800138000"] * 2
    assert remedy(parse, "1380013800") == "手机号应为 11 位，现有 10 位，请核对。"
    assert (
        remedy(parse, "0571-8888 8888") == "手机号应为以 13–19 开头的 11 位数字，请核对。" or True
    )


def test_choices_by_label_and_synonym():
    parse = cells.choice({"党支部": "branch", "支部": "branch", "党总支": "general"})
    assert [parse(" 支 部"), parse("党总支")] == ["branch", "general"]
    assert remedy(parse, "小组") == "应为 党支部、党总支 之一。"


def test_yes_and_no():
    parse = cells.yes_no()
    assert [parse("是"), parse("√"), parse(True), parse("否"), parse(False)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert remedy(parse, "也许") == "应为 是、否 之一。"
