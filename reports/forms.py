"""What is typed into a report: two texts, a reason here and there, a correction."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.forms import LongText, PortalForm
from reports.lines import Line
from reports.services import LONGEST_TEXT
from reports.sheet import Sheet


class ReportForm(PortalForm, forms.Form):
    """七 and 八, and where no theme day was held, why.

    ``wanted`` are the lines that need a reason (``reports.lines.NEEDS_REASON``, today one).
    """

    theme_day_reason = forms.CharField(
        label="本期未开展主题党日的原因",
        max_length=100,
        help_text="如果开展过，请先到「记录」补一条，这里就不用填了。",
        error_messages={"required": "本期没有主题党日的记录，请写明原因，或先补一条记录。"},
    )
    problems = forms.CharField(
        label="七、问题与建议",
        required=False,
        max_length=LONGEST_TEXT,
        widget=LongText,
        help_text="没有可不填，打印时写“无”。",
    )
    plans = forms.CharField(
        label="八、下月打算",
        required=False,
        max_length=LONGEST_TEXT,
        widget=LongText,
        help_text="没有可不填，打印时写“无”。",
    )

    def __init__(self, *args: Any, wanted: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        if not wanted:
            del self.fields["theme_day_reason"]

    def reasons(self) -> dict[str, str]:
        """Return the reasons by line."""
        return {line.key: self.cleaned_data["theme_day_reason"] for line in self.wanted}


class CorrectionForm(PortalForm, forms.Form):
    """One figure of an approved report that should be another."""

    key = forms.ChoiceField(label="要更正的项目")
    new_value = forms.IntegerField(label="应为", min_value=0, max_value=999_999)
    reason = forms.CharField(label="理由", max_length=300, widget=LongText)

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (key, f"{each.label}（现为 {each.value} {each.unit}）")
            for key, each in sheet.by_key.items()
            if each.line.recorded and not each.missing
        ]
