"""Titles break by meaning, in a trapezoid or a diamond, with no function word at a line's start."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.documents.title_breaks import break_title, width

OFFICE = "中共栖江市澄岚区教育局委员会"


@pytest.mark.parametrize(
    "lines",
    [
        ["2026年度党建工作行事历"],
        ["关于印发2026年度党建工作行事历的通知"],
        [f"关于印发《{OFFICE}", "2026年党建工作要点》的通知"],
        [OFFICE, "2026年党建工作要点"],
        [
            OFFICE,
            "关于印发《澄岚区中小学校党组织领导的",
            "校长负责制实施细则（试行）》的通知",
        ],
        ["关于开展2026年全区教育系统基层党组织", "书记抓党建工作述职评议考核的通知"],
        ["关于联合开展2026年全区中小学校园", "食堂食品安全和节约用餐专项检查活动的通知"],
        ["关于公布第三批中小学校示范性党组织和", "“双带头人”党组织书记典型选树名单的通知"],
    ],
)
def test_titles_break_as_an_office_would_break_them(lines: list[str]):
    assert break_title("".join(lines), most=20) == lines


def test_breaks_set_by_hand_stay():
    assert break_title("关于\n印发行事历的通知", most=20) == ["关于", "印发行事历的通知"]


def test_a_line_set_by_hand_that_is_too_long_is_broken_further():
    title = f"{OFFICE}\n关于公布第三批中小学校示范性党组织和先进典型名单的通知"
    lines = break_title(title, most=20)
    assert lines[0] == OFFICE
    assert len(lines) == 3


def test_what_has_no_good_place_to_break_is_cut_into_full_lines():
    assert break_title("a" * 50, most=20) == ["a" * 40, "a" * 10]


TITLES = st.text(
    alphabet="关于印发做好党建工作要点行事历的和与及通知委员会教育局2026年《》（）“”",
    min_size=1,
    max_size=55,
)


@given(TITLES)
def test_no_character_is_lost_and_no_line_is_too_long(title: str):
    lines = break_title(title, most=20)
    assert "".join(lines) == title
    assert max(width(line) for line in lines) <= 20


@given(
    st.permutations(
        ["关于", "做好", "党建", "工作", "和", "党员", "学习", "的", "通知", "要点", "考核"]
    )
)
def test_no_line_begins_with_a_function_word(words: list[str]):
    lines = break_title("".join(words) * 2, most=20)
    assert [line for line in lines[1:] if line[0] in "的和与及等了"] == []
