"""The files that an import gives out, and what it says of those that it takes.

One file to fill in, one of the rows that were not taken.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from common.exports import ExportColumn, write_xlsx
from common.grids import Value
from common.sheets import Line, Sheet, fold_label

if TYPE_CHECKING:
    from common.imports import Column, Plan, RowProblem

# The head of the column in which the rows come back with what is wrong with them.
REMARK = "问题"


def template(columns: Sequence["Column"], *, title: str) -> bytes:
    """Return an .xlsx to fill in: the declared heads, * for required ones, and an example row."""
    heads: list[ExportColumn[Mapping[str, str]]] = [
        ExportColumn(
            f"{column.label}{'*' * column.required}",
            _picker(column.key),
            width=max(12, 2.2 * len(column.label)),
        )
        for column in columns
    ]
    example = {column.key: column.example for column in columns}
    rows = [example] if any(example.values()) else []
    return write_xlsx(rows, heads, sheet_name=title)


def _picker(key: str) -> Callable[[Mapping[str, str]], str]:
    return lambda row: row[key]


def rejected_rows(plan: "Plan", problems: Sequence["RowProblem"]) -> bytes:
    """Return an .xlsx of the rows with problems: the columns as they came and 问题."""
    remarks: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        remarks[problem.row].append(problem.without_row.lstrip("："))
    lines = [line for line in plan.sheet.lines if line.number in remarks]
    declared = {
        plan.sheet.columns[c.key]: c.label for c in plan.columns if c.key in plan.sheet.columns
    }
    columns = [
        ExportColumn(declared.get(place, label), _cell_getter(place), width=14)
        for place, label in enumerate(plan.sheet.labels)
        if fold_label(label) != REMARK
    ]
    columns.append(ExportColumn(REMARK, lambda line: "\n".join(remarks[line.number]), width=60))
    return write_xlsx(lines, columns, sheet_name="未导入的行")


def _cell_getter(place: int) -> Callable[[Line], Value]:
    return lambda line: line.cells[place] if place < len(line.cells) else ""


def left_unread(sheet: Sheet) -> list[str]:
    """Say what of the table was not read: rows, columns, other worksheets."""
    notes = [
        f"第 {skipped.number} 行（{skipped.reason}：{skipped.text[:20]}）没有读取。"
        for skipped in sheet.skipped
    ]
    used = set(sheet.columns.values())
    spare = [
        label
        for place, label in enumerate(sheet.labels)
        if label and place not in used and fold_label(label) not in {"序号", REMARK}
    ]
    if spare:
        notes.append(f"没有用到的列：{'、'.join(spare)}。")
    notes += [f"工作表「{name}」没有读取，需要时请单独上传。" for name in sheet.unread]
    return notes
