"""Texts of fictitious notices, and documents built out of them."""

from pathlib import Path

from notices.documents.document import (
    Annex,
    Document,
    Head,
    Imprint,
    Paragraph,
    Part,
    Signature,
    Table,
)

# A notice that passes on work points with a calendar as annex, as it comes out of a word processor:
# spaces beside figures, three paragraphs torn by page breaks, the imprint before the annex.
WORK_POINTS = Path(__file__).parent / "work-points.txt"

COMMITTEE = "中共栖江市澄岚区教育局委员会"
SHORT = f"""{COMMITTEE}文件

澄教委〔2026〕8号

关于报送三月份主题党日情况的通知

各基层党组织：

请于2026年3月25日前报送三月份主题党日情况。

附件：主题党日安排

{COMMITTEE}

2026年3月2日

附件

主题党日安排

时间\t内容
第一周\t1.学习文件； 2.讨论发言。
第二周\t走访慰问。

抄送：区委组织部。

栖江市澄岚区教育局办公室
2026年3月2日印发
"""


def short_document(*, body_lines: int = 1, annexed: bool = False) -> Document:
    """A notice whose body is one paragraph of so many full lines."""
    characters = 26 + 28 * (body_lines - 1) - 1
    body = ("党员教师结对帮扶学生" * (characters // 10 + 1))[:characters] + "。"
    table = Table((("时间", "内容"), ("3月", "1.学习文件； 2.讨论发言。")))
    return Document(
        head=Head((f"{COMMITTEE}文件",), "澄教委〔2026〕8号"),
        parts=(
            Part(
                title="关于报送三月份主题党日情况的通知",
                recipients="各基层党组织",
                blocks=(Paragraph(body),),
                annexes=("主题党日安排",) if annexed else (),
                signature=Signature((COMMITTEE,), "2026年3月2日"),
            ),
        ),
        annexes=(Annex("附件", "主题党日安排", (table,)),) if annexed else (),
        imprint=Imprint("区委组织部", "栖江市澄岚区教育局办公室", "2026年3月2日"),
    )


LETTER_TEXT = """栖江市澄岚区教育局

澄教函〔2026〕8号

关于商请支持主题党日活动场地的函

区文化和广电旅游体育局：

我局定于2026年3月25日组织主题党日活动，需借用城市展厅一上午，请贵局支持。

专此函达。

栖江市澄岚区教育局

2026年3月2日

抄送：区委组织部。
"""

MINUTES_TEXT = f"""{COMMITTEE}会议纪要

〔2026〕3号

时间：2026年3月2日

地点：三楼会议室

主持：仇堃

会议听取了三月份主题党日的准备情况。

出席：区教育局仇堃、尉迟喆、单珺、查玥，各学校党组织书记共十二人，区财政局有关负责同志

请假：赵垚

列席：各科室负责人

栖江市澄岚区教育局办公室
2026年3月3日印发
"""

ORDER_TEXT = """栖江市澄岚区教育局令

第3号

《澄岚区学校党组织会议规则》已经2026年3月2日局党委会议通过，现予公布，自2026年5月1日起施行。

局长　仇堃

2026年3月2日

澄岚区学校党组织会议规则

一、总则

学校党组织会议每月召开一次。

栖江市澄岚区教育局办公室
2026年3月3日印发
"""


def joint_text(names: tuple[str, ...]) -> str:
    """A notice of several issuers, the first of which leads."""
    issuers = "\n".join(names)
    return SHORT.replace(f"{COMMITTEE}文件", f"{issuers}文件").replace(
        f"{COMMITTEE}\n\n2026", f"{issuers}\n\n2026"
    )
