"""Tables as people make them: the head is found, and only rows of data are left."""

import datetime

import pytest

from common.sheets import SheetError, as_text, fold_label, read_sheet
from tests.common.test_grids import one_sheet, workbook

LABELS = {
    "党组织全称": "name",
    "党组织": "name",
    "姓名": "secretary",
    "书记": "secretary",
    "正式党员": "full",
    "预备党员": "probationary",
    "党员数": "members",
    "任现职时间": "since",
    "上级党组织": "parent",
    "备注": "note",
}
KNOWN = {fold_label(label): key for label, key in LABELS.items()}


def sheet_of(data: bytes, *, filename: str = "a.xlsx", fill_down: tuple[str, ...] = ()):
    return read_sheet(
        data, filename=filename, known=KNOWN, expected=["党组织全称", "姓名"], fill_down=fill_down
    )


def rows_of(sheet) -> list[tuple[int, list[object]]]:
    return [(line.number, list(line.cells)) for line in sheet.lines]


def test_the_head_is_found_under_title_rows():
    sheet = sheet_of(
        one_sheet(
            ("澄岚区教育系统党组织书记台账",),
            ("填报单位：区教育局", "", "截至日期：2026年11月"),
            ("序号", "党 组 织\n全称*", "姓　名"),
            (1, "文澜小学党支部", "张三"),
        )
    )
    assert sheet.columns == {"name": 1, "secretary": 2}
    assert sheet.above == [
        "澄岚区教育系统党组织书记台账",
        "填报单位：区教育局",
        "截至日期：2026年11月",
    ]
    assert rows_of(sheet) == [(4, [1, "文澜小学党支部", "张三"])]


def test_synonyms_and_brackets_in_labels_are_known():
    sheet = sheet_of(
        one_sheet(("党组织（盖章）", "书记(含主持工作)", "党员数（人）"), ("甲校", "张三", 5))
    )
    assert sheet.columns == {"name": 0, "secretary": 1, "members": 2}


def two_line_head(book):
    sheet = book.add_worksheet()
    sheet.merge_range("A1:E1", "台账")
    sheet.merge_range("A2:A3", "党组织全称")
    sheet.merge_range("B2:C2", "其中")
    sheet.write_row("B3", ["正式党员", "预备党员"])
    sheet.merge_range("D2:E2", "班子")
    sheet.write_row("D3", ["姓名", "任现职时间"])
    sheet.write_row("A4", ["甲校", 3, 1, "张三", "2024.5"])


def test_several_header_rows_are_joined():
    sheet = sheet_of(workbook(two_line_head))
    assert sheet.columns == {"name": 0, "full": 1, "probationary": 2, "secretary": 3, "since": 4}
    assert list(sheet.labels) == [
        "党组织全称",
        "正式党员",
        "预备党员",
        "姓名",
        "任现职时间",
    ]
    assert rows_of(sheet) == [(4, ["甲校", 3.0, 1.0, "张三", "2024.5"])]


def test_a_label_split_over_two_header_rows_is_joined():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A2", "姓名")
        sheet.merge_range("B1:C1", "党员")
        sheet.write_row("B2", ["数", "备注"])
        sheet.write_row("A3", ["张三", 3, "x"])

    sheet = sheet_of(workbook(fill))
    assert sheet.columns == {"secretary": 0, "members": 1, "note": 2}
    assert list(sheet.labels) == ["姓名", "党员/数", "党员/备注"]


def test_totals_notes_repeated_heads_and_column_numbers_are_left_out_and_named():
    head = ("序号", "党组织全称", "姓名", "正式党员", "预备党员", "备注")
    sheet = sheet_of(
        one_sheet(
            head,
            ("甲", 1, 2, 3, 4, 5),
            (1, "文澜小学党支部", "张三", 3, 1, ""),
            ("", "", "", "", "", ""),
            (2, "", "", "", "", ""),
            head,
            (3, "注溪小学党支部", "注三", 4, 4, ""),
            ("小计", "", "", 7, 5, ""),
            ("全区合计", "", "", 7, 5, ""),
            ("注：本表一式三份", "", "", "", "", ""),
            ("填表人：王五", "", "审核人：赵六", "", "", ""),
            (
                "这是一段没有开头词的说明文字，它很长很长很长很长很长很长很长很长很长很长很长很长很长很长",
                "",
                "",
            ),
        )
    )
    assert [line.number for line in sheet.lines] == [3, 7]
    assert [(skipped.number, skipped.reason) for skipped in sheet.skipped] == [
        (2, "列号"),
        (6, "表头"),
        (8, "合计"),
        (9, "合计"),
        (10, "说明"),
        (11, "说明"),
        (12, "说明"),
    ]
    assert sheet.skipped[5].text == "填表人：王五 审核人：赵六"


@pytest.mark.parametrize("name", ["合计行政学校党支部", "单位幼儿园党支部", "注书记党支部", "1"])
def test_a_row_that_only_resembles_a_total_or_a_note_is_data(name):
    sheet = sheet_of(one_sheet(("党组织全称", "姓名", "党员数"), (name, "张三", 5)))
    assert rows_of(sheet) == [(2, [name, "张三", 5.0])]


def test_a_row_of_small_numbers_is_data():
    sheet = sheet_of(
        one_sheet(("序号", "党组织全称", "正式党员", "预备党员", "党员数"), (1, "甲校", 2, 3, 4))
    )
    assert rows_of(sheet) == [(2, [1.0, "甲校", 2.0, 3.0, 4.0])]


def merged_parent(book):
    sheet = book.add_worksheet()
    sheet.write_row("A1", ["上级党组织", "党组织全称", "备注"])
    sheet.merge_range("A2:A4", "实验小学党总支")
    for line, name in enumerate(["一支部", "二支部", "三支部", "四支部"], start=1):
        sheet.write(line, 1, name)
    sheet.merge_range("C2:C3", "同上")


def test_merged_cells_hold_for_every_row_where_a_column_asks_for_it():
    sheet = sheet_of(workbook(merged_parent), fill_down=("parent",))
    assert rows_of(sheet) == [
        (2, ["实验小学党总支", "一支部", "同上"]),
        (3, ["实验小学党总支", "二支部", ""]),
        (4, ["实验小学党总支", "三支部", ""]),
        (5, ["", "四支部", ""]),
    ]


def test_in_csv_the_blanks_below_repeat_the_cell_above():
    text = "上级党组织,党组织全称\n总支,一支部\n,二支部\n\n别的总支,三支部\n"
    sheet = sheet_of(text.encode(), filename="a.csv", fill_down=("parent",))
    assert rows_of(sheet) == [
        (2, ["总支", "一支部"]),
        (3, ["总支", "二支部"]),
        (5, ["别的总支", "三支部"]),
    ]


def test_a_merged_cell_below_the_last_row_makes_no_rows():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["上级党组织", "党组织全称"])
        sheet.merge_range("A2:A5", "总支")
        sheet.write("B2", "一支部")
        sheet.write("D5", " ")

    sheet = sheet_of(workbook(fill), fill_down=("parent",))
    assert [line.number for line in sheet.lines] == [2]


def test_the_first_sheet_with_a_head_is_read_and_the_others_named():
    def fill(book):
        book.add_worksheet("填写说明").write("A1", "请如实填写")
        for name in ("小学", "初中"):
            book.add_worksheet(name).write_row("A1", ["党组织全称", "姓名"])
        book.get_worksheet_by_name("小学").write_row("A2", ["甲校", "张三"])

    sheet = sheet_of(workbook(fill))
    assert (sheet.name, sheet.unread, rows_of(sheet)) == ("小学", ["初中"], [(2, ["甲校", "张三"])])


def test_two_columns_for_one_thing_are_named():
    assert sheet_of(one_sheet(("党组织全称", "姓名", "书记"), ("甲", "乙", "丙"))).doubled == [
        "书记"
    ]


def test_no_head_says_which_columns_are_expected():
    with pytest.raises(SheetError) as caught:
        sheet_of(one_sheet(("随便", "什么"), ("甲", "乙")))
    assert caught.value.message == (
        "没有找到表头：表里应有一行写着「党组织全称」「姓名」等列名，请对照模板检查。"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  甲 ", "甲"),
        (5.0, "5"),
        (5.25, "5.25"),
        (13800138000.0, "13800138000"),
        (True, "是"),
        (datetime.date(1985, 7, 1), "1985-07-01"),
        (datetime.datetime(1985, 7, 1), "1985-07-01"),
        (datetime.datetime(1985, 7, 1, 14, 30), "1985-07-01 14:30:00"),
        (datetime.time(14, 30), "14:30:00"),
    ],
)
def test_a_cell_as_a_person_reads_it(value, text):
    assert as_text(value) == text
