"""Calendars in .docx as Word really writes them."""

import zipfile
from io import BytesIO

import pytest
from docx.oxml.parser import parse_xml

from calendar_events.reading import UnreadableError, read_file
from tests.calendar_events.reading import (
    TITLES,
    W,
    all_pairs,
    automatic,
    docx_bytes,
    fill_automatic,
    make_list,
    new_document,
    numbered,
    pairs,
    read_docx,
    said,
    soft_break,
    spans,
    word_table,
)

HEAD = ("时间", "工作内容", "责任科室", "参加对象")


def test_a_table_with_typed_numbers_in_a_letter():
    document = new_document()
    for line in ("关于印发行事历的通知", "2022年2月18日", "附件：", "2022年度党建工作行事历"):
        document.add_paragraph(line)
    word_table(document, HEAD[:2], *((f"{m}月", numbered(t)) for m, t in TITLES.items()))
    calendar = read_docx(document)

    assert pairs(calendar) == all_pairs()
    assert calendar.problems == ()
    assert calendar.events[0].place == "表格1第2行"


@pytest.mark.parametrize(
    ("pattern", "form"),
    [
        ("%1.", "decimal"),
        ("%1、", "chineseCountingThousand"),
        ("（%1）", "decimal"),
        ("%1", "decimalEnclosedCircleChinese"),
        ("", "bullet"),
    ],
)
def test_automatic_numbering(pattern, form):
    document = new_document()
    table = word_table(document, HEAD[:2], *((f"{month}月", None) for month in TITLES))
    for row, titles in zip(table.rows[1:], TITLES.values(), strict=True):
        fill_automatic(row.cells[1], make_list(document, pattern, form), *titles)
    calendar = read_docx(document)

    assert pairs(calendar) == all_pairs()
    assert calendar.problems == ()


def test_months_that_are_automatic_numbers():
    document = new_document()
    months = make_list(document, "%1月")
    table = word_table(document, HEAD[:2], *((None, numbered(t)) for t in TITLES.values()))
    for row in table.rows[1:]:
        automatic(row.cells[0].paragraphs[0], months)

    assert pairs(read_docx(document)) == all_pairs()


def test_automatic_months_and_items_in_paragraphs():
    document = new_document()
    months = make_list(document, "%1月份", "chineseCounting")
    for titles in TITLES.values():
        automatic(document.add_paragraph("重点工作"), months)
        items = make_list(document)
        for title in titles:
            automatic(document.add_paragraph(title), items)
    calendar = read_docx(document)

    assert pairs(calendar) == all_pairs()
    assert calendar.problems == ()


def test_a_numbered_style():
    document = new_document()
    table = word_table(document, HEAD[:2], ("3月", None))
    cell = table.rows[1].cells[1]
    cell.paragraphs[0].text = "走访"
    cell.paragraphs[0].style = "List Number"
    cell.add_paragraph("慰问老党员困难党员", style="List Number")

    assert pairs(read_docx(document)) == [(3, "走访"), (3, "慰问老党员困难党员")]


def test_automatic_numbers_of_two_levels_stay_together():
    document = new_document()
    table = word_table(document, HEAD[:2], ("3月", None))
    cell, items = table.rows[1].cells[1], make_list(document, "%1.")
    fill_automatic(cell, items, "主题教育")
    automatic(cell.add_paragraph("学习；"), items, level=1)
    automatic(cell.add_paragraph("慰问"), items)
    calendar = read_docx(document)

    assert pairs(calendar) == [(3, "主题教育1.学习"), (3, "慰问")]
    assert said(calendar) == [(2, "一项里还有分项，按一件事项读入，需要时请拆分")]


def test_shift_enter():
    document = new_document()
    table = word_table(document, HEAD[:2], ("3月", None), ("4月", None))
    typed = table.rows[1].cells[1].paragraphs[0]
    for part in ("1. 走访困难党员", "2. 慰问", "3. 召开会议"):
        typed.add_run(part)
        soft_break(typed)
    counted = table.rows[2].cells[1]
    fill_automatic(counted, make_list(document), "开展")
    soft_break(counted.paragraphs[0])
    counted.paragraphs[0].add_run("评选活动")
    calendar = read_docx(document)

    assert pairs(calendar) == [
        (3, "走访困难党员"),
        (3, "慰问"),
        (3, "召开会议"),
        (4, "开展评选活动"),
    ]
    assert said(calendar) == []


def test_vertically_merged_months_and_offices():
    document = new_document()
    table = word_table(
        document,
        HEAD,
        ("1月", "走访", "组织科", "全体党员"),
        (None, "春训", None, "书记"),
        (None, "慰问", "工会", None),
        ("2月", "评选", None, None),
    )
    table.cell(1, 0).merge(table.cell(3, 0))
    table.cell(1, 2).merge(table.cell(2, 2))
    calendar = read_docx(document)

    assert [(e.first_month, e.title, e.office, e.audience) for e in calendar.events] == [
        (1, "走访", "组织科", "全体党员"),
        (1, "春训", "组织科", "书记"),
        (1, "慰问", "工会", ""),
        (2, "评选", "", ""),
    ]
    assert said(calendar) == []


def test_content_merged_over_two_months_is_one_event():
    document = new_document()
    table = word_table(document, HEAD[:2], ("5月", "评选"), ("6月", None), ("7月", "培训"))
    table.cell(1, 1).merge(table.cell(2, 1))
    calendar = read_docx(document)

    assert spans(calendar) == [(5, 6, "评选"), (7, 7, "培训")]
    assert said(calendar) == []


def test_month_rows_across_the_table_and_a_section_row():
    document = new_document()
    table = word_table(
        document,
        ("序号", "工作内容", "责任部门"),
        ("三月", None, None),
        ("1", "走访", "组织科"),
        ("一、宣传", None, None),
        ("2", "评选", "宣传科"),
        ("请各校认真落实并按时报送有关材料不得延误", None, None),
        ("四月", None, None),
        ("3", "培训", "人事科"),
    )
    for place in (1, 3, 5, 6):
        table.cell(place, 0).merge(table.cell(place, 2))
    calendar = read_docx(document)

    assert [(e.first_month, e.title, e.office) for e in calendar.events] == [
        (3, "走访", "组织科"),
        (3, "评选", "宣传科"),
        (4, "培训", "人事科"),
    ]
    assert said(calendar) == [(6, "这一行占满整行，不知道是不是事项，没有读入")]


def test_a_month_written_downwards():
    document = new_document()
    table = word_table(document, HEAD[:2], ("十\n二\n月", "总结"), ("一\n月\n份", "走访"))
    assert table.rows[1].cells[0].text == "十\n二\n月"

    assert pairs(read_docx(document)) == [(12, "总结"), (1, "走访")]


def test_two_head_rows():
    document = new_document()
    table = word_table(
        document,
        ("月份", "内容", "责任分工", None),
        (None, None, "牵头科室", "配合科室"),
        ("3月", "走访", "组织科", "工会"),
    )
    table.cell(0, 2).merge(table.cell(0, 3))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(1, 1))

    (event,) = read_docx(document).events
    assert (event.title, event.office, event.notes) == ("走访", "组织科", "配合科室：工会")


def test_a_head_repeated_in_a_second_table():
    document = new_document()
    document.add_paragraph("2022年工作行事历（上半年）")
    word_table(document, HEAD[:2], ("1月", "走访"))
    document.add_paragraph("下半年")
    word_table(document, ("月份", "责任科室", "内容"), ("7月", "人事科", "培训"))
    document.add_paragraph("注：如有变动，另行通知。")
    document.add_paragraph("1. 各校应认真落实")
    calendar = read_docx(document)

    assert [(e.first_month, e.title, e.office) for e in calendar.events] == [
        (1, "走访", ""),
        (7, "培训", "人事科"),
    ]
    assert said(calendar) == []


def test_numbered_text_beside_the_table_is_named():
    document = new_document()
    word_table(document, HEAD[:2], ("1月", "走访"))
    document.add_paragraph("以上为初步安排")
    document.add_paragraph("3. 忘在表格外的事项")
    calendar = read_docx(document)

    assert said(calendar) == [(4, "在表格之外，没有读入")]
    assert [line.text for line in calendar.around] == ["时间 工作内容", "以上为初步安排"]


def test_what_python_docx_does_not_show():
    document = new_document()
    table = word_table(document, HEAD[:2], ("1月", None))
    cell = table.rows[1].cells[1]._tc
    cell.p_lst[0].append(
        parse_xml(f"<w:sdt {W}><w:sdtContent><w:r><w:t>走访</w:t></w:r></w:sdtContent></w:sdt>")
    )
    cell.p_lst[0].append(
        parse_xml(f'<w:del {W} w:id="1"><w:r><w:delText>删去的</w:delText></w:r></w:del>')
    )
    cell.p_lst[0].append(parse_xml(f'<w:ins {W} w:id="2"><w:r><w:t>慰问</w:t></w:r></w:ins>'))
    table.rows[1].cells[1].add_table(rows=1, cols=1).cell(0, 0).text = "2. 春训"

    assert pairs(read_docx(document)) == [(1, "走访慰问"), (1, "春训")]


def test_tabs_between_month_and_text_without_a_table():
    document = new_document()
    for month, titles in TITLES.items():
        document.add_paragraph(f"{month}月\t{numbered(titles)}")
    calendar = read_docx(document)

    assert pairs(calendar) == all_pairs()


def test_a_broken_docx_is_unreadable():
    content = docx_bytes(new_document())
    with zipfile.ZipFile(BytesIO(content)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["word/document.xml"] = b"<not xml"
    broken = BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)

    with pytest.raises(UnreadableError, match="打不开"):
        read_file("a.docx", broken.getvalue(), year=2022)


def test_a_zip_of_something_else_is_unreadable():
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("hello.txt", "3月")

    with pytest.raises(UnreadableError, match="认不出这个文件"):
        read_file("a.docx", other.getvalue(), year=2022)


def test_a_docx_without_months_is_unreadable():
    document = new_document()
    document.add_paragraph("没有行事历")

    with pytest.raises(UnreadableError, match="没有认出任何月份"):
        read_docx(document)
