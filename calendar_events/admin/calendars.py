"""The year's calendar in the admin: its months, sorting, publishing, the circular."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events import services
from calendar_events.admin.importing import ImportPages
from calendar_events.admin.pages import READ, Step, sent
from calendar_events.admin.rolling import RollOverPages, next_year_label
from calendar_events.choices import EventState, Handling
from calendar_events.circular import draft_circular
from calendar_events.dates import due_of
from calendar_events.forms import LineForm, OpenCalendarForm, SortForm
from calendar_events.forms.lines import suggested
from calendar_events.models import Calendar, Event
from calendar_events.permissions import may_plan
from calendar_events.year import calendar_months
from common.admin import user_of
from common.errors import DomainError
from common.models import overrides
from common.workdays import known

_UNKNOWN_DAYS = "{year} 年的调休安排尚未公布，默认截止日期按周末和法定节假日推算。"


def year_url(calendar: Calendar) -> str:
    """Return the address of the calendar's page."""
    return reverse("admin:calendar_events_calendar_change", args=[calendar.pk])


@admin.register(Calendar)
class CalendarAdmin(ImportPages, RollOverPages):
    """Years, and the pages of one year."""

    list_display = ("year", "title", "state", "published_at", "line_count")
    ordering = ("-year",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the lines along: those written, not the parts of split ones."""
        lines = Count("events", filter=Q(events__split_from=None))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(lines=lines)
        return rows

    @admin.display(description="事项数")
    def line_count(self, calendar: Any) -> int:
        """Number of lines as the annex prints them."""
        return int(calendar.lines)

    def get_urls(self) -> list[URLPattern]:
        """Put our own pages before those of the admin."""
        own = [
            self.page("add/", self.open_page, "add"),
            self.page("<int:pk>/line/", self.line_page, "line"),
            *self.import_urls(),
            *self.roll_over_urls(),
            self.page("<int:pk>/sort/", self.sort_page, "sort"),
            self.page("<int:pk>/sort/accept/", self.accept_page, "accept", ("POST",)),
            self.page("<int:pk>/publish/", self.publish_page, "publish"),
            self.page("<int:pk>/circular/", self.circular_page, "circular"),
            self.page("<path:pk>/change/", self.year_page, "change", READ),
        ]
        return own + super().get_urls()

    def open_page(self, request: HttpRequest) -> HttpResponse:
        """Open a year."""
        actor, at = self.require_planner(request), timezone.now()
        year = timezone.localdate(at).year + (timezone.localdate(at).month > 10)
        start = {"year": year, "title": f"{year}年度党建工作行事历"}
        form = OpenCalendarForm(sent(request), initial=start)
        step = Step("新建行事历", "新建", reverse("admin:calendar_events_calendar_changelist"))

        def act() -> str:
            data = form.cleaned_data
            made = services.open_calendar(
                actor=actor, year=data["year"], title=data["title"], at=at
            )
            return f"已新建{made}，点开后可以导入或逐条添加事项。"

        return self.run(request, step, form, act)

    def year_page(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show the year by months, with what each line asks and how far it is."""
        calendar = self.found(request, pk)
        months = calendar_months(user_of(request), calendar, on=timezone.localdate())
        lines = [line for month in months for line in month.lines]
        working = [part for line in lines for part in (line.parts or (line,))]
        drafts = [line for line in working if line.event.state == EventState.DRAFT]
        return self.show(
            request,
            "year",
            title=calendar.title,
            calendar=calendar,
            months=months,
            line_count=len(lines),
            drafts=len(drafts),
            unsorted=sum(line.event.handling == Handling.UNSORTED for line in drafts),
            may_plan=may_plan(user_of(request)),
            roll_over=next_year_label(calendar),
        )

    def line_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add one line."""
        calendar, actor = self.found(request, pk), self.require_planner(request)
        form = LineForm(sent(request), initial={"first_month": timezone.localdate().month})
        step = Step(f"{calendar}：添加事项", "添加", year_url(calendar))

        def act() -> str:
            data = form.cleaned_data
            event = services.add_event(
                actor=actor,
                calendar=calendar,
                title=data["title"],
                first_month=data["first_month"],
                last_month=data["last_month"] or data["first_month"],
                at=timezone.now(),
            )
            return f"已添加「{event}」，请分类后发布。"

        return self.run(request, step, form, act)

    def sort_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sort the draft lines, with due date and office."""
        calendar = self.found(request, pk)
        self.require_planner(request)
        form = self._sort_form(request, calendar)

        def act() -> str:
            changed = self._save_sorting(request, calendar, form, form.handlings())
            return f"已保存，{changed} 条有改动。" if changed else "没有改动。"

        return self.run(request, _sort_step(calendar), form, act, _sort_context(calendar, form))

    def accept_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save the page and give the lines left unsorted what was suggested beside them."""
        calendar = self.found(request, pk)
        self.require_planner(request)
        form = self._sort_form(request, calendar)

        def act() -> str:
            chosen = form.handlings()
            rest = {e.pk: str(suggested(e)[0]) for e, _ in form.lines if e.pk not in chosen}
            self._save_sorting(request, calendar, form, {**chosen, **rest})
            return f"已按建议为 {len(rest)} 条事项分类，请逐条核对。"

        return self.run(request, _sort_step(calendar), form, act, _sort_context(calendar, form))

    def _sort_form(self, request: HttpRequest, calendar: Calendar) -> SortForm:
        days = overrides()
        drafts = calendar.events.filter(state=EventState.DRAFT).working()
        lines = drafts.select_related("office", "split_from").prefetch_related(
            "audience__groups", "audience__organizations"
        )
        return SortForm(sent(request), lines=[(event, due_of(event, days)) for event in lines])

    def _save_sorting(
        self, request: HttpRequest, calendar: Calendar, form: SortForm, handlings: dict[int, str]
    ) -> int:
        actor, at = user_of(request), timezone.now()
        with transaction.atomic():
            sorted_now = services.sort_events(
                actor=actor, calendar=calendar, handlings=handlings, at=at
            )
            arranged = services.arrange_events(
                actor=actor, calendar=calendar, arrangements=form.arrangements(), at=at
            )
        return max(sorted_now, arranged)

    def publish_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what publishing would do, in numbers; then do it."""
        calendar, actor = self.found(request, pk), self.require_planner(request)
        at = timezone.now()
        plan = services.publication(calendar=calendar, at=at)
        step = Step(f"发布：{calendar}", "发布", year_url(calendar), template="publish")

        def act() -> str:
            done = services.publish_calendar(actor=actor, calendar=calendar, at=at)
            return (
                f"已发布 {len(done.events)} 个事项，"
                f"生成 {done.tasks} 个任务，涉及 {done.organizations} 个党组织。"
            )

        context = {"calendar": calendar, "plan": plan, "by_handling": _by_handling(plan.events)}
        return self.run(request, step, forms.Form(sent(request)), act, context)

    def circular_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Draft the circular with the calendar as its annex, and lead on to it."""
        calendar, actor = self.found(request, pk), self.require_planner(request)
        step = Step(
            f"起草印发通知：{calendar}",
            "起草通知",
            year_url(calendar),
            changes=[
                f"生成公文草稿《关于印发〈{calendar}〉的通知》，行事历作为附件表格。",
                "草稿只有局里看得到；文号、正文都可以再改，排版核对后再印发。",
            ],
        )
        form = forms.Form(sent(request))
        if form.is_valid():
            try:
                notice = draft_circular(actor=actor, calendar=calendar, at=timezone.now())
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, "已起草，请补上文号，核对后排版。")
                return redirect("admin:notices_notice_change", notice.pk)
        return self.show(request, "step", title=step.title, step=step, form=form)


def _sort_step(calendar: Calendar) -> Step:
    return Step(f"{calendar}：分类", "保存", year_url(calendar), template="sort")


def _sort_context(calendar: Calendar, form: SortForm) -> dict[str, Any]:
    unsorted = sum(event.handling == Handling.UNSORTED for event, _ in form.lines)
    unknown = not known(calendar.year, overrides())
    return {
        "calendar": calendar,
        "unsorted": unsorted,
        "days_unknown": _UNKNOWN_DAYS.format(year=calendar.year) if unknown else "",
    }


def _by_handling(events: tuple[Event, ...]) -> list[tuple[str, int]]:
    """Number of draft lines of each kind, split ones counted by their parts."""
    wholes = {event.split_from_id for event in events}
    working = [event for event in events if event.pk not in wholes]
    kinds = ((label, sum(e.handling == kind for e in working)) for kind, label in Handling.choices)
    return [(label, number) for label, number in kinds if number]
