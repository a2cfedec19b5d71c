"""Small forms, one for each verb that needs a word of explanation or a date."""

from django import forms

from calendar_events.choices import VacationKind
from calendar_events.services.calendars import FIRST_YEAR, LAST_YEAR
from common.forms import PortalForm


class MoveForm(PortalForm, forms.Form):
    """A new due date and why; for an event or for one task."""

    due_on = forms.DateField(label="新的截止日期")
    reason = forms.CharField(label="原因", max_length=100, help_text="会原样告诉尚未办结的党组织。")


class ReasonForm(PortalForm, forms.Form):
    """Why something is cancelled."""

    reason = forms.CharField(label="原因", max_length=100, help_text="会原样告诉尚未办结的党组织。")


class CommentForm(PortalForm, forms.Form):
    """What has to be put right."""

    comment = forms.CharField(
        label="退回意见",
        max_length=500,
        widget=forms.Textarea,
        help_text="写明哪里不对、请怎样改，例如：应到 18 人、实到 21 人，请核。",
    )


class VacationForm(PortalForm, forms.Form):
    """The first and last day of school holidays."""

    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    kind = forms.ChoiceField(label="假期", choices=VacationKind.choices)
    first_day = forms.DateField(label="首日")
    last_day = forms.DateField(label="末日")


class DayForm(PortalForm, forms.Form):
    """A day that is worked, or free, otherwise than the official list says."""

    date = forms.DateField(label="日期")
    is_workday = forms.TypedChoiceField(
        label="这一天",
        choices=[("1", "上班"), ("0", "休息")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="说明", max_length=50, required=False, help_text="例如：国庆节调休。"
    )
