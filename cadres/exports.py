"""Ledger and posts as tables: what goes into .xlsx and .csv, in the order of the forms."""

from itertools import count
from typing import Any

from common.exports import ExportColumn

SIGNATURES = "填报单位（盖章）：　　　　　　　　填表人：　　　　　　审核人：　　　　　　"


def ledger_columns() -> list[ExportColumn[Any]]:
    """Return the columns of the ledger; the rows are organisations with their ``line``.

    Telephone numbers are masked.
    """
    numbers = count(1)
    column = ExportColumn[Any]
    return [
        column("序号", lambda _row: next(numbers), 6, "center"),
        column("党组织全称", lambda row: row.name, 32),
        column("类别", lambda row: row.get_kind_display(), 12),
        column("上级党组织", lambda row: row.parent.name if row.parent else "", 24),
        column("学校类别", lambda row: row.line.school_kinds, 14),
        column("党员数", lambda row: row.line.members, 8, "right"),
        column("姓名", lambda row: row.line.name, 10, "center"),
        column("性别", lambda row: _of(row, "get_sex_display"), 6, "center"),
        column("出生年月", lambda row: _of(row, "born_label"), 10, "center"),
        column("学历", lambda row: row.line.education, 10),
        column("职称", lambda row: row.line.teaching_title, 12),
        column("任教学科", lambda row: row.line.subject, 10),
        column("入党时间", lambda row: row.line.joined_label, 10, "center"),
        column("党内职务", lambda row: row.line.post, 10),
        column("行政职务", lambda row: row.line.administrative_post, 12),
        column("一肩挑／分设", lambda row: row.line.union, 12, "center"),
        column("专／兼职", lambda row: row.line.engagement, 8, "center"),
        column("任现职时间", lambda row: row.line.since, 10, "center"),
        column("届满时间", lambda row: row.line.due_label, 10, "center"),
        column("换届状态", lambda row: row.line.state.label, 14),
        column("副书记", lambda row: row.line.deputies, 14),
        column("委员应／实", lambda row: row.line.board.seats_label, 10, "center"),
        column("年度学时", lambda row: row.line.hours, 8, "right"),
        column("电话", lambda row: _of(row, "masked_mobile"), 14, "center"),
        column("备注", lambda row: row.line.remark, 20),
    ]


def _of(row: Any, name: str) -> str:
    """Return what is known of the secretary under ``name``, empty without one."""
    if row.line.person is None:
        return ""
    found = getattr(row.line.person, name)
    return str(found() if callable(found) else found)


def post_columns() -> list[ExportColumn[Any]]:
    """Return the columns of the list of posts."""
    column = ExportColumn[Any]
    return [
        column("党组织全称", lambda row: row.organization.name, 32),
        column("姓名", lambda row: row.person.name, 10),
        column("党内职务", lambda row: row.get_kind_display(), 12),
        column("分工", lambda row: row.get_duty_display(), 12),
        column("党小组", lambda row: row.group, 12),
        column("专／兼职", lambda row: row.get_engagement_display(), 8, "center"),
        column("行政职务", lambda row: row.administrative_post, 12),
        column("一肩挑／分设", lambda row: row.union_label, 12, "center"),
        column("任职时间", lambda row: row.since, 12, "center"),
        column("任职依据", lambda row: row.basis, 20),
        column("卸任时间", lambda row: row.until, 12, "center"),
        column("卸任方式", lambda row: row.get_ended_as_display(), 12),
        column("卸任依据", lambda row: row.end_basis, 20),
    ]


def finding_columns() -> list[ExportColumn[Any]]:
    """Return the columns of the list of findings."""
    column = ExportColumn[Any]
    return [
        column("党组织全称", lambda row: row.organization.name, 32),
        column("规定", lambda row: row.title, 18),
        column("程度", lambda row: row.get_force_display(), 8, "center"),
        column("情况", lambda row: row.words, 50),
        column("依据", lambda row: row.reference, 40),
        column("发现日期", lambda row: row.first_seen, 12, "center"),
        column("最近核对", lambda row: row.last_confirmed, 12, "center"),
        column("状态", lambda row: row.state_label, 16),
        column("忽略原因", lambda row: row.dismiss_reason, 24),
    ]
