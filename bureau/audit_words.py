"""What an entry of the audit log says, field by field, in words that an auditor reads.

Keys are fields of the object, lines of the monthly report, numbers of rows, or words listed here; a
test uses every door and refuses a key that stays English. Values are shown whatever their shape:
the log outlives the code that wrote it.
"""

import re
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model

from activities.choices import COUNTERS
from calendar_events.choices import Handling, TaskState
from common.audit import ROWS
from organizations.choices import OrganizationKind, Ownership, RoleKind, SchoolKind
from people.choices import Sex
from reports.choices import CorrectionState
from reports.lines import BY_KEY, TEXTS, label_of

Row = tuple[str, str, str]

# Keys of before and after that are no fields of the object.
WORDS = {
    "account": "账号",
    "actor": "操作人",
    "answer": "答复",
    "answered": "已答",
    "attended": "到课",
    "audience": "范围",
    "awarded": "授予时间",
    "basis": "依据文件",
    "begun": "新发现",
    "born_on": "出生年月",
    "calls": "电话名单",
    "campus": "校区",
    "changed": "更改",
    "closed_on": "撤销日期",
    "code": "代码",
    "comments": "退回意见",
    "count": "次数",
    "counters": "数据",
    "created": "新增",
    "decision": "处理结果",
    "due_on": "截止日期",
    "ended": "消除",
    "ended_roles": "结束的角色",
    "events": "事项",
    "expires_at": "失效时间",
    "facts": "任职资格",
    "field": "号码",
    "figures": "数据",
    "files": "附件",
    "filters": "筛选条件",
    "former_names": "增加曾用名",
    "format": "格式",
    "handling": "分类",
    "honours": "荣誉",
    "id_number": "身份证号",
    "into": "并入",
    "items": "项目",
    "kind": "类别",
    "left_out": "没有带入",
    "mobile": "手机号",
    "name": "名称",
    "new": "新增",
    "new_schools": "新增学校（单位）",
    "notice": "公文",
    "office": "科室",
    "on": "日期",
    "organization": "党组织",
    "organizations": "党组织",
    "own": "自定",
    "ownership": "办学性质",
    "parent": "上级党组织",
    "parts": "拆分",
    "people": "人数",
    "period": "周期",
    "person": "人员",
    "persons": "人数",
    "post": "职务",
    "purpose": "用途",
    "q": "搜索",
    "query": "筛选条件",
    "reason": "原因",
    "record": "记录",
    "removed": "去掉",
    "report": "月报",
    "retired": "停用的版本",
    "role": "角色",
    "rows": "行数",
    "sentence": "复制的句子",
    "sex": "性别",
    "school": "学校（单位）",
    "school_kind": "学校类别",
    "school_kinds": "分管学校类别",
    "schools": "学校（单位）",
    "scopes": "可以做什么",
    "section": "部分",
    "sent_at": "发送时间",
    "since": "自",
    "source": "来源",
    "standing": "现有",
    "records": "人次",
    "state": "状态",
    "tasks": "任务",
    "terms": "任期",
    "text": "内容",
    "title": "标题",
    "unchanged": "没有变化",
    "under": "上级党组织",
    "unit": "单位",
    "units": "单位数",
    "until": "至",
    "username": "用户名",
    "values": "填报数",
    "verdicts": "结论",
    "what": "内容",
    "year": "年度",
}
WORDS |= {each.key: each.label for asked in COUNTERS.values() for each in asked}
_FLAGS = {True: "是", False: "否", None: "（空）", "": "（空）"}
# Where no field of the object tells the words of a value.
_CHOICES: dict[str, dict[str, str]] = {
    "decision": dict(CorrectionState.choices),
    "handling": dict(Handling.choices),
    "kind": dict([*OrganizationKind.choices, *SchoolKind.choices, *RoleKind.choices]),
    "ownership": dict(Ownership.choices),
    "school_kind": dict(SchoolKind.choices),
    "school_kinds": dict(SchoolKind.choices),
    "sex": dict(Sex.choices),
    "state": dict(TaskState.choices),
}
# Of rows named by their number only the state or the handling is written down.
_OF_ROWS = {**_CHOICES["handling"], **_CHOICES["state"]}
_ROW_ID = re.compile(r" \(#(\d+)\)$")


def change_rows(object_type: str, before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    """Return (field, before, after) for each field of a change, in words.

    Of a bulk verb each row stands for a field, under its own label.
    """
    model = model_of(object_type)
    old, new = before.get(ROWS, {}), after.get(ROWS, {})
    names = [name for name in dict.fromkeys([*before, *after]) if name != ROWS]
    told = [
        (
            _field_label(model, name),
            _shown(model, name, before[name]) if name in before else "",
            _shown(model, name, after[name]) if name in after else "",
        )
        for name in names
    ]
    return told + [
        (row, _fields_shown(model, old.get(row, {})), _fields_shown(model, new.get(row, {})))
        for row in dict.fromkeys([*old, *new])
    ]


def model_of(object_type: str) -> type[Model] | None:
    """Return the model of an entry's object; None where there is none any more."""
    try:
        return apps.get_model(object_type) if object_type else None
    except LookupError:
        return None


def _field(model: type[Model] | None, name: str) -> "Field[Any, Any] | None":
    try:
        found = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def _field_label(model: type[Model] | None, name: str) -> str:
    field = _field(model, name)
    if field:
        return str(field.verbose_name)
    if name in BY_KEY or name in TEXTS:
        return label_of(name)
    return f"编号 {name}" if name.isdecimal() else WORDS.get(name, name)


def _shown(model: type[Model] | None, name: str, value: Any) -> str:
    if isinstance(value, bool | None) or value == "":
        return _FLAGS[value]
    if isinstance(value, dict):
        return _fields_shown(model, value) or _FLAGS[""]
    if isinstance(value, list):
        return "、".join(_shown(model, name, each) for each in value) or _FLAGS[""]
    return _worded(model, name, value)


def _worded(model: type[Model] | None, name: str, value: str | float) -> str:
    field = _field(model, name)
    if field and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if value in BY_KEY or value in TEXTS:
        return label_of(str(value))
    words = _OF_ROWS if name.isdecimal() else _CHOICES.get(name, {})
    return _ROW_ID.sub(r"（编号 \1）", words.get(str(value), str(value)))


def _fields_shown(model: type[Model] | None, values: dict[str, Any]) -> str:
    fields = (f"{_field_label(model, name)} {_shown(model, name, values[name])}" for name in values)
    return "，".join(fields)
