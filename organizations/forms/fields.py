"""Fields that the forms of this room share."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.utils import timezone
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from organizations.models import Organization, School, SchoolLink

_LOOK = {"class": "unfold-admin-autocomplete max-w-2xl"}


class DayField(forms.DateField):
    """The first day of something new."""

    def __init__(self, label: str, *, help_text: str = "") -> None:
        super().__init__(label=label, widget=UnfoldAdminSingleDateWidget(), help_text=help_text)

    def clean(self, value: Any) -> date:
        """Refuse days to come: the tree of today is kept, not that of tomorrow."""
        day: date = super().clean(value)
        if day > timezone.localdate():
            raise forms.ValidationError("日期还没有到，请在当天或之后办理。")
        return day


class BasisField(forms.CharField):
    """The document by which it was decided."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            label="依据文件",
            max_length=200,
            required=required,
            widget=UnfoldAdminTextInputWidget(),
            help_text="如 澄教委〔2026〕3号",
        )


def organization_field(
    label: str, *, required: bool = True, help_text: str = ""
) -> "forms.ModelChoiceField[Organization]":
    """One organisation that exists today, looked for by typing."""
    field = Organization._meta.get_field("parent")
    return forms.ModelChoiceField(
        Organization.objects.filter(closed_on=None),
        label=label,
        required=required,
        help_text=help_text,
        widget=AutocompleteSelect(field, admin.site, attrs=_LOOK),
    )


def schools_field(help_text: str) -> "forms.ModelMultipleChoiceField[School]":
    """Schools that exist today, looked for by typing."""
    return forms.ModelMultipleChoiceField(
        School.objects.filter(closed_on=None),
        label="所在学校",
        required=False,
        widget=AutocompleteSelectMultiple(
            SchoolLink._meta.get_field("school"), admin.site, attrs=_LOOK
        ),
        help_text=help_text,
    )
