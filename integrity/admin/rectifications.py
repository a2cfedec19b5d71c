"""What has to be mended, in the admin: asked for, judged, opened again, compared over the years."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events.admin.pages import READ, Step, sent
from common.admin import user_of
from common.admin_exports import ExportingAdmin
from common.errors import DomainError
from common.exports import ExportColumn
from common.paging import ManyPaginator
from integrity import services
from integrity.admin.pages import IntegrityAdmin
from integrity.forms import JudgeForm, ReasonForm, RectifyForm, ReopenForm
from integrity.models import Rectification, SelfCheck
from integrity.pages import mending_note
from integrity.permissions import may_return
from integrity.queries import earlier_answers
from organizations.models import Organization
from organizations.queries import search_organizations

_ALONG = ("item__section", "organization", "self_check__organization", "self_check__school",
          "self_check__assignment__edition__checklist")  # fmt: skip


class LateFilter(admin.SimpleListFilter):
    """Overdue today."""

    title = "进度"
    parameter_name = "late"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "已逾期")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "1":
            return queryset
        return queryset.filter(state="open", due_on__lt=timezone.localdate())


@admin.register(Rectification)
class RectificationAdmin(IntegrityAdmin, ExportingAdmin):
    """What each school has to mend."""

    exports = True
    list_display = ("shown_unit", "item", "owner", "due_on", "shown_state", "reopened")
    list_display_links = ("shown_unit",)
    list_filter: ClassVar[Any] = (LateFilter, "state")
    list_select_related = _ALONG
    search_fields = ("organization__name",)
    search_help_text = "党组织全称、简称、曾用名、拼音、代码"
    paginator = ManyPaginator
    ordering = ("-due_on", "-id")
    sortable_by = ()

    def may_add(self, _user: Any) -> bool:
        """One begins at the self-check that fell short."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what both list and page name."""
        rows: QuerySet[Any] = super().get_queryset(request).select_related(*_ALONG)
        return rows

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the organisation."""
        if not search_term.strip():
            return queryset, False
        found = search_organizations(Organization.objects.all(), search_term)
        return queryset.filter(organization__in=found.values("pk")), False

    @admin.display(description="单位")
    def shown_unit(self, row: Rectification) -> str:
        return row.self_check.unit

    @admin.display(description="状态")
    def shown_state(self, row: Rectification) -> str:
        word = str(row.get_state_display())
        return f"{word}（逾期）" if row.is_late(timezone.localdate()) else word

    def export_columns(self) -> list[ExportColumn[Any]]:
        """What the list shows, with what was asked."""
        return [
            ExportColumn("单位", self.shown_unit, width=30),
            ExportColumn("项目", lambda row: row.item.text, width=40),
            ExportColumn("整改要求", lambda row: row.demand, width=40),
            ExportColumn("责任人", lambda row: row.owner, width=14),
            ExportColumn("整改期限", lambda row: row.due_on),
            ExportColumn("状态", self.shown_state, width=14),
            ExportColumn("重新整改次数", lambda row: row.reopened, width=12),
            ExportColumn("完成日期", lambda row: row.closed_on),
        ]

    def get_urls(self) -> list[URLPattern]:
        """Put our own pages before those of the admin."""
        own = [
            self.page("<int:pk>/close/", self.close_page, "close"),
            self.page("<int:pk>/reopen/", self.reopen_page, "reopen"),
            self.page("<int:pk>/cancel/", self.cancel_page, "cancel"),
            self.page("<path:pk>/change/", self.rectification_page, "change", READ),
        ]
        return own + super().get_urls()

    def rectification_page(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show one, with what the school said of it over the years."""
        row: Rectification = self.found(request, pk)
        return self.show(
            request,
            "integrity/rectification",
            title=f"整改：{row}",
            row=row,
            steps=row.steps.select_related("by").prefetch_related("attachments"),
            note=mending_note(row, timezone.localdate()),
            earlier=earlier_answers(row),
            may_judge=may_return(user_of(request), row.self_check),
            back=reverse("admin:integrity_rectification_changelist"),
        )

    def close_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Find it mended."""
        row: Rectification = self.found(request, pk)
        form = JudgeForm(sent(request))

        def act() -> str:
            services.close_rectification(
                actor=user_of(request),
                rectification=row,
                text=form.cleaned_data["text"],
                at=timezone.now(),
            )
            return "已复核通过。"

        return self._judge(request, row, ("复核通过", False), form, act)

    def reopen_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Find it not mended."""
        row: Rectification = self.found(request, pk)
        form = ReopenForm(sent(request))

        def act() -> str:
            services.reopen_rectification(
                actor=user_of(request), rectification=row, at=timezone.now(), **form.cleaned_data
            )
            return "已要求继续整改，学校会收到提醒。"

        return self._judge(request, row, ("继续整改并提醒", True), form, act)

    def cancel_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        row: Rectification = self.found(request, pk)
        form = ReasonForm(sent(request))

        def act() -> str:
            services.cancel_rectification(
                actor=user_of(request),
                rectification=row,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
            return "这项整改已取消，学校会收到通知。"

        return self._judge(request, row, ("取消整改", True), form, act)

    def _judge(
        self,
        request: HttpRequest,
        row: Rectification,
        words: tuple[str, bool],
        form: forms.Form,
        act: Callable[[], str],
    ) -> HttpResponse:
        """Show a step on one of them to who judges it; 403 for who only reads."""
        self.require(may_return(user_of(request), row.self_check))
        button, danger = words
        back = reverse("admin:integrity_rectification_change", args=[row.pk])
        changes = [f"整改要求：{row.demand}", mending_note(row, timezone.localdate())]
        step = Step(f"{button}：{row}", button, back, changes=changes, danger=danger)
        return self.run(request, step, form, act)


def rectify_page(section: IntegrityAdmin, request: HttpRequest, row: SelfCheck) -> HttpResponse:
    """Choose what of a self-check is to be mended, and until when."""
    actor, on = user_of(request), timezone.localdate()
    if not may_return(actor, row):
        raise PermissionDenied
    items = services.short_items(row)
    form = RectifyForm(sent(request), items=items, on=on)
    back = reverse("admin:integrity_selfcheck_change", args=[row.pk])
    if form.is_bound and form.is_valid():
        try:
            made = services.open_rectifications(
                actor=actor,
                self_check=row,
                demands=form.demands(),
                due_on=form.cleaned_data["due_on"],
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已下达 {len(made)} 项整改，学校会收到提醒。")
            return redirect(back)
    return section.show(
        request, "integrity/rectify", title=f"下达整改：{row}", form=form, row=row, back=back
    )
