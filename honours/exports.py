"""The register as a table: what goes into .xlsx, .csv and onto paper."""

from typing import Any

from common.exports import ExportColumn


def honour_columns() -> list[ExportColumn[Any]]:
    """Return the columns; ``unit`` was put on the rows beforehand. A time stays as it is known."""
    return [
        ExportColumn("姓名（集体）", lambda row: str(row.holder), 22),
        ExportColumn("单位", lambda row: row.unit, 26),
        ExportColumn("荣誉名称", lambda row: row.title, 28),
        ExportColumn("级别", lambda row: row.get_level_display(), 8, "center"),
        ExportColumn("授予单位", lambda row: row.body, 24),
        ExportColumn("授予时间", lambda row: str(row.awarded), 11, "center"),
        ExportColumn("文号", lambda row: row.document, 18),
        ExportColumn("有效期至", lambda row: row.valid_until, 11, "center"),
        ExportColumn("作品（项目）", lambda row: row.work, 18),
        ExportColumn("状态", lambda row: row.state.label, 8, "center"),
    ]
