"""The admin's forms of a new row and of a changed one, filled in well; they lead back (302)."""

from collections.abc import Callable

from organizations.choices import RoleKind
from tests.architecture.bodies import COURSE, HONOUR, SOMEBODY, WORDING, Body, beside
from tests.architecture.work import DAY, YEAR
from tests.architecture.world import World

MOBILE = "13612345678"
CAMPUS = {"name": "新校区", "opened_on": DAY}
SCHOOL = {"code": "X1", "name": "新办小学", "kind": "primary", "ownership": "public", "order": 9}
ORGANIZATION = {"code": "Z1", "kind": "branch", "order": 9}
BESIDE_SCHOOL = beside("campuses", "organization_links")
BESIDE_ORGANIZATION = beside("placements", "former_names", "roles", "head_counts")
TARGET = {
    "group": "secretaries",
    "what": "age:to_34",
    "comparison": "at_least",
    "percent": 15,
}
EVENT = {"title": "新任务", "due_on": f"{YEAR}-03-30", "audience": "all"}

# name and ``of`` of the address -> what is sent
FILLED: dict[str, Callable[[World], Body]] = {
    "calendar_events_calendar_add -": lambda _: {"year": YEAR + 2, "title": "新的行事历"},
    "calendar_events_event_add -": lambda _: EVENT,
    "calendar_events_vacation_add -": lambda _: {
        "year": YEAR,
        "kind": "winter",
        "first_day": f"{YEAR}-01-20",
        "last_day": f"{YEAR}-02-20",
    },
    "calendar_events_vacation_change vacation": lambda _: {
        "year": YEAR,
        "kind": "summer",
        "first_day": f"{YEAR}-07-02",
        "last_day": f"{YEAR}-08-31",
    },
    "common_workdayoverride_add -": lambda _: {"date": f"{YEAR}-10-10", "is_workday": "1"},
    "common_workdayoverride_change workday": lambda _: {
        "date": f"{YEAR}-05-09",
        "is_workday": "0",
    },
    "integrity_edition_add -": lambda _: {**WORDING, "title": "新的清单", "save": "1"},
    "integrity_selfcheck_change handed_in_check": lambda w: {
        "version": w.rows["handed_in_check"].version,
        f"remark_{w.rows['check_item'].pk}": "请补会议记录",
    },
    "notices_notice_add -": lambda _: {
        "form": "document",
        "source": "关于放假的通知\n各党组织：\n放假一天。",
    },
    "notices_notice_change draft_notice": lambda _: {
        "form": "unsealed",
        "source": "关于放假的通知\n各党组织：\n放假两天。",
        "version": 1,
    },
    "organizations_campus_add -": lambda w: {"school": w.rows["school"].pk, **CAMPUS},
    "organizations_campus_change campus": lambda _: CAMPUS,
    "organizations_headcount_add -": lambda w: {
        "organization": w.rows["mine"].pk,
        "on": DAY,
        "full": 21,
    },
    "organizations_office_add -": lambda _: {"name": "宣传科", "order": 3},
    "organizations_office_change office": lambda _: {
        "name": "组织人事科",
        "order": 3,
        "grants_roles": "on",
    },
    "organizations_organization_add -": lambda w: {
        "name": "新建党支部",
        "parent": w.rows["root"].pk,
        "on": DAY,
        "basis": "澄教委〔2026〕3号",
        "confirmed": "1",
        **ORGANIZATION,
    },
    "organizations_organization_change mine": lambda _: {**ORGANIZATION, **BESIDE_ORGANIZATION},
    "organizations_role_add -": lambda w: {
        "user": w.people["stranger"].pk,
        "organization": w.rows["mine"].pk,
        "kind": RoleKind.CLERK,
        "since": DAY,
        "confirmed": "1",
    },
    "organizations_tightening_add -": lambda w: {
        "organization": w.rows["root"].pk,
        "demand": "life.theme_day:per_month",
        "value": "2",
        "since": DAY,
        "basis": "澄教委〔2026〕3号",
        "confirmed": "1",
    },
    "organizations_school_add -": lambda _: SCHOOL,
    "organizations_school_change school": lambda _: {**SCHOOL, **BESIDE_SCHOOL},
    "organizations_schoolgroup_add -": lambda w: {
        "name": "新学区",
        "order": 1,
        "schools": [w.rows["school"].pk],
    },
    "organizations_schoolgroup_change group": lambda w: {
        "name": "改名学区",
        "order": 1,
        "schools": [w.rows["school"].pk],
    },
    "cadres_post_add -": lambda w: {
        "organization": w.rows["mine"].pk,
        "person": w.rows["standing"].person_id,
        "kind": "member",
        "duty": "security",
        "since": DAY,
        "confirmed": "1",
    },
    "cadres_trainingclass_add -": lambda w: {
        **COURSE,
        "organization": w.rows["mine"].pk,
        "confirmed": "1",
    },
    "cadres_target_add -": lambda _: {**TARGET, "year": YEAR + 8},
    "cadres_target_change target": lambda _: {**TARGET, "year": YEAR + 9},
    "honours_honour_add -": lambda w: {
        **HONOUR,
        "organization": w.rows["mine"].pk,
        "confirmed": "1",
    },
    "people_instructor_add -": lambda w: {
        "person": w.rows["person"].pk,
        "school": w.rows["school"].pk,
        "since": DAY,
        "basis": "澄教委〔2026〕3号",
        "confirmed": "1",
    },
    "people_standing_add -": lambda w: {
        **SOMEBODY,
        "organization": w.rows["mine"].pk,
        "confirmed": "1",
    },
    "people_person_add -": lambda _: {"name": "陈新", "new_mobile": MOBILE},
    "people_person_change person": lambda _: {"name": "张三", "new_mobile": MOBILE},
}
