"""The roster as a table: what goes into .xlsx, .csv and onto paper."""

from typing import Any

from common.exports import ExportColumn


def roster_columns(*, masked: bool) -> list[ExportColumn[Any]]:
    """Return the columns; whole numbers only for who said why (``people.services.unmask_list``)."""
    return [
        ExportColumn("姓名", lambda row: row.person.name, 12),
        ExportColumn("性别", lambda row: row.person.get_sex_display(), 6, "center"),
        ExportColumn("出生年月", lambda row: row.person.born_label, 10, "center"),
        ExportColumn("人员类别", lambda row: row.get_kind_display(), 14),
        ExportColumn("所在党组织", lambda row: row.organization.name, 36),
        ExportColumn("身份起始", lambda row: row.since, 12, "center"),
        ExportColumn("至", lambda row: row.until, 12, "center"),
        ExportColumn("变动", lambda row: row.get_ended_as_display(), 14),
        ExportColumn("身份证号", _id_masked if masked else _id_number, 22, "center"),
        ExportColumn("手机", _mobile_masked if masked else _mobile, 14, "center"),
    ]


def _id_masked(row: Any) -> str:
    return str(row.person.masked_id_number)


def _mobile_masked(row: Any) -> str:
    return str(row.person.masked_mobile)


def _id_number(row: Any) -> str:
    return str(row.person.id_number)


def _mobile(row: Any) -> str:
    return str(row.person.mobile)
