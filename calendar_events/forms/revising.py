"""A published event as it shall be, and why."""

from typing import Any

from django import forms

from calendar_events.choices import Handling
from calendar_events.forms.asking import PlanForm, plan_initial
from calendar_events.forms.lines import MONTHS
from calendar_events.models import Event
from calendar_events.services import Revision

_AUDIENCE = ("audience", "school_kinds", "groups", "organizations")


class ReviseForm(PlanForm):
    """All that can be changed of a published event; what isn't touched stays as it is."""

    first_month = forms.TypedChoiceField(label="起始月", choices=MONTHS, coerce=int)
    last_month = forms.TypedChoiceField(label="截止月", choices=MONTHS, coerce=int)
    handling = forms.ChoiceField(
        label="分类", choices=[each for each in Handling.choices if each[0] != Handling.UNSORTED]
    )
    reason = forms.CharField(
        label="修改原因", max_length=100, help_text="会原样告诉受影响、尚未办结的党组织。"
    )

    def revision(self) -> Revision:
        """Return what was filled in."""
        changed = set(self.changed_data)
        asked = any(name.startswith(("figure_", "unit_")) for name in changed)
        return Revision(
            plan=self.plan(),
            first_month=self.cleaned_data["first_month"],
            last_month=self.cleaned_data["last_month"],
            handling=self.cleaned_data["handling"],
            audience=self.choice() if changed.intersection(_AUDIENCE) else None,
            figures=self.figures() if asked else None,
        )


def revise_initial(event: Event) -> dict[str, Any]:
    """Return what the form shows for ``event``."""
    return {
        **plan_initial(event),
        "first_month": event.first_month,
        "last_month": event.last_month,
        "handling": event.handling,
    }
