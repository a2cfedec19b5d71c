"""The filters of the register, shown as buttons."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from honours.choices import Level
from honours.scope import held_at
from organizations.admin.filters import Choices, SchoolKindFilter, UnderFilter
from organizations.models import Organization
from organizations.models.organization import within

_YEARS_SHOWN = 6


class LevelFilter(SimpleListFilter):
    """Honours of a level."""

    title = "级别"
    parameter_name = "level"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return list(Level.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(level=self.value()) if self.value() else queryset


class YearFilter(SimpleListFilter):
    """Honours awarded in one of the last years, or before them."""

    title = "年份"
    parameter_name = "year"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        last = timezone.localdate().year
        years = [(str(last - back), f"{last - back}") for back in range(_YEARS_SHOWN)]
        return [*years, ("before", "更早")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if chosen == "before":
            first = timezone.localdate().year - _YEARS_SHOWN + 1
            return queryset.filter(awarded_on__lt=f"{first}-01-01")
        known = {key for key, _label in self.lookup_choices}
        return queryset.filter(awarded_on__year=int(chosen)) if chosen in known else queryset


class HolderFilter(SimpleListFilter):
    """Of people, or of organisations."""

    title = "对象"
    parameter_name = "holder"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [("person", "个人"), ("organization", "集体")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        known = chosen in {"person", "organization"}
        return queryset.filter(**{f"{chosen}__isnull": False}) if known else queryset


class HonourSchoolKindFilter(SchoolKindFilter):
    """Honours of organisations that work in a school of a kind, and of who belongs to them."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(held_at(super().queryset(request, Organization.objects.all())))


class PlaceFilter(UnderFilter):
    """An organisation with those below it: led to by its page, shown only then."""

    title = "党组织"
    parameter_name = "organization"

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        top = Organization.objects.filter(pk=self._above()).first()
        below = Organization.objects.filter(within(top.path)) if top else None
        return queryset.none() if below is None else queryset.filter(held_at(below))


class StateFilter(SimpleListFilter):
    """What is not withdrawn, unless asked for more or less."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [
            ("waiting", "待核实"),
            ("valid", "有效期内"),
            ("repeated", "可能重复"),
            ("withdrawn", "已撤回"),
        ]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "在册"} if place == 0 else choice

    def queryset(self, _request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        rows: dict[str | None, Any] = {
            "waiting": queryset.waiting,
            "valid": lambda: queryset.confirmed().valid_on(timezone.localdate()),
            "repeated": queryset.repeated,
            "withdrawn": lambda: queryset.exclude(withdrawn_at=None),
        }
        found: QuerySet[Any] = rows.get(self.value(), queryset.held)()
        return found
