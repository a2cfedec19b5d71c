"""Calendars for the tests of reading: our own fixtures, of the shape that bureaus send."""

import io

import docx
import openpyxl
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from calendar_events.reading import ReadCalendar, read_file, read_text

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

# The titles of a real calendar (facts), spaces around figures as the scan left them.
TITLES = {
    1: (
        "走访慰问困难党员、教师",
        "2022 年度党员发展审议工作",
        "领导干部民主生活会、组织生活会和民主评议党员工作",
    ),
    2: ("2021-2022 教育系统党员春训冬训", "春节元宵慰问离退休老党员"),
    3: (
        "“三八”节妇女活动",
        "召开西湖区教育系统全面从严治党暨作风建设工作会议部署会",
        "签订党建工作、党风廉政建设目标责任书",
        "开展党支部、党员年度承诺活动",
    ),
    4: ("基层党建突出问题专项整治", "校级干部岗位大练兵", "启动 2022 年发展对象培训工作"),
    5: (
        "2022 年入党积极分子培训工作",
        "启动“书记好党课”“支部好案例”评选",
        "开展第九届“最美西湖教育人”评选活动",
    ),
    6: (
        "开展第十二轮西湖教师精神大讨论活动",
        "开展民主评议校级干部工作",
        "听取和审议基层党组织半年度党建工作、党风廉政建设和意识形态工作汇报",
    ),
    7: ("暑期师德师风集中教育活动", "开展暑期党员“六个一”及“千名党员访万家”活动"),
    8: ("新入职党员组织关系转接工作", "校长书记读书会"),
    9: (
        "党员骨干教师与新入职党员教师结对活动",
        "第 38 个教师节庆祝活动",
        "召开系统内党外人士中秋座谈会",
    ),
    10: ("2022 年入党积极分子培训工作", "“清廉学校”创建总结"),
    11: (
        "党支部征集、党员教师认领学生“微心愿”活动",
        "启动 2022 年度党员年报工作",
        "启动 2022 年规范化支部考评工作",
    ),
    12: ("学习贯彻“二十大”会议精神", "年度党员先锋指数测评", "开展春风行动"),
}

LETTER_HEAD = """澄岚区教育局委员会文件

澄教委〔2022〕3号

关于印发《2022年党建工作要点》的通知

各基层党组织：

现将要点印发给你们，请抓好落实。

2022年2月18日

一、坚持政治统领

1. 强化政治领导。把政治标准贯穿办学治校全过程。

2. 坚持理论武装。学习二十大精神、

“两个维护”示范引领者。

附件：2022 年度党建工作行事历

澄岚区教育局委员会

2022 年 2 月 18 日

澄岚区教育局办公室

2022 年 2 月 18 日印发

附件：

2022 年度党建工作行事历

"""


def numbered(titles, style="{}. {}", joint="； ", end="。") -> str:
    """Titles as a numbered list on one line."""
    return joint.join(style.format(n, title) for n, title in enumerate(titles, start=1)) + end


def tabbed(head: str = "时间\t内容") -> str:
    """The whole calendar as a table of two columns."""
    rows = [f"{month}月\t{numbered(titles)}" for month, titles in TITLES.items()]
    return "\n".join([head, *rows])


def read(text: str, year: int = 2022, **options) -> ReadCalendar:
    return read_text(text, year=year, **options)


def pairs(calendar: ReadCalendar) -> list[tuple[int, str]]:
    """First month and title of every event, in order."""
    return [(event.first_month, event.title) for event in calendar.events]


def spans(calendar: ReadCalendar) -> list[tuple[int, int, str]]:
    return [(event.first_month, event.last_month, event.title) for event in calendar.events]


def said(calendar: ReadCalendar) -> list[tuple[int, str]]:
    """Line and message of the problems, those about missing months aside."""
    return [
        (problem.line, problem.message)
        for problem in calendar.problems
        if not (problem.message.startswith("没有") and problem.message[2:-1].isdigit())
    ]


def all_pairs() -> list[tuple[int, str]]:
    return [(month, title) for month, titles in TITLES.items() for title in titles]


def read_docx(document, year: int = 2022) -> ReadCalendar:
    return read_file("行事历.docx", docx_bytes(document), year=year)


def docx_bytes(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word_table(document, *rows) -> object:
    """A table with these rows; a None leaves its cell empty."""
    table = document.add_table(rows=0, cols=max(len(row) for row in rows))
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            if text is not None:
                cell.text = text
    return table


def make_list(document, text_pattern="%1.", form="decimal", levels=2) -> str:
    """Define an automatic numbering in the document; returns its id."""
    numbering = document.part.numbering_part.element
    abstract = str(90 + len(numbering))
    level = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text_pattern.replace("%1", f"%{n + 1}")}"/></w:lvl>'
        for n in range(levels)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{abstract}">{level}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {W} w:numId="{abstract}"><w:abstractNumId w:val="{abstract}"/></w:num>')
    )
    return abstract


def automatic(paragraph, list_id: str, level: int = 0) -> None:
    """Number a paragraph automatically."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')
    )


def fill_automatic(cell, list_id: str, *texts: str) -> None:
    """Fill a cell with automatically numbered paragraphs."""
    for place, text in enumerate(texts):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.add_run(text)
        automatic(paragraph, list_id)


def soft_break(paragraph) -> None:
    """Shift+Enter."""
    paragraph.add_run()._r.append(parse_xml(f"<w:br {W}/>"))


def new_document():
    document = docx.Document()
    assert document.part.numbering_part.element.tag == qn("w:numbering")
    return document


def read_book(book: openpyxl.Workbook, year: int = 2022) -> ReadCalendar:
    return read_file("行事历.xlsx", book_bytes(book), year=year)


def book_bytes(book) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet(*rows):
    """A workbook whose only sheet has these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return book
