"""Events in the admin: one line's page, its plan, changes after publishing, ad-hoc tasks."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events import services
from calendar_events.admin.pages import READ, Step, sent
from calendar_events.admin.revising import RevisePages, event_url
from calendar_events.choices import FINISHED, EventState, TaskState
from calendar_events.dates import due_of, full_day
from calendar_events.forms import AdhocForm, PlanForm, SplitForm
from calendar_events.forms.asking import plan_initial
from calendar_events.models import Event, Task
from calendar_events.permissions import may_plan
from calendar_events.queries import figure_totals, progress_of
from common.admin import user_of
from common.models import overrides

_AUDIENCE = ("audience", "school_kinds", "groups", "organizations")


def home_url(event: Event) -> str:
    """Return where the event is listed: its calendar's page, or the list for an ad-hoc task."""
    if event.calendar_id:
        return reverse("admin:calendar_events_calendar_change", args=[event.calendar_id])
    return reverse("admin:calendar_events_event_changelist")


@admin.register(Event)
class EventAdmin(RevisePages):
    """All events, ad-hoc tasks among them."""

    list_display = ("title", "months", "due_on", "handling", "state", "office", "progress")
    list_filter: ClassVar[Any] = ("year", "handling", "state", "office")
    search_fields = ("title",)
    list_select_related = ("office",)
    ordering = ("-year", "-first_month", "position", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the tasks in the user's scope along."""
        tasks = Task.objects.visible_to(user_of(request)).filter(event=OuterRef("pk"))
        counted = tasks.exclude(state=TaskState.CANCELLED)
        rows: QuerySet[Any] = super().get_queryset(request)
        counts: QuerySet[Any] = rows.annotate(
            task_count=_number(counted), finished_count=_number(counted.filter(state__in=FINISHED))
        )
        return counts

    @admin.display(description="月份", ordering="first_month")
    def months(self, event: Event) -> str:
        """Year and months; an ad-hoc task says so."""
        words = f"{event.year}年{event.months_label}"
        return words if event.calendar_id else f"{words}（临时任务）"

    @admin.display(description="办结／任务")
    def progress(self, event: Any) -> str:
        """Finished out of all tasks."""
        return f"{event.finished_count or 0}/{event.task_count}" if event.task_count else "—"

    def get_urls(self) -> list[URLPattern]:
        """Put our own pages before those of the admin."""
        own = [
            self.page("add/", self.adhoc_page, "add"),
            self.page("<int:pk>/plan/", self.plan_page, "plan"),
            self.page("<int:pk>/split/", self.split_page, "split"),
            self.page("<int:pk>/join/", self.join_page, "join"),
            self.page("<int:pk>/remove/", self.remove_page, "remove"),
            *self.revise_urls(),
            self.page("<path:pk>/change/", self.event_page, "change", READ),
        ]
        return own + super().get_urls()

    def event_page(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show one event: what it asks, of whom, how far it is."""
        event, user = self.found(request, pk), user_of(request)
        return self.show(
            request,
            "event",
            title=event.title,
            event=event,
            parts=event.parts.select_related("office"),
            due_words=full_day(due_of(event, overrides())),
            progress=progress_of(user, [event.pk], on=timezone.localdate())[event.pk],
            totals=figure_totals(user, event),
            home=home_url(event),
            is_draft=event.state == EventState.DRAFT,
            is_published=event.state == EventState.PUBLISHED,
            may_plan=may_plan(user),
        )

    def adhoc_page(self, request: HttpRequest) -> HttpResponse:
        """Set an ad-hoc task."""
        actor, at = self.require_planner(request), timezone.now()
        form = AdhocForm(sent(request), on=timezone.localdate(at))
        back = reverse("admin:calendar_events_event_changelist")
        step = Step("临时任务", "发布任务", back, template="plan")

        def act() -> str:
            data = form.cleaned_data
            event = services.create_adhoc_task(
                actor=actor,
                title=data["title"],
                demand=data["demand"],
                due_on=data["due_on"],
                audience=form.choice(),
                figures=form.figures(),
                office=data["office"],
                record_kind=data["record_kind"],
                at=at,
            )
            return f"已发布「{event}」，生成 {event.tasks.count()} 个任务。"

        return self.run(request, step, form, act)

    def plan_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Plan a draft line."""
        event = self.found(request, pk)
        self.require_planner(request)
        form = PlanForm(sent(request), initial=plan_initial(event), on=timezone.localdate())
        step = Step(f"编辑：{event}", "保存", event_url(event), template="plan")
        return self.run(request, step, form, lambda: self._save_plan(request, event, form))

    def _save_plan(self, request: HttpRequest, event: Event, form: PlanForm) -> str:
        actor, at = user_of(request), timezone.now()
        changed = set(form.changed_data)
        with transaction.atomic():
            services.plan_event(actor=actor, event=event, plan=form.plan(), at=at)
            if changed.intersection(_AUDIENCE):
                services.choose_audience(actor=actor, event=event, choice=form.choice(), at=at)
            if any(name.startswith(("figure_", "unit_")) for name in changed):
                services.ask_figures(actor=actor, event=event, figures=form.figures(), at=at)
        return "已保存。"

    def split_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Split a draft line into several tasks."""
        event, actor = self.found(request, pk), self.require_planner(request)
        parts = list(event.parts.values_list("title", flat=True))
        form = SplitForm(sent(request), initial={"titles": "\n".join(parts or [event.title])})
        changes = [f"原来拆分的 {len(parts)} 个任务会被新的替换，它们的单独设置不保留。"]
        step = Step(f"拆分：{event}", "拆分", event_url(event), changes=changes if parts else ())

        def act() -> str:
            made = services.split_event(
                actor=actor, event=event, titles=form.names(), at=timezone.now()
            )
            return f"已拆分为 {len(made)} 个任务。"

        return self.run(request, step, form, act)

    def join_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a split back."""
        event = self.found(request, pk)
        step = Step(
            f"取消拆分：{event}",
            "取消拆分",
            event_url(event),
            changes=[f"拆分出的 {event.parts.count()} 个任务将删除，恢复为 1 个任务。"],
            danger=True,
        )
        return self._confirm(request, step, event, services.join_event, "已取消拆分。")

    def remove_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a draft line away."""
        event = self.found(request, pk)
        parts = event.parts.count()
        also = f"，连同拆分出的 {parts} 个任务" if parts else ""
        step = Step(
            f"删除：{event}",
            "删除",
            home_url(event),
            changes=[f"从行事历中删除这一项{also}。尚未发布，不影响学校。"],
            danger=True,
        )
        return self._confirm(request, step, event, services.remove_event, "已删除。")

    def _confirm(
        self, request: HttpRequest, step: Step, event: Event, verb: Callable[..., Any], done: str
    ) -> HttpResponse:
        """Ask once more, then run a verb that takes nothing but the event."""
        actor = self.require_planner(request)

        def act() -> str:
            verb(actor=actor, event=event, at=timezone.now())
            return done

        return self.run(request, step, forms.Form(sent(request)), act)


def _number(tasks: QuerySet[Task]) -> Subquery:
    rows = tasks.order_by().values("event").annotate(number=Count("pk"))
    return Subquery(rows.values("number"))
