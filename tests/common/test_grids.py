"""Bytes of .xlsx and .csv become grids; everything else is refused with what to do."""

import datetime
import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from common import grids
from common.grids import FORMULA_ERROR, Merge, SheetError, read_grids


def workbook(fill: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    fill(book)
    book.close()
    return target.getvalue()


def one_sheet(*rows: tuple[object, ...]) -> bytes:
    def fill(book):
        sheet = book.add_worksheet("一")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)

    return workbook(fill)


def test_cells_come_with_their_types_and_row_numbers_as_shown():
    def fill(book):
        sheet = book.add_worksheet("台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write(2, 1, "姓名")
        sheet.write(3, 1, 5.5)
        sheet.write(3, 2, datetime.date(1985, 7, 1), day)
        sheet.write(3, 3, True)

    (grid,) = read_grids(workbook(fill), filename="a.xlsx")
    assert (grid.name, grid.rows) == (
        "台账",
        [
            ["", "", "", ""],
            ["", "", "", ""],
            ["", "姓名", "", ""],
            ["", 5.5, datetime.date(1985, 7, 1), True],
        ],
    )


def test_merged_areas_are_kept_and_hidden_sheets_left_out():
    def fill(book):
        book.add_worksheet("说明").hide()
        book.add_worksheet("一").merge_range("B2:D3", "标题")
        book.get_worksheet_by_name("一").activate()
        book.add_worksheet("二").write(0, 0, "x")

    first, second = read_grids(workbook(fill), filename="a.xlsx")
    assert (first.name, first.merges, second.name) == ("一", [Merge(1, 1, 2, 3)], "二")


def test_a_failed_formula_is_not_an_empty_cell():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write_formula("B1", "=1/0", None, "#DIV/0!")

    (grid,) = read_grids(workbook(fill), filename="a.xlsx")
    assert grid.rows == [["a", FORMULA_ERROR]]


def test_a_forgotten_blank_at_the_end_of_a_sheet_is_refused_before_it_fills_the_memory():
    def fill(book):
        sheet = book.add_worksheet("台账")
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 30, " ")

    with pytest.raises(SheetError) as caught:
        read_grids(workbook(fill), filename="台账.xlsx")
    assert caught.value.message == (
        "“台账.xlsx”的工作表「台账」一直用到第 1048576 行、第 31 列，请删去表格之外的行和列后再传。"
    )


def test_borders_down_to_the_last_row_are_no_cells():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write_blank(1_048_575, 30, None, book.add_format({"border": 1}))

    assert [grid.rows for grid in read_grids(workbook(fill), filename="a.xlsx")] == [[["a"]]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_and_delimiters_that_come(encoding, delimiter):
    text = (
        f'一览表\r\n姓名{delimiter}备注\r\n张三{delimiter}"甲，乙\n丙"\r\n\r\n李堃{delimiter}𬭎\r\n'
    )
    (grid,) = read_grids(text.encode(encoding), filename="a.csv")
    assert grid.rows == [["一览表"], ["姓名", "备注"], ["张三", "甲，乙\n丙"], [], ["李堃", "𬭎"]]


def test_commas_in_every_cell_of_a_tabbed_file_dont_cut_it():
    text = "姓名\t地址\t备注\n" + "张,三\t东,西\t无\n" * 5
    (grid,) = read_grids(text.encode(), filename="a.csv")
    assert grid.rows[1] == ["张,三", "东,西", "无"]


def test_a_year_with_one_decimal_keeps_its_doubt_in_csv():
    (grid,) = read_grids(b"a,b\n1985.1,1985.10\n", filename="a.csv")
    assert grid.rows[1] == [1985.1, "1985.10"]


def macro_workbook() -> bytes:
    target = io.BytesIO(one_sheet(("a",)))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return target.getvalue()


def broken_workbook() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
        archive.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")
    return target.getvalue()


def entity_workbook() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'
        )
        archive.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")
    return target.getvalue()


def word_file() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "filename", "message"),
    [
        (b"", "a.xlsx", "“a.xlsx”是空文件，请检查后重新上传。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "花名册.xls", "另存为 .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "花名册.et", "另存为 .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "加密.xlsx", "加了密码"),
        (b"<html><table></table></html>", "导出.xls", "不是 .xlsx 或 .csv 表格"),
        (b"<html><table></table></html>", "导出.csv", "不是 .csv 表格"),
        (b"%PDF-1.7", "a.pdf", "不是 .xlsx 或 .csv 表格"),
        (b"a,b\n\0,1", "a.csv", "不是 .csv 表格"),
        (b"\xff\xfea", "a.csv", "文字编码不认识"),
        (b"\x80\xff\xff", "a.csv", "文字编码不认识"),
        (b'a,b\n1,"2\n3,4\n', "a.csv", "引号没有成对"),
        (b"PK\x03\x04junk", "a.xlsx", "文件已损坏"),
        (word_file(), "a.xlsx", "不是普通的 .xlsx 表格"),
        (macro_workbook(), "a.xlsm", "不是普通的 .xlsx 表格"),
        (broken_workbook(), "a.xlsx", "已损坏"),
        (entity_workbook(), "a.xlsx", "已损坏"),
    ],
)
def test_what_cant_be_read_is_refused_with_the_remedy(data, filename, message):
    with pytest.raises(SheetError) as caught:
        read_grids(data, filename=filename)
    assert message in caught.value.message
    assert f"“{filename}”" in caught.value.message


def test_a_path_before_the_name_isnt_repeated():
    with pytest.raises(SheetError) as caught:
        read_grids(b"", filename="/home/someone/a.xlsx")
    assert caught.value.message == "“a.xlsx”是空文件，请检查后重新上传。"


def test_size_is_bounded(monkeypatch):
    monkeypatch.setattr(grids, "MAX_BYTES", 2**20)
    with pytest.raises(SheetError, match="超过 1 MB"):
        read_grids(b"a" * (2**20 + 1), filename="a.csv")
    monkeypatch.setattr(grids, "MAX_CELLS", 3)
    with pytest.raises(SheetError, match="内容太多"):
        read_grids(b"a,b\nc,d\n", filename="a.csv")
