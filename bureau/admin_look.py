"""How the admin looks: colours, style sheets and the entries of its side bar."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

Link = Callable[[HttpRequest], str]


def _style(path: str) -> Link:
    """Unfold asks for style sheets with the request; the address is known only after start-up."""

    def address(_request: HttpRequest) -> str:
        return static(path)

    return address


def _kinds(request: HttpRequest) -> set[str]:
    """The kinds of role the user holds today."""
    # Settings are read before the models can be; so the import waits.
    from common.admin import user_of
    from organizations.models.role import held_roles

    return {role.kind for role in held_roles(user_of(request))}


def works(request: HttpRequest) -> bool:
    """Whether the user sees business data: everybody in the admin but the administrators."""
    return bool(_kinds(request) & {"officer", "leader", "reviewer"})


def reviews(request: HttpRequest) -> bool:
    """Whether the user nudges and reviews: officers, and reviewers of a superior organisation."""
    return bool(_kinds(request) & {"officer", "reviewer"})


def plans(request: HttpRequest) -> bool:
    """Whether the user is an officer of the bureau."""
    return "officer" in _kinds(request)


def governs(request: HttpRequest) -> bool:
    """Whether the user sees people and roles: with their work, or as the security administrator."""
    return works(request) or "security_admin" in _kinds(request)


def accounts(request: HttpRequest) -> bool:
    """Whether the user sees accounts: the system administrator as well."""
    return governs(request) or "system_admin" in _kinds(request)


def runs(request: HttpRequest) -> bool:
    """Whether the user is the system administrator."""
    return "system_admin" in _kinds(request)


def administers(request: HttpRequest) -> bool:
    """Whether the user is one of the three administrators."""
    return bool(_kinds(request) & {"system_admin", "security_admin", "auditor"})


def audits(request: HttpRequest) -> bool:
    """Whether the user may read the audit log."""
    return "auditor" in _kinds(request)


def _entry(title: str, icon: str, name: str, permission: Callable[[HttpRequest], bool]) -> Any:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{name}"),
        "permission": permission,
    }


def _list(
    title: str, icon: str, room: str, model: str, permission: Callable[[HttpRequest], bool]
) -> Any:
    return _entry(title, icon, f"{room}_{model}_changelist", permission)


def _account_links(request: HttpRequest) -> list[dict[str, Any]]:
    """What the menu at one's name offers; tokens only to who may have some."""
    links = [
        {"title": "修改密码", "link": reverse_lazy("accounts:password")},
        {"title": "两步验证", "link": reverse_lazy("accounts:factor")},
    ]
    if works(request):
        links.append({"title": "日历订阅", "link": reverse_lazy("calendar_events:subscription")})
        links.append({"title": "接口令牌", "link": reverse_lazy("organizations:tokens")})
    return links


UNFOLD = {
    "SITE_TITLE": "党建工作平台",
    "SITE_HEADER": "党建工作平台",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": _style("portal/icon.svg")},
    ],
    "ACCOUNT": {"navigation": _account_links},
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "THEME": "light",
    "BORDER_RADIUS": "8px",
    "STYLES": [
        _style("portal/tokens.css"),
        _style("portal/badges.css"),
        _style("portal/progress.css"),
        _style("admin-portal/base.css"),
        _style("admin-portal/forms.css"),
        _style("admin-portal/home.css"),
        _style("admin-portal/matrix.css"),
        _style("admin-portal/sheet.css"),
        _style("admin-portal/rules.css"),
        _style("admin-portal/tree.css"),
        _style("admin-portal/print.css"),
    ],
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "",
                "items": [
                    _entry("工作台", "home", "index", works),
                    _entry("首页", "home", "index", administers),
                    {
                        "title": "一页纸",
                        "icon": "summarize",
                        "link": reverse_lazy("bureau:one_page"),
                        "permission": works,
                    },
                    _entry("系统状态", "monitor_heart", "system", runs),
                    _entry("任务完成情况", "grid_on", "matrix", works),
                    _entry("待审核月报", "fact_check", "review", works),
                    _entry("月报汇总", "table_chart", "summary_newest", works),
                    _entry("更正申请", "edit_note", "corrections", works),
                    _entry("群消息", "forum", "texts", reviews),
                ],
            },
            {
                "title": "行事历与公文",
                "items": [
                    _entry(
                        "行事历", "calendar_month", "calendar_events_calendar_changelist", works
                    ),
                    _list("事项", "event", "calendar_events", "event", works),
                    _list("任务", "task_alt", "calendar_events", "task", works),
                    _entry("发临时任务", "add_task", "calendar_events_event_add", plans),
                    _list("公文", "description", "notices", "notice", works),
                ],
            },
            {
                "title": "清单与自查",
                "items": [
                    _list("自查表", "checklist", "integrity", "selfcheck", works),
                    _list("整改", "build", "integrity", "rectification", works),
                    _list("自查布置", "assignment", "integrity", "assignment", works),
                    _list("清单", "list_alt", "integrity", "edition", works),
                ],
            },
            {
                "title": "组织与人员",
                "items": [
                    _entry(
                        "党组织", "account_tree", "organizations_organization_changelist", works
                    ),
                    _entry("组织树", "lan", "tree", works),
                    _entry("党组织覆盖", "pie_chart", "coverage", works),
                    _list("党建指导员", "support_agent", "people", "instructor", works),
                    _list("学校（单位）", "school", "organizations", "school", works),
                    _list("人数", "tag", "organizations", "headcount", works),
                    _list("学校分组", "workspaces", "organizations", "schoolgroup", plans),
                    _list("党员名册", "groups", "people", "standing", works),
                    _list("书记台账", "contact_page", "cadres", "ledgerrow", works),
                    _list("任职", "assignment_ind", "cadres", "post", works),
                    _list("巡检提示", "notification_important", "cadres", "finding", works),
                    _list("荣誉", "military_tech", "honours", "honour", works),
                    _list("干部档案", "folder_shared", "cadres", "cadre", works),
                    _entry("队伍结构", "bar_chart", "cadres_cadre_structure", works),
                    _list("培训班", "cast_for_education", "cadres", "trainingclass", works),
                    _list("人员", "group", "people", "person", governs),
                    _list("账号", "manage_accounts", "accounts", "user", accounts),
                    _list("角色", "badge", "organizations", "role", governs),
                ],
            },
            {
                "title": "规章",
                "items": [
                    _entry("规章库", "gavel", "rulebook", works),
                    _list("从严规定", "rule", "organizations", "tightening", works),
                ],
            },
            {
                "title": "日期",
                "items": [
                    _list("寒暑假", "beach_access", "calendar_events", "vacation", plans),
                    _list("工作日调整", "edit_calendar", "common", "workdayoverride", plans),
                    _list("月报周期", "date_range", "reports", "period", works),
                    _list("月报周期设置", "settings", "reports", "periodplan", plans),
                ],
            },
            {
                "title": "记录",
                "items": [
                    _list("审计日志", "policy", "common", "auditentry", audits),
                ],
            },
        ],
    },
    "COLORS": {
        # interface.md's red, for the head and for what is urgent.
        "primary": {
            "50": "#fdf3f2",
            "100": "#fbe4e2",
            "200": "#f7cdc9",
            "300": "#f0aaa4",
            "400": "#e57a71",
            "500": "#d75147",
            "600": "#b3261e",
            "700": "#98201a",
            "800": "#7e1e19",
            "900": "#691f1b",
            "950": "#390c0a",
        },
    },
}
