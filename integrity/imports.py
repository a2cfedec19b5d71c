"""A checklist out of a spreadsheet: read into the same outline as pasted text.

Nothing is saved here: the page goes on with the text, which can be mended on the spot.
"""

from common import cells, imports
from common.cells import CellError
from common.grids import Value
from common.imports import Column, Row
from common.sheets import as_text
from integrity.reading import (
    LONGEST_GUIDANCE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WANTED,
    numeral,
)

TITLE = "清单"


def _words(max_length: int) -> cells.Parser[str]:
    read = cells.text(max_length=max_length)

    def parse(value: Value) -> str:
        return " ".join(read(value).split())

    return parse


def _plain(value: Value) -> str:
    text = " ".join(as_text(value).split())
    if len(text) > LONGEST_WANTED:
        raise CellError(f"最多 {LONGEST_WANTED} 字，请精简。")
    return text


COLUMNS = (
    Column(
        "section",
        "部分",
        _words(LONGEST_TITLE),
        synonyms=("类别", "一级指标", "载体", "模块", "维度"),
        fill_down=True,
        example="学校党建",
    ),
    Column(
        "text",
        "项目",
        _words(LONGEST_TEXT),
        synonyms=("内容", "检查内容", "自查内容", "检查项目", "二级指标", "事项"),
        required=True,
        example="每学期专题研究廉政工作",
    ),
    Column("guidance", "说明", _words(LONGEST_GUIDANCE), synonyms=("标准", "评价标准", "要求")),
    Column("wanted", "佐证", _words(LONGEST_WANTED), synonyms=("佐证材料", "材料", "查阅资料")),
    Column("sources", "引用", _plain, synonyms=("可引用", "系统可引用")),
    Column("points", "分值", _plain, synonyms=("分数", "满分", "权重")),
    Column("kinds", "适用", _plain, synonyms=("适用学校", "适用范围")),
)


_FIELDS = (
    ("guidance", "说明"), ("wanted", "佐证"), ("sources", "引用"), ("points", "分值"),
    ("kinds", "适用"),
)  # fmt: skip


def read_sheet(data: bytes, *, filename: str) -> tuple[str, list[str]]:
    """Return the checklist as text, and what was found in the table itself.

    Raises `SheetError` (a `DomainError`) where there is no table. A row with a fault is left out
    and told; what its cells say is judged where the text is read.
    """
    plan = imports.read(data, COLUMNS, filename=filename)
    sections: dict[str, list[Row]] = {}
    title = TITLE
    for row in plan.rows:
        # Named once, then left empty until the next: so people write it without merging cells.
        title = row["section"] or title
        sections.setdefault(title, []).append(row)
    lines: list[str] = []
    for place, (title, rows) in enumerate(sections.items(), 1):
        lines += ["", f"{numeral(place)}、{title}"]
        for number, row in enumerate(rows, 1):
            lines.append(f"{number}. {row['text']}")
            lines += [f"{label}：{row[key]}" for key, label in _FIELDS if row[key]]
    return "\n".join(lines).strip(), [*(each.message for each in plan.problems), *plan.notes]
