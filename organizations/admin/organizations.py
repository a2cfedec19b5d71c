"""Party organisations: list, page with history, and the steps that change one."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from common.admin import PortalInline, user_of
from common.admin_verbs import StepPage, VerbForm, step_page, verb_page
from common.exports import ExportColumn
from organizations import forms, services
from organizations.admin import imports
from organizations.admin.base import OrganizationsAdmin
from organizations.admin.filters import KindFilter, OpenFilter, SchoolKindFilter, UnderFilter
from organizations.choices import OrganizationKind
from organizations.models import FormerName, HeadCount, Organization, Placement, Role
from organizations.permissions import may_manage_organizations
from organizations.queries import head_label, neighbours, search_organizations, subtree_head_counts

# As Django's own display does, without asking the field for each row of a file.
_KINDS = dict(OrganizationKind.choices)
_SUPERIOR = Coalesce(NullIf("parent__short_name", Value("")), "parent__name", Value(""))


@dataclass(slots=True)
class _Line:
    """What a file shows of an organisation: a third of what whole rows of 30,000 take."""

    pk: int
    code: str
    name: str
    short_name: str
    kind: str
    founded_on: date | None
    closed_on: date | None
    above: str
    shown_head: str = ""
    shown_members: int | None = None


class PlacementInline(PortalInline):
    model = Placement
    fk_name = "organization"
    fields = ("parent", "since", "until", "basis")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("parent", "organization")


class FormerNameInline(PortalInline):
    model = FormerName
    fields = ("name", "until", "basis")
    readonly_fields = fields


class RoleInline(PortalInline):
    model = Role
    fields = ("user", "kind", "since", "until", "basis")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user", "organization")


class HeadCountInline(PortalInline):
    model = HeadCount
    fields = ("on", "full", "probationary", "candidates", "activists", "staff", "source")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("organization")


@admin.register(Organization)
class OrganizationAdmin(OrganizationsAdmin):
    """Founding by the form; moving, renaming, closing and merging by buttons with a preview."""

    list_display = ("name", "code", "kind", "above", "head", "members", "closed_on")
    list_filter = (UnderFilter, KindFilter, SchoolKindFilter, OpenFilter)
    list_select_related = ("parent",)
    # Members of all subtrees are added up in one go.
    prepared_at_once = 50_000
    change_form_outer_before_template = "admin/organizations/organization/form_before.html"
    search_fields = ("name",)
    search_help_text = "全称、简称、曾用名、拼音、代码"
    autocomplete_fields = ("parent",)
    inlines: ClassVar = [PlacementInline, FormerNameInline, RoleInline, HeadCountInline]
    actions_detail: Any = (
        "grant_role", "move", "rename", "link_schools", "merge", "close", "reopen",
    )  # fmt: skip
    # The front office puts in forms that know of tasks, reports and rosters too.
    found_form: ClassVar[type[VerbForm]] = forms.FoundForm
    move_form: ClassVar[type[VerbForm]] = forms.MoveForm
    rename_form: ClassVar[type[VerbForm]] = forms.RenameForm
    merge_form: ClassVar[type[VerbForm]] = forms.MergeForm
    close_form: ClassVar[type[VerbForm]] = forms.CloseForm
    reopen_form: ClassVar[type[VerbForm]] = forms.ReopenForm

    @action(description="授予角色", url_path="grant", permissions=["grant"])
    def grant_role(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that grants, with this organisation filled in."""
        organization = self.get_object(request, object_id)
        if organization is None:
            raise Http404
        return redirect(f"{reverse('admin:organizations_role_add')}?organization={organization.pk}")

    @admin.display(description="上级党组织")
    def above(self, row: Organization) -> str:
        return row.parent.label if row.parent else ""

    @admin.display(description="书记")
    def head(self, row: Any) -> str:
        return str(row.shown_head)

    @admin.display(description="党员（含下级）")
    def members(self, row: Any) -> str:
        return "未填报" if row.shown_members is None else str(row.shown_members)

    def prepare_rows(self, rows: list[Any]) -> None:
        today = timezone.localdate()
        ids = [row.pk for row in rows]
        heads, totals = head_label(ids, today), subtree_head_counts(ids, today)
        for row in rows:
            counted = [totals[row.pk][head] for head in ("full", "probationary")]
            known = [figure for figure in counted if figure is not None]
            row.shown_head = heads[row.pk]
            row.shown_members = sum(known) if known else None

    def get_urls(self) -> list[Any]:
        return [*imports.urls(self.admin_site), *super().get_urls()]

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        links = super().list_links(request)
        if may_manage_organizations(user_of(request)):
            links = [{"label": "导入", "url": reverse("admin:organizations_import")}, *links]
        return links

    def export_rows(self, queryset: Any) -> Any:
        """Return what a file shows of the rows, in their order."""
        columns = ("pk", "code", "name", "short_name", "kind", "founded_on", "closed_on")
        rows = queryset.select_related(None).annotate(above=_SUPERIOR)
        return (_Line(*row) for row in rows.values_list(*columns, "above"))

    def export_columns(self) -> list[ExportColumn[Any]]:
        return [
            ExportColumn("组织代码", lambda row: row.code, width=14),
            ExportColumn("党组织全称", lambda row: row.name, width=36),
            ExportColumn("简称", lambda row: row.short_name, width=24),
            ExportColumn("类别", lambda row: _KINDS[row.kind], width=12),
            ExportColumn("上级党组织", lambda row: row.above, width=24),
            ExportColumn("书记", lambda row: row.shown_head, width=18),
            ExportColumn("党员（含下级）", lambda row: row.shown_members, align="right"),
            ExportColumn("成立日期", lambda row: row.founded_on, width=12),
            ExportColumn("撤销日期", lambda row: row.closed_on, width=12),
        ]

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return search_organizations(queryset, search_term), False  # type: ignore[arg-type]  # the manager's own

    def get_fields(self, _request: HttpRequest, _obj: Any = None) -> tuple[str, ...]:
        fixed = ("name", "short_name", "parent", "in_schools", "founded_on", "closed_on", "basis")
        return ("code", "kind", "order", *fixed)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)[3:]

    def get_inlines(self, _request: HttpRequest, obj: Any) -> list[Any]:
        return [] if obj is None else list(self.inlines)

    @admin.display(description="所在学校")
    def in_schools(self, row: Organization) -> str:
        return "、".join(map(str, row.schools.all())) or "无"

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask what is founded where, show what it comes to, then found it."""
        del form_url, extra_context
        self.require_open(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = self.found_form(data, actor=user_of(request))
        back = reverse("admin:organizations_organization_changelist")
        page = StepPage("成立党组织", "成立", back)
        return step_page(self, request, form=form, page=page)

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: ModelForm[Any],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Correct code, kind and order."""
        del change
        values = form.cleaned_data
        services.change_organization(
            actor=user_of(request),
            organization=Organization.objects.get(pk=obj.pk),
            code=values["code"],
            kind=values["kind"],
            order=values["order"],
        )

    @action(description="调整上级", url_path="move", permissions=["manage"])
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Place it elsewhere in the tree."""
        return self._step(request, object_id, self.move_form, "调整上级")

    @action(description="改名", url_path="rename", permissions=["manage"])
    def rename(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give it a new name; the old one stays findable."""
        return self._step(request, object_id, self.rename_form, "改名")

    @action(description="所在学校", url_path="schools", permissions=["manage"])
    def link_schools(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say in which schools it works."""
        return self._step(request, object_id, forms.LinkSchoolsForm, "所在学校")

    @action(description="并入其他学校", url_path="merge", permissions=["manage"])
    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close it; its school becomes a campus."""
        return self._step(request, object_id, self.merge_form, "并入其他学校")

    @action(description="撤销", url_path="close", permissions=["manage"])
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close it."""
        return self._step(request, object_id, self.close_form, "撤销")

    @action(description="恢复（撤销有误）", url_path="reopen", permissions=["manage"])
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a mistaken closing back."""
        return self._step(request, object_id, self.reopen_form, "恢复")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the way up and what stands below, above the form."""
        row = self.get_object(request, object_id)
        seen = self.get_queryset(request)
        around = neighbours(row, timezone.localdate(), seen=seen) if row else None
        context = {"neighbours": around, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer nothing for a closed one but to reopen it."""
        closed = Organization.objects.filter(pk=object_id, closed_on__isnull=False).exists()
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if (each.path == "reopen") == closed]

    def _step(
        self, request: HttpRequest, object_id: str, form_class: Any, title: str
    ) -> HttpResponse:
        return verb_page(self, request, object_id=object_id, form_class=form_class, title=title)
