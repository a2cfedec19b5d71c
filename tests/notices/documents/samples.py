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
