"""Whatever is wrong with a calendar is named with its line and its text, never guessed."""

import pytest

from calendar_events.reading import suggest_handling, summary_lines
from tests.calendar_events.reading import TITLES, pairs, read, said, tabbed

TWELVE = [f"{month}月\t1. 事项{'甲乙丙丁戊己庚辛壬癸子丑'[month - 1]}" for month in range(1, 13)]


def lines(*rows):
    return list(summary_lines(read("\n".join(rows))))


def test_a_complete_calendar_has_none():
    assert lines("时间\t内容", *TWELVE) == ["12 months, 12 events, 0 problems"]


def test_a_missing_month():
    rows = [row for row in TWELVE if not row.startswith("8月")]

    assert lines("时间\t内容", *rows) == [
        "第 9 行 错误：没有8月：9月 1. 事项壬",
        "11 months, 11 events, 1 problems",
    ]


def test_a_missing_last_month_stands_at_the_last_line():
    assert lines(*TWELVE[:11]) == [
        "第 11 行 错误：没有12月：11月 1. 事项子",
        "11 months, 11 events, 1 problems",
    ]


def test_a_month_that_only_the_monthly_row_covers_is_a_lost_row():
    rows = [row for row in TWELVE if not row.startswith("8月")]

    assert lines("时间\t内容", "每月\t主题党日", *rows) == [
        "第 10 行 错误：没有8月：9月 1. 事项壬",
        "12 months, 23 events, 1 problems",
    ]


def test_a_monthly_row_alone_covers_the_year():
    assert lines("时间\t内容", "每月\t主题党日", "3月\t评选") == [
        "12 months, 13 events, 0 problems"
    ]


@pytest.mark.parametrize("nothing", ["", "/", "无", "—", "暂无"])
def test_an_empty_month(nothing):
    rows = [*TWELVE[:4], f"5月\t{nothing}", *TWELVE[5:]]
    said_text = f"5月 {nothing}".strip()

    assert lines("时间\t内容", *rows) == [
        f"第 6 行 错误：“5月”下面没有事项：{said_text}",
        "11 months, 11 events, 1 problems",
    ]


def test_a_repeated_month():
    rows = [*TWELVE, "3月\t1. 又一项"]

    assert lines("时间\t内容", *rows) == [
        "第 14 行 错误：“3月”重复出现：3月 1. 又一项",
        "12 months, 13 events, 1 problems",
    ]


def test_a_repeated_month_right_below_begins_again_with_one():
    rows = [*TWELVE[:3], "3月\t1. 又一项", *TWELVE[4:]]

    assert lines("时间\t内容", *rows) == [
        "第 5 行 错误：“3月”重复出现：3月 1. 又一项",
        "第 6 行 错误：没有4月：5月 1. 事项戊",
        "11 months, 12 events, 2 problems",
    ]


def test_a_repeated_heading():
    calendar = read("3月\n走访\n3月\n慰问")

    assert said(calendar) == [(3, "“3月”重复出现")]
    assert pairs(calendar) == [(3, "走访"), (3, "慰问")]


def test_rows_of_one_event_each_may_repeat_their_month():
    assert said(read("时间\t内容\n3月\t走访\n3月\t慰问\n4月\t评选")) == []


def test_a_table_by_topic_comes_back_to_its_months():
    rows = [
        f"{topic}\t{month}月\t{topic}{month}事"
        for topic in ("组织", "宣传")
        for month in (1, 2, 3, 4)
    ]

    assert said(read("类别\t月份\t内容\n" + "\n".join(rows))) == []


def test_the_same_event_twice():
    calendar = read("3月\t1. 走访 慰问；2. 走访慰问")

    assert pairs(calendar) == [(3, "走访 慰问")]
    assert said(calendar) == [(1, "「走访慰问」在3月已有一项，只记一次")]


def test_month_thirteen_names_everything_under_it():
    calendar = read("\n".join([*TWELVE, "13月", "1. 甲", "2. 乙"]))

    assert len(calendar.events) == 12
    assert list(summary_lines(calendar)) == [
        "第 13 行 错误：没有13月：13月",
        "第 14 行 错误：在“13月”之下，没有读入：1. 甲",
        "第 15 行 错误：在“13月”之下，没有读入：2. 乙",
        "12 months, 12 events, 3 problems",
    ]


def test_month_thirteen_in_a_table_row():
    assert lines("时间\t内容", *TWELVE, "13月\t1. 甲；2. 乙") == [
        "第 14 行 错误：没有13月：13月 1. 甲；2. 乙",
        "12 months, 12 events, 1 problems",
    ]


def test_a_time_that_is_none():
    calendar = read("时间\t内容\n1月\t走访\n有空时\t看看\n待定\t评选\n2月\t春训")

    assert pairs(calendar) == [(1, "走访"), (2, "春训")]
    assert said(calendar) == [
        (3, "“有空时”不是认得出的时间"),
        (4, "“待定”定不下月份，请写明是哪一个月"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3月\t1. 走访；3. 慰问", "编号 1 之后是 3，请看是否漏了或重了"),
        ("3月\n1. 走访\n2. 慰问\n2. 评选", "编号 2 之后是 2，请看是否漏了或重了"),
        ("3月\t1. 走访；2. ；3. 慰问", "编号 2 后面没有内容"),
        ("3月\n1. 走访；\n慰问；\n2. 评选", "这一行没有编号，已单独作为一项"),
        (
            "3月\n1. 走访\n慰问老党员困难党员\n2. 评选",
            "“慰问老党员困难党员”没有编号，已接在上一行后面",
        ),
        ("3月\n" + "长" * 21 + "\n短行", "这一行很短，可能是上一行的续行"),
        ("3月\t1. 事；2. 走访", "标题只有一个字，可能是断行"),
        ("3月\t1. 甲事；2. 乙事；3.15消费者日", "“3.15”像编号也像数字，已留在标题里"),
        ("3月前\t1. 走访", "“3月前”不清楚是月初还是月底，已记在 3 月"),
        ("2月30日前\t1. 走访", "没有2月30日"),
        ("3月\t1. " + "长" * 201, "标题有 201 字，超过 200 字，没有读入"),
    ],
)
def test_doubts_about_single_lines(text, message):
    assert [said_message for _, said_message in said(read(text))] == [message]


def test_overlapping_months_may_be_numbers():
    calendar = read("一、二月\n走访\n二、三月\n春训")

    assert said(calendar) == [(3, "“二、三月”与前面的“一、二月”月份有重叠")]


def test_the_title_of_another_year():
    calendar = read("2021年度党建工作行事历\n" + tabbed())

    assert calendar.foreign_year == 2021
    assert said(calendar) == [(1, "标题写的是 2021 年，现在导入的是 2022 年")]


def test_a_row_of_another_year_is_not_taken_in():
    calendar = read("时间\t内容\n2021年12月\t走访\n2022年1月\t春训")

    assert pairs(calendar) == [(1, "春训")]
    assert said(calendar) == [(2, "写的是 2021 年，行事历是 2022 年")]


def test_a_school_year_turns_over_to_the_next():
    calendar = read("2022学年党建工作行事历\n9月\t走访\n12月\t总结\n1月\t春训\n每月\t党日")

    dated = [(e.first_year_offset, e.first_month) for e in calendar.events]
    assert dated[:3] == [(0, 9), (0, 12), (1, 1)]
    assert set(dated[3:]) == {(0, month) for month in range(1, 13)}
    assert calendar.foreign_year is None


def test_columns_nobody_knows_become_notes():
    calendar = read("月份\t内容\t经费\n3月\t走访\t500元\t多出来的")

    assert [event.notes for event in calendar.events] == ["经费：500元 多出来的"]


def test_long_offices_move_to_the_notes():
    (event,) = read(f"月份\t内容\t责任科室\n3月\t走访\t{'科' * 101}").events

    assert (event.office, event.notes) == ("", f"责任科室：{'科' * 101}")


KINDS = {"局办", "校办", "选报", "知晓"}


def test_every_suggestion_gives_its_reason():
    for title in [title for titles in TITLES.values() for title in titles]:
        kind, reason = suggest_handling(title)
        assert kind in KINDS
        word = reason[1 : reason.index("”")]
        assert word in title.replace(" ", "")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("听取和审议基层党组织半年度党建工作汇报", "局办"),
        ("2022 年度党员发展审议工作", "局办"),
        ("校级干部岗位大练兵", "局办"),
        ("召开系统内党外人士中秋座谈会", "局办"),
        ("启动“书记好党课”“支部好案例”评选", "选报"),
        ("党支部征集、党员教师认领学生“微心愿”活动", "校办"),
        ("签订党建工作、党风廉政建设目标责任书", "校办"),
        ("启动 2022 年度党员年报工作", "校办"),
        ("元旦放假通知", "知晓"),
        ("䶮", "校办"),
    ],
)
def test_suggestions(title, kind):
    assert suggest_handling(title).kind == kind


def test_a_title_without_any_known_word_says_so():
    assert suggest_handling("䶮").reason == "标题里没有认出关键词，先按校办，请核对"
