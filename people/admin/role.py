"""Roles: granted by a page that asks first, ended or taken back by a button; never rewritten.

They stand here and not with the organisations, because whoever grants one looks for a person.
"""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from accounts.models import User
from common.admin import user_of
from common.admin_verbs import StepPage, step_page, verb_page
from common.exports import ExportColumn
from common.intake import row_number
from organizations import services
from organizations.admin.base import OrganizationsAdmin
from organizations.forms import EndRoleForm, WithdrawRoleForm
from organizations.models import Organization, Role
from organizations.permissions import (
    grantable_kinds,
    is_security_admin,
    may_grant_roles,
    may_read_organizations,
)
from organizations.queries import search_organizations
from people.forms import GrantForm
from people.queries import search_users
from people.scope import users_in_scope

_SOON = timedelta(days=30)


class RoleStateFilter(SimpleListFilter):
    """Roles that hold today, unless asked for others."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("ending", "30 天内到期"),
            ("to_come", "未开始"),
            ("past", "已结束"),
            ("every", "全部"),
        ]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "现任"} if place == 0 else choice

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        held = queryset.filter(
            Q(until=None) | Q(until__gte=today), since__lte=today, withdrawn_at=None
        )
        chosen = {
            "ending": held.filter(until__lte=today + _SOON),
            "to_come": queryset.filter(since__gt=today, withdrawn_at=None),
            "past": queryset.exclude(withdrawn_at=None) | queryset.filter(until__lt=today),
            "every": queryset,
        }
        return chosen.get(self.value() or "", held)


@admin.register(Role)
class RoleAdmin(OrganizationsAdmin):
    """Who may act where, and for how long."""

    list_display = (
        "user", "kind", "organization", "office", "kinds", "since", "until", "state", "basis",
    )  # fmt: skip
    list_filter = (RoleStateFilter, "kind")
    list_select_related = ("user", "organization", "office")
    search_fields = ("user__name",)
    search_help_text = "姓名、拼音、用户名、完整的手机号，或党组织"
    fields = ("user", "kind", "organization", "office", "kinds", "since", "until", "state",
              "basis", "granted_by")  # fmt: skip
    readonly_fields = fields
    actions_detail = ("end", "withdraw")

    def may_open(self, user: User) -> bool:
        return may_read_organizations(user) or is_security_admin(user)

    def may_add(self, user: User) -> bool:
        return may_grant_roles(user)

    def may_change(self, _user: User, _obj: Any) -> bool:
        return False

    def has_grant_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the buttons answer: for kinds of role that the user may grant and end."""
        kinds = grantable_kinds(user_of(request))
        if object_id is None:
            return bool(kinds)
        known: dict[str, bool] = request.__dict__.setdefault("_may_grant", {})
        if str(object_id) not in known:
            role = self.get_object(request, str(object_id))
            known[str(object_id)] = role.kind in kinds if role else bool(kinds)
        return known[str(object_id)]

    @admin.display(description="分管类别")
    def kinds(self, row: Role) -> str:
        return row.kinds_label

    @admin.display(description="状态")
    def state(self, row: Role) -> str:
        return str(row.state_on(timezone.localdate()).label)

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """The way to grant one, in words."""
        links = super().list_links(request)
        if self.has_add_permission(request):
            links = [{"label": "授予角色", "url": reverse("admin:organizations_role_add")}, *links]
        return links

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
            ExportColumn("状态", self.state, width=10),
            ExportColumn("依据", lambda row: row.basis, width=24),
        ]

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the person, as accounts are searched, or by the organisation."""
        if not search_term.strip():
            return queryset, False
        places = search_organizations(Organization.objects.all(), search_term)
        people = search_users(User.objects.all(), search_term)
        found = Q(user__in=people.values("pk")) | Q(organization__in=places.values("pk"))
        return queryset.filter(found), False

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask who, what, where and until when, show what it comes to, then grant it."""
        del form_url, extra_context
        self.require_open(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        account, organization = self._from_account(request), self._from_organization(request)
        back = reverse("admin:organizations_role_changelist")
        if organization:
            back = reverse("admin:organizations_organization_change", args=[organization.pk])
        if account:
            back = reverse("admin:accounts_user_change", args=[account.pk])
        form = GrantForm(
            request.POST if request.method == "POST" else None,
            actor=user_of(request),
            initial={"user": account and account.pk, "organization": organization},
        )
        words = "授予角色"
        page = StepPage(
            title=words, verb=words, back=back, template="admin/organizations/role/grant.html"
        )
        return step_page(self, request, form=form, page=page)

    @staticmethod
    def _from_account(request: HttpRequest) -> User | None:
        """The account from whose page somebody comes, if it is one they may see."""
        pk = row_number(request.GET.get("user", ""))
        return users_in_scope(user_of(request)).filter(pk=pk).first() if pk else None

    @staticmethod
    def _from_organization(request: HttpRequest) -> Organization | None:
        """The organisation from whose page somebody comes."""
        pk = row_number(request.GET.get("organization", ""))
        seen = Organization.objects.visible_to(user_of(request))
        return seen.filter(pk=pk).first() if pk else None

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer what this role allows: taking back one that is new, ending one that lasts."""
        offered = super().get_actions_detail(request, object_id)
        role = self.get_object(request, str(object_id))
        if role is None or role.kind not in grantable_kinds(user_of(request)):
            return []
        today = timezone.localdate()
        barred = set() if services.may_be_withdrawn(role, on=today) else {"withdraw"}
        if role.withdrawn_at or (role.until and role.until <= role.since):
            barred.add("end")
        return [each for each in offered if each.path not in barred]

    @action(description="结束角色", url_path="end", permissions=["grant"])
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say the last day of the role."""
        return verb_page(
            self, request, object_id=object_id, form_class=EndRoleForm, title="结束角色"
        )

    @action(description="撤回（授予有误）", url_path="withdraw", permissions=["grant"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the role back at once."""
        return verb_page(
            self, request, object_id=object_id, form_class=WithdrawRoleForm, title="撤回角色"
        )
