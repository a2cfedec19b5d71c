"""Training classes at the desk: held, who is on the list, who came, put right, printed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action

from accounts.models import User
from cadres import permissions
from cadres.forms.training import (
    CorrectClassStep,
    EnrolStep,
    HoldStep,
    PasteStep,
    WithdrawClassStep,
)
from cadres.models import TrainingClass
from cadres.qualities import Attendance
from common.admin import user_of
from common.admin_prints import PrintingAdmin
from common.admin_verbs import StepPage, VerbForm, step_page, verb_page
from common.exports import ExportColumn
from organizations.models import Organization
from organizations.queries import search_organizations, unit_of


@admin.register(TrainingClass)
class TrainingClassAdmin(PrintingAdmin):
    """Read by bureau and reviewers, kept by officers within their kinds of school."""

    list_display = (
        "title",
        "organization",
        "shown_days",
        "hours",
        "place",
        "shown_people",
        "state",
    )
    list_display_links = ("title",)
    list_select_related = ("organization",)
    sortable_by = ()
    search_fields = ("title",)
    search_help_text = "培训班名称、主办党组织"
    fields = ("title", "organization", "shown_days", "hours", "place", "basis", "shown_people",
              "attendance", "state", "withdrawn_reason")  # fmt: skip
    readonly_fields = fields
    actions_detail = ("enrol", "paste", "correct", "withdraw")

    def may_open(self, user: User) -> bool:
        return permissions.may_read(user)

    def may_add(self, user: User) -> bool:
        return permissions.may_keep_files(user)

    def has_keep_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the buttons that change a class are shown and answer; 404 outside the scope."""
        user = user_of(request)
        if object_id is None:
            return permissions.may_keep_files(user)
        known: dict[str, bool] = request.__dict__.setdefault("_may_keep", {})
        if str(object_id) not in known:
            row = self.get_object(request, str(object_id))
            if row is None:
                raise Http404
            mine = TrainingClass.objects.editable_by(user).filter(pk=row.pk)
            known[str(object_id)] = permissions.may_keep_files(user) and mine.exists()
        return known[str(object_id)]

    def get_search_results(
        self, _request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By title or organisation."""
        word = search_term.strip()
        if not word:
            return queryset, False
        places = search_organizations(Organization.objects.order_by(), word).values("pk")
        return queryset.filter(Q(title__holds=word) | Q(organization__in=places)), False

    def prepare_rows(self, rows: list[Any]) -> None:
        """Count who is on the lists and who came; one query."""
        records = Q(records__withdrawn_at=None)
        came = records & Q(records__attended=Attendance.PRESENT)
        counted = TrainingClass.objects.filter(pk__in=[row.pk for row in rows]).annotate(
            listed=Count("records", filter=records), came=Count("records", filter=came)
        )
        found = {
            pk: (listed, came) for pk, listed, came in counted.values_list("pk", "listed", "came")
        }
        for row in rows:
            row.people = found.get(row.pk, (0, 0))

    # What a row shows ------------------------------------------------------------------------
    @admin.display(description="日期")
    def shown_days(self, row: TrainingClass) -> str:
        return row.days

    @admin.display(description="名单／到课")
    def shown_people(self, row: Any) -> str:
        if not hasattr(row, "people"):
            self.prepare_rows([row])
        return f"{row.people[0]}／{row.people[1]} 人"

    @admin.display(description="到课登记")
    def attendance(self, row: TrainingClass) -> SafeString:
        """The page with a box for each, which serves a phone as well."""
        address = reverse("cadres:attendance", args=[row.pk])
        return format_html(
            '<a class="underline" href="{}">打开名单登记到课（手机也能用）</a>', address
        )

    @admin.display(description="状态")
    def state(self, row: TrainingClass) -> str:
        return "已撤回" if row.withdrawn_at else "有效"

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """A new class, the print."""
        links = super().list_links(request)
        if self.has_add_permission(request):
            links.insert(
                0, {"label": "登记培训班", "url": reverse("admin:cadres_trainingclass_add")}
            )
        return links

    def export_columns(self) -> Sequence[ExportColumn[Any]]:
        return [
            ExportColumn("培训班", lambda row: row.title, 36),
            ExportColumn("主办党组织", lambda row: row.organization.name, 32),
            ExportColumn("日期", self.shown_days, 24, "center"),
            ExportColumn("学时", lambda row: row.hours, 7, "center"),
            ExportColumn("地点", lambda row: row.place, 16),
            ExportColumn("名单（人）", lambda row: row.people[0], 9, "center"),
            ExportColumn("到课（人）", lambda row: row.people[1], 9, "center"),
            ExportColumn("状态", self.state, 8, "center"),
        ]

    def unit_name(self, user: User) -> str:
        return unit_of(user)

    # Pages -----------------------------------------------------------------------------------
    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask what and when, then enter it."""
        del form_url, extra_context
        self.require_open(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = HoldStep(data, actor=user_of(request))
        back = reverse("admin:cadres_trainingclass_changelist")
        return step_page(self, request, form=form, page=StepPage("登记培训班", "登记", back))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer nothing on one that was withdrawn."""
        row = self.get_object(request, str(object_id))
        if row is None or row.withdrawn_at is not None:
            return []
        return super().get_actions_detail(request, object_id)

    def _verb(
        self, request: HttpRequest, object_id: str, form: type[VerbForm], title: str
    ) -> HttpResponse:
        return verb_page(self, request, object_id=object_id, form_class=form, title=title)

    @action(description="按职务选人", url_path="enrol", permissions=["keep"])
    def enrol(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put everybody with a kind of post on the list."""
        return self._verb(request, object_id, EnrolStep, "加入名单")

    @action(description="粘贴名单", url_path="paste", permissions=["keep"])
    def paste(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put those on the list whose names are pasted."""
        return self._verb(request, object_id, PasteStep, "粘贴名单")

    @action(description="更正", url_path="correct", permissions=["keep"])
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put it right."""
        return self._verb(request, object_id, CorrectClassStep, "更正")

    @action(description="撤回", url_path="withdraw", permissions=["keep"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take it back with its hours."""
        return self._verb(request, object_id, WithdrawClassStep, "撤回")
