"""The figures of the leader's page in words: value, arithmetic, definition, list, sentence."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from activities.choices import KIND_GROUPS, RecordKind
from bureau.one_page.coverage import coverage_part
from bureau.one_page.numbers import Done, Late, Numbers, numbers
from bureau.one_page.parts import Figure, Part
from bureau.one_page.terms import term_counts, terms_part
from common.days import chinese_date
from organizations.choices import OrganizationKind, RoleKind
from organizations.models import Organization
from organizations.models.role import held_roles
from reports.lines import LINES, UNRECORDED

if TYPE_CHECKING:
    from accounts.models import User

HEAD_LABELS = {
    "full": "正式党员",
    "probationary": "预备党员",
    "candidates": "发展对象",
    "activists": "入党积极分子",
}


@dataclass(frozen=True)
class OnePage:
    """The page: whose, of which day and month, its parts, who is late."""

    scope: str
    head: str
    on: date
    year: int
    month: int
    parts: tuple[Part, ...]
    late: tuple[Late, ...]
    late_url: str
    missing: tuple[str, ...]

    @property
    def month_words(self) -> str:
        """2026年11月."""
        return f"{self.year}年{self.month}月"

    @property
    def by_key(self) -> dict[str, Figure]:
        """The figures by their keys."""
        return {each.key: each for part in self.parts for each in part.figures}


def one_page(user: "User", year: int, month: int, *, on: date) -> OnePage:
    """Return the page of a month as ``user`` may see it, as of the day ``on``."""
    scope = _scope(user)
    found = numbers(user, year, month, on=on)
    parts = (
        _organizations(found),
        coverage_part(found.coverage),
        _members(found),
        terms_part(term_counts(user, on)),
        _tasks(found),
        _reports(found),
        _held(found),
    )
    lead = f"截至{chinese_date(on)}，{scope}"
    told = tuple(
        replace(part, figures=tuple(_told(each, lead) for each in part.figures)) for part in parts
    )
    root = Organization.objects.visible_to(user).order_by("path").first()
    return OnePage(
        scope=scope,
        head=root.name if root else "",
        on=on,
        year=year,
        month=month,
        parts=told,
        late=found.late,
        late_url=_tasks_url(late="1"),
        missing=tuple(line.label for line in LINES if not line.recorded),
    )


def _told(figure: Figure, lead: str) -> Figure:
    words = f"{lead}{figure.said}。（口径：{figure.definition}）"
    return replace(figure, sentence=words)


def _scope(user: "User") -> str:
    """Whose figures these are: 全局 for who sees all."""
    roles = held_roles(user)
    whole = any(
        each.kind == RoleKind.LEADER or (each.kind == RoleKind.OFFICER and not each.school_kinds)
        for each in roles
    )
    if whole:
        return "全局"
    return "分管范围内" if any(each.kind == RoleKind.OFFICER for each in roles) else "所辖范围内"


def _organizations_url(**query: str) -> str:
    return f"{reverse('admin:organizations_organization_changelist')}?{urlencode(query)}"


def _tasks_url(**query: str) -> str:
    return f"{reverse('admin:calendar_events_task_changelist')}?{urlencode(query)}"


def _organizations(found: Numbers) -> Part:
    definition = "截至当日已成立、未撤销的党组织，来源为党组织名册"
    total = found.organizations
    figures = [
        Figure(
            "organizations", "党组织", str(total), "个", f"共有党组织{total}个", definition,
            url=_organizations_url(),
        )
    ]  # fmt: skip
    figures += [
        Figure(
            f"organizations.{kind.value}", str(kind.label), str(number), "个",
            f"共有{kind.label}{number}个", definition,
            url=_organizations_url(kind=kind.value), minor=True,
        )
        for kind in OrganizationKind
        if (number := found.kinds.get(kind, 0))
    ]  # fmt: skip
    return Part("organizations", "党组织", tuple(figures), definition)


def _members(found: Numbers) -> Part:
    total = found.organizations
    definition = (
        f"各党组织最近一次登记的本级人数相加，{total}个党组织中{found.counted}个已登记，"
        "来源为人数登记"
    )
    url = reverse("admin:organizations_headcount_changelist")
    figures = tuple(
        _head(key, label, found.heads.get(key), definition, url)
        for key, label in HEAD_LABELS.items()
    )
    return Part("members", "党员队伍", figures, definition)


def _head(key: str, label: str, number: int | None, definition: str, url: str) -> Figure:
    if number is None:
        said = f"{label}人数{UNRECORDED}"
        return Figure(f"heads.{key}", label, UNRECORDED, "", said, definition, url, known=False)
    return Figure(
        f"heads.{key}", label, str(number), "人", f"共有{label}{number}人", definition, url
    )


def _rate(
    key: str, label: str, done: Done, words: tuple[str, str, str], *, definition: str, url: str
) -> Figure:
    """A percentage with its arithmetic; ``words`` are done, total and unit; none says so."""
    did, due, unit = words
    if not done.total:
        said = f"{label}没有{due}的"
        return Figure(key, label, f"没有{due}的", "", said, definition, url, known=False)
    sum_words = f"{did} {done.done} ÷ {due} {done.total} = {done.percent}"
    said = f"{label}{due}{done.total}{unit}，{did}{done.done}{unit}，{did}率{done.percent}"
    return Figure(key, label, done.percent, "", said, definition, url, note=sum_words)


def _tasks(found: Numbers) -> Part:
    definition = (
        "行事历和临时任务中必须办的，计入事项最后一个月，选报和取消的不计；办结含已完成和不适用，"
        "不论是否按时；百分比不进位；来源为任务"
    )
    words = ("办结", "应办", "项")
    matrix = reverse("admin:matrix")
    month = f"{matrix}?{urlencode({'year': found.year, 'month': found.month})}"
    year = _tasks_url(event__year=str(found.year))
    span = f"{found.year}年1—{found.month}月" if found.month > 1 else f"{found.year}年1月"
    late = Figure(
        "tasks.late", "逾期未办", str(found.late_tasks), "项",
        f"逾期未办结的任务{found.late_tasks}项",
        "截止日期已过、还在等学校办的必办任务，不分月份，来源为任务",
        url=_tasks_url(late="1"), note="截止日期已过，不分月份",
    )  # fmt: skip
    label = f"{found.year}年{found.month}月任务"
    return Part(
        "tasks",
        "任务办结",
        (
            _rate("tasks.month", label, found.tasks_month, words, definition=definition, url=month),
            _rate(
                "tasks.year",
                f"{span}任务",
                found.tasks_year,
                words,
                definition=definition,
                url=year,
            ),
            late,
        ),
        definition,
    )


def _reports(found: Numbers) -> Part:
    definition = (
        "统计期已结束的月报，应报为开放时固定的名单，无需报送的不计；报送含待审核和已通过，"
        "退回未重交的不算；百分比不进位；来源为月报"
    )
    words = ("报送", "应报", "份")
    period = found.period
    if period is None:
        said = f"{found.year}年还没有统计期已结束的月报"
        figure = Figure(
            "reports.month", "月报", "还没有", "", said, definition,
            url=reverse("admin:summary_newest"), known=False,
        )  # fmt: skip
        return Part("reports", "月报报送", (figure,), definition)
    url = reverse("admin:summary", args=[period.pk])
    year = f"{found.year}年已结束的{found.periods}期月报"
    late = Figure(
        "reports.late", "逾期未报", str(found.late_reports), "份",
        f"逾期未报的月报{found.late_reports}份",
        "截止日期已过、还没有提交或退回未重交的月报，不分月份，来源为月报",
        url=f"{url}?standing=missing", note="截止日期已过，不分月份",
    )  # fmt: skip
    periods = reverse("admin:reports_period_changelist")
    return Part(
        "reports",
        "月报报送",
        (
            _rate(
                "reports.month",
                str(period),
                found.reports_month,
                words,
                definition=definition,
                url=url,
            ),
            _rate(
                "reports.year", year, found.reports_year, words, definition=definition, url=periods
            ),
            late,
        ),
        definition,
    )


def _held(found: Numbers) -> Part:
    definition = "学校登记、未撤回的工作记录，按活动日期计入，来源为工作记录"
    month, year = sum(found.records_month.values()), sum(found.records_year.values())
    span = f"{found.year}年1—{found.month}月" if found.month > 1 else f"{found.year}年1月"
    figures = [
        Figure(
            "records.month", f"{found.month}月活动", str(month), "次",
            f"{found.year}年{found.month}月开展活动{month}次", definition,
            url=_held_url(found), note=f"{span}共 {year} 次",
        ),
        *_kinds(found, definition, span),
    ]  # fmt: skip
    none = [str(kind.label) for kind in RecordKind if not found.records_month.get(kind)]
    note = f"{found.month}月没有记录的：{'、'.join(none)}。" if none else ""
    return Part("records", "开展活动", tuple(figures), definition, note)


def _kinds(found: Numbers, definition: str, span: str) -> Iterator[Figure]:
    for kind in (kind for _, kinds in KIND_GROUPS for kind in kinds):
        if number := found.records_month.get(kind, 0):
            year = found.records_year.get(kind, 0)
            said = f"{found.year}年{found.month}月开展{kind.label}{number}次，{span}共{year}次"
            yield Figure(
                f"records.{kind.value}", str(kind.label), str(number), "次", said, definition,
                url=_held_url(found, kind=kind.value), note=f"{span}共 {year} 次", minor=True,
            )  # fmt: skip


def _held_url(found: Numbers, **query: str) -> str:
    asked = {"year": found.year, "month": found.month, **query}
    return f"{reverse('bureau:one_page_records')}?{urlencode(asked)}"
