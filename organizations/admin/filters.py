"""The filters of this room's lists, shown as buttons."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from common.admin import user_of
from organizations.choices import OrganizationKind, SchoolKind
from organizations.models import Organization, SchoolLink

Choices = list[tuple[str, str]]
# Longer than any id, and than what the database takes for one.
_LONGEST_ID = 18


class SchoolKindFilter(SimpleListFilter):
    """Organisations that work in a school of a kind."""

    title = "学校类别"
    parameter_name = "school_kind"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return list(SchoolKind.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in SchoolKind.values:
            return queryset
        links = SchoolLink.objects.filter(school__kind=self.value())
        return queryset.filter(pk__in=links.values("organization"))


class KindFilter(SimpleListFilter):
    """Organisations of a kind."""

    title = "类别"
    parameter_name = "kind"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return list(OrganizationKind.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class UnderFilter(SimpleListFilter):
    """The direct subordinates of one organisation: led to by its page, shown only then."""

    title = "上级党组织"
    parameter_name = "under"

    def lookups(self, request: HttpRequest, _model_admin: Any) -> Choices:
        seen = Organization.objects.visible_to(user_of(request))
        above = seen.filter(pk=self._above()).first() if self._above() else None
        return [(str(above.pk), above.label)] if above else []

    def _above(self) -> int:
        text = str(self.used_parameters.get(self.parameter_name) or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_ID else 0

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(parent=self._above()) if self.value() else queryset


class OpenFilter(SimpleListFilter):
    """What exists today, unless asked for what is closed or for everything."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [("closed", "已撤销"), ("every", "全部")]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "现有"} if place == 0 else choice

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        if self.value() == "closed":
            return queryset.filter(closed_on__lte=today)
        if self.value() == "every":
            return queryset
        return queryset.filter(Q(closed_on=None) | Q(closed_on__gt=today))
