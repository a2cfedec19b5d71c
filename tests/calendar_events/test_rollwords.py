"""Year figures in titles, a year on."""

import pytest

from calendar_events.rollwords import one_year_on


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026年度组织生活会", "2027年度组织生活会"),
        ("上报2025年度党内统计年报", "上报2026年度党内统计年报"),
        ("2025—2026学年第二学期计划", "2026—2027学年第二学期计划"),
        ("2026 年“七一”表彰", "2027 年“七一”表彰"),
        ("2026届毕业生党员转接", "2027届毕业生党员转接"),
        ("二〇二六年工作要点", "二〇二七年工作要点"),
        ("二○二九年度总结", "二○二九年度总结"),
        ("学习2021年颁布的条例", "学习2021年颁布的条例"),
        ("落实澄教委〔2026〕3号", "落实澄教委〔2026〕3号"),
        ("联系电话 82026年终", "联系电话 82026年终"),
        ("主题党日", "主题党日"),
    ],
)
def test_years_next_to_the_lines_own_move(before, after):
    assert one_year_on(before, year=2026) == (after, ())


def test_the_last_year_of_a_decade_is_written_out():
    assert one_year_on("二〇二九年要点", year=2029).text == "二〇三〇年要点"


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("庆祝建党105周年", "105周年"),
        ("2026—2030年教育规划", "2026—2030"),
        ("第三届党代会", "第三届"),
        ("“十五五”规划学习", "十五五"),
    ],
)
def test_what_only_a_person_can_tell_is_named_and_left(text, doubt):
    assert one_year_on(text, year=2026) == (text, (doubt,))
