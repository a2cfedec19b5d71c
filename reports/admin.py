"""How the year is cut into reporting periods, and when they are due: pages of the bureau."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html

from calendar_events.admin.pages import DeskAdmin, Step, sent
from common.admin import user_of
from common.days import chinese_date
from common.models import overrides
from common.workdays import known
from notifications.texts import day_words
from organizations.permissions import is_officer
from reports import services
from reports.choices import CLOSED, DueFrom, PeriodState, ReportState
from reports.forms import DueDateForm, PlanForm, joint_words
from reports.models import Period, PeriodPlan, Report
from reports.periods import Span
from reports.permissions import may_plan

if TYPE_CHECKING:
    from accounts.models import User


def _planner(request: HttpRequest) -> "User":
    """Answer 403 to who only reads."""
    user = user_of(request)
    if not may_plan(user):
        raise PermissionDenied
    return user


@dataclass(frozen=True)
class PreviewRow:
    """One period as it would be."""

    months: str
    days: str
    due: str
    note: str


@admin.register(PeriodPlan)
class PeriodPlanAdmin(DeskAdmin):
    """How a year is cut; a change shows its dates before it is kept."""

    list_display = ("year_label", "cut_label", "joint_label", "due_label")

    def may_open(self, user: "User") -> bool:
        """Officers; those limited to kinds of school look on."""
        return is_officer(user)

    def may_add(self, user: "User") -> bool:  # noqa: ARG002 - the signature of the base
        """Years come by themselves, cut like the year before."""
        return False

    def may_follow(self, user: "User") -> bool:
        """Who cuts the year; for the others the list says it all."""
        return may_plan(user)

    def get_urls(self) -> list[URLPattern]:
        """Put our own page before those of the admin."""
        return [self.page("<path:pk>/change/", self.edit_page, "change"), *super().get_urls()]

    @admin.display(description="年度", ordering="year")
    def year_label(self, plan: PeriodPlan) -> str:
        return f"{plan.year} 年"

    @admin.display(description="统计周期")
    def cut_label(self, plan: PeriodPlan) -> str:
        if plan.first_day == 1:
            return "自然月"
        return f"上月 {plan.first_day} 日至本月 {plan.first_day - 1} 日"

    @admin.display(description="合并月份")
    def joint_label(self, plan: PeriodPlan) -> str:
        return joint_words(plan.joint) or "无"

    @admin.display(description="截止日期")
    def due_label(self, plan: PeriodPlan) -> str:
        words = DueFrom(plan.due_from).label
        return words.replace("第几个", f"第 {plan.due_workday} 个")

    def edit_page(self, request: HttpRequest, pk: str) -> HttpResponse:
        """The settings; once chosen, the dates they give; once confirmed, made so."""
        plan: PeriodPlan = self.found(request, pk)
        actor = _planner(request)
        data = sent(request) or (request.GET if "first_day" in request.GET else None)
        form = PlanForm(data, initial=_settings(plan))
        back = reverse("admin:reports_periodplan_changelist")
        step = Step(f"{plan.year} 年月报周期", "按此保存", back)
        if request.method == "POST":

            def act() -> str:
                services.change_plan(
                    actor=actor, year=plan.year, at=timezone.now(), **form.cleaned_data
                )
                return f"{plan.year} 年月报周期已设置，已开放的不变。"

            return self.run(request, step, form, act)
        return self._choose(request, plan, form, step)

    def _choose(
        self, request: HttpRequest, plan: PeriodPlan, form: PlanForm, step: Step
    ) -> HttpResponse:
        """Show the settings and, where they are in order, the dates that they give."""
        confirm = form.is_bound and form.is_valid()
        chosen = PeriodPlan(year=plan.year, **form.cleaned_data) if confirm else plan
        context = {
            **self.admin_site.each_context(request),
            "title": step.title,
            "step": step,
            "form": form,
            "rows": list(_preview(chosen, on=timezone.localdate())),
            "confirm": confirm,
            "guessed": not known(plan.year, overrides()),
            "year": plan.year,
        }
        return TemplateResponse(request, "admin/reports/plan.html", context)


def _settings(plan: PeriodPlan) -> dict[str, Any]:
    return {
        "first_day": plan.first_day,
        "joint": joint_words(plan.joint),
        "due_from": plan.due_from,
        "due_workday": plan.due_workday,
    }


def _preview(plan: PeriodPlan, *, on: date) -> Iterator[PreviewRow]:
    """Yield the opened periods as they are, then the others as ``plan`` would cut them."""
    held = {period.first_month: period for period in Period.objects.filter(year=plan.year)}
    for period in sorted(held.values(), key=lambda each: each.starts_on):
        if period.state != PeriodState.PLANNED:
            yield _row(period, note=f"{period.get_state_display()}，不变")
    for span in services.resulting_spans(plan, on=on):
        before = held.get(span.first_month)
        same = before is not None and (before.starts_on, before.ends_on, before.due_on) == (
            span.starts_on,
            span.ends_on,
            span.due_on,
        )
        yield _row(span, note="" if same else "有变动")


def _row(each: Period | Span, *, note: str) -> PreviewRow:
    last = f"—{each.last_month}" if each.last_month != each.first_month else ""
    first, ends = each.starts_on, each.ends_on
    return PreviewRow(
        months=f"{each.first_month}{last}月",
        days=f"{chinese_date(first)}—{ends.month}月{ends.day}日",
        due=day_words(each.due_on),
        note=note,
    )


@admin.register(Period)
class PeriodAdmin(DeskAdmin):
    """The periods: how far their reports are, and the due date of those that are open."""

    list_display = ("__str__", "days_label", "due_on", "state", "reported_label")
    list_display_links = None
    list_filter = ("year", "state")

    def may_add(self, user: "User") -> bool:  # noqa: ARG002 - the signature of the base
        """Periods come from the settings of their year."""
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Whoever may move due dates gets the way to it."""
        way = ("move_link",) if may_plan(user_of(request)) else ()
        return (*self.list_display, *way)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the numbers of reports in the user's scope."""
        scope = Report.objects.visible_to(user_of(request)).order_by().values("pk")
        mine = Q(reports__in=scope)
        expected = mine & ~Q(reports__state=ReportState.WAIVED)
        handed_in = mine & Q(reports__state__in=CLOSED)
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                expected=Count("reports", filter=expected),
                reported=Count("reports", filter=handed_in),
            )
        )
        return rows

    def get_urls(self) -> list[URLPattern]:
        """Put our own page before those of the admin."""
        return [self.page("<int:pk>/due/", self.move_page, "due"), *super().get_urls()]

    @admin.display(description="统计周期")
    def days_label(self, period: Period) -> str:
        return _row(period, note="").days

    @admin.display(description="已报／应报")
    def reported_label(self, period: Period) -> str:
        if period.state == PeriodState.PLANNED:
            return "—"
        return f"{getattr(period, 'reported')}／{getattr(period, 'expected')}"  # noqa: B009 - annotated

    @admin.display(description="操作")
    def move_link(self, period: Period) -> str:
        if period.state == PeriodState.PLANNED:
            return ""
        url = reverse("admin:reports_period_due", args=[period.pk])
        return format_html('<a href="{}">调整截止日期</a>', url)

    def move_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move the due date of an opened period."""
        period: Period = self.found(request, pk)
        actor = _planner(request)
        pending = Report.objects.filter(period=period).pending().count()
        step = Step(
            f"调整{period}截止日期",
            "调整并提醒",
            reverse("admin:reports_period_changelist"),
            changes=[
                f"现在的截止日期是{day_words(period.due_on)}。",
                f"只提醒还没有报的 {pending} 家，并生成一条可复制到群里的文字。",
            ],
        )
        form = DueDateForm(sent(request), initial={"due_on": period.due_on})

        def act() -> str:
            services.move_due_date(
                actor=actor, period=period, at=timezone.now(), **form.cleaned_data
            )
            return f"{period}截止日期已改为{day_words(form.cleaned_data['due_on'])}。"

        return self.run(request, step, form, act)
