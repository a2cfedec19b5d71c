"""Tasks in the admin: the list of all, one task's page, returning, more time, opening again."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events import services
from calendar_events.admin.pages import READ, DeskAdmin, Step, sent
from calendar_events.choices import FINISHED, PENDING
from calendar_events.dates import full_day
from calendar_events.forms import CommentForm, MoveForm
from calendar_events.models import Event, Task, TaskQuerySet
from calendar_events.permissions import may_extend, may_reopen, may_return
from common.admin import user_of
from common.paging import ManyPaginator
from organizations.models import Organization
from organizations.queries import search_organizations


def task_url(task: Task) -> str:
    """Return the address of the task's page."""
    return reverse("admin:calendar_events_task_change", args=[task.pk])


class LateFilter(admin.SimpleListFilter):
    """Overdue today, or what a reviewer returned."""

    title = "进度"
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002 - Django's signature
        """Name the choices."""
        return [("1", "已逾期")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        """Narrow the list."""
        if self.value() != "1":
            return queryset
        late: QuerySet[Any] = cast("TaskQuerySet", queryset).overdue(timezone.localdate())
        return late


@admin.register(Task)
class TaskAdmin(DeskAdmin):
    """What each organisation has to do."""

    list_display = ("organization", "event", "due_on", "state_word", "completed_on")
    list_filter: ClassVar[Any] = (LateFilter, "state", "event__year", "event__office")
    search_fields = ("organization__name",)
    search_help_text = "党组织全称、简称、曾用名、拼音、代码，或事项"
    list_select_related = ("event", "organization")
    paginator = ManyPaginator
    # By columns of the table alone, as an index has them: half a million rows are not sorted.
    ordering = ("-due_on", "id")
    # Filters show states and months; any other order sorts all tasks there are.
    sortable_by = ("due_on",)

    def may_add(self, user: Any) -> bool:  # noqa: ARG002 - the base's signature
        """Nobody: tasks come from events."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Let the page of an event, and the bureau's home, lead to their tasks."""
        leading = ("event__id__exact", "organization__id__exact")
        return lookup in leading or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Start at the scope; the page of one task needs its surroundings too."""
        rows = super().get_queryset(request)
        return rows.select_related("event", "organization", "record", "completed_by")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find tasks by their organisation or their event, each word by one of them."""
        del request
        for word in search_term.split():
            places = search_organizations(Organization.objects.order_by(), word)
            events = Event.objects.filter(title__icontains=word).order_by()
            asked = Q(organization__in=places.values("pk")) | Q(event__in=events.values("pk"))
            queryset = queryset.filter(asked)
        return queryset, False

    @admin.display(description="状态", ordering="state")
    def state_word(self, task: Task) -> str:
        """The state, with 逾期 where it is late today."""
        word = task.get_state_display()
        return f"{word}（逾期）" if task.is_late(timezone.localdate()) else word

    def get_urls(self) -> list[URLPattern]:
        """Put our own pages before those of the admin."""
        own = [
            self.page("<int:pk>/return/", self.return_page, "return"),
            self.page("<int:pk>/extend/", self.extend_page, "extend"),
            self.page("<int:pk>/reopen/", self.reopen_page, "reopen"),
            self.page("<path:pk>/change/", self.task_page, "change", READ),
        ]
        return own + super().get_urls()

    def task_page(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show one task: what was asked, what was filed, what may be done."""
        task, user = self.found(request, pk), user_of(request)
        pending, finished = task.state in PENDING, task.state in FINISHED
        return self.show(
            request,
            "task",
            title=f"{task.organization.label}：{task.event.title}",
            task=task,
            word=self.state_word(task),
            due_words=full_day(task.due_on),
            values=task.values.select_related("figure").order_by("figure__position"),
            may_return=finished and may_return(user, task),
            may_reopen=finished and may_reopen(user, task),
            may_extend=pending and may_extend(user, task),
        )

    def return_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a task back."""
        task, actor = self.found(request, pk), user_of(request)
        self.require(may_return(actor, task))
        form = CommentForm(sent(request))
        step = Step(
            f"退回：{task}",
            "退回并通知",
            task_url(task),
            changes=[
                f"{task.organization.label} 将收到退回意见，原记录和数据保留，改好后重新提交。"
            ],
        )

        def act() -> str:
            services.return_task(
                actor=actor, task=task, comment=form.cleaned_data["comment"], at=timezone.now()
            )
            return "已退回并通知。"

        return self.run(request, step, form, act)

    def extend_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give one organisation more time."""
        task, actor = self.found(request, pk), user_of(request)
        self.require(may_extend(actor, task))
        form = MoveForm(sent(request))
        step = Step(
            f"延期：{task}",
            "延期并通知",
            task_url(task),
            changes=[f"只为 {task.organization.label} 延期，其他党组织不变。"],
        )

        def act() -> str:
            data = form.cleaned_data
            services.extend_task(
                actor=actor,
                task=task,
                due_on=data["due_on"],
                reason=data["reason"],
                at=timezone.now(),
            )
            return "已延期并通知。"

        return self.run(request, step, form, act)

    def reopen_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open a finished task again."""
        task, actor = self.found(request, pk), user_of(request)
        self.require(may_reopen(actor, task))
        step = Step(
            f"重新打开：{task}",
            "重新打开",
            task_url(task),
            changes=["任务恢复为待办，不再与原记录关联；记录本身和已填数据保留。"],
        )

        def act() -> str:
            services.reopen_task(actor=actor, task=task, at=timezone.now())
            return "已重新打开。"

        return self.run(request, step, forms.Form(sent(request)), act)
