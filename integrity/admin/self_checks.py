"""Self-checks in the admin: all schools at a glance, one school's answers, the bureau's remarks."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events.admin.pages import sent
from common.admin import user_of
from common.admin_exports import ExportingAdmin
from common.errors import DomainError, ForbiddenError
from common.exports import ExportColumn
from common.intake import row_number
from common.paging import ManyPaginator
from integrity import services
from integrity.admin.pages import IntegrityAdmin
from integrity.admin.rectifications import rectify_page
from integrity.choices import AssignmentState, SelfCheckState
from integrity.forms import RemarkForm
from integrity.models import Assignment, SelfCheck
from integrity.permissions import may_return
from integrity.queries import Line, Part, add_former, parts_of, rectifications_of
from organizations.models import Organization
from organizations.queries import search_organizations


class AssignmentFilter(admin.SimpleListFilter):
    """One assignment; the newest where none is chosen."""

    title = "自查"
    parameter_name = "assignment"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        rows = Assignment.objects.filter(state=AssignmentState.OPEN)
        newest = rows.select_related("edition__checklist")[:12]
        return [(str(each.pk), str(each)) for each in newest]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = row_number(self.value() or "")
        return queryset.filter(assignment=chosen) if chosen else queryset


@admin.register(SelfCheck)
class SelfCheckAdmin(IntegrityAdmin, ExportingAdmin):
    """What each school answered."""

    exports = True
    list_display = (
        "shown_unit", "shown_assignment", "state", "shown_answered", "met", "partly", "not_met",
        "not_applicable", "shown_barred", "submitted_at",
    )  # fmt: skip
    list_display_links = ("shown_unit",)
    list_filter: ClassVar[Any] = (AssignmentFilter, "state", "barred")
    list_select_related = ("assignment__edition__checklist", "organization", "school")
    search_fields = ("organization__name",)
    search_help_text = "党组织全称、简称、曾用名、拼音、代码"
    paginator = ManyPaginator
    # By columns of the table alone, as an index has them.
    ordering = ("-assignment_id", "order", "id")
    sortable_by = ()

    def may_add(self, _user: Any) -> bool:
        """They come with their assignment."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what both list and page name."""
        along = (*self.list_select_related, "submitted_by")
        rows: QuerySet[Any] = super().get_queryset(request).select_related(*along)
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
    def shown_unit(self, row: SelfCheck) -> str:
        return row.unit

    @admin.display(description="自查")
    def shown_assignment(self, row: SelfCheck) -> str:
        return str(row.assignment)

    @admin.display(description="已填／应填")
    def shown_answered(self, row: SelfCheck) -> str:
        return f"{row.answered}／{row.asked}"

    @admin.display(description="否决情形")
    def shown_barred(self, row: SelfCheck) -> str:
        return "有" if row.barred else ""

    def export_columns(self) -> list[ExportColumn[Any]]:
        """What the list shows."""
        return [
            ExportColumn("单位", self.shown_unit, width=30),
            ExportColumn("自查", self.shown_assignment, width=24),
            ExportColumn("状态", lambda row: row.get_state_display(), width=10),
            ExportColumn("应查项目", lambda row: row.asked, width=10),
            ExportColumn("符合", lambda row: row.met, width=8),
            ExportColumn("部分符合", lambda row: row.partly, width=10),
            ExportColumn("不符合", lambda row: row.not_met, width=8),
            ExportColumn("不适用", lambda row: row.not_applicable, width=8),
            ExportColumn("否决情形", self.shown_barred, width=10),
            ExportColumn("提交时间", lambda row: row.submitted_at, width=18),
        ]

    def get_urls(self) -> list[URLPattern]:
        """Put our own page before those of the admin."""
        own = [
            self.page("<int:pk>/rectify/", self.rectify_page, "rectify"),
            self.page("<path:pk>/change/", self.check_page, "change"),
        ]
        return own + super().get_urls()

    def rectify_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose what is to be mended."""
        return rectify_page(self, request, self.found(request, pk))

    def check_page(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show one school's answers; take remarks on them, and what it is sent back for."""
        row: SelfCheck = self.found(request, pk)
        parts = parts_of(row)
        lines = [line for part in parts for line in part.lines]
        add_former(row, lines)
        reviewable = row.state == SelfCheckState.SUBMITTED and may_return(user_of(request), row)
        form = _remark_form(request, row, lines) if reviewable else None
        if request.method == "POST":
            if not may_return(user_of(request), row):
                raise PermissionDenied
            if form is None:
                self.message_user(
                    request, "这份自查表不在已提交状态，请刷新后再看。", level="error"
                )
                return redirect(_url(row))
            if form.is_valid() and self._reviewed(request, row, form):
                return redirect(_url(row))
        return self.show(
            request,
            "integrity/self_check",
            title=str(row),
            row=row,
            parts=[_shown(part, form) for part in parts],
            form=form,
            rectifications=rectifications_of(row),
            back=f"{reverse('admin:integrity_selfcheck_changelist')}?assignment={row.assignment_id}",
        )

    def _reviewed(self, request: HttpRequest, row: SelfCheck, form: RemarkForm) -> bool:
        """Keep the remarks; send the self-check back where that was asked."""
        actor, at = user_of(request), timezone.now()
        try:
            with transaction.atomic():
                services.remark(
                    actor=actor,
                    self_check=row,
                    remarks=form.remarks(),
                    version=form.cleaned_data["version"],
                    at=at,
                )
                if "return" in request.POST:
                    services.return_self_check(
                        actor=actor, self_check=row, comment=form.cleaned_data["comment"], at=at
                    )
        except ForbiddenError as error:
            raise PermissionDenied(error.message) from error
        except DomainError as error:
            form.add_error(None, error.message)
            return False
        returned = "return" in request.POST
        told = "已退回，学校会收到提醒。" if returned else "意见已保存，学校现在就能看到。"
        self.message_user(request, told)
        return True


def _url(row: SelfCheck) -> str:
    return reverse("admin:integrity_selfcheck_change", args=[row.pk])


def _remark_form(request: HttpRequest, row: SelfCheck, lines: Sequence[Line]) -> RemarkForm:
    return RemarkForm(sent(request), lines=lines, initial={"version": row.version})


def _shown(part: Part, form: RemarkForm | None) -> dict[str, Any]:
    def boxed(line: Line) -> dict[str, Any]:
        return {"line": line, "box": form.box(line) if form else None}

    gone = [{"line": line, "gone": True} for line in part.withdrawn]
    return {"part": part, "lines": [*map(boxed, part.lines), *gone]}
