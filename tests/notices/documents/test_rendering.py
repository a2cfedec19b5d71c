"""The printed page of a 文件, measured: GB/T 9704-2012 in millimetres, lines and characters."""

import dataclasses
import itertools
import re
from functools import cache

import pytest

from common import pdf
from notices.documents import parsing, rendering
from notices.documents.document import Document, Head, Paragraph, Part, Table
from tests.notices import measuring
from tests.notices.documents.samples import COMMITTEE, WORK_POINTS, short_document

LETTER = 16.0  # 3号
PITCH = 225 / 22
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
NO_START = "、。，；：！？）》〕】”’"
NO_END = "（《〔【“‘"


@cache
def work_points() -> pdf.Pdf:
    return rendering.render(parsing.read(WORK_POINTS.read_bytes()).document)


@cache
def printed(body_lines: int, *, annexed: bool = False) -> pdf.Pdf:
    return rendering.render(short_document(body_lines=body_lines, annexed=annexed))


def render_body(*paragraphs: str) -> list[list[measuring.Printed]]:
    blocks = tuple(Paragraph(text) for text in paragraphs)
    document = Document(Head(), (Part("关于党建工作的通知", blocks),))
    return measuring.lines(rendering.render(document).content)


# The type area ---------------------------------------------------------------------------------
def test_pages_are_a4():
    assert set(measuring.size(work_points().content)) == {(210, 297)}


def test_a_full_page_has_22_lines_that_fill_the_type_area():
    page = measuring.lines(work_points().content, size=LETTER)[2]
    assert len(page) == 22
    centres = [(line.top + line.bottom) / 2 for line in page]
    expected = [TOP + PITCH * (number + 0.5) for number in range(22)]
    # 3号 faces sit on one base line, their boxes differ by a third of a millimetre at most.
    assert [
        abs(centre - right) < 0.35 for centre, right in zip(centres, expected, strict=True)
    ] == [True] * 22


def test_lines_of_all_pages_lie_on_one_grid():
    for page in measuring.lines(work_points().content, size=LETTER)[1:]:
        steps = [((line.top + line.bottom) / 2 - TOP) / PITCH - 0.5 for line in page]
        assert [step for step in steps if abs(step - round(step)) > 0.05] == []


def test_a_full_line_has_28_characters_from_edge_to_edge():
    (page,) = render_body("党员教师结对帮扶学生" * 9 + "。")
    full = page[2:-2]
    assert [line.ems for line in full] == [28.0] * len(full)
    assert {round(line.left, 1) for line in full} == {LEFT}
    assert {round(line.right, 1) for line in full} <= {184.0, 184.1}
    assert page[1].ems == 26
    assert page[1].left == pytest.approx(LEFT + 2 * 156 / 28, abs=0.05)


def test_no_line_leaves_the_type_area_and_full_ones_reach_its_edge():
    body = [line for page in measuring.lines(work_points().content, size=LETTER) for line in page]
    assert [line.text for line in body if line.left < LEFT - 0.1 or line.right > RIGHT + 0.3] == []
    running = [line for line in body if line.ems > 27 or line.text[0] == "“"]
    assert len(running) > 20
    assert [line.text for line in running if line.ems >= 27.5 and line.right < RIGHT - 0.3] == []


def test_no_line_begins_or_ends_with_a_forbidden_mark():
    text = "在“三会一课”（含党课）、《支部工作条例》、“微心愿”里，学习、讨论；落实：整改！" * 9
    pages = [*render_body(text), *measuring.lines(work_points().content, size=LETTER)]
    lines = [line.text for page in pages for line in page]
    assert [text for text in lines if text[0] in NO_START] == []
    assert [text for text in lines if text[-1] in NO_END] == []


def test_figures_stay_together():
    (page,) = render_body("截至2026年3月25日共有12345名党员和67890名群众参加了1234567次活动，" * 4)
    text = "\n".join(line.text for line in page)
    assert re.findall(r"\d\n\d", text) == []


# The head --------------------------------------------------------------------------------------
def test_the_head_stands_where_the_standard_puts_it():
    left, top, right, bottom = measuring.red_ink(work_points().content, 1)
    assert top == pytest.approx(TOP + 35, abs=0.5)
    assert (left, right) == (pytest.approx(LEFT, abs=0.2), pytest.approx(RIGHT, abs=0.2))
    mark, number, *_ = measuring.lines(work_points().content)[0]
    ((rule_left, rule_top, rule_width, rule_height),) = measuring.bars(work_points().content, 1)
    assert mark.text == f"{COMMITTEE}文件"
    assert number.text == "澄教委〔2026〕3号"
    assert (number.left + number.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.3)
    assert rule_top - number.bottom == pytest.approx(4, abs=0.1)
    assert (rule_left, rule_width, rule_height) == (LEFT, 156.0, 0.6)
    assert bottom == pytest.approx(rule_top + rule_height, abs=0.1)


def test_a_short_mark_is_not_stretched():
    document = dataclasses.replace(
        short_document(), head=Head(("澄岚区教育局文件",), "澄教〔2026〕1号")
    )
    left, _, right, _ = measuring.red_ink(rendering.render(document).content, 1)
    assert (left, right) == (
        pytest.approx(LEFT, abs=0.2),
        pytest.approx(RIGHT, abs=0.2),
    )  # the rule
    mark = measuring.lines(rendering.render(document).content)[0][0]
    assert mark.right - mark.left == pytest.approx(8 * 41 * measuring.MM, abs=0.5)


def test_number_and_signer_stand_at_the_sides_of_an_upward_document():
    head = Head((f"{COMMITTEE}文件",), "澄教委〔2026〕8号", ("000012", "特急"), "仇堃")
    page = measuring.lines(
        rendering.render(dataclasses.replace(short_document(), head=head)).content
    )[0]
    line = next(line for line in page if "签发人" in line.text)
    assert line.text == "澄教委〔2026〕8号签发人：仇堃"
    assert line.left == pytest.approx(LEFT + LETTER * measuring.MM, abs=0.1)
    assert line.right == pytest.approx(RIGHT - LETTER * measuring.MM, abs=0.1)
    assert [line.text for line in page[:2]] == ["000012", "特急"]
    assert page[0].left == pytest.approx(LEFT, abs=0.1)


def _signed(signer: str) -> pdf.Pdf:
    head = Head((f"{COMMITTEE}文件",), "澄教委〔2026〕8号", signer=signer)
    return rendering.render(dataclasses.replace(short_document(), head=head))


@pytest.mark.parametrize(
    ("signer", "rows"),
    [
        ("仇堃、尉迟瑶", ["澄教委〔2026〕8号签发人：仇堃尉迟瑶"]),
        ("仇堃、尉迟瑶、乐嘉", ["签发人：仇堃尉迟瑶", "澄教委〔2026〕8号乐嘉"]),
        ("尉迟瑶 仇堃 乐嘉 单雄", ["签发人：尉迟瑶仇堃", "澄教委〔2026〕8号乐嘉单雄"]),
        ("仇　堃，尉迟瑶，乐嘉", ["签发人：仇堃尉迟瑶", "澄教委〔2026〕8号乐嘉"]),
    ],
)
def test_signers_stand_two_in_a_row_and_the_last_row_beside_the_number(signer, rows):
    one, several = (measuring.lines(_signed(each).content)[0] for each in ("仇堃", signer))
    at = next(place for place, line in enumerate(several) if "签发人" in line.text)
    found = several[at : at + len(rows)]
    assert [line.text.replace(" ", "") for line in found] == rows
    assert max(line.right for line in found) == pytest.approx(
        RIGHT - LETTER * measuring.MM, abs=0.1
    )
    assert found[-1].left == pytest.approx(LEFT + LETTER * measuring.MM, abs=0.1)
    steps = [below.top - above.top for above, below in itertools.pairwise(found)]
    assert steps == [pytest.approx(PITCH, abs=0.1)] * (len(rows) - 1)
    # The first row stands two lines below the mark; what further ones need pushes the rest down.
    alone = next(line for line in one if "签发人" in line.text)
    assert found[0].top == pytest.approx(alone.top, abs=0.1)
    tops = [next(line.top for line in page if "关于" in line.text) for page in (one, several)]
    assert tops[1] - tops[0] == pytest.approx((len(rows) - 1) * PITCH, abs=0.1)


def test_rows_of_signers_begin_below_the_first_name():
    letters = measuring.letters(_signed("尉迟瑶、仇堃、乐嘉、单雄").content, 1, size=LETTER)
    places = {text: left for text, left, _, _ in letters}
    assert places["尉"] == pytest.approx(places["乐"], abs=0.1)
    assert places["仇"] == pytest.approx(places["单"], abs=0.1)
    assert places["仇"] - places["尉"] == pytest.approx(4 * LETTER * measuring.MM, abs=0.1)


def test_without_a_head_the_title_stands_on_the_first_line():
    document = Document(Head(), (Part("关于党建工作的通知", (Paragraph("正文。"),)),))
    assert TOP < measuring.ink_top(rendering.render(document).content, 1) < TOP + PITCH / 2


# The parts -------------------------------------------------------------------------------------
def test_levels_have_their_faces():
    (page,) = render_body(
        "一、夯实基础", "（一）建强支部。每月一次。", "1.学习文件。讨论发言。", "（1）记录。"
    )
    assert [line.fonts for line in page[1:5]] == [
        {"FandolHei"},
        {"FandolKai", "FandolFang"},
        {"FandolFang"},
        {"FandolFang"},
    ]


def test_without_bracketed_levels_the_next_one_leads_in_kai():
    (page,) = render_body("一、夯实基础", "1.学习文件。讨论发言。")
    assert page[2].fonts == {"FandolKai", "FandolFang"}


def test_the_title_is_broken_by_meaning_and_in_its_face():
    lines = [line for line in measuring.lines(work_points().content)[0] if line.size == 22]
    assert [line.text for line in lines] == [f"关于印发《{COMMITTEE}", "2026年党建工作要点》的通知"]
    assert {font for line in lines for font in line.fonts} == {"Noto-Serif-CJK-SC-Bold"}


def test_the_date_ends_four_characters_from_the_right_below_the_issuer():
    page = measuring.lines(printed(1).content, size=LETTER)[0]
    issuer, date = page[-2:]
    assert (issuer.text, date.text) == (COMMITTEE, "2026年3月2日")
    assert (issuer.left + issuer.right) / 2 == pytest.approx((date.left + date.right) / 2, abs=0.8)
    assert RIGHT - date.right >= 4 * 156 / 28 - 0.5
    short = dataclasses.replace(
        short_document().parts[0],
        signature=dataclasses.replace(short_document().parts[0].signature, issuers=("教育局",)),
    )
    content = rendering.render(dataclasses.replace(short_document(), parts=(short,))).content
    date = measuring.lines(content, size=LETTER)[0][-1]
    assert RIGHT - date.right == pytest.approx(4 * 156 / 28, abs=0.5)


def test_an_annex_starts_a_page_with_its_label_its_title_and_its_table():
    pages = measuring.lines(work_points().content)
    label, title, *table = pages[4]
    assert (label.text, label.fonts, label.size) == ("附件", {"FandolHei"}, LETTER)
    assert label.left == pytest.approx(LEFT, abs=0.1)
    assert title.text == "2026年度党建工作行事历"
    first_line_title = pages[1][0]
    assert title.top - first_line_title.top == pytest.approx(2 * PITCH, abs=0.05)
    assert {line.size for line in table} == {14.0}
    assert (table[2].top - table[1].top) / measuring.MM == pytest.approx(20, abs=0.1)


def test_a_table_repeats_its_head_and_keeps_its_rows_whole():
    pages = measuring.lines(work_points().content)
    assert pages[4][2].text == pages[5][0].text == "时间内容"
    assert pages[5][0].fonts == {"FandolHei"}
    assert [line.text for page in pages[4:] for line in page if line.text.endswith("7月")] != []


def test_a_cell_longer_than_a_page_loses_nothing():
    text = "走访慰问困难党员" * 400
    table = Table((("时间", "内容"), ("3月", text)))
    document = Document(Head(), (Part("行事历", (table,)),))
    printed_text = re.sub(r"\s|—\d—", "", pdf.text_of(rendering.render(document)))
    assert printed_text.count("访") == 400


# Page numbers and imprint ----------------------------------------------------------------------
def test_page_numbers_stand_outside_seven_millimetres_below():
    numbers = [page[-1] for page in measuring.lines(work_points().content)]
    assert [line.text for line in numbers] == [f"—{number}—" for number in range(1, 7)]
    assert {line.size for line in numbers} == {14.0}
    assert {font for line in numbers for font in line.fonts} == {"FandolSong"}
    indent = 14 * measuring.MM
    for place, line in enumerate(numbers):
        # The dash is drawn in the middle of its box.
        assert (line.top + line.bottom) / 2 == pytest.approx(BOTTOM + 7, abs=0.3)
        if place % 2 == 0:
            assert line.right == pytest.approx(RIGHT - indent, abs=0.1)
        else:
            assert line.left == pytest.approx(LEFT + indent, abs=0.1)


def test_the_imprint_stands_at_the_foot_of_the_last_page():
    content = work_points().content
    copies, printer = measuring.lines(content)[-1][-3:-1]
    assert copies.text == "抄送：区委组织部，区纪委区监委。"
    assert printer.text == "栖江市澄岚区教育局办公室2026年2月12日印发"
    indent = 14 * measuring.MM
    assert (copies.left, printer.left) == (pytest.approx(LEFT + indent, abs=0.1),) * 2
    assert printer.right == pytest.approx(RIGHT - indent, abs=0.1)
    first, inner, last = measuring.wide_rules(content, 6)[-3:]
    assert first[0] < copies.top < inner[0] < printer.top < last[0]
    assert [rule[1] for rule in (first, inner, last)] == [
        pytest.approx(0.35, abs=0.04),
        pytest.approx(0.25, abs=0.04),
        pytest.approx(0.35, abs=0.04),
    ]
    assert last[0] + last[1] == pytest.approx(BOTTOM, abs=0.1)


def page_kinds(content: bytes) -> list[str]:
    """For each page: b body text, s signature, i imprint, # page number."""
    kinds = []
    for page in measuring.lines(content):
        texts = [line.text for line in page]
        kind = "b" if any("党员教师" in text for text in texts) else ""
        kind += "s" if "2026年3月2日" in texts else ""
        kind += "i" if any("印发" in text for text in texts) else ""
        kinds.append(kind + ("#" if any(re.match("—\\d", text) for text in texts) else ""))
    return kinds


@pytest.mark.parametrize(
    ("body_lines", "expected"),
    [
        (1, ["bs#", "i#"]),  # one page of text: the imprint goes to the second
        (12, ["b#", "bsi#"]),  # two pages of text
        (27, ["b#", "bs#", "", "i"]),  # no room left on an even page: an empty one, unnumbered
        (34, ["b#", "b#", "bs#", "i#"]),  # three pages of text
    ],
)
def test_the_imprint_is_on_an_even_page(body_lines: int, expected: list[str]):
    assert page_kinds(printed(body_lines).content) == expected


@pytest.mark.parametrize("body_lines", range(5, 12))
@pytest.mark.parametrize("annexed", [False, True])
def test_a_signature_is_never_alone_on_its_page(body_lines: int, annexed: bool):
    kinds = page_kinds(printed(body_lines, annexed=annexed).content)
    assert [kind for kind in kinds if "s" in kind and "b" not in kind] == []


def test_without_an_imprint_nothing_is_added():
    document = dataclasses.replace(short_document(), imprint=None)
    assert page_kinds(rendering.render(document).content) == ["bs#"]


# Fonts -----------------------------------------------------------------------------------------
def test_every_font_is_embedded():
    assert measuring.fonts(work_points().content) == {
        "FandolFang": True,
        "FandolHei": True,
        "FandolKai": True,
        "FandolSong": True,
        "Noto-Serif-CJK-SC-Bold": True,
    }


def test_markup_in_the_text_is_text():
    (page,) = render_body("<b>党建</b>&amp;“学习”。")
    assert page[1].text == "<b>党建</b>&amp;“学习”。"
