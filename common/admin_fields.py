"""The looks of the fields in forms of the admin that are no forms of a model."""

from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from common.pickers import PickedField


def dress(form: forms.Form) -> None:
    """Give the plain fields the looks of the admin; pickers and radio buttons have their own."""
    for each in form.fields.values():
        if isinstance(each.widget, forms.RadioSelect) or isinstance(each, PickedField):
            continue
        if isinstance(each, forms.DateField):
            each.widget = UnfoldAdminSingleDateWidget()
        elif isinstance(each, forms.ChoiceField):
            each.widget = UnfoldAdminSelectWidget(choices=each.widget.choices)
        else:
            each.widget = UnfoldAdminTextInputWidget()
