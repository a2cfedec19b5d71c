"""Schools, campuses, groups and offices."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action

from accounts.models import User
from common.admin import PortalInline
from common.admin_verbs import verb_page
from common.exports import ExportColumn
from organizations import forms, services
from organizations.admin.base import StoredAdmin
from organizations.admin.filters import OpenFilter
from organizations.models import Campus, Office, School, SchoolGroup, SchoolLink


class CampusInline(PortalInline):
    model = Campus
    fields = ("name", "opened_on", "closed_on")
    readonly_fields = fields


class OrganizationInline(PortalInline):
    model = SchoolLink
    fields = ("organization", "campus")
    readonly_fields = fields
    verbose_name_plural = "党组织"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("organization", "school", "campus")


@admin.register(School)
class SchoolAdmin(StoredAdmin):
    """Schools and other units."""

    list_display = ("name", "short_name", "code", "kind", "ownership", "closed_on")
    list_filter = ("kind", "ownership", OpenFilter)
    search_fields = ("name",)
    search_help_text = "全称、简称、拼音、代码"
    fields = ("code", "name", "short_name", "kind", "ownership", "order", "opened_on", "closed_on")
    readonly_fields = ("closed_on",)
    inlines = (CampusInline, OrganizationInline)
    actions_detail = ("count_members", "close")

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            queryset = queryset.filter(
                Q(name__icontains=word)
                | Q(short_name__icontains=word)
                | Q(code__istartswith=word)
                | Q(pinyin__contains=word.lower())
            )
        return queryset, False

    def get_inlines(self, _request: HttpRequest, obj: Any) -> list[Any]:
        return [] if obj is None else list(self.inlines)

    def export_columns(self) -> list[ExportColumn[Any]]:
        return [
            ExportColumn("单位代码", lambda row: row.code, width=14),
            ExportColumn("全称", lambda row: row.name, width=32),
            ExportColumn("简称", lambda row: row.short_name, width=20),
            ExportColumn("类别", lambda row: row.get_kind_display(), width=16),
            ExportColumn("办学性质", lambda row: row.get_ownership_display()),
            ExportColumn("撤并日期", lambda row: row.closed_on),
        ]

    def store(self, *, actor: User, held: Any, values: dict[str, Any]) -> Model:
        """Add a school or change one."""
        if held is None:
            return services.add_school(actor=actor, **values)
        return services.change_school(actor=actor, school=held, values=values)

    @action(description="登记正式党员数", url_path="members", permissions=["manage"])
    def count_members(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """State how many full members work there."""
        return verb_page(
            self,
            request,
            object_id=object_id,
            form_class=forms.SchoolMembersForm,
            title="登记正式党员数",
        )

    @action(description="撤并", url_path="close", permissions=["manage"])
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close the school."""
        return verb_page(
            self, request, object_id=object_id, form_class=forms.CloseSchoolForm, title="撤并"
        )


@admin.register(Campus)
class CampusAdmin(StoredAdmin):
    """Campuses, merged schools among them."""

    exports = False
    list_display = ("name", "school", "opened_on", "closed_on")
    list_filter = (OpenFilter,)
    list_select_related = ("school",)
    search_fields = ("name", "school__name")
    search_help_text = "校区、学校"
    autocomplete_fields = ("school",)
    fields = ("school", "name", "opened_on", "closed_on")

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("school",) if obj else ("closed_on",)

    def store(self, *, actor: User, held: Any, values: dict[str, Any]) -> Model:
        """Add a campus or change one."""
        if held is None:
            return services.add_campus(actor=actor, **values)
        return services.change_campus(actor=actor, campus=held, values=values)


@admin.register(SchoolGroup)
class SchoolGroupAdmin(StoredAdmin):
    """Groups of schools, for audiences."""

    exports = False
    list_display = ("name", "order", "size")
    fields = ("name", "order", "schools")
    autocomplete_fields = ("schools",)

    @admin.display(description="学校数")
    def size(self, row: SchoolGroup) -> int:
        return len(row.schools.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("schools")

    def store(self, *, actor: User, held: Any, values: dict[str, Any]) -> Model:
        """Add a group or change one."""
        return services.save_group(actor=actor, group=held, **values)

    def save_related(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: the service has set the schools."""


@admin.register(Office)
class OfficeAdmin(StoredAdmin):
    """Offices of the bureau."""

    exports = False
    list_display = ("name", "grants_roles", "order")
    fields = ("name", "order", "grants_roles")

    def store(self, *, actor: User, held: Any, values: dict[str, Any]) -> Model:
        """Add an office or change one."""
        return services.save_office(actor=actor, office=held, **values)
