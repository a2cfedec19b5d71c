"""What is typed into a report: two texts, a reason here and there, a correction."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.forms import LongText, PortalForm
from reports.lines import NOT_GIVEN, TEXTS, UNRECORDED, Line
from reports.services.corrections import LARGEST_FIGURE
from reports.services.filing import LONGEST_REASON, LONGEST_TEXT
from reports.sheet import Sheet, SheetLine


class ReportForm(PortalForm, forms.Form):
    """七 and 八, and where no theme day was held, why.

    ``missing`` are the lines that need a reason (``reports.lines.NEEDS_REASON``, today one);
    ``seen`` marks the figures that stood on the page.
    """

    theme_day_reason = forms.CharField(
        label="本期未开展主题党日的原因",
        max_length=LONGEST_REASON,
        help_text="如果开展过，请先到「记录」补一条，这里就不用填了。",
        error_messages={"required": "本期没有主题党日的记录：请写明原因，或先补一条记录"},
    )
    problems = forms.CharField(
        label=TEXTS["problems"],
        required=False,
        max_length=LONGEST_TEXT,
        widget=LongText(attrs={"rows": 4}),
        help_text="没有可不填，打印时写“无”。",
    )
    plans = forms.CharField(
        label=TEXTS["plans"],
        required=False,
        max_length=LONGEST_TEXT,
        widget=LongText(attrs={"rows": 4}),
        help_text="没有可不填，打印时写“无”。",
    )
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, missing: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = missing
        if not missing:
            del self.fields["theme_day_reason"]

    def reasons(self) -> dict[str, str]:
        """Return the reasons by line."""
        return {line.key: self.cleaned_data["theme_day_reason"] for line in self.missing}


class PreparedReportForm(ReportForm):
    """The same for who may not hand in: a reason may still be missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.missing:
            self.fields["theme_day_reason"].required = False


class CorrectionForm(PortalForm, forms.Form):
    """One figure of an approved report that should be another."""

    key = forms.ChoiceField(label="要更正的项目")
    new_value = forms.IntegerField(label="应为", min_value=0, max_value=LARGEST_FIGURE)
    reason = forms.CharField(label="理由", max_length=300, widget=LongText(attrs={"rows": 3}))

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (
                section.title,
                [(each.line.key, _now(each)) for each in section.figures if _held(each)],
            )
            for section in sheet.sections
        ]
        choices = [("", "请选择"), *groups]
        self.fields["key"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


def _held(each: SheetLine) -> bool:
    return each.line.recorded


def _now(each: SheetLine) -> str:
    """Return 主题党日应到（现为 18 人次）."""
    if each.figure is None:
        return f"{each.label}（现为{UNRECORDED if each.line.is_stock else NOT_GIVEN}）"
    return f"{each.label}（现为 {each.figure} {each.unit}）"
