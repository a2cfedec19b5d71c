"""Dated head counts: a new statement instead of a changed one."""

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse

from common.admin import user_of
from common.exports import ExportColumn
from organizations import services
from organizations.admin.base import OrganizationsAdmin
from organizations.models import HeadCount, Organization
from organizations.permissions import is_officer
from organizations.queries import HEADS, search_organizations, swollen_counts
from organizations.services.head_counts import HEAD_LABELS

if TYPE_CHECKING:
    from accounts.models import User


@admin.register(HeadCount)
class HeadCountAdmin(OrganizationsAdmin):
    """Officers state figures for the organisations of their scope; nobody changes a stated one."""

    list_display = ("organization", "on", *HEADS, "source")
    list_filter = ("source",)
    list_select_related = ("organization",)
    ordering = ("organization__order", "organization", "-on")
    search_fields = ("organization__name",)
    search_help_text = "党组织全称、简称、曾用名、拼音、代码"
    autocomplete_fields = ("organization",)
    fields = ("organization", "on", *HEADS)

    def may_add(self, user: "User") -> bool:
        return is_officer(user)

    def may_change(self, _user: "User", _obj: Any) -> bool:
        return False

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        links = super().list_links(request)
        if is_officer(user_of(request)):
            address = reverse("admin:organizations_import")
            links = [{"label": "导入", "url": f"{address}?kind=head_counts"}, *links]
        return links

    def export_columns(self) -> list[ExportColumn[Any]]:
        heads = [ExportColumn(HEAD_LABELS[head], attrgetter(head), align="right") for head in HEADS]
        return [
            ExportColumn("党组织", lambda row: row.organization.name, width=36),
            ExportColumn("统计日期", lambda row: row.on),
            *heads,
            ExportColumn("来源", lambda row: row.get_source_display()),
        ]

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        found = search_organizations(Organization.objects.all(), search_term)
        return queryset.filter(organization__in=found.values("pk")), False

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: ModelForm[Any],
        change: bool,  # noqa: ARG002, FBT001 - Django's signature
    ) -> None:
        """State a head count; an empty figure keeps what was known before."""
        values = form.cleaned_data
        counts = {head: values[head] for head in HEADS if values[head] is not None}
        obj.pk = services.record_head_count(
            actor=user_of(request),
            organization=values["organization"],
            on=values["on"],
            counts=counts,
        ).pk
        for each in swollen_counts([values["organization"].pk], values["on"]):
            messages.warning(request, each.sentence)
