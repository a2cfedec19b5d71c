"""A new token for a program."""

from typing import Any

from django import forms

from common.forms import PortalForm
from organizations.choices import READ_ONLY_AREAS, ApiAccess, ApiArea


class TokenForm(PortalForm, forms.Form):
    """A new token for a program: what for, how long, what it opens."""

    name = forms.CharField(
        label="用途", max_length=50, help_text="写明给哪个程序用，例如：学校办公系统同步任务。"
    )
    days = forms.TypedChoiceField(
        label="有效期",
        coerce=int,
        initial=90,
        choices=[(30, "30 天"), (90, "90 天"), (180, "180 天"), (365, "1 年")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for area in ApiArea:
            accesses = [("", "不可访问"), (ApiAccess.READ, ApiAccess.READ.label)]
            if area not in READ_ONLY_AREAS:
                accesses.append((ApiAccess.WRITE, ApiAccess.WRITE.label))
            self.fields[area.value] = forms.ChoiceField(
                label=area.label,
                required=False,
                choices=accesses,
                widget=forms.Select(attrs={"class": "control"}),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one area."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.scopes():
            self.add_error(None, "请至少选择一项可以访问的内容")
        return data

    def scopes(self) -> dict[str, str]:
        """Return what was chosen, closed areas left out."""
        chosen = {area.value: self.cleaned_data.get(area.value, "") for area in ApiArea}
        return {area: access for area, access in chosen.items() if access}

    @property
    def areas(self) -> list[forms.BoundField]:
        """The fields of the areas."""
        return [self[area.value] for area in ApiArea]
