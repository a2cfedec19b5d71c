"""What the audit log calls things: verbs, kinds of objects and fields in Chinese.

A test compares ``VERBS`` with the verbs that the services write.
"""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model

VERBS = {
    "accounts.change_password": "修改密码",
    "accounts.issue_link": "生成激活、重设链接",
    "accounts.lock": "账号被锁定",
    "accounts.log_in": "登录",
    "accounts.log_in_failed": "登录失败",
    "accounts.log_out": "退出登录",
    "accounts.switch_off": "停用账号",
    "accounts.switch_on": "启用账号",
    "accounts.unlock": "解锁账号",
    "accounts.use_link": "用链接设置密码",
    "activities.add_record": "登记活动记录",
    "activities.change_record": "修改活动记录",
    "activities.withdraw_record": "撤回活动记录",
    "attachments.store": "上传附件",
    "bureau.appoint_first_officer": "建立首位工作人员",
    "bureau.export_audit_log": "导出审计日志",
    "bureau.export_matrix": "导出任务完成情况",
    "bureau.export_summary": "导出月报汇总",
    "bureau.print_matrix": "打印任务完成情况",
    "bureau.seed": "生成演示数据",
    "bureau.show_call_list": "查看电话名单",
    "bureau.tidy": "夜间清理",
    "calendar_events.add_event": "增加事项",
    "calendar_events.arrange_events": "批量安排事项",
    "calendar_events.ask_figures": "设置事项填报数",
    "calendar_events.cancel_event": "取消事项",
    "calendar_events.change_answers": "修改任务填报数",
    "calendar_events.choose_audience": "设置事项范围",
    "calendar_events.clear_workday": "删除工作日调整",
    "calendar_events.complete_tasks": "完成任务",
    "calendar_events.create_adhoc_task": "下发临时任务",
    "calendar_events.export": "导出行事历列表",
    "calendar_events.extend_task": "任务延期",
    "calendar_events.import_calendar": "导入行事历",
    "calendar_events.join_event": "合并事项",
    "calendar_events.mark_not_applicable": "任务标为不适用",
    "calendar_events.move_deadline": "调整截止日期",
    "calendar_events.nudge": "催办",
    "calendar_events.open_calendar": "建立行事历",
    "calendar_events.plan_event": "安排事项",
    "calendar_events.publish_calendar": "发布行事历",
    "calendar_events.remove_event": "删去事项",
    "calendar_events.reopen_task": "重新打开任务",
    "calendar_events.cancel_closed": "取消已撤销党组织的任务",
    "calendar_events.reopen_withdrawn": "记录撤回后重新打开任务",
    "calendar_events.return_task": "退回任务",
    "calendar_events.set_vacation": "设置寒暑假",
    "calendar_events.set_workday": "设置工作日调整",
    "calendar_events.sort_event": "事项分类",
    "calendar_events.sort_events": "事项批量分类",
    "calendar_events.split_event": "拆分事项",
    "notices.change": "修改公文",
    "notices.draft": "起草公文",
    "notices.issue": "印发公文",
    "notices.print": "排版公文",
    "notifications.mark_sent": "标记群消息已发",
    "organizations.add_campus": "增加校区",
    "organizations.add_group": "增加分组",
    "organizations.add_office": "增加科室",
    "organizations.add_school": "增加学校（单位）",
    "organizations.change": "修改党组织",
    "organizations.change_campus": "修改校区",
    "organizations.change_group": "修改分组",
    "organizations.change_office": "修改科室",
    "organizations.change_school": "修改学校（单位）",
    "organizations.close": "撤销党组织",
    "organizations.close_school": "撤并学校（单位）",
    "organizations.count_heads": "登记人数",
    "organizations.end_role": "结束角色",
    "organizations.export": "导出组织列表",
    "organizations.found": "成立党组织",
    "organizations.found_many": "批量成立党组织",
    "organizations.grant_role": "授予角色",
    "organizations.import": "导入党组织",
    "organizations.import_head_counts": "导入人数",
    "organizations.link_schools": "设置所在学校",
    "organizations.merge": "合并党组织",
    "organizations.move": "调整隶属关系",
    "organizations.rename": "党组织更名",
    "people.change_person": "修改人员",
    "people.create_person": "登记人员",
    "people.export": "导出人员",
    "people.give_user": "开通账号",
    "people.import_secretaries": "导入书记名单",
    "people.order_slips": "打印账号纸条",
    "people.unmask_mobile": "查看完整手机号",
    "reports.approve": "月报审核通过",
    "reports.ask_correction": "申请更正月报",
    "reports.change_plan": "设置月报周期",
    "reports.decide_correction": "答复月报更正",
    "reports.finalise": "月报汇总定稿",
    "reports.make_periods": "生成月报周期",
    "reports.move_due_date": "调整月报截止日期",
    "reports.open_period": "开始月报填报",
    "reports.prepare": "备好月报文字",
    "reports.print": "打印月报",
    "reports.print_summary": "打印月报汇总表",
    "reports.return": "退回月报",
    "reports.submit": "提交月报",
}
# Keys of before and after that are no fields of the object.
_WORDS = {
    "changed": "补充",
    "count": "次数",
    "created": "新登记",
    "expires_at": "失效时间",
    "filters": "筛选条件",
    "format": "格式",
    "purpose": "用途",
    "query": "筛选条件",
    "reason": "原因",
    "rows": "行数",
    "unchanged": "没有变化",
}
_FLAGS = {True: "是", False: "否", None: "（空）", "": "（空）"}


def verb_label(verb: str) -> str:
    """Return what was done, in words; a verb not listed stands for itself."""
    return VERBS.get(verb, verb)


def type_label(object_type: str) -> str:
    """Return the kind of object: 党组织."""
    model = _model(object_type)
    return str(model._meta.verbose_name) if model else ""


def change_rows(
    object_type: str, before: dict[str, Any], after: dict[str, Any]
) -> list[tuple[str, str, str]]:
    """Return (field, before, after) for each field of a change, in words."""
    model = _model(object_type)
    names = [*before, *(name for name in after if name not in before)]
    return [
        (
            _field_label(model, name),
            _shown(model, name, before[name]) if name in before else "",
            _shown(model, name, after[name]) if name in after else "",
        )
        for name in names
    ]


def _model(object_type: str) -> type[Model] | None:
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
    return str(field.verbose_name) if field else _WORDS.get(name, name)


def _shown(model: type[Model] | None, name: str, value: Any) -> str:
    field = _field(model, name)
    if isinstance(value, bool | None) or value == "":
        return _FLAGS[value]
    if isinstance(value, list):
        return "、".join(_shown(model, name, each) for each in value) or _FLAGS[""]
    labels = dict(field.flatchoices) if field and field.choices else {}
    return str(labels.get(value, value))
