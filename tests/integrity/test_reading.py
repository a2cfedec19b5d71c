"""The text of a checklist, read and written."""

from decimal import Decimal

import pytest

from integrity.library import SAMPLES
from integrity.reading import numeral, outline_text, read_outline
from tests.integrity.builders import SOURCE


def test_a_text_is_read_into_parts_and_items():
    outline = read_outline(SOURCE)
    assert [section.title for section in outline.sections] == ["学校党建", "课程", "否决项"]
    assert [section.bars for section in outline.sections] == [False, False, True]
    first = outline.items[0]
    assert (first.text, first.points, first.sources) == (
        "每学期专题研究廉政工作", Decimal(4), ["record:committee_meeting", "report"],
    )  # fmt: skip
    assert outline.items[2].school_kinds == ["primary"]
    assert outline.remarks == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
def test_what_comes_along_reads_without_remarks_and_writes_the_same(sample):
    outline = read_outline(sample.text)
    assert outline.remarks == []
    again = read_outline(outline_text(outline))
    assert [vars(item) | {"line": 0} for item in again.items] == [
        vars(item) | {"line": 0} for item in outline.items
    ]


def test_the_small_powers_are_twenty_and_the_room_has_six_and_one():
    counts = {sample.key: len(read_outline(sample.text).items) for sample in SAMPLES}
    assert counts == {"integrity-school": 31, "small-powers": 20, "meeting-room": 7}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "没有读到任何项目，请按“一、部分”“1. 项目”的样子写。"),
        ("1. 没有部分\n一、党建\n1. 甲", "第 1 行：“1. 没有部分”前面没有部分标题，请先写一行“一、……”。"),
        ("一、党建\n1. 甲\n分值：很多", "第 3 行：「分值」写的是“很多”，应是 0.5–100 的数，最多一位小数。"),
        ("一、党建\n1. 甲\n分值：1.25", "第 3 行：「分值」写的是“1.25”，应是 0.5–100 的数，最多一位小数。"),
        ("一、党建\n1. 甲\n分值：NaN", "第 3 行：「分值」写的是“NaN”，应是 0.5–100 的数，最多一位小数。"),
        ("一、党建\n1. 甲\n适用：大学", "第 3 行：「适用」里的“大学”不认识，请从可选的名称里选。"),
        ("一、党建\n1. 甲\n引用：日记", "第 3 行：「引用」里的“日记”不认识，请从可选的名称里选。"),
        ("一、党建\n说明：甲\n1. 乙", "第 2 行：「说明」前面还没有项目。"),
        ("一、党建\n1. 甲\n二、法治", "第 3 行：「法治」下面没有项目。"),
        ("一、党建\n1. 甲\n2. 甲", "第 3 行：与第 2 行的项目完全相同，请只留一项。"),
        (f"一、党建\n1. {'长' * 301}", "第 2 行：项目最多 300 字，写了 301 字，可把解释移到「说明」。"),
    ],
)  # fmt: skip
def test_what_keeps_a_text_from_being_saved_is_told_with_its_line(text, told):
    assert [str(each) for each in read_outline(text).problems] == [told]


def test_broken_numbering_is_told_and_loses_nothing():
    outline = read_outline("一、党建\n1. 甲\n3. 乙\n没有编号的半句\n（5）丙")
    assert [item.text for item in outline.items] == ["甲", "乙没有编号的半句", "丙"]
    assert outline.problems == []
    assert [str(each) for each in outline.notes] == [
        "第 3 行：序号是 3，按顺序应是 2，请核对有没有漏项；保存时重新编号。",
        "第 4 行：“没有编号的半句”没有序号，接在上一项后面。",
        "第 5 行：序号是 5，按顺序应是 4，请核对有没有漏项；保存时重新编号。",
    ]


def test_lines_that_a_word_processor_numbered_are_items():
    outline = read_outline("一、党建\n专题研究\n说明：单列议题\n会前沟通")
    assert [(item.text, item.guidance) for item in outline.items] == [
        ("专题研究", "单列议题"), ("会前沟通", ""),
    ]  # fmt: skip


def test_parts_are_numbered_as_people_do():
    assert [numeral(number) for number in (1, 10, 11, 20)] == ["一", "十", "十一", "二十"]
