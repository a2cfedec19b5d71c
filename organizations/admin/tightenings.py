"""What units ask for beyond the regulations: entered by a page that asks first, never rewritten."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from common.admin import user_of
from common.admin_verbs import StepPage, step_page, verb_page
from common.exports import ExportColumn
from organizations.admin.base import OrganizationsAdmin
from organizations.admin.tightening_forms import (
    EndTighteningForm,
    TightenForm,
    WithdrawTighteningForm,
)
from organizations.models import Organization, Tightening
from organizations.queries import search_organizations

if TYPE_CHECKING:
    from accounts.models import User


class HeldFilter(SimpleListFilter):
    """What holds today or later, unless asked for the past."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("past", "已停止、已撤回"), ("every", "全部")]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "现行"} if place == 0 else choice

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        over = Q(until__lt=timezone.localdate()) | Q(withdrawn_at__isnull=False)
        if self.value() == "past":
            return queryset.filter(over)
        return queryset if self.value() == "every" else queryset.exclude(over)


@admin.register(Tightening)
class TighteningAdmin(OrganizationsAdmin):
    """Read within one's scope; entered, ended and taken back by the organisation office."""

    list_display = ("title", "demand", "organization", "since", "until", "basis", "state")
    list_filter = (HeldFilter,)
    list_select_related = ("organization",)
    sortable_by = ("since", "until")
    search_fields = ("basis",)
    search_help_text = "党组织、依据文件"
    fields = (
        "organization", "title", "demand", "source", "since", "until", "basis", "end_basis",
        "state", "withdrawn_reason",
    )  # fmt: skip
    readonly_fields = fields
    actions_detail = ("end", "withdraw")

    def may_change(self, _user: "User", _obj: Any) -> bool:
        """Nobody rewrites one: its buttons end it or take it back."""
        return False

    @admin.display(description="规定")
    def title(self, row: Tightening) -> str:
        return row.title

    @admin.display(description="要求")
    def demand(self, row: Tightening) -> str:
        return row.demand

    @admin.display(description="全国的规定", empty_value="规章库里已没有这一项")
    def source(self, row: Tightening) -> str | None:
        """The clause that held on the first day."""
        clause = row.known and row.known[0].clause_on(row.since)
        return f"{clause.asks}（{clause.edition}）" if clause else None

    @admin.display(description="状态")
    def state(self, row: Tightening) -> str:
        return str(row.state_on(timezone.localdate()).label)

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """The way to a new one."""
        links = super().list_links(request)
        if self.has_add_permission(request):
            new = reverse("admin:organizations_tightening_add")
            links = [{"label": "增加从严规定", "url": new}, *links]
        return links

    def export_columns(self) -> list[ExportColumn[Any]]:
        return [
            ExportColumn("规定", self.title, width=30),
            ExportColumn("要求", self.demand, width=16),
            ExportColumn("作出规定的党组织", lambda row: row.organization.name, width=36),
            ExportColumn("自", lambda row: row.since),
            ExportColumn("至", lambda row: row.until),
            ExportColumn("依据文件", lambda row: row.basis, width=24),
            ExportColumn("状态", self.state, width=10),
        ]

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = search_organizations(Organization.objects.all(), search_term)
        named = Q(organization__in=found.values("pk")) | Q(basis__icontains=search_term.strip())
        return queryset.filter(named), False

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask who, what and from when, show what it comes to, then save it."""
        del form_url, extra_context
        self.require_open(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TightenForm(
            request.POST if request.method == "POST" else None,
            actor=user_of(request),
            demand=request.GET.get("demand", ""),
        )
        back = reverse("admin:organizations_tightening_changelist")
        words = "增加从严规定"
        return step_page(self, request, form=form, page=StepPage(words, "保存", back))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer nothing on one that was withdrawn."""
        row = self.get_object(request, str(object_id))
        if row is None or row.withdrawn_at is not None:
            return []
        return super().get_actions_detail(request, object_id)

    @action(description="停止执行", url_path="end", permissions=["manage"])
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say its last day."""
        return verb_page(
            self, request, object_id=object_id, form_class=EndTighteningForm, title="停止执行"
        )

    @action(description="撤回（登记有误）", url_path="withdraw", permissions=["manage"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take it back."""
        return verb_page(
            self, request, object_id=object_id, form_class=WithdrawTighteningForm, title="撤回"
        )
