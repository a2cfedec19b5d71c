"""Forms of the admin pages about people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextInputWidget

from common.errors import DomainError
from common.forms import PortalForm
from common.names import check_mobile, tidy_name
from people.models import Person


class PersonForm(forms.ModelForm[Person]):
    """Name and number; the number is typed anew, never shown in full."""

    new_mobile = forms.CharField(
        label="手机号", required=False, max_length=30, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Person
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "new_mobile" in self.fields:
            known = self.instance.masked_mobile or "未登记"
            self.fields["new_mobile"].label = "新手机号"
            self.fields["new_mobile"].help_text = f"现在：{known}。不更换就不填。"

    def clean_name(self) -> str:
        """Take out the blanks of a table cell."""
        return tidy_name(self.cleaned_data["name"])

    def clean_new_mobile(self) -> str:
        """Refuse what is no mobile number."""
        typed: str = self.cleaned_data["new_mobile"]
        try:
            return check_mobile(typed) if typed.strip() else ""
        except DomainError as error:
            raise ValidationError(error.message) from error


class ReasonForm(PortalForm, forms.Form):
    """Why somebody wants to see a whole number."""

    reason = forms.CharField(label="查看原因", min_length=2, max_length=200)
