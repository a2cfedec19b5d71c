"""Letters, minutes, orders, joint and unsealed documents, measured in the PDF."""

import re
from functools import cache

import pytest

from common import pdf
from notices.documents import comparison, forms, parsing, rendering
from notices.documents.forms import DOCUMENT, LETTER, MINUTES, ORDER, UNSEALED
from tests.notices import measuring
from tests.notices.documents.samples import (
    COMMITTEE,
    LETTER_TEXT,
    MINUTES_TEXT,
    ORDER_TEXT,
    SHORT,
    joint_text,
)

LETTER_SIZE = 16.0
PITCH = 225 / 22
CHARACTER = 156 / 28
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
MIDDLE = (LEFT + RIGHT) / 2
SLACK = (PITCH - LETTER_SIZE * measuring.MM) / 2


@cache
def printed(text: str, form: forms.Form | None = None) -> bytes:
    return rendering.render(parsing.read_text(text, form=form).document).content


def lines_of(content: bytes, page: int = 1) -> dict[str, measuring.Printed]:
    return {line.text: line for line in measuring.lines(content)[page - 1]}


def centre(line: measuring.Printed) -> float:
    return (line.left + line.right) / 2


def middle(line: measuring.Printed) -> float:
    return (line.top + line.bottom) / 2


# Which form ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "form"),
    [
        (SHORT, DOCUMENT),
        (LETTER_TEXT, LETTER),
        (MINUTES_TEXT, MINUTES),
        (ORDER_TEXT, ORDER),
        (SHORT.replace("文件\n", "\n").replace("的通知", "的函"), LETTER),
        (SHORT.replace("文件\n", "\n"), DOCUMENT),
    ],
)
def test_the_form_is_recognised(text: str, form: forms.Form):
    assert parsing.read_text(text).document.form is form


def test_the_form_asked_for_goes_before_what_the_text_looks_like():
    reading = parsing.read_text(MINUTES_TEXT, form=DOCUMENT)
    assert reading.document.form is DOCUMENT
    found = [str(finding) for finding in reading.findings]
    assert f"第1行：发文机关标志未以“文件”结尾：“{COMMITTEE}会议纪要”" in found
    assert "所选格式是“文件（盖章）”，文字像是“纪要”，请核对" in found


@pytest.mark.parametrize("text", [LETTER_TEXT, MINUTES_TEXT, ORDER_TEXT])
def test_a_sound_text_of_any_form_has_no_findings_and_prints_whole(text: str):
    reading = parsing.read_text(text)
    assert reading.findings == ()
    assert comparison.missing_lines(text, printed(text), replaced=reading.replaced) == []


# 信函 (10.1) ------------------------------------------------------------------------------------
def test_the_mark_of_a_letter_stands_30_mm_below_the_page_top_with_the_rule_4_mm_below():
    content = printed(LETTER_TEXT)
    assert measuring.red_ink(content, 1)[1] == pytest.approx(30, abs=0.4)
    upper, lower = measuring.red_rules(content, 1)
    assert (upper[2], lower[2]) == (pytest.approx(170, abs=0.2),) * 2
    assert (upper[0], lower[0]) == (pytest.approx(MIDDLE - 85, abs=0.1),) * 2
    assert upper[1] == pytest.approx(measuring.ink_bottom(content, 1, until=upper[1]) + 4, abs=0.4)
    assert lower[1] + lower[3] == pytest.approx(297 - 20, abs=0.1)


def test_the_thick_rule_is_outside_and_the_thin_one_inside():
    bars = measuring.bars(printed(LETTER_TEXT), 1)
    tops = sorted((top, thickness) for _, top, width, thickness in bars if width > 169)
    assert [thickness for _, thickness in tops] == [
        pytest.approx(0.55, abs=0.02),
        pytest.approx(0.2, abs=0.02),
        pytest.approx(0.2, abs=0.02),
        pytest.approx(0.55, abs=0.02),
    ]


def test_the_number_of_a_letter_ends_at_the_right_edge_below_the_rule():
    content = printed(LETTER_TEXT)
    number = lines_of(content)["澄教函〔2026〕8号"]
    assert number.right == pytest.approx(RIGHT, abs=0.1)
    upper, _ = measuring.red_rules(content, 1)
    below = upper[1] + upper[3]
    # The letter's box begins 7/8 of a 3号 character below the rule.
    assert middle(number) - LETTER_SIZE * measuring.MM / 2 - below == pytest.approx(
        7 / 8 * LETTER_SIZE * measuring.MM, abs=0.4
    )


def test_labels_of_a_letter_stand_left_and_push_the_title_down():
    content = printed("000012\n机密★1年\n特急\n\n" + LETTER_TEXT)
    page = measuring.lines(content)[0]
    first = next(line for line in page if line.text.startswith("000012"))
    assert first.text == "000012澄教函〔2026〕8号"
    assert first.left == pytest.approx(LEFT, abs=0.1)
    urgent = next(line for line in page if line.text == "特急")
    recipients = next(line for line in page if line.text.endswith("局："))
    assert middle(recipients) - middle(urgent) == pytest.approx(5 * PITCH, abs=0.2)


def test_the_title_of_a_letter_stands_two_lines_below_the_number():
    number, title, recipients = measuring.lines(printed(LETTER_TEXT))[0][1:4]
    assert (number.text, title.size) == ("澄教函〔2026〕8号", 22.0)
    # Two blank lines, the title, a blank line.
    assert middle(recipients) - middle(number) == pytest.approx(5 * PITCH, abs=0.2)


def test_the_last_line_of_a_letters_first_page_stands_close_above_the_rule():
    content = printed(LETTER_TEXT.replace("贵局支持。", "贵局支持。" * 120))
    last = measuring.lines(content, size=LETTER_SIZE)[0][-1]
    _, lower = measuring.red_rules(content, 1)
    below = lower[1] - (middle(last) + LETTER_SIZE * measuring.MM / 2)
    assert below == pytest.approx(7 / 8 * LETTER_SIZE * measuring.MM, abs=0.4)


def test_the_first_page_of_a_letter_has_no_number_and_the_others_have():
    content = printed(LETTER_TEXT.replace("贵局支持。", "贵局支持。" * 300))
    numbers = [
        next((line.text for line in page if re.fullmatch(r"—\d+—", line.text)), "")
        for page in measuring.lines(content)
    ]
    assert numbers == ["", "—2—", "—3—", "—4—"]
    assert measuring.red_ink(content, 2) == ()


def test_the_imprint_of_a_letter_has_neither_rules_nor_office():
    content = printed(LETTER_TEXT)
    copies = measuring.lines(content)[-1][-2]
    assert copies.text == "抄送：区委组织部。"
    assert measuring.wide_rules(content, 2) == []
    assert BOTTOM - copies.bottom < 4


def test_an_office_in_the_imprint_of_a_letter_is_named_and_printed():
    text = LETTER_TEXT + "\n栖江市澄岚区教育局办公室\n2026年3月2日印发\n"
    reading = parsing.read_text(text)
    (finding,) = reading.findings
    assert finding.problem == "信函的版记不加印发机关和印发日期，已按原文排印"
    assert finding.text == "栖江市澄岚区教育局办公室 2026年3月2日印发"
    assert comparison.missing_lines(text, printed(text), replaced={}) == []


def test_a_letter_of_several_issuers_or_with_the_wrong_mark_is_named():
    joint = LETTER_TEXT.replace("栖江市澄岚区教育局\n\n澄", "澄岚区教育局\n澄岚区财政局\n\n澄")
    found = [finding.problem for finding in parsing.read_text(joint).findings]
    assert found == ["信函联合行文时只用主办机关的标志"]
    reading = parsing.read_text(SHORT, form=LETTER)
    assert "发文机关标志不加“文件”“纪要”“令”" in [finding.problem for finding in reading.findings]


def test_a_wrong_mark_is_named_with_the_line_it_stands_on():
    found = [str(each) for each in parsing.read_text("000012\n\n" + SHORT, form=LETTER).findings]
    assert f"第3行：发文机关标志不加“文件”“纪要”“令”：“{COMMITTEE}文件”" in found


# 纪要 (10.3) ------------------------------------------------------------------------------------
def test_minutes_list_who_was_there_below_the_text():
    content = printed(MINUTES_TEXT)
    page = measuring.lines(content, size=LETTER_SIZE)[0]
    place = next(index for index, line in enumerate(page) if line.text.startswith("出席："))
    present, rest, away, guests = page[place : place + 4]
    assert page[place].top - page[place - 1].top == pytest.approx(2 * PITCH, abs=0.4)
    assert present.left == pytest.approx(LEFT + 2 * CHARACTER, abs=0.1)
    assert present.fonts >= {"FandolHei", "FandolFang"}
    # Names on a second line begin below the first name.
    assert rest.left == pytest.approx(LEFT + 5 * CHARACTER, abs=0.1)
    assert (away.text, guests.text) == ("请假：赵垚", "列席：各科室负责人")
    assert away.left == guests.left == pytest.approx(LEFT + 2 * CHARACTER, abs=0.1)


def test_the_mark_and_number_of_minutes_stand_as_those_of_a_document():
    content = printed(MINUTES_TEXT)
    assert measuring.red_ink(content, 1)[1] == pytest.approx(TOP + 35, abs=0.5)
    number = lines_of(content)["〔2026〕3号"]
    assert centre(number) == pytest.approx(MIDDLE, abs=0.3)
    ((_, rule_top, length, _),) = measuring.bars(content, 1)
    assert (rule_top - number.bottom, length) == (pytest.approx(4, abs=0.1), 156.0)


def test_minutes_need_no_title_no_recipients_and_no_signature():
    document = parsing.read_text(MINUTES_TEXT).document
    (part,) = document.parts
    assert (part.title, part.recipients, part.signature) == ("", "", None)
    assert [each.label for each in part.attendance] == ["出席", "请假", "列席"]


def test_who_was_there_is_left_where_it_stands_when_text_follows():
    text = MINUTES_TEXT.replace("主持：仇堃", "主持：仇堃\n\n出席：单珺、查玥")
    (part,) = parsing.read_text(text).document.parts
    assert "出席：单珺、查玥" in [getattr(block, "text", "") for block in part.blocks]
    assert len(part.attendance) == 3


@pytest.mark.parametrize("number", ["第3期", "（第12期）", "2026年第3次", "〔2026〕3号"])
def test_minutes_are_numbered_in_several_ways(number: str):
    reading = parsing.read_text(MINUTES_TEXT.replace("〔2026〕3号", number))
    assert reading.document.head.number == number
    assert reading.findings == ()


def test_a_document_is_not_numbered_so():
    reading = parsing.read_text(SHORT.replace("澄教委〔2026〕8号", "〔2026〕8号"))
    assert [finding.problem for finding in reading.findings] == [
        "发文字号应为“机关代字〔年份〕序号号”"
    ]


# 命令（令） (10.2, 7.3.5.3) -----------------------------------------------------------------------
def test_an_order_has_its_mark_at_20_mm_and_two_lines_above_and_below_its_number():
    content = printed(ORDER_TEXT)
    _, top, _, bottom = measuring.red_ink(content, 1)
    assert top == pytest.approx(TOP + 20, abs=0.4)
    page = measuring.lines(content)[0]
    number, text = page[1], page[2]
    assert (number.text, centre(number)) == ("第3号", pytest.approx(MIDDLE, abs=0.3))
    assert middle(number) - bottom == pytest.approx(2.5 * PITCH, abs=0.5)
    assert middle(text) - middle(number) == pytest.approx(3 * PITCH, abs=0.4)
    assert measuring.bars(content, 1) == []


def test_an_order_is_signed_by_a_person():
    page = measuring.lines(printed(ORDER_TEXT), size=LETTER_SIZE)[0]
    before, signed, date = page[-3:]
    assert (signed.text, date.text) == ("局长仇堃", "2026年3月2日")
    assert signed.right == pytest.approx(RIGHT - 4 * CHARACTER, abs=0.4)
    assert date.right == pytest.approx(RIGHT - 4 * CHARACTER, abs=0.4)
    assert middle(signed) - middle(before) == pytest.approx(3 * PITCH, abs=0.4)
    assert middle(date) - middle(signed) == pytest.approx(2 * PITCH, abs=0.4)
    # Name of two characters, two blank ones, the post of two.
    assert signed.right - signed.left == pytest.approx(6 * CHARACTER, abs=0.4)


def test_an_order_signed_by_nobody_in_particular_is_named():
    reading = parsing.read_text(ORDER_TEXT.replace("局长　仇堃", "栖江市澄岚区教育局"))
    assert [str(finding) for finding in reading.findings] == [
        "命令的署名应写作“职务　姓名”：“栖江市澄岚区教育局”"
    ]


def test_what_an_order_issues_begins_a_page():
    assert "总则" in pdf.page_texts(printed(ORDER_TEXT))[1]


# 联合行文 (7.2.4, 7.3.5.1) -----------------------------------------------------------------------
NAMES = ("栖江市澄岚区教育局", "栖江市澄岚区市场监督管理局", "栖江市澄岚区卫生健康局")


def test_joint_issuers_are_spread_to_one_length_with_the_word_beside_them_halfway_up():
    letters = measuring.letters(printed(joint_text(NAMES)), 1, size=41.0, least=25.0)
    rows = {
        round(top): [c for c in letters if round(c[2]) == round(top)] for _, _, top, _ in letters
    }
    assert ["".join(text for text, *_ in row) for row in rows.values()] == [
        NAMES[0],
        f"{NAMES[1]}文件",
        NAMES[2],
    ]
    assert [row[0][1] for row in rows.values()] == [pytest.approx(LEFT, abs=0.2)] * 3
    first, second, third = sorted(rows)
    assert abs(first - 2 * second + third) <= 1
    last_letters = [rows[top][len(name) - 1][1] for top, name in zip(rows, NAMES, strict=True)]
    assert max(last_letters) - min(last_letters) < 0.2
    assert measuring.red_ink(printed(joint_text(NAMES)), 1)[2] == pytest.approx(RIGHT, abs=0.5)


def test_the_word_stands_between_two_issuers():
    letters = measuring.letters(printed(joint_text(NAMES[:2])), 1, size=41.0, least=25.0)
    tops = {text: top for text, _, top, _ in letters}
    assert tops["件"] == pytest.approx((tops["教"] + tops["监"]) / 2, abs=0.1)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_seals_of_42_mm_around_joint_issuers_do_not_touch_and_stay_inside(count: int):
    names = [f"澄岚区{word}局" for word in ("教育", "财政", "公安", "民政", "水利")][:count]
    content = printed(joint_text(tuple(names)))
    lines = [line for page in measuring.letters_by_line(content, size=LETTER_SIZE) for line in page]
    centres = [
        (left + right) / 2 + 0j + middle * 1j
        for text, left, right, middle in lines
        if text in names and left > LEFT
    ]
    assert len(centres) == count
    assert all(LEFT + 21 <= point.real <= RIGHT - 21 for point in centres)
    apart = [abs(a - b) for place, a in enumerate(centres) for b in centres[:place]]
    assert min(apart) > 42
    assert max(sum(point.imag == other.imag for other in centres) for point in centres) <= 3
    ((left, right),) = [(left, right) for text, left, right, _ in lines if text == "2026年3月2日"]
    assert (left + right) / 2 == pytest.approx(centres[-1].real, abs=0.5)
    assert right == pytest.approx(RIGHT - 4 * CHARACTER, abs=0.5)


def test_a_name_too_long_for_its_place_is_broken_after_the_place_it_names():
    content = printed(joint_text(NAMES))
    found = [
        line[0] for page in measuring.letters_by_line(content, size=LETTER_SIZE) for line in page
    ]
    assert found.count("栖江市澄岚区") == 3
    assert {"教育局", "市场监督管理局", "卫生健康局"} <= set(found)


# 署名 (7.3.5.1, 7.3.5.2) ------------------------------------------------------------------------
def test_a_seal_around_issuer_and_date_begins_within_a_line_below_the_text():
    page = measuring.lines(printed(SHORT), size=LETTER_SIZE)[0]
    before, issuer, date = page[-3:]
    seal_top = (middle(issuer) + middle(date)) / 2 - 21
    assert 0 < seal_top - (before.bottom + SLACK) < PITCH


def test_unsealed_the_issuer_ends_two_characters_from_the_right_and_the_date_begins_two_after():
    page = measuring.lines(printed(SHORT, UNSEALED), size=LETTER_SIZE)[0]
    before, issuer, date = page[-3:]
    assert issuer.right == pytest.approx(RIGHT - 2 * CHARACTER, abs=0.4)
    assert date.left - issuer.left == pytest.approx(2 * CHARACTER, abs=0.2)
    assert middle(issuer) - middle(before) == pytest.approx(2 * PITCH, abs=0.4)


def test_unsealed_a_date_longer_than_the_issuer_ends_two_characters_from_the_right():
    text = SHORT.replace(f"{COMMITTEE}\n\n2026", "教育局\n\n2026")
    issuer, date = measuring.lines(printed(text, UNSEALED), size=LETTER_SIZE)[0][-2:]
    assert issuer.text == "教育局"
    assert date.right == pytest.approx(RIGHT - 2 * CHARACTER, abs=0.4)
    assert date.left - issuer.left == pytest.approx(2 * CHARACTER, abs=0.2)


def test_unsealed_joint_issuers_stand_one_below_the_other():
    page = measuring.lines(printed(joint_text(NAMES), UNSEALED), size=LETTER_SIZE)
    *issuers, date = next(lines for lines in page if lines[-1].text == "2026年3月2日")[-4:]
    assert tuple(line.text for line in issuers) == NAMES
    assert [line.right for line in issuers] == [pytest.approx(RIGHT - 2 * CHARACTER, abs=0.4)] * 3
    assert date.left - issuers[-1].left == pytest.approx(2 * CHARACTER, abs=0.2)


# 发文机关标志 -----------------------------------------------------------------------------------
def test_a_very_long_mark_shrinks_instead_of_being_squeezed():
    name = "中共栖江市澄岚区教育局机关直属单位联合委员会办公室文件"
    content = printed(SHORT.replace(f"{COMMITTEE}文件", name))
    left, _, right, _ = measuring.red_ink(content, 1)
    assert (left, right) == (pytest.approx(LEFT, abs=0.3), pytest.approx(RIGHT, abs=0.3))
    letters = measuring.letters(content, 1, size=41.0, least=25.0)
    width = (RIGHT - LEFT) / len(name)
    assert width / (letters[0][3] * measuring.MM) == pytest.approx(0.6, abs=0.02)


# 横排表格 (8) -----------------------------------------------------------------------------------
HEADS = (
    "序号",
    "学校",
    "书记",
    "任务名称",
    "主要举措",
    "完成时限",
    "责任科室",
    "分管领导",
    "备注",
    "标准",
)
ROW = (
    "芙蓉小学教育集团",
    "仇堃",
    "支部建设",
    "逐校核对组织设置，年内完成到届换届",
    "6月底",
    "组织科",
    "单珺",
    "按季通报，作为考评的依据",
    "手册齐全，批复在案",
)


def wide_text(rows: int, imprint: bool = True) -> str:
    table = ["\t".join(HEADS), *("\t".join((str(n), *ROW)) for n in range(1, rows + 1))]
    start, end = SHORT.index("时间\t"), SHORT.index("抄送")
    return SHORT[:start] + "\n".join(table) + "\n\n" + (SHORT[end:] if imprint else "")


def test_an_annex_with_a_wide_table_is_turned_and_nothing_else_is():
    content = printed(wide_text(4))
    assert measuring.size(content) == [(210, 297), (297, 210), (210, 297), (210, 297)]
    assert "抄送" in pdf.page_texts(content)[3]
    bars = measuring.bars(content, 2)
    assert min(bar[0] for bar in bars) == pytest.approx(35, abs=0.2)
    assert max(bar[0] + bar[2] for bar in bars) == pytest.approx(35 + 225, abs=0.2)


def test_a_turned_table_of_several_pages_keeps_the_places_of_the_page_numbers():
    content = printed(wide_text(20, imprint=False))
    sizes = measuring.size(content)
    assert sizes[1:] == [(297, 210)] * (len(sizes) - 1)
    assert len(sizes) > 3
    assert all("序号" in text for text in pdf.page_texts(content)[1:])
    for page in range(2, len(sizes) + 1):
        dashes = [c for c in measuring.letters(content, page, size=14.0) if c[0] == "—"]
        # On the sheet: 7 mm below the type area, which is left of it on the page turned; odd
        # pages at the right edge of the sheet, which is the page's foot, even ones at its head.
        assert {round(left) for _, left, *_ in dashes} <= {25, 26, 27, 28}
        tops = [top for _, _, top, *_ in dashes]
        if page % 2:
            assert max(tops) == pytest.approx(210 - 26 - 2 * 14 * measuring.MM, abs=0.6)
        else:
            assert min(tops) == pytest.approx(28 + 14 * measuring.MM, abs=0.6)


def test_a_table_that_fits_is_not_turned():
    assert set(measuring.size(printed(SHORT))) == {(210, 297)}


def test_a_wide_table_in_the_text_itself_is_named():
    table = "\n".join(("\t".join(HEADS), "\t".join(("1", *ROW))))
    text = SHORT.replace("情况。\n", f"情况。\n\n{table}\n")
    (finding,) = parsing.read_text(text).findings
    assert finding.problem == "正文里的表太宽，会排得很密；移作附件就自动横排"
    assert finding.text.startswith("序号 学校 书记")


def test_a_letter_without_its_number_has_its_issuer_for_a_mark():
    text = "\n\n".join(
        (COMMITTEE, "关于换届的函", "各支部：", "请按期换届。", COMMITTEE, "2026年3月2日")
    )

    reading = parsing.read_text(text, form=LETTER)

    assert reading.document.head.mark == (COMMITTEE,)
    assert reading.document.title == "关于换届的函"
