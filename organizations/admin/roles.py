"""Roles: granted by a form, ended by a button; a granted one is never rewritten."""

from typing import Any

from django import forms as django_forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from common.admin import user_of
from common.admin_verbs import verb_page
from common.exports import ExportColumn
from organizations import forms, services
from organizations.admin.base import OrganizationsAdmin
from organizations.admin.filters import CurrentFilter
from organizations.choices import SchoolKind
from organizations.models import Organization, Role
from organizations.permissions import may_grant_roles
from organizations.queries import search_organizations


class RoleForm(django_forms.ModelForm[Role]):
    """The user by user name, kinds of school as boxes to tick."""

    user = django_forms.ModelChoiceField(
        User.objects.all(),
        label="用户名",
        to_field_name="username",
        widget=UnfoldAdminTextInputWidget(),
        help_text="登录用的用户名，可在「账号」里按姓名查到",
        error_messages={"invalid_choice": "没有这个用户名，请先建账号或核对拼写。"},
    )
    school_kinds = django_forms.MultipleChoiceField(
        label="分管学校类别",
        choices=SchoolKind.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text="只用于局机关人员；不选就是全部",
    )

    class Meta:
        model = Role
        fields = (
            "user",
            "organization",
            "kind",
            "office",
            "school_kinds",
            "since",
            "until",
            "basis",
        )


@admin.register(Role)
class RoleAdmin(OrganizationsAdmin):
    """Who may act where, and for how long."""

    form = RoleForm
    list_display = ("user", "kind", "organization", "office", "kinds", "since", "until", "basis")
    list_filter = ("kind", CurrentFilter)
    list_select_related = ("user", "organization", "office")
    search_fields = ("user__name",)
    search_help_text = "姓名、用户名、党组织"
    autocomplete_fields = ("organization",)
    actions_detail = ("end",)

    def may_add(self, user: User) -> bool:
        return may_grant_roles(user)

    def may_change(self, _user: User, _obj: Any) -> bool:
        return False

    @admin.display(description="分管类别")
    def kinds(self, row: Role) -> str:
        return row.kinds_label

    def export_columns(self) -> list[ExportColumn[Any]]:
        return [
            ExportColumn("姓名", lambda row: row.user.name),
            ExportColumn("用户名", lambda row: row.user.username, width=16),
            ExportColumn("角色", lambda row: row.get_kind_display(), width=18),
            ExportColumn("党组织", lambda row: row.organization.name, width=36),
            ExportColumn("科室", lambda row: row.office and row.office.name, width=14),
            ExportColumn("分管类别", lambda row: row.kinds_label, width=20),
            ExportColumn("自", lambda row: row.since),
            ExportColumn("至", lambda row: row.until),
            ExportColumn("依据", lambda row: row.basis, width=24),
        ]

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        places = search_organizations(Organization.objects.all(), search_term)
        who = Q(user__name__icontains=search_term) | Q(user__username__istartswith=search_term)
        return queryset.filter(who | Q(organization__in=places.values("pk"))), False

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: django_forms.ModelForm[Any],
        change: bool,  # noqa: ARG002, FBT001 - Django's signature
    ) -> None:
        """Grant the role."""
        obj.pk = services.grant_role(actor=user_of(request), **form.cleaned_data).pk

    @action(description="结束角色", url_path="end", permissions=["grant"])
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say the last day of the role."""
        return verb_page(
            self, request, object_id=object_id, form_class=forms.EndRoleForm, title="结束角色"
        )
