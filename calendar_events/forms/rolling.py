"""The lines of a year that go along into the next."""

from typing import Any

from django import forms

from calendar_events.rolling import RollOver
from common.forms import PortalForm


class RollOverForm(PortalForm, forms.Form):
    """Which lines go along: all of a first roll-over, none of a later one, never ad-hoc tasks."""

    line = forms.MultipleChoiceField(
        label="沿用的事项",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, plan: RollOver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        field = self.fields["line"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(pk), rolled.title) for pk, rolled in plan.offered().items()]

    def ticked(self) -> set[str]:
        """Return the numbers whose boxes are ticked, as text."""
        if self.is_bound:
            return {str(each) for each in self["line"].data or ()}
        return {str(line.source.pk) for line in self.plan.lines} if self.plan.fresh else set()

    def chosen(self) -> set[int]:
        """Return the numbers of the lines that go along."""
        return {int(each) for each in self.cleaned_data["line"]}
