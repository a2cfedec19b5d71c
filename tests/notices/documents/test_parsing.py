"""Reading: each part of a notice in its place, each defect named, nothing lost."""

import pytest

from notices.documents import lines, parsing
from notices.documents.document import Imprint, Paragraph, Signature, Table
from notices.documents.patterns import Level
from tests.notices.documents.samples import COMMITTEE, SHORT, WORK_POINTS


def read(text: str) -> parsing.Reading:
    return parsing.read_text(text)


def findings(text: str) -> list[str]:
    return [str(finding) for finding in read(text).findings]


# The parts -------------------------------------------------------------------------------------
def test_a_short_notice_is_read_into_its_parts_without_a_warning():
    reading = read(SHORT)
    document = reading.document
    (notice,) = document.parts
    (annex,) = document.annexes
    assert reading.findings == ()
    assert document.head.mark == (f"{COMMITTEE}文件",)
    assert document.head.number == "澄教委〔2026〕8号"
    assert notice.title == "关于报送三月份主题党日情况的通知"
    assert notice.recipients == "各基层党组织"
    assert notice.blocks == (Paragraph("请于2026年3月25日前报送三月份主题党日情况。"),)
    assert notice.annexes == ("主题党日安排",)
    assert notice.signature == Signature((COMMITTEE,), "2026年3月2日")
    assert (annex.label, annex.title) == ("附件", "主题党日安排")
    assert annex.blocks == (
        Table(
            (("时间", "内容"), ("第一周", "1.学习文件； 2.讨论发言。"), ("第二周", "走访慰问。"))
        ),
    )
    assert document.imprint == Imprint("区委组织部", "栖江市澄岚区教育局办公室", "2026年3月2日")


def test_what_a_notice_passes_on_is_a_part_of_its_own():
    document = parsing.read(WORK_POINTS.read_bytes()).document
    notice, points = document.parts
    assert notice.title == f"关于印发《{COMMITTEE}2026年党建工作要点》的通知"
    assert points.title == f"{COMMITTEE}2026年党建工作要点"
    assert points.annexes == ("2026年度党建工作行事历",)
    assert notice.signature == points.signature == Signature((COMMITTEE,), "2026年2月12日")
    levels = [block.level for block in points.blocks if isinstance(block, Paragraph)]
    assert levels.count(Level.FIRST) == 4
    assert levels.count(Level.THIRD) == 13
    assert levels.count(Level.TEXT) == 1


def test_the_calendar_in_the_annex_is_a_table_of_thirteen_rows():
    (annex,) = parsing.read(WORK_POINTS.read_bytes()).document.annexes
    (table,) = annex.blocks
    assert isinstance(table, Table)
    assert [len(row) for row in table.rows] == [2] * 13
    assert table.rows[2] == (
        "2月",
        "1. 2025-2026教育系统党员春训冬训； 2.春节元宵慰问离退休老党员。",
    )


def test_torn_paragraphs_are_joined_and_named():
    reading = parsing.read(WORK_POINTS.read_bytes())
    text = "".join(
        block.text for block in reading.document.parts[1].blocks if isinstance(block, Paragraph)
    )
    assert "确保不漏一校、不漏一人。" in text
    assert "不以照片代替活动。" in text
    assert "每学期公开一次，“阳光厨房”" in text
    assert [str(finding) for finding in reading.findings] == [
        "第21行：段落在换页处断开，已接上，请核对：“，确保不漏一校、｜不漏一人。对只有”",
        "第25行：段落在换页处断开，已接上，请核对：“，不以照片代替活｜动。年底的组织生”",
        "第43行：段落在换页处断开，已接上，请核对：“每学期公开一次，｜“阳光厨房”和采”",
        "第71行：附件标识后不加标点，已略去：“附件：”",
    ]


def test_upward_documents_have_a_signer_and_labels():
    head = read(
        "000012\n机密★1年\n特急\n\n栖江市澄岚区教育局文件\n\n澄教〔2026〕5号　签发人：仇堃\n\n关于经费的请示\n"
    ).document.head
    assert head.labels == ("000012", "机密★1年", "特急")
    assert (head.number, head.signer) == ("澄教〔2026〕5号", "仇堃")


def test_joint_issuers_stand_on_lines_of_their_own():
    text = SHORT.replace(f"{COMMITTEE}文件", "澄岚区教育局\n澄岚区财政局文件").replace(
        f"{COMMITTEE}\n\n2026", "澄岚区教育局\n澄岚区财政局\n\n2026"
    )
    document = read(text).document
    assert document.head.mark == ("澄岚区教育局", "澄岚区财政局文件")
    assert document.parts[0].signature == Signature(
        ("澄岚区教育局", "澄岚区财政局"), "2026年3月2日"
    )


def test_several_annexes_are_listed_and_found():
    text = SHORT.replace("附件：主题党日安排", "附件：1.主题党日安排\n2.联系人名单")
    text = text.replace("附件\n\n主题", "附件1\n\n主题").replace(
        "抄送", "附件2\n\n联系人名单\n\n尉迟喆，电话待定。\n\n抄送"
    )
    reading = read(text)
    assert reading.findings == ()
    assert reading.document.parts[0].annexes == ("主题党日安排", "联系人名单")
    assert [annex.label for annex in reading.document.annexes] == ["附件1", "附件2"]


def test_a_title_keeps_the_breaks_set_by_hand_and_a_version_below_it():
    text = SHORT.replace(
        "关于报送三月份主题党日情况的通知", "关于报送三月份\n主题党日情况的通知\n（试行）"
    )
    assert read(text).document.parts[0].title == "关于报送三月份\n主题党日情况的通知\n（试行）"


def test_notes_in_brackets_below_the_date_are_remarks():
    text = SHORT.replace("3月2日\n\n附件\n", "3月2日\n\n（联系人：单喆）\n\n附件\n")
    reading = read(text)
    assert reading.document.parts[0].remarks == ("（联系人：单喆）",)
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("　　发展党员 25 步工作，第 2 步", "发展党员25步工作，第2步"),
        ("2026 年 2 月 12 日", "2026年2月12日"),
        ("1. 强化领导", "1.强化领导"),
        ("2. 2026 年度审议", "2. 2026年度审议"),
        ("时间 \t 1. 走访； 2. 慰问", "时间\t1.走访； 2.慰问"),
        ("New  Bing 与 AI 助手", "New Bing与AI助手"),
    ],
)
def test_stray_spaces_go(raw: str, cleaned: str):
    assert lines.clean(raw) == cleaned


def test_items_on_lines_below_a_row_belong_to_its_cell():
    text = SHORT.replace("1.学习文件； 2.讨论发言。", "1.学习文件；\n2.讨论发言。")
    (table,) = read(text).document.annexes[0].blocks
    assert isinstance(table, Table)
    assert table.rows[1] == ("第一周", "1.学习文件； 2.讨论发言。")


# The defects -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "〔2026〕8号",
            "[2026]8号",
            "第3行：发文字号的年份应括入六角括号“〔〕”：“澄教委[2026]8号”",
        ),
        (
            "〔2026〕8号",
            "（2026）8号",
            "第3行：发文字号的年份应括入六角括号“〔〕”：“澄教委（2026）8号”",
        ),
        ("〕8号", "〕第8号", "第3行：发文字号的序号前不加“第”：“澄教委〔2026〕第8号”"),
        ("〕8号", "〕08号", "第3行：发文字号的序号不编虚位：“澄教委〔2026〕08号”"),
        (
            "教委〔2026〕8号",
            "教委〔26〕8号",
            "第3行：发文字号应为“机关代字〔年份〕序号号”：“澄教委〔26〕8号”",
        ),
        ("文件\n\n", "文\n\n", f"第1行：发文机关标志未以“文件”结尾：“{COMMITTEE}文”"),
        ("党组织：", "党组织:", "第7行：主送机关后应为全角冒号，已改排：“各基层党组织:”"),
        ("\n\n2026年3月2日\n", "\n\n2026年2月30日\n", "第15行：没有这一天：“2026年2月30日”"),
        (
            "\n\n2026年3月2日\n",
            "\n\n2026年03月2日\n",
            "第15行：日期的月、日不编虚位：“2026年03月2日”",
        ),
        (
            "\n\n2026年3月2日\n",
            "\n\n2026.3.2\n",
            "第15行：日期应为阿拉伯数字的“年月日”，如2026年3月2日：“2026.3.2”",
        ),
        (
            "\n\n2026年3月2日\n",
            "\n\n二〇二六年三月二日\n",
            "第15行：日期应为阿拉伯数字的“年月日”，如2026年3月2日：“二〇二六年三月二日”",
        ),
        (f"{COMMITTEE}\n\n2026", "2026", "第13行：成文日期前没有发文机关署名：“2026年3月2日”"),
        ("2026年3月2日印发", "2026年13月2日印发", "第28行：印发日期：没有这一天：“2026年13月2日”"),
        ("附件\n\n", "附件：\n\n", "第17行：附件标识后不加标点，已略去：“附件：”"),
        (
            "附件\n\n主",
            "附件：主",
            "第17行：附件标识与标题应分行，已分行排印：“附件：主题党日安排”",
        ),
        ("附件\n\n", "附件2\n\n", "附件序号应为“附件”：“附件2”"),
        ("附件：主题党日安排", "附件：主题党日安排。", None),
        ("附件：主题党日安排", "附件：《主题党日安排》", None),
        (
            "第二周\t走访慰问。",
            "第二周\t走访\t慰问。",
            "第23行：表格这一行有3格，表头有2格：“第二周\t走访\t慰问。”",
        ),
        ("情况。", "情况", "第9行：段末没有标点：“请于2026年3月25日前报送三月份主题党日情况”"),
        ("情况。", "情况。。", "第9行：标点重复：“请于2026年3月25日前报送三月份主题党日情况。。”"),
        ("情况。", "情况.", None),
        (
            "报送三",
            "报送,三",
            "第9行：中文里夹用半角标点：“请于2026年3月25日前报送,三月份主题党日情况。”",
        ),
        (
            "报送三",
            "报送 三",
            "第9行：汉字之间有空格：“请于2026年3月25日前报送 三月份主题党日情况。”",
        ),
        (
            "2026年3月25日前",
            "２026年3月25日前",
            "第9行：全角的数字或字母：“请于２026年3月25日前报送三月份主题党日情况。”",
        ),
        (
            "报送三",
            "报送“三",
            "第9行：双引号不成对：“请于2026年3月25日前报送“三月份主题党日情况。”",
        ),
        (
            "报送三",
            "报送🙂三",
            "第9行：字符“🙂”（U+1F642）在公文字体中没有字形：“请于2026年3月25日前报送🙂三月份主题党日情况。”",
        ),
        ("报送三", "报送\x02三", "第9行：不能打印的控制字符：“U+0002”"),
    ],
)
def test_each_defect_is_named_with_its_text(old: str, new: str, expected: str | None):
    assert SHORT.count(old) >= 1
    place = SHORT.rindex(old) if old == "情况。" else SHORT.index(old)
    if old == "报送三":
        place = SHORT.rindex(old)
    text = SHORT[:place] + new + SHORT[place + len(old) :]
    found = findings(text)
    if expected is None:
        assert found
    else:
        assert found == [expected]


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        (f"{COMMITTEE}文件\n\n", ["缺发文机关标志"]),
        ("澄教委〔2026〕8号\n\n", ["缺发文字号"]),
        ("各基层党组织：\n\n", ["缺主送机关"]),
        ("请于2026年3月25日前报送三月份主题党日情况。\n\n", ["缺正文"]),
        (f"{COMMITTEE}\n\n2026年3月2日\n\n", None),
        ("栖江市澄岚区教育局办公室\n2026年3月2日印发\n", ["版记缺印发机关", "版记缺印发日期"]),
        ("栖江市澄岚区教育局办公室\n", ["版记缺印发机关"]),
        ("附件：主题党日安排\n\n", ["附件未在附件说明中列出：“主题党日安排”"]),
    ],
)
def test_each_missing_part_is_named(without: str, expected: list[str] | None):
    found = findings(SHORT.replace(without, "", 1))
    if expected is None:
        assert "缺发文机关署名和成文日期" in found
    else:
        assert found == expected


def test_a_missing_annex_is_named():
    start, end = SHORT.index("附件\n\n"), SHORT.index("抄送")
    assert findings(SHORT[:start] + SHORT[end:]) == ["附件说明中的附件没有正文：“主题党日安排”"]


def test_unknown_parts_are_named_and_kept():
    reading = read(SHORT + "\n请注意查收\n")
    assert reading.document.parts[0].remarks == ("请注意查收",)
    assert [str(finding) for finding in reading.findings] == [
        "第30行：无法识别的部分，已按原文排印：“请注意查收”"
    ]


def test_a_second_imprint_does_not_replace_the_first():
    reading = read(SHORT + "\n抄送：区纪委。\n")
    assert reading.document.imprint is not None
    assert reading.document.imprint.copies == "区委组织部"
    assert reading.document.parts[1].blocks == (Paragraph("抄送：区纪委。"),)


def test_an_outdated_word_for_copies_is_put_right_and_named():
    reading = read(SHORT.replace("抄送：", "抄报："))
    assert reading.document == read(SHORT).document
    assert [str(each) for each in reading.findings] == [
        "第25行：版记用“抄送”，不用“抄报”，已改排：“抄报：区委组织部。”"
    ]
    assert reading.replaced == {25: "抄送：区委组织部。"}


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["一、甲", "三、乙"], ["层次序号不连续，此处应为第2"]),
        (["1.甲。", "1.乙。"], ["层次序号不连续，此处应为第2"]),
        (["一、甲", "（一）乙", "二、丙", "（一）丁", "（二）戊"], []),
        (["一.甲"], ["中文里夹用半角标点", "层次序号应写作“一、”"]),
        (["1、甲。"], ["层次序号应写作“1.”"]),
        (["（一）、甲。"], ["层次序号应写作“（一）”"]),
        (["（1）甲。", "（2）乙。"], []),
        (["十、甲"], ["层次序号不连续，此处应为第1"]),
    ],
)
def test_numbering_is_checked(numbers: list[str], expected: list[str]):
    body = "\n\n".join(numbers)
    text = SHORT.replace("请于2026年3月25日前报送三月份主题党日情况。", body)
    assert [finding.problem for finding in read(text).findings] == expected


def test_a_text_that_is_no_notice_is_read_as_far_as_it_goes():
    reading = read(
        "党建引领\n\n　　近日，芙蓉小学开展主题党日活动。\n\n　　青禾小学也开展了活动。\n"
    )
    assert reading.document.parts[0].title == "党建引领"
    assert [finding.problem for finding in reading.findings] == [
        "缺发文机关标志",
        "缺发文字号",
        "缺主送机关",
        "缺发文机关署名和成文日期",
        "版记缺印发机关",
        "版记缺印发日期",
    ]


# The bytes -------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_usual_encodings_are_read(encoding: str):
    assert parsing.read(SHORT.encode(encoding)).document == read(SHORT).document


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "文件是空的"),
        (b" \r\n\t ", "文件是空的"),
        (b"PK\x03\x04word", "不是纯文本文件，请另存为 .txt 后再试"),
        (b"\x00\x01text", "不是纯文本文件，请另存为 .txt 后再试"),
        (b"\xff\xff\xff", "文字编码无法识别，请另存为 UTF-8 的 .txt 后再试"),
        (b"a" * 300_001, "文字超过 300000 字，请拆分后再试"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, message: str):
    with pytest.raises(lines.UnreadableError, match=message):
        parsing.read(content)
