"""Assignments in the admin: how far each is, what most schools lack, its due date."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events.admin.pages import READ, Step, sent
from common.admin import user_of
from integrity import services
from integrity.admin.pages import IntegrityAdmin
from integrity.choices import AssignmentState
from integrity.forms import DueDateForm, ReasonForm
from integrity.models import Assignment
from integrity.permissions import may_plan
from integrity.queries import progress_of, weakest_items
from notifications.texts import day_words


def assignment_url(assignment: Assignment) -> str:
    """Return the address of the assignment's page."""
    return reverse("admin:integrity_assignment_change", args=[assignment.pk])


@admin.register(Assignment)
class AssignmentAdmin(IntegrityAdmin):
    """What was asked of whom."""

    list_display = ("__str__", "audience", "due_on", "state")
    list_display_links = ("__str__",)
    list_filter: ClassVar[Any] = ("year", "state")
    list_select_related = ("edition__checklist", "audience")

    def may_add(self, _user: Any) -> bool:
        """An assignment begins at the page of its edition."""
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what an audience is called by."""
        rows = super().get_queryset(request).select_related("edition__checklist", "audience")
        return rows.prefetch_related("audience__groups")

    def get_urls(self) -> list[URLPattern]:
        """Put our own pages before those of the admin."""
        own = [
            self.page("<int:pk>/due/", self.due_page, "due"),
            self.page("<int:pk>/cancel/", self.cancel_page, "cancel"),
            self.page("<path:pk>/change/", self.assignment_page, "change", READ),
        ]
        return own + super().get_urls()

    def assignment_page(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show one assignment."""
        assignment: Assignment = self.found(request, pk)
        user = user_of(request)
        return self.show(
            request,
            "integrity/assignment",
            title=str(assignment),
            assignment=assignment,
            progress=progress_of(user, assignment),
            weakest=weakest_items(user, assignment),
            due_words=day_words(assignment.due_on),
            is_late=assignment.due_on < timezone.localdate(),
            is_open=assignment.state == AssignmentState.OPEN,
            may_plan=may_plan(user),
            list_url=f"{reverse('admin:integrity_selfcheck_changelist')}?assignment={pk}",
        )

    def due_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move the due date."""
        assignment: Assignment = self.found(request, pk)
        actor = self.require_writer(request)
        missing = progress_of(actor, assignment).missing
        step = Step(
            f"调整截止日期：{assignment}",
            "调整并提醒",
            assignment_url(assignment),
            changes=[
                f"现在的截止日期是{day_words(assignment.due_on)}。",
                f"只提醒还没有提交的 {missing} 个单位，并生成一条可复制到群里的文字。",
            ],
        )
        form = DueDateForm(sent(request), initial={"due_on": assignment.due_on})

        def act() -> str:
            services.move_due_date(
                actor=actor, assignment=assignment, at=timezone.now(), **form.cleaned_data
            )
            return f"截止日期已改为{day_words(form.cleaned_data['due_on'])}。"

        return self.run(request, step, form, act)

    def cancel_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        assignment: Assignment = self.found(request, pk)
        actor = self.require_writer(request)
        progress = progress_of(actor, assignment)
        step = Step(
            f"取消：{assignment}",
            "取消自查",
            assignment_url(assignment),
            changes=[
                f"{progress.missing} 个单位不用再填，会收到通知。",
                f"已提交的 {progress.submitted} 份保留，仍可查看。",
            ],
            danger=True,
        )
        form = ReasonForm(sent(request))

        def act() -> str:
            services.cancel_assignment(
                actor=actor,
                assignment=assignment,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
            return f"{assignment}已取消。"

        return self.run(request, step, form, act)
