"""The print is held against the file: nothing of the text may be missing."""

import dataclasses

import pytest

from common import pdf
from notices.documents import parsing, rendering
from notices.documents.comparison import missing_lines
from notices.documents.document import Document
from tests.notices.documents.samples import SHORT, WORK_POINTS


def missing(text: str, document: Document, replaced: dict[int, str] | None = None) -> list[int]:
    content = rendering.render(document).content
    return [line.number for line in missing_lines(text, content, replaced=replaced or {})]


@pytest.mark.parametrize("text", [SHORT, WORK_POINTS.read_text(encoding="utf-8")])
def test_a_whole_print_lacks_nothing(text: str):
    reading = parsing.read_text(text)
    assert missing(text, reading.document, reading.replaced) == []


def test_a_lost_part_is_told_by_its_lines():
    document = parsing.read_text(SHORT).document
    assert missing(SHORT, dataclasses.replace(document, imprint=None)) == [25, 27, 28]
    assert missing(SHORT, dataclasses.replace(document, annexes=())) == [21, 22, 23]


def test_a_line_printed_once_instead_of_twice_is_told():
    text = SHORT.replace("请于", "请各支部书记注意。\n\n请各支部书记注意。\n\n请于")
    once = SHORT.replace("请于", "请各支部书记注意。\n\n请于")
    assert set(missing(text, parsing.read_text(once).document)) >= {9, 11}


def test_a_changed_character_is_told():
    document = parsing.read_text(
        SHORT.replace("三月份主题党日情况。", "三月份主题党曰情况。")
    ).document
    assert missing(SHORT, document) == [9]


def test_signs_that_share_a_glyph_count_as_one():
    text = SHORT.replace("情况。", "情况（党建•引领・发展·提升）。")
    assert missing(text, parsing.read_text(text).document) == []


def test_what_the_reader_replaced_is_looked_for_instead():
    text = SHORT.replace("附件\n\n", "附件：\n\n")
    reading = parsing.read_text(text)
    assert reading.replaced == {17: "附件"}
    assert missing(text, reading.document, reading.replaced) == []


def test_a_line_parted_by_a_page_break_is_found():
    text = SHORT.replace("情况。", "情况。" + "各支部书记要带头学习、带头落实、带头整改。" * 30)
    reading = parsing.read_text(text)
    assert pdf.page_count(rendering.render(reading.document).content) > 2
    assert missing(text, reading.document) == []
