"""Calendars as text: every way of numbering and of writing months, and text around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_events.reading import UnreadableError, read_file, sum_line, summary_lines
from tests.calendar_events.reading import (
    LETTER_HEAD,
    TITLES,
    all_pairs,
    numbered,
    pairs,
    read,
    said,
    spans,
    tabbed,
)


def test_a_letter_with_the_calendar_as_its_annex():
    calendar = read(LETTER_HEAD + tabbed())

    assert pairs(calendar) == all_pairs()
    assert list(summary_lines(calendar)) == ["12 months, 33 events, 0 problems"]
    assert calendar.title == "2022年度党建工作行事历"
    assert calendar.events[0].line == LETTER_HEAD.count("\n") + 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_encodings_and_line_breaks(encoding, line_break):
    data = tabbed().replace("\n", line_break).encode(encoding)

    assert pairs(read_file("a.txt", data, year=2022)) == all_pairs()


@pytest.mark.parametrize(
    "style",
    [
        "{}. {}",
        "{}．{}",
        "{}、{}",
        "（{}）{}",
        "({}) {}",
        "{}){}",
        "{}.{}",
        "{} . {}",
        "（ {} ） {}",
    ],
)
@pytest.mark.parametrize("joint", ["；", "； ", "\n", "；\n", "。", "  "])
def test_numbering_of_every_kind(style, joint):
    text = "\n".join(
        f"{month}月\n{numbered(titles, style, joint)}" for month, titles in TITLES.items()
    )
    calendar = read(text)

    assert pairs(calendar) == all_pairs()
    assert calendar.problems == ()


@pytest.mark.parametrize("marks", ["①②③④⑤", "⑴⑵⑶⑷⑸", "⒈⒉⒊⒋⒌", "㈠㈡㈢㈣㈤", "❶❷❸❹❺"])
def test_numbers_in_rings(marks):
    text = "\n".join(
        f"{month}月：" + "；".join(mark + title for mark, title in zip(marks, titles, strict=False))
        for month, titles in TITLES.items()
    )

    assert pairs(read(text)) == all_pairs()


@pytest.mark.parametrize(
    "form",
    [
        "{}月",
        "{}月份",
        "{}月：",
        "{} 月 份",
        "【{}月】",
        "（{}月）",
        "{}月工作安排",
        "{}月份重点工作：",
        "2022年{}月",
    ],
)
def test_months_as_headings(form):
    text = "\n".join(
        form.format(month) + "\n" + numbered(titles, joint="；\n")
        for month, titles in TITLES.items()
    )
    calendar = read(text)

    assert pairs(calendar) == all_pairs()
    assert calendar.problems == ()


CHINESE = [*"一二三四五六七八九十", "十一", "十二"]


@pytest.mark.parametrize("form", ["{}月", "{}月份", "{}、{}月份", "（{}）{}月份："])
def test_months_in_chinese_figures_and_behind_numbers(form):
    text = "\n".join(
        form.format(*[CHINESE[month - 1]] * form.count("{}")) + "\n" + numbered(titles)
        for month, titles in TITLES.items()
    )
    calendar = read(text)

    assert pairs(calendar) == all_pairs()
    assert calendar.problems == ()


def test_number_and_arabic_month():
    text = "一、1月份\n1. 走访\n二、2月份\n1. 春训\n三、元月\n慰问"

    assert pairs(read(text)) == [(1, "走访"), (2, "春训"), (1, "慰问")]


def test_several_events_and_several_months_on_a_line():
    assert pairs(read("1月：走访；春训。2月：慰问；3月：评选")) == [
        (1, "走访"),
        (1, "春训"),
        (2, "慰问"),
        (3, "评选"),
    ]


def test_events_over_several_lines():
    calendar = read(
        "3月\n1. 召开教育系统全面从严治党暨作风\n建设工作会议部署会；\n2. 签订党建工作、\n党风廉政建设\n责任书。"
    )

    assert pairs(calendar) == [
        (3, "召开教育系统全面从严治党暨作风建设工作会议部署会"),
        (3, "签订党建工作、党风廉政建设责任书"),
    ]
    assert calendar.events[0].lines == (1, 2, 3)
    assert said(calendar) == []


def test_lines_without_numbers_are_events_unless_punctuation_says_broken():
    assert pairs(read("3月\n召开会议\n签订责任书")) == [(3, "召开会议"), (3, "签订责任书")]
    assert pairs(read("3月\n召开\n会议；\n签订责任书。")) == [(3, "召开会议"), (3, "签订责任书")]
    assert pairs(read("3月\n召开（部署\n和推进）会议\n签约")) == [
        (3, "召开（部署和推进）会议"),
        (3, "签约"),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "开展“学党史；办实事”活动",
        "2022年度党员发展",
        "第 38 个教师节庆祝活动",
        "召开第1、2、3次会议",
        "2、3年级家访",
        "一、二年级结对",
        "“1+1”结对帮扶",
        "完成1.5万字总结",
        "《党章》；《准则》学习（含测试；补考）",
        "“三会一课”、主题党日",
        "3月5日学雷锋",
        "走访🎉𬭎㛃老党员",
        "学习2021-2022学年计划",
    ],
)
@pytest.mark.parametrize(
    "layout", ["3月\t1. 甲事；2. {}；3. 乙事。", "3月\n1. 甲事\n2. {}\n3. 乙事"]
)
def test_titles_are_not_cut(title, layout):
    assert pairs(read(layout.format(title))) == [(3, "甲事"), (3, title), (3, "乙事")]


def test_numbers_without_a_space_before_a_year():
    text = "3月\t1.2022年党员发展；2.2022年培训；3.5月底前报送"

    assert pairs(read(text)) == [(3, "2022年党员发展"), (3, "2022年培训"), (3, "5月底前报送")]


def test_headings_inside_a_month_are_kept_as_notes():
    calendar = read("3月\n一、组织建设\n1. 走访\n2. 慰问\n二、宣传思想\n1. 评选")

    assert pairs(calendar) == [(3, "走访"), (3, "慰问"), (3, "评选")]
    assert [event.notes for event in calendar.events] == [
        "板块：组织建设",
        "板块：组织建设",
        "板块：宣传思想",
    ]


def test_a_list_inside_an_item_stays_whole_and_is_named():
    calendar = read("3月\t1. 主题教育：（1）学习；（2）调研；2. 慰问")

    assert pairs(calendar) == [(3, "主题教育：（1）学习；（2）调研"), (3, "慰问")]
    assert said(calendar) == [(1, "一项里还有分项，按一件事项读入，需要时请拆分")]


def test_a_lead_before_the_numbers():
    calendar = read("3月\t本月重点：1. 走访；2. 慰问\n4月\t春训；2. 评选")

    assert pairs(calendar) == [(3, "走访"), (3, "慰问"), (4, "春训"), (4, "评选")]
    assert calendar.events[0].notes == "板块：本月重点"
    assert said(calendar) == [(2, "这一行在编号之前，没有编号")]


def test_text_around_is_left_out():
    text = (
        "澄岚区教育局\n2022年行事历\n12月\n1. 总结\n\n注：如有变动，另行通知。\n1. 请各校落实\n"
        "联系人：李某\n第 3 页\n澄岚区教育局党委\n2022年2月18日\n抄送：区委组织部\n"
    )
    calendar = read(text)

    assert pairs(calendar) == [(12, "总结")]
    assert said(calendar) == []
    assert [line.line for line in calendar.around] == [1, 2, 6, 7, 8, 9, 10, 11, 12]


def test_a_second_annex_is_named():
    calendar = read("1月\n1. 走访\n附件2：\n培训安排表\n3月\n讲座\n4月\n讲座二")

    assert pairs(calendar) == [(1, "走访")]
    assert said(calendar) == [(5, "后面的附件里还有月份，没有读入；请单独导入")]


def test_heads_that_page_breaks_repeat_are_left_out():
    text = (
        "2022年度工作行事历\n时间\n内容\n1月\n1. 走访\n- 3 -\n2022年度工作行事历（续）\n时间\n内容\n"
        "2月\n1. 春训\n"
    )

    assert pairs(read(text)) == [(1, "走访"), (2, "春训")]
    assert said(read(text)) == []


def test_a_note_in_the_middle_does_not_swallow_the_rest():
    calendar = read(
        "1月\n1. 走访\n2. 慰问\n注：慰问由工会负责\n3. 评选\n2月\n1. 春训\n注：\n1. 请落实"
    )

    assert pairs(calendar) == [(1, "走访"), (1, "慰问"), (1, "评选"), (2, "春训")]
    assert [line.line for line in calendar.around] == [4, 8, 9]


def test_an_event_that_ends_like_a_title():
    text = "1月：走访\n制定2022年工作计划\n2月：春训"

    assert pairs(read(text)) == [(1, "走访"), (1, "制定2022年工作计划"), (2, "春训")]


def test_a_sentence_of_the_letter_that_begins_with_a_month_is_no_calendar():
    letter = "3月底前，各校完成部署。\n现将行事历印发：\n2022年度工作行事历\n"

    assert pairs(read(letter + "1月\n1. 走访\n2月\n1. 春训")) == [(1, "走访"), (2, "春训")]


def test_numbered_lines_before_the_first_month_are_named():
    calendar = read("1. 走访慰问\n2. 春训\n1月\n1. 开会")

    assert pairs(calendar) == [(1, "开会")]
    assert [line for line, _ in said(calendar)] == [1, 2]


TABLE = "序号\t月份\t工作内容\t责任科室\t参加对象\t备注\n"


def test_columns_of_a_table():
    calendar = read(
        TABLE + "1\t1月\t走访\t组织科\t全体党员\t自带\n2\t\t春训\t宣传科\t书记\t\n3\t2月\t评选"
    )

    assert [(e.first_month, e.title, e.office, e.audience, e.notes) for e in calendar.events] == [
        (1, "走访", "组织科", "全体党员", "备注：自带"),
        (1, "春训", "宣传科", "书记", ""),
        (2, "评选", "", "", ""),
    ]


def test_an_office_for_each_item_of_a_cell():
    text = '时间\t内容\t牵头部门\n1月\t"1. 走访\n2. 春训"\t"组织科\n宣传科"\n2月\t"1. 甲事\n2. 乙事\n3. 丙事"\t"组织科\n宣传科"'
    calendar = read(text)

    assert [(e.title, e.office) for e in calendar.events] == [
        ("走访", "组织科"),
        ("春训", "宣传科"),
        ("甲事", "组织科、宣传科"),
        ("乙事", "组织科、宣传科"),
        ("丙事", "组织科、宣传科"),
    ]
    assert said(calendar) == [(5, "科室有 2 行，事项有 3 项，对不上，各项都记了全部科室")]


def test_a_pasted_cell_over_several_lines():
    text = "时间\t内容\t责任科室\n1月\t1. 走访\n2. 春训\t组织科\n2月\t慰问\t宣传科"

    assert [(e.title, e.office) for e in read(text).events] == [
        ("走访", "组织科"),
        ("春训", "组织科"),
        ("慰问", "宣传科"),
    ]


def test_quotes_of_a_spreadsheet_go_and_quotes_of_a_title_stay():
    text = '时间\t内容\n1月\t"1. 走访\n2. ""三八""节"\n2月\t"三八"节活动'

    assert pairs(read(text)) == [(1, "走访"), (1, '"三八"节'), (2, '"三八"节活动')]


@pytest.mark.parametrize(
    "text",
    [
        "| 月份 | 内容 |\n|---|---|\n| 1月 | 走访；慰问 |\n| 2月 | 春训 |",
        "月份    内容\n1月    走访；慰问\n2月    春训",
        "月份\t内容\t月份\t内容\n1月\t走访；慰问\t2月\t春训",
        "1月\t2月\n走访；慰问\t春训",
        "月份\t内容\n1\t走访；慰问\n2\t春训",
        "月份\t内容\n一\t走访；慰问\n二\t春训",
        "1月\n1.\t走访\n2.\t慰问\n2月\n一、\t春训",
    ],
)
def test_other_layouts(text):
    calendar = read(text)

    assert sorted(pairs(calendar)) == [(1, "慰问"), (1, "走访"), (2, "春训")]
    assert said(calendar) == []


def test_months_side_by_side_and_a_line_of_one_cell():
    calendar = read("1月\t2月\t3月\n走访\t\t评选\n\t春训\n慰问")

    assert sorted(pairs(calendar)) == [(1, "走访"), (2, "春训"), (3, "评选")]
    assert said(calendar) == [(4, "月份横排，这一行不知道是哪个月的，没有读入")]


def test_a_line_indented_by_a_tab():
    assert pairs(read("1月\n\t1. 走访\n\t2. 春训")) == [(1, "走访"), (1, "春训")]
    assert pairs(read("时间\t内容\n1月\t走访\n\t春训")) == [(1, "走访"), (1, "春训")]


def test_month_and_day_in_two_columns():
    text = "月份\t时间\t事项\t完成时限\n3月\t5日\t学雷锋\t\n\t中旬\t签约\t25日前\n4月\t择日\t报表\t长期"
    calendar = read(text)

    dates = [(e.title, e.starts_on, e.ends_on, e.due_on, e.notes) for e in calendar.events]
    assert [(title, *map(str, rest)) for title, *rest in dates] == [
        ("学雷锋", "2022-03-05", "2022-03-05", "None", ""),
        ("签约", "2022-03-11", "2022-03-20", "2022-03-25", ""),
        ("报表", "None", "None", "None", "日期：择日\n完成时限：长期"),
    ]


def test_a_deadline_column_instead_of_a_time_column():
    calendar = read("序号\t工作内容\t完成时限\n1\t年报\t11月15日前\n2\t走访\t1月底")

    assert [(e.first_month, e.title, str(e.due_on)) for e in calendar.events] == [
        (11, "年报", "2022-11-15"),
        (1, "走访", "2022-01-31"),
    ]


def test_lines_that_begin_with_their_own_date():
    calendar = read("10月上旬召开座谈会\n10月中旬召开推进会\n11月15日前报送年报")

    assert [(e.title, str(e.starts_on), str(e.due_on)) for e in calendar.events] == [
        ("召开座谈会", "2022-10-01", "None"),
        ("召开推进会", "2022-10-11", "None"),
        ("报送年报", "None", "2022-11-15"),
    ]


def test_a_line_with_another_month_below_a_heading_is_named():
    calendar = read("3月\n1. 走访\n4月基层党建专项整治\n5月\n1. 评选")

    assert pairs(calendar)[-1] == (5, "评选")
    assert (3, "这一行写着“4月”，列在“3月”下") in said(calendar)


def test_a_quarter_above_its_months_is_only_a_heading():
    calendar = read("第一季度\n1月\n走访\n2月\n春训\n3月\n评选\n第二季度\n述职")

    assert spans(calendar) == [(1, 1, "走访"), (2, 2, "春训"), (3, 3, "评选"), (4, 6, "述职")]
    assert [line.text for line in calendar.around] == ["第一季度"]


def test_an_office_and_an_audience_in_brackets():
    (event,) = read("3月\t1. 座谈会（责任科室：组织科）（参加对象：书记）").events

    assert (event.title, event.office, event.audience) == (
        "座谈会（责任科室：组织科）（参加对象：书记）",
        "组织科",
        "书记",
    )


def test_invisible_characters_are_dropped():
    assert pairs(read("\ufeff3月\t1. 走\u200b访\u00ad慰问\x07；2. 春训")) == [
        (3, "走访慰问"),
        (3, "春训"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "空的"),
        ("a.txt", b"\x00\x01\x02", "不是文本文件"),
        ("a.txt", "今天天气不错".encode(), "没有认出任何月份"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "另存为 .docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "另存为 .docx"),
        ("a.wps", b"anything", "另存为 .docx"),
        ("a.et", b"anything", "另存为不加密码的 .xlsx"),
        ("a.pdf", b"%PDF-1.7", "粘贴"),
        ("a.docx", b"3\xe6\x9c\x88", "不是真正的 .docx"),
        ("a.docx", b"PK\x03\x04 broken", "损坏"),
        ("a.txt", ("3月\n" + "长话\n" * 60_000).encode(), "10 万字"),
        ("a.txt", ("3月\n" + "长" * 6_000).encode(), "一行长达 6000 字"),
        ("a.txt", b"a" * (21 * 1024 * 1024), "20 MB"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(name, data, words):
    with pytest.raises(UnreadableError, match=words):
        read_file(name, data, year=2022)


@pytest.mark.parametrize("year", [0, 1999, 2101, 99999])
def test_a_year_that_no_calendar_has(year):
    with pytest.raises(UnreadableError, match="2000–2100"):
        read("1月\n走访", year=year)


def test_empty_pasted_text():
    with pytest.raises(UnreadableError, match="没有文字"):
        read(" \n\t")


FRAGMENTS = st.sampled_from(
    [
        "1月",
        "2月",
        "一月份",
        "13月",
        "每月",
        "每周",
        "第一季度",
        "暑期",
        "3月15日前",
        "10月中旬",
        "2月30日",
        "时间",
        "内容",
        "责任科室",
        "参加对象",
        "序号",
        "1.",
        "2.",
        "1、",
        "（1）",
        "①",
        "一、",
        "二、",
        "走访慰问",
        "“三八”节",
        "召开会议",
        "附件",
        "附件2：",
        "注：",
        "合计",
        "2022年",
        "2022年2月18日",
        "工作安排",
        "行事历",
        "“",
        "”",
        '"',
        "|",
        "-",
        "/",
        "无",
        "12",
        "3.15",
        "组织科",
        "澄岚区教育局",
        "；",
        "。",
        "、",
        "：",
    ]
)
SCRAPS = st.lists(
    st.one_of(FRAGMENTS, st.sampled_from("\t\t\n\n\n ")), min_size=1, max_size=60
).map("".join)


def _lines_lost(text):
    try:
        calendar = read(text)
    except UnreadableError:
        return []
    ends = {line for event in calendar.events for line in event.lines}
    ends |= {line.line for line in calendar.around}
    ends |= {problem.line for problem in calendar.problems}
    assert sum_line(calendar).endswith(f"{len(calendar.problems)} problems")
    # A cell that a spreadsheet quoted runs over lines, which then count as its first one.
    filled = [number for number, line in enumerate(text.split("\n"), 1) if line.strip("\t |-:")]
    return [] if '"' in text else [number for number in filled if number not in ends]


@given(SCRAPS)
def test_every_line_ends_in_an_event_around_it_or_in_a_problem(text):
    assert _lines_lost(text) == []


@given(st.text())
def test_no_text_whatever_crashes(text):
    _lines_lost("3月\n" + text.replace('"', ""))


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.docx", "a.xlsx", "a"]))
def test_no_bytes_whatever_crash(data, name):
    for content in (data, b"PK\x03\x04" + data):
        try:
            read_file(name, content, year=2022)
        except UnreadableError:
            continue


WORDS = st.lists(
    st.sampled_from(
        [
            "走访",
            "慰问",
            "党员",
            "春训",
            "“三八”节",
            "评选",
            "召开",
            "会议",
            "民主评议",
            "责任书",
            "“书记；支部”",
            "（含村校）",
            "2022年度",
            "第38届",
        ]
    ),
    min_size=2,
    max_size=5,
    unique=True,
).map("".join)
MONTHS = st.dictionaries(
    st.integers(1, 12), st.lists(WORDS, min_size=1, max_size=5, unique=True), min_size=1
).map(lambda months: dict(sorted(months.items())))
HEADS = st.sampled_from(["{}月\t", "{}月\n", "{}月份：\n", "{}月：", "{} 月 "])
NUMBERS = st.sampled_from(["{}. {}", "{}、{}", "（{}）{}", "{}．{}"])
JOINTS = st.sampled_from(["；", "； ", "；\n"])


@given(MONTHS, HEADS, NUMBERS, JOINTS)
def test_whatever_is_written_in_order_is_read_back(months, head, number, joint):
    text = "\n".join(
        head.format(month) + numbered(titles, number, joint) for month, titles in months.items()
    )
    calendar = read(text)

    assert pairs(calendar) == [
        (month, title) for month, titles in months.items() for title in titles
    ]
    assert said(calendar) == []
