"""Exports as the office prints them, and as nothing dangerous."""

import csv
import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from common.exports import ExportColumn, Heading, stream_csv, write_csv, write_xlsx
from common.worksheets import column_name

MOMENT = datetime.datetime(2026, 3, 1, 1, 30, tzinfo=datetime.UTC)
COLUMNS = [
    ExportColumn("党组织全称", lambda row: row[0], width=30),
    ExportColumn("党员数", lambda row: row[1], align="right", number_format="0"),
    ExportColumn("成立时间", lambda row: row[2]),
]
ROWS = [("文澜小学党支部", 26, datetime.date(2001, 7, 1)), ("云堃小学党支部", None, None)]
HEADING = Heading("党组织一览表", "澄岚区教育局党委", datetime.date(2026, 11, 21), foot="填表人：")


def opened(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).active


def one_column(values):
    return opened(
        write_xlsx([(value,) for value in values], [ExportColumn("值", lambda row: row[0])])
    )


def test_title_unit_line_head_rows_totals_and_foot():
    sheet = opened(write_xlsx(ROWS, COLUMNS, heading=HEADING, totals=["合计", 26, None]))
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["党组织一览表", None, None],
        ["填报单位：澄岚区教育局党委", None, "截至2026年11月21日"],
        ["党组织全称", "党员数", "成立时间"],
        ["文澜小学党支部", 26, datetime.datetime(2001, 7, 1)],
        ["云堃小学党支部", None, None],
        ["合计", 26, None],
        ["填表人：", None, None],
    ]
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:C1"]


def test_what_is_printed_has_borders_repeated_head_page_numbers_and_a4():
    sheet = opened(write_xlsx(ROWS, COLUMNS, heading=HEADING, totals=["合计", 26, None]))
    assert {cell.border.left.style for row in sheet["A3:C6"] for cell in row} == {"thin"}
    assert sheet["A7"].border.left.style is None
    assert (sheet["A3"].font.b, sheet["A4"].font.b, sheet["A6"].font.b) == (True, False, True)
    assert (sheet["B4"].alignment.horizontal, sheet["C4"].number_format) == (
        "right",
        "yyyy-mm-dd",
    )
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$3", "A4")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet.title == "党组织一览表"


def test_a_wide_table_lies_on_its_side():
    wide = [ExportColumn(f"列{number}", str, width=12) for number in range(10)]
    assert opened(write_xlsx([], wide, heading=HEADING)).page_setup.orientation == "landscape"


def test_without_a_heading_the_head_is_the_first_row():
    sheet = opened(write_xlsx(ROWS, COLUMNS, sheet_name="模板[1]/x"))
    assert [cell.value for cell in sheet[1]] == ["党组织全称", "党员数", "成立时间"]
    assert (sheet.title, sheet.freeze_panes) == ("模板1x", "A2")


def test_a_single_column_has_a_title_too():
    sheet = opened(write_xlsx([("甲",)], [COLUMNS[0]], heading=HEADING))
    assert [sheet["A1"].value, sheet["A3"].value, sheet["A4"].value] == [
        "党组织一览表",
        "党组织全称",
        "甲",
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "＝1", "=cmd|'/c calc'!A0"]
)
def test_text_never_becomes_a_formula(text):
    cell = one_column([text])["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert b"<f>" not in zipfile.ZipFile(
        io.BytesIO(write_xlsx([(text,)], [ExportColumn("值", lambda row: row[0])]))
    ).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (5, 5),
        (-5, -5),
        (Decimal("5.25"), 5.25),
        (True, "是"),
        (False, "否"),
        (330106199001011234, "330106199001011234"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        ("0031", "0031"),
        ('a<b>&"c"', 'a<b>&"c"'),
        ("行一\n行二 ", "行一\n行二 "),
        ("\x00甲\x1f\ud800乙", "甲乙"),
        ("𬭎喆😀", "𬭎喆😀"),
        ("", None),
        (MOMENT, datetime.datetime(2026, 3, 1, 9, 30)),
        (["x"], "['x']"),
    ],
)
def test_values_keep_their_meaning(value, held):
    assert one_column([value])["A2"].value == held


def test_an_overlong_text_says_that_it_was_cut():
    text = one_column(["长" * 40_000])["A2"].value
    assert (len(text), text[-6:]) == (32767 - 1, "长（已截断）")


def test_what_looks_like_an_escape_stays_as_typed():
    data = write_xlsx([("_x0041_",)], [ExportColumn("值", lambda row: row[0])])
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<t>_x005F_x0041_</t>" in xml


def test_thousands_of_rows_are_all_there():
    sheet = one_column(range(1234))
    assert [cell.value for cell in sheet["A"]] == ["值", *range(1234)]


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_of_columns(place, name):
    assert column_name(place) == name


def test_csv_is_read_by_excel_and_holds_no_formula():
    columns = [*COLUMNS, ExportColumn("备注", lambda row: row[3])]
    rows = [
        ("文澜小学", -5, datetime.date(2001, 7, 1), "=1+1"),
        ('a,b"c\n', None, MOMENT, "+86 138"),
        ("堃", True, "", "@x"),
    ]
    data = write_csv(rows, columns)
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["党组织全称", "党员数", "成立时间", "备注"],
        ["文澜小学", "-5", "2001-07-01", "'=1+1"],
        ['a,b"c\n', "", "2026-03-01 09:30", "'+86 138"],
        ["堃", "是", "", "'@x"],
    ]
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"


def test_csv_comes_in_pieces():
    pieces = list(stream_csv(((str(n), n, None) for n in range(1200)), COLUMNS))
    assert len(pieces) == 3
    assert b"".join(pieces).count(b"\r\n") == 1201
