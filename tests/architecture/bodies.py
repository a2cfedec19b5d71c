"""What a form sends when it is filled in well, for the addresses that take more than a button."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from accounts.factors import code_of, step_of
from calendar_events.forms.revising import ReviseForm, revise_initial
from calendar_events.revising import cancelling
from calendar_events.services import EventPlan, Revision, revise_event, with_due
from integrity.models import SelfCheck
from integrity.queries import parts_of
from integrity.services import fingerprint
from reports.choices import DueFrom
from tests.architecture.work import DAY, NOW, YEAR
from tests.architecture.world import World
from tests.attachments.samples import upload, xlsx
from tests.people.numbers import id_number

Body = Mapping[str, Any]
OLD_PASSWORD = "pass-word-9"
NEW_PASSWORD = "a-long-new-pass-9"
REASON = {"reason": "本支部情况特殊"}
BASIS = "澄教委〔2026〕3号"
NEW_ID = id_number("19900101", 8)

SOMEBODY = {
    "name": "陈新",
    "kind": "full",
    "since": DAY,
    "id_number": NEW_ID,
    "mobile": "13612345678",
}
HONOUR = {
    "title": "新的荣誉",
    "level": "city",
    "awarded": "2025.09",
    "body": "市教育局",
}
COURSE = {"title": "校本培训", "since": DAY, "hours": "4", "place": "会议室"}
CORRECTED = {"name": "查改", "id_number": NEW_ID, "mobile": "13612345678"}


def _record(world: World) -> Body:
    return {
        "kind": "volunteering",
        "held_on": DAY,
        "topic": "清理河道",
        "counter_persons": "12",
        "token": "x" * 24,
        "version": "1",
        **_figures(world, "task"),
        **_figures(world, "done_task"),
    }


def _figures(world: World, name: str) -> Body:
    figures = world.rows[name].event.figures.all()
    return {f"figure_{figure.pk}": "7" for figure in figures}


def _report(world: World) -> Body:
    return {"problems": "无", "plans": "照常开展", "theme_day_reason": "安排在下旬"}


WORDING = {
    "title": "小微权力清单",
    "subject": "school",
    "name": "新版",
    "source": "一、学校党建\n1. 每学期专题研究廉政工作",
}


def _section(world: World) -> Body:
    """A verdict for each item, of whichever self-check: none of them has an answer there."""
    row, section = world.rows["self_check"], world.rows["check_section"]
    part = next(part for part in parts_of(row) if part.section == section)
    verdicts = {f"verdict_{line.item.pk}": "met" for line in part.lines}
    return {**verdicts, "seen": fingerprint(part)}


def _account(world: World) -> Body:
    return {"user": [world.rows["account"].pk]}


def _confirmed(**fields: Any) -> Callable[[World], Body]:
    """Fields of a step in the admin, after its preview was read."""
    return lambda _: {"confirmed": "1", **fields}


def beside(*lists: str) -> Body:
    """What a form of the admin says about the lists beside it that can only be read."""
    counts = ("TOTAL_FORMS", "INITIAL_FORMS")
    return {f"{name}-{count}": "0" for name in lists for count in counts}


def _event(world: World) -> Body:
    return {"title": "志愿服务", "first_month": 3, "audience": "all", "due_on": f"{YEAR + 1}-03-30"}


def _revised(world: World) -> Body:
    """A change that was looked at before it is confirmed."""
    event = world.rows["event"]
    form = ReviseForm(None, initial=revise_initial(event), on=NOW.date())
    figures = {
        name: box for name, box in form.initial.items() if "_" in name and name[-1].isdigit()
    }
    body = {
        **figures,
        "title": "改过的事项",
        "audience": "all",
        "first_month": 3,
        "last_month": 3,
        "handling": "school",
        "due_on": f"{YEAR}-03-30",
        **REASON,
    }
    plan = EventPlan("改过的事项", due_on=date(YEAR, 3, 30))
    return {**body, "seen": _seen(world, Revision(plan, 3, 3, "school"))}


def _moved(world: World) -> Body:
    seen = _seen(world, with_due(world.rows["event"], date(YEAR, 3, 30)))
    return {"due_on": f"{YEAR}-03-30", **REASON, "seen": seen}


def _seen(world: World, revision: Revision) -> str:
    return revise_event(
        actor=world.people["officer"],
        event=world.rows["event"],
        revision=revision,
        at=NOW,
        dry_run=True,
        **REASON,
    ).digest


def _cancelled(world: World) -> Body:
    return {**REASON, "seen": cancelling(world.rows["event"], at=NOW).digest}


BODIES: dict[str, Callable[[World], Body]] = {
    "accounts:link": lambda _: {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    "accounts:login": lambda _: {"username": "secretary", "password": OLD_PASSWORD},
    "accounts:password": lambda _: {
        "old_password": OLD_PASSWORD,
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    },
    "accounts:code": lambda _: {"code": "123456"},
    "accounts:factor_setup": lambda w: {"code": code_of(w.rows["authenticator"].key, step_of(NOW))},
    "accounts:factor_codes": lambda _: {"old_password": OLD_PASSWORD},
    "accounts:factor_off": lambda _: {"old_password": OLD_PASSWORD},
    "bureau:draft": lambda _: {"key": "report:1", "version": "0", "data": '{"text": ["字"]}'},
    "bureau:copied_figure": lambda _: {"key": "organizations"},
    "organizations:switch": lambda w: {"organization": w.rows["mine"].pk},
    "organizations:tokens": lambda _: {"name": "办公系统", "days": "90", "tasks": "read"},
    "calendar_events:task": _record,
    "calendar_events:new_record": _record,
    "calendar_events:edit_record": _record,
    "calendar_events:existing": lambda w: {"record": w.rows["record"].pk, **_figures(w, "task")},
    "calendar_events:not_applicable": lambda _: REASON,
    "calendar_events:withdraw_record": lambda _: REASON,
    "reports:report": _report,
    "reports:prepare": _report,
    "reports:correction": lambda _: {"key": "party_lesson.times", "new_value": "9", **REASON},
    "admin:autocomplete": lambda _: {
        "app_label": "organizations",
        "model_name": "headcount",
        "field_name": "organization",
        "term": "小学",
    },
    "admin:nudge_preview": lambda w: {
        "year": YEAR,
        "month": 3,
        "organization": w.rows["mine"].pk,
    },
    "admin:send_nudge": lambda w: {"task": [w.rows["returned_task"].pk, w.rows["kinder_task"].pk]},
    "admin:return_task": lambda _: {"comment": "请补照片"},
    "admin:approve_preview": lambda w: {
        "report": [w.rows["submitted"].pk, w.rows["kinder_submitted"].pk]
    },
    "admin:approve_several": lambda w: {
        "report": [w.rows["submitted"].pk, w.rows["kinder_submitted"].pk]
    },
    "admin:return_report": lambda _: {"comment:heads.full": "请核"},
    "admin:refuse_correction": lambda _: {"answer": "请附名册"},
    "admin:calendar_events_calendar_line": _event,
    "admin:calendar_events_calendar_import": lambda _: {"text": "三月\n1. 开展主题党日活动"},
    "admin:calendar_events_calendar_check": lambda _: {"looked": "1"},
    "admin:calendar_events_calendar_roll_over": lambda w: {"line": [w.rows["event"].pk]},
    "admin:calendar_events_event_plan": _event,
    "admin:calendar_events_event_revise": _revised,
    "admin:calendar_events_event_split": lambda _: {"titles": "上半年的任务\n下半年的任务"},
    "admin:calendar_events_event_deadline": _moved,
    "admin:calendar_events_event_cancel": _cancelled,
    "admin:calendar_events_task_return": lambda _: {"comment": "请补照片"},
    "admin:calendar_events_task_extend": lambda _: {"due_on": f"{YEAR}-03-30", **REASON},
    "admin:reports_period_due": lambda _: {"due_on": f"{YEAR}-03-30", **REASON},
    "admin:reports_periodplan_change": lambda _: {
        "first_day": 26,
        "due_from": DueFrom.PERIOD_END,
        "due_workday": 3,
    },
    "admin:people_person_mobile": lambda _: {"reason": "电话通知"},
    "cadres:hold": lambda _: COURSE,
    "admin:cadres_cadre_hours": _confirmed(title="省网络培训", held_on=DAY, hours="8"),
    "admin:cadres_cadre_state": _confirmed(value="senior", since="2019"),
    "admin:cadres_cadre_fact": _confirmed(**REASON),
    "admin:cadres_cadre_record": _confirmed(**REASON),
    "admin:cadres_cadre_print": _confirmed(),
    "admin:cadres_trainingclass_enrol": _confirmed(kinds=["member"], school_kinds=["primary"]),
    "admin:cadres_trainingclass_paste": _confirmed(names="查甲 芙蓉小学党支部"),
    "admin:cadres_trainingclass_correct": _confirmed(**COURSE),
    "admin:cadres_trainingclass_withdraw": _confirmed(**REASON),
    "admin:cadres_trainingclass_print": _confirmed(),
    "admin:cadres_post_print": _confirmed(),
    "admin:cadres_finding_print": _confirmed(),
    "honours:report": lambda _: HONOUR,
    "honours:correct": lambda _: HONOUR,
    "honours:withdraw": lambda _: REASON,
    "admin:cadres_ledgerrow_begin_term": _confirmed(since=DAY, seats="3", basis=BASIS),
    "admin:cadres_ledgerrow_extend": _confirmed(until=f"{YEAR}-12-01", basis=BASIS),
    "admin:cadres_ledgerrow_seats_step": _confirmed(seats="5"),
    "admin:cadres_ledgerrow_withdraw_term": _confirmed(),
    "admin:cadres_ledgerrow_check_now": _confirmed(),
    "admin:cadres_ledgerrow_print": _confirmed(),
    "admin:cadres_ledgerrow_letter": lambda w: {
        "confirmed": "1",
        "organizations": ",".join(str(w.rows[name].pk) for name in ("mine", "other", "kinder")),
    },
    "admin:cadres_post_hand_over": lambda w: {
        "confirmed": "1",
        "person": w.rows["standing"].person_id,
        "on": DAY,
    },
    "admin:cadres_post_end_step": _confirmed(reason="moved", on=DAY, basis=BASIS),
    "admin:cadres_post_correct": _confirmed(administrative_post="教导主任", engagement="part_time"),
    "admin:cadres_finding_dismiss": _confirmed(reason="已报告，年内分设"),
    "admin:cadres_finding_restore": _confirmed(),
    "admin:cadres_finding_check": _confirmed(),
    "admin:honours_honour_confirm": _confirmed(),
    "admin:honours_honour_correct": _confirmed(**HONOUR),
    "admin:honours_honour_withdraw": _confirmed(**REASON),
    "admin:honours_honour_print": _confirmed(),
    "admin:organizations_organization_print": _confirmed(),
    "admin:organizations_school_print": _confirmed(),
    "admin:organizations_headcount_print": _confirmed(),
    "admin:organizations_role_print": _confirmed(),
    "admin:organizations_tightening_print": _confirmed(),
    "people:register": lambda _: SOMEBODY,
    "people:start_roster": lambda _: {"since": DAY, "confirmed": "1"},
    "people:change_standing": lambda _: {"kind": "full", "on": DAY, "confirmed": "1"},
    "people:end_standing": lambda _: {"reason": "transferred", "on": DAY, "confirmed": "1"},
    "people:correct": lambda _: CORRECTED,
    "people:number": lambda _: {"reason": "核对介绍信"},
    "admin:people_standing_change_step": _confirmed(kind="full", on=DAY),
    "admin:people_standing_end_step": _confirmed(reason="transferred", on=DAY),
    "admin:people_standing_correct": lambda _: CORRECTED,
    "admin:people_standing_unmask": lambda _: {"reason": "核对介绍信"},
    "admin:people_standing_start": lambda w: {
        **_confirmed(since=DAY)(w),
        "organization": w.rows["kinder"].pk,
    },
    "admin:people_standing_print": _confirmed(),
    "admin:people_standing_unmasked_export": _confirmed(reason="上报党统年报"),
    "admin:accounts_user_links": _account,
    "admin:accounts_user_texts": _account,
    "admin:accounts_user_slips": _account,
    "admin:organizations_organization_change": lambda _: beside(
        "placements", "former_names", "roles", "head_counts"
    ),
    "admin:organizations_school_change": lambda _: beside("campuses", "organization_links"),
    "admin:organizations_organization_move": lambda w: {
        **_confirmed(on=DAY, basis=BASIS)(w),
        "parent": w.rows["root"].pk,
    },
    "admin:organizations_organization_rename": _confirmed(name="新名党支部", on=DAY, basis=BASIS),
    "admin:organizations_organization_link_schools": _confirmed(on=DAY),
    "admin:organizations_organization_split": _confirmed(
        name="芙蓉小学第二党支部", code="N-2", kind="branch", on=DAY, basis=BASIS
    ),
    "admin:organizations_school_count_members": _confirmed(full="4", on=DAY),
    "admin:organizations_organization_merge": lambda w: {
        **_confirmed(on=DAY, basis=BASIS, school="campus")(w),
        "into": w.rows["other"].pk,
    },
    "admin:organizations_organization_close": lambda w: {
        **_confirmed(on=DAY, basis=BASIS)(w),
        "members_to": w.rows["other"].pk,
    },
    "integrity:section": _section,
    "integrity:rectification": lambda _: {"owner": "李四，副书记", "text": "已补齐会议记录"},
    "admin:integrity_selfcheck_change": lambda w: {
        "version": SelfCheck.objects.get(pk=w.rows["handed_in_check"].pk).version,
    },
    "admin:integrity_selfcheck_rectify": lambda w: {
        f"mend_{w.rows['check_item'].pk}": "on",
        f"demand_{w.rows['check_item'].pk}": "补齐会议记录",
        "due_on": f"{YEAR}-04-10",
    },
    "admin:integrity_rectification_close": lambda _: {"text": "已到位"},
    "admin:integrity_rectification_reopen": lambda _: {**REASON, "due_on": f"{YEAR}-04-10"},
    "admin:integrity_rectification_cancel": lambda _: REASON,
    "admin:integrity_edition_edit": lambda _: {**WORDING, "save": "1"},
    "admin:integrity_edition_assign": lambda _: {
        "year": YEAR + 1,
        "due_on": f"{YEAR + 1}-03-31",
        "audience": "all",
        "confirmed": "1",
    },
    "admin:integrity_edition_withdraw": lambda _: REASON,
    "admin:integrity_assignment_due": lambda _: {"due_on": f"{YEAR}-04-15", **REASON},
    "admin:integrity_assignment_cancel": lambda _: REASON,
    "admin:organizations_organization_reopen": _confirmed(basis=BASIS),
    "admin:people_instructor_end": _confirmed(on=DAY, basis=BASIS),
    "admin:people_instructor_print": _confirmed(),
    "admin:organizations_role_end": _confirmed(until=DAY),
    "admin:accounts_user_off": _confirmed(),
    "admin:accounts_user_factor": _confirmed(reason="手机丢失，已当面核实身份"),
    "admin:organizations_role_withdraw": _confirmed(),
    "admin:organizations_tightening_end": _confirmed(until=DAY, basis=BASIS),
    "admin:organizations_tightening_withdraw": _confirmed(**REASON),
    "admin:organizations_school_close": _confirmed(on=DAY),
    "admin:organizations_import_run": lambda _: {"step": "save"},
    "admin:organizations_import": lambda _: {
        "kind": "head_counts",
        "on": DAY,
        "file": upload("人数.xlsx", xlsx()),
    },
}


def _values(world: World, name: str) -> list[dict[str, int]]:
    figures = world.rows[name].event.figures.all()
    return [{"figure_id": figure.pk, "value": 7} for figure in figures]


def _content(world: World) -> dict[str, Any]:
    return {
        "kind": "volunteering",
        "held_on": DAY,
        "topic": "清理河道",
        "counters": {"persons": 12},
    }


API_TEXTS = {"problems": "无", "plans": "照常开展", "reasons": {"theme_day.times": "安排在下旬"}}
BODIES |= {
    "api:standings-list": lambda w: {"organization_id": w.bureau.mine.pk, **SOMEBODY},
    "api:standings-change": lambda _: {"kind": "full", "on": DAY},
    "api:standings-end": lambda _: {"reason": "transferred", "on": DAY},
    "api:events-list": lambda _: {
        "title": "志愿服务",
        "due_on": f"{YEAR}-03-30",
        "audience": {"kind": "all"},
        "figures": [{"name": "参加人数", "unit": "人"}],
    },
    "api:events-move-deadline": lambda _: {"due_on": f"{YEAR}-03-30", **REASON},
    "api:events-cancel": lambda _: REASON,
    "api:tasks-nudge": lambda w: {"task_ids": [w.rows["returned_task"].pk]},
    "api:tasks-complete": lambda w: {
        "record_id": w.rows["record"].pk,
        "values": _values(w, "task"),
    },
    "api:tasks-not-applicable": lambda _: REASON,
    "api:tasks-return": lambda _: {"comment": "请补照片"},
    "api:tasks-extend": lambda _: {"due_on": f"{YEAR}-03-30", **REASON},
    "api:records-list": lambda w: {
        **_content(w),
        "organization_id": w.rows["mine"].pk,
        "task_ids": [w.rows["task"].pk],
        "values": _values(w, "task"),
    },
    "api:records-change": _content,
    "api:records-withdraw": lambda _: REASON,
    "api:reports-prepare": lambda _: API_TEXTS,
    "api:reports-submit": lambda _: API_TEXTS,
    "api:reports-return": lambda _: {"comments": [{"key": "heads.full", "text": "请核"}]},
    "api:reports-ask-correction": lambda _: {
        "key": "party_lesson.times",
        "new_value": 9,
        **REASON,
    },
    "api:corrections-refuse": lambda _: {"answer": "请附名册"},
    "api:notices-list": lambda _: {"source": "关于放假的通知\n各党组织：\n放假一天。"},
    "api:notices-change": lambda _: {"source": "关于放假的通知\n各党组织：\n放假两天。"},
}


def body_of(world: World, name: str) -> Body:
    """Return what is sent to the address; an empty form where a button is all there is."""
    return BODIES[name](world) if name in BODIES else {}
