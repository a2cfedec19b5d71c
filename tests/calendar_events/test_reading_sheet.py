"""Calendars in .xlsx: title rows, merged cells, dates shown as months, notes below."""

from datetime import date, datetime

import openpyxl
import pytest

from calendar_events.reading import UnreadableError, read_file
from tests.calendar_events.reading import (
    TITLES,
    all_pairs,
    book_bytes,
    numbered,
    pairs,
    read_book,
    said,
    sheet,
    spans,
)


def test_a_sheet_as_bureaus_send_it():
    book = sheet(
        ("2022年度党建工作行事历",),
        ("填报单位：组织科", None, None, None, "2022年1月5日"),
        ("序号", "月份", "工作内容", "责任科室", "参加对象"),
        (1, "1月", "走访慰问", "组织科", "全体党员"),
        (2, None, "春训", None, "书记"),
        (3, "2月", "评选", "宣传科", None),
        ("合计", None, 3),
        ("备注：如有变动，另行通知。",),
    )
    for area in ("A1:E1", "B4:B5", "D4:D5", "A8:E8"):
        book.active.merge_cells(area)
    calendar = read_book(book)

    assert [(e.line, e.first_month, e.title, e.office, e.audience) for e in calendar.events] == [
        (4, 1, "走访慰问", "组织科", "全体党员"),
        (5, 1, "春训", "组织科", "书记"),
        (6, 2, "评选", "宣传科", ""),
    ]
    assert said(calendar) == []
    assert [line.line for line in calendar.around] == [1, 2, 3, 7, 8]


@pytest.mark.parametrize("joint", ["；", "\n", "；\n"])
def test_all_items_of_a_month_in_one_cell(joint):
    rows = [(f"{month}月", numbered(titles, joint=joint)) for month, titles in TITLES.items()]
    calendar = read_book(sheet(("时间", "内容"), *rows))

    assert pairs(calendar) == all_pairs()
    assert calendar.problems == ()


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (date(2022, 3, 1), 'm"月"', (3, None)),
        (date(2019, 3, 1), 'm"月"', (3, None)),
        (date(2022, 3, 1), 'yyyy"年"m"月"', (3, None)),
        (datetime(2022, 3, 15), 'm"月"d"日"', (3, date(2022, 3, 15))),
        (date(2022, 3, 15), "yyyy-mm-dd", (3, date(2022, 3, 15))),
        (3, "General", (3, None)),
        (3, '0"月"', (3, None)),
        ("3", "@", (3, None)),
        ("三月份", "@", (3, None)),
    ],
)
def test_months_as_a_spreadsheet_holds_them(value, number_format, expected):
    book = sheet(("月份", "内容"), (value, "走访"))
    book.active["A2"].number_format = number_format
    (event,) = read_book(book).events

    assert (event.first_month, event.starts_on) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [(57, (3, None)), (58, (3, date(2022, 3, 15))), (31, (3, date(2022, 3, 15)))],
)
def test_date_formats_that_only_chinese_excel_has(form, expected):
    book = sheet(("时间", "内容"), (44635, "走访"))  # 2022-03-15
    book.active["A2"].number_format = '"其他"0'
    content = book_bytes(book)
    read_back = _with_format(content, form)
    (event,) = read_file("a.xlsx", read_back, year=2022).events

    assert (event.first_month, event.starts_on) == expected


def _with_format(content, form):
    """Give the one formatted cell a number format that has no text in the file."""
    import re
    import zipfile
    from io import BytesIO

    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/styles.xml":
                part = re.sub(rb"<numFmts.*?</numFmts>", b"", part)
                part = part.replace(b'numFmtId="164"', f'numFmtId="{form}"'.encode())
            target.writestr(name, part)
    return changed.getvalue()


def test_a_date_of_another_year_is_named():
    book = sheet(("月份", "内容"), (date(2019, 3, 1), "走访"), ("4月", "评选"))
    book.active["A2"].number_format = 'yyyy"年"m"月"'

    assert said(read_book(book)) == [(2, "写的是 2019 年，行事历是 2022 年")]


def test_content_merged_over_two_months():
    book = sheet(("月份", "内容"), ("5月", "评选"), ("6月", None), ("7月", "培训"))
    book.active.merge_cells("B2:B3")

    assert spans(read_book(book)) == [(5, 6, "评选"), (7, 7, "培训")]


def test_several_sheets_hidden_ones_left_out():
    book = sheet(("月份", "内容"), ("1月", "走访"))
    book.active.title = "上半年"
    later = book.create_sheet("下半年")
    later.append(["月份", "内容"])
    later.append(["7月", "培训"])
    hidden = book.create_sheet("旧")
    hidden.append(["8月", "不要"])
    hidden.sheet_state = "hidden"
    calendar = read_book(book)

    assert pairs(calendar) == [(1, "走访"), (7, "培训")]
    assert calendar.events[1].place == "工作表“下半年”第2行"


def test_formats_down_to_the_last_row_do_no_harm():
    book = sheet(("月份", "内容"), ("1月", "走访"))
    book.active.cell(1_048_576, 16_384).number_format = "0.0"
    book.active.merged_cells.add("A3:XFD1048576")  # merge_cells() would make every cell

    assert pairs(read_book(book)) == [(1, "走访")]


def test_months_across_the_top():
    book = sheet(("板块", "1月", "2月"), ("组织", "走访", "春训"), ("宣传", None, "评选"))
    calendar = read_book(book)

    assert sorted(pairs(calendar)) == [(1, "走访"), (2, "春训"), (2, "评选")]
    assert [event.notes for event in calendar.events if event.title == "评选"] == ["宣传"]


def test_a_row_without_content_or_month_is_named():
    book = sheet(
        ("序号", "月份", "内容", "责任科室"),
        (1, None, "没有月份", None),
        (2, "1月", "走访", None),
        (3, None, None, "组织科"),
        (4, None, None, None),
    )
    calendar = read_book(book)

    assert pairs(calendar) == [(1, "走访")]
    assert said(calendar) == [
        (2, "前面没有月份，不知道是哪个月的，没有读入"),
        (4, "这一行没有事项内容"),
    ]


def test_far_too_large_a_sheet_is_unreadable():
    book = openpyxl.Workbook(write_only=True)
    written = book.create_sheet("大")
    for number in range(5001):
        written.append([f"{number}", "x"])

    with pytest.raises(UnreadableError, match="5001 行"):
        read_book(book)


def test_an_empty_book_is_unreadable():
    with pytest.raises(UnreadableError, match="没有认出任何月份"):
        read_book(openpyxl.Workbook())
