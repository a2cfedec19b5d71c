"""The targets of the three-year plan, set by the organisation office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.models import User
from cadres.bands import UNKNOWN, Dimension, bands_of
from cadres.models import Target
from cadres.services.plan import FIRST_YEAR, LAST_YEAR, set_target
from common.admin import PortalAdmin, user_of
from organizations.permissions import is_bureau, is_organization_office


def _bands() -> list[Any]:
    """Every band by dimension, but for the unknown one."""
    return [
        (
            dimension.label,
            [
                (f"{dimension.value}:{key}", f"{dimension.label} · {label}")
                for key, label in bands_of(dimension).items()
                if key != UNKNOWN
            ],
        )
        for dimension in Dimension
    ]


class TargetForm(forms.ModelForm[Target]):
    """One figure of the plan."""

    what = forms.ChoiceField(label="类别", choices=_bands, widget=UnfoldAdminSelectWidget())
    field_order = ("group", "what", "comparison", "percent", "year", "basis")

    class Meta:
        model = Target
        fields = ("group", "comparison", "percent", "year", "basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "what" in self.fields:
            self.initial["what"] = f"{self.instance.dimension}:{self.instance.band}"
        for name, low, high in (("percent", 0, 100), ("year", FIRST_YEAR, LAST_YEAR)):
            if name in self.fields:
                field: Any = self.fields[name]
                field.validators.append(forms.IntegerField(min_value=low, max_value=high).clean)

    def clean(self) -> dict[str, Any]:
        """Part the choice into dimension and band."""
        values = super().clean() or self.cleaned_data
        dimension, _, band = values.get("what", "").partition(":")
        return {**values, "dimension": dimension, "band": band}


@admin.register(Target)
class TargetAdmin(PortalAdmin):
    """Read by the bureau, set by the organisation office."""

    form = TargetForm
    list_display = ("year", "group", "dimension", "shown_band", "demand", "basis")
    list_display_links = ("year",)
    sortable_by = ()
    fields = ("group", "what", "comparison", "percent", "year", "basis")

    def may_open(self, user: User) -> bool:
        return is_bureau(user)

    def may_add(self, user: User) -> bool:
        return is_organization_office(user)

    def may_change(self, user: User, _obj: Any) -> bool:
        return is_organization_office(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        """The same for everybody in the bureau."""
        return super().get_queryset(request).order_by("-year", "group", "dimension", "pk")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show words where nothing can be chosen."""
        if obj is not None and not self.has_change_permission(request, obj):
            shown = ("group", "dimension", "shown_band", "demand", "year", "basis")
            return ((None, {"fields": shown}),)
        return ((None, {"fields": self.fields}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return ("group", "dimension", "shown_band", "demand", "year", "basis")
        return ()

    @admin.display(description="类别")
    def shown_band(self, row: Target) -> str:
        return bands_of(row.dimension).get(row.band, row.band)

    @admin.display(description="要求")
    def demand(self, row: Target) -> str:
        return row.demand

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Go through the service."""
        held = Target.objects.get(pk=obj.pk) if change else None
        obj.pk = set_target(actor=user_of(request), target=held, values=form.cleaned_data).pk
