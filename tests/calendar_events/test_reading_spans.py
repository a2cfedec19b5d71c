"""Times as bureaus write them, what they cover and which dates they give."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_events.reading.model import Context
from calendar_events.reading.spans import read_label
from tests.calendar_events.reading import read, said, spans

CONTEXT = Context(2022)


def shape(text, *, bare=False, context=CONTEXT):
    """What a time means, in a short form: months, then start, end and due date."""
    label = read_label(text, context, bare=bare)
    if label is None:
        return None
    return [
        tuple(
            str(value)
            for value in (
                f"{span.first_month}-{span.last_month}",
                span.starts_on,
                span.ends_on,
                span.due_on,
            )
            if value is not None
        )
        for span in label.spans
    ]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("1月", "1-1"),
        ("１２月份", "12-12"),
        ("1 月", "1-1"),
        ("十二月", "12-12"),
        ("元月", "1-1"),
        ("【3月】", "3-3"),
        ("3月（学雷锋月）", "3-3"),
        ("2022年3月", "3-3"),
        ("二〇二二年三月", "3-3"),
        ("今年3月", "3-3"),
        ("每年3月", "3-3"),
        ("1—2月", "1-2"),
        ("1-2月", "1-2"),
        ("1～2月", "1-2"),
        ("1月至2月", "1-2"),
        ("三到五月", "3-5"),
        ("7、8月", "7-8"),
        ("7月和8月", "7-8"),
        ("第一季度", "1-3"),
        ("一季度", "1-3"),
        ("第4季度", "10-12"),
        ("第一、二季度", "1-6"),
        ("第三季度末", "9-9"),
        ("二季度初", "4-4"),
        ("上半年", "1-6"),
        ("下半年", "7-12"),
        ("全年", "1-12"),
        ("常年", "1-12"),
        ("年初", "1-1"),
        ("年底前", "12-12"),
        ("3月起", "3-12"),
    ],
)
def test_months(text, months):
    assert shape(text) == [(months,)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10月中旬", ("10-10", "2022-10-11", "2022-10-20")),
        ("10月上旬", ("10-10", "2022-10-01", "2022-10-10")),
        ("2月下旬", ("2-2", "2022-02-21", "2022-02-28")),
        ("3月份中下旬", ("3-3", "2022-03-11", "2022-03-31")),
        ("3月初", ("3-3", "2022-03-01", "2022-03-10")),
        ("3月底", ("3-3", "2022-03-31")),
        ("6月底前", ("6-6", "2022-06-30")),
        ("11月15日前", ("11-11", "2022-11-15")),
        ("11 月 15 日 之前", ("11-11", "2022-11-15")),
        ("11月15日以前", ("11-11", "2022-11-15")),
        ("十一月十五日前", ("11-11", "2022-11-15")),
        ("三月三日", ("3-3", "2022-03-03", "2022-03-03")),
        ("11月中旬前", ("11-11", "2022-11-20")),
        ("3月5日", ("3-3", "2022-03-05", "2022-03-05")),
        ("3月5号左右", ("3-3", "2022-03-05", "2022-03-05")),
        ("3月5日前后", ("3-3", "2022-03-05", "2022-03-05")),
        ("3月5—10日", ("3-3", "2022-03-05", "2022-03-10")),
        ("3月5日至10日", ("3-3", "2022-03-05", "2022-03-10")),
        ("3月15日—4月10日", ("3-4", "2022-03-15", "2022-04-10")),
        ("3月15—4月10日", ("3-4", "2022-03-15", "2022-04-10")),
        ("3月上旬至4月中旬", ("3-4", "2022-03-01", "2022-04-20")),
        ("3月上旬至中旬", ("3-3", "2022-03-01", "2022-03-20")),
        ("寒假", ("1-2", "2022-01-20", "2022-02-20")),
        ("暑期", ("7-8", "2022-07-01", "2022-08-31")),
        ("暑假期间", ("7-8", "2022-07-01", "2022-08-31")),
        ("寒假前", ("1-1", "2022-01-19")),
        ("秋季学期", ("9-12", "2022-09-01", "2022-12-31")),
    ],
)
def test_dates(text, expected):
    assert shape(text) == [expected]


def months_of(text):
    return [span[0] for span in shape(text)]


def test_repeated_ones_are_an_event_each_time():
    assert months_of("每月") == [f"{month}-{month}" for month in range(1, 13)]
    assert months_of("每个月") == months_of("每月")
    assert months_of("每季度末") == ["3-3", "6-6", "9-9", "12-12"]
    assert months_of("每季末") == months_of("每季度末")
    assert months_of("每季度初") == ["1-1", "4-4", "7-7", "10-10"]
    assert months_of("每季度") == ["1-3", "4-6", "7-9", "10-12"]
    assert months_of("每半年") == ["1-6", "7-12"]
    assert months_of("每学期") == ["2-6", "9-12"]
    assert months_of("每学期初") == ["2-2", "9-9"]
    assert months_of("每学期末") == ["1-1", "6-6"]
    assert months_of("双月") == ["2-2", "4-4", "6-6", "8-8", "10-10", "12-12"]
    assert months_of("3、6、9、12月") == ["3-3", "6-6", "9-9", "12-12"]
    assert months_of("3月、9月") == ["3-3", "9-9"]


def test_a_day_of_each_month():
    due = [span[1] for span in shape("每月30日前")]

    assert due[:4] == ["2022-01-30", "2022-02-28", "2022-03-30", "2022-04-30"]
    assert [span[1] for span in shape("每月底")][1] == "2022-02-28"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("13月", "没有13月"),
        ("0月", "没有0月"),
        ("十三月", "没有十三月"),
        ("正月", "农历"),
        ("2021年3月", "写的是 2021 年"),
        ("2024年3月", "写的是 2024 年"),
        ("每周", "定不下月份"),
        ("待定", "定不下月份"),
        ("上学期", "定不下月份"),
        ("开学第一周", "定不下月份"),
        ("第一、三季度", "不是连着的季度"),
    ],
)
def test_what_cannot_be_used_is_named(text, words):
    label = read_label(text, CONTEXT)

    assert label.spans == ()
    assert words in label.problem


def test_a_day_that_does_not_exist_keeps_its_month():
    label = read_label("2月30日前报送", CONTEXT)

    assert (label.problem, label.rest) == ("没有2月30日", "报送")
    assert [span.first_month for span in label.spans] == [2]


def test_the_next_year():
    (span,) = read_label("次年1月", CONTEXT).spans
    assert (span.first_year, span.last_year, span.first_month) == (1, 1, 1)

    (span,) = read_label("9月至次年1月", CONTEXT).spans
    assert (span.first_year, span.last_year, list(span.ordinals)) == (0, 1, [9, 10, 11, 12, 13])


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("3", "3-3"),
        ("三", "3-3"),
        ("1-2", "1-2"),
        ("2022.3", "3-3"),
        ("2022-03", "3-3"),
        ("2022/03", "3-3"),
    ],
)
def test_in_a_time_column_figures_are_enough(text, months):
    assert shape(text) is None
    assert shape(text, bare=True) == [(months,)]


def test_days_by_dots_in_a_time_column():
    assert shape("3.15", bare=True) == [("3-3", "2022-03-15", "2022-03-15")]
    assert shape("3.1-3.15", bare=True) == [("3-3", "2022-03-01", "2022-03-15")]
    assert shape("2022-03-15", bare=True) == [("3-3", "2022-03-15", "2022-03-15")]


@pytest.mark.parametrize(
    "text", ["2022年度", "第38个教师节", "2021-2022学年", "月报", "走访", "", "三会一课", "季度"]
)
def test_what_is_no_time(text):
    assert read_label(text, CONTEXT) is None


def test_the_bureaus_own_school_dates():
    dates = {"寒假": (date(2022, 1, 29), date(2022, 2, 27))}
    context = Context(2022, dates)

    assert shape("寒假", context=context) == [("1-2", "2022-01-29", "2022-02-27")]
    assert shape("暑假", context=context) == [("7-8", "2022-07-01", "2022-08-31")]
    assert shape("春季学期", context=context) == [("2-6", "2022-02-28", "2022-06-30")]


@given(
    st.text(
        alphabet="0123456789年月日旬上中下底初前至到、-.一二三十每季度半学期寒暑假末起（）",
        max_size=20,
    )
)
def test_any_writing_gives_sound_spans(text):
    for bare in (False, True):
        label = read_label(text, CONTEXT, bare=bare)
        for span in label.spans if label else ():
            assert 1 <= span.first_month <= 12
            assert 1 <= span.last_month <= 12
            assert len(span.ordinals) >= 1
            assert (span.starts_on is None) == (span.ends_on is None)
            assert span.starts_on is None or span.starts_on <= span.ends_on


ROWS = (
    "1—2月\t冬训\n第一季度\t述职\n上半年\t体检\n寒假\t家访\n暑期\t培训\n每月\t主题党日\n每季度末\t报表\n"
    "10月中旬\t座谈会\n11月15日前\t年报"
)


def test_rows_for_spans_become_events():
    calendar = read("时间\t内容\n" + ROWS)

    assert spans(calendar) == [
        (1, 2, "冬训"),
        (1, 3, "述职"),
        (1, 6, "体检"),
        (1, 2, "家访"),
        (7, 8, "培训"),
        *((month, month, "主题党日") for month in range(1, 13)),
        *((month, month, "报表") for month in (3, 6, 9, 12)),
        (10, 10, "座谈会"),
        (11, 11, "年报"),
    ]
    assert calendar.problems == ()
    assert calendar.events[-1].due_on == date(2022, 11, 15)
    assert calendar.events[-2].starts_on == date(2022, 10, 11)
    assert calendar.events[3].ends_on == date(2022, 2, 20)


def test_dates_within_titles_leave_the_title_whole():
    calendar = read(
        "10月\n1. 10月中旬召开座谈会\n2. 15日前报送材料\n3. 座谈会（下旬）\n4. 学习2月18日讲话\n5. 月底前总结\n6. 10月8日至12日培训"
    )

    assert [(e.title, str(e.starts_on), str(e.due_on)) for e in calendar.events] == [
        ("10月中旬召开座谈会", "2022-10-11", "None"),
        ("15日前报送材料", "None", "2022-10-15"),
        ("座谈会（下旬）", "2022-10-21", "None"),
        ("学习2月18日讲话", "None", "None"),
        ("月底前总结", "None", "2022-10-31"),
        ("10月8日至12日培训", "2022-10-08", "None"),
    ]
    assert said(calendar) == []


def test_a_due_date_in_a_title_outside_its_month_is_named():
    calendar = read("10月\n1. 9月30日前报名\n2. 10月32日前报送")

    assert [event.due_on for event in calendar.events] == [None, None]
    assert said(calendar) == [
        (2, "标题里的“9月30日前”不在本行的月份里"),
        (3, "标题里的“10月32日前”：没有10月32日"),
    ]


def test_a_span_into_the_next_year_is_cut_and_named():
    calendar = read("12月—2月\t冬训")

    assert spans(calendar) == [(12, 12, "冬训")]
    assert said(calendar) == [(1, "跨到下一年，月份记到 12 月为止")]
