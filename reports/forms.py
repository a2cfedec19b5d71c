"""What is typed into a report, a correction, the settings of its periods."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.forms import LongText, PortalForm
from reports.choices import DueFrom
from reports.lines import NOT_GIVEN, TEXTS, UNRECORDED, Line
from reports.periods import Joint, check_joint
from reports.services.corrections import LARGEST_FIGURE
from reports.services.filing import LONGEST_REASON, LONGEST_TEXT
from reports.services.periods import LAST_WORKDAY, LONGEST_MOVE_REASON
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


_JOINT = re.compile(r"(\d{1,2})月?(?:[-—–－~～至到]+)(\d{1,2})月?")


class JointField(forms.CharField):
    """Months reported together, written 1-2、7-8; cleaned to ``[[1, 2], [7, 8]]``."""

    def clean(self, value: Any) -> Any:
        """Return the groups; say which one can't be understood or can't be."""
        text: str = super().clean(value)
        groups = [self._group(part) for part in re.split(r"[、,，;；\s]+", text) if part]
        try:
            check_joint(groups)
        except ValueError as error:
            raise ValidationError("合并的月份应相邻、不重复，都在 1–12 月内") from error
        return groups

    def _group(self, part: str) -> list[int]:
        found = _JOINT.fullmatch(part)
        if found is None:
            raise ValidationError(f"「合并月份」里的“{part}”看不懂，请写成 1-2、7-8")
        first, last = (int(month) for month in found.groups())
        if not first < last <= 12:
            raise ValidationError(f"「合并月份」里的“{part}”应从小到大，都在 1–12 月内")
        return list(range(first, last + 1))


def joint_words(joint: Joint) -> str:
    """Return [[1, 2], [7, 8]] as people write it: 1-2、7-8."""
    return "、".join(f"{group[0]}-{group[-1]}" for group in joint)


class PlanForm(PortalForm, forms.Form):
    """How a year is cut into periods."""

    first_day = forms.TypedChoiceField(
        label="统计周期",
        coerce=int,
        choices=[
            (1, "自然月（1 日至月末）"),
            *((day, f"上月 {day} 日至本月 {day - 1} 日") for day in range(16, 29)),
        ],
    )
    joint = JointField(
        label="合并月份",
        required=False,
        max_length=60,
        help_text="几个月合报一次的，如 1-2、7-8；没有可不填。",
    )
    due_from = forms.ChoiceField(label="截止日期起算", choices=DueFrom.choices)
    due_workday = forms.IntegerField(label="第几个工作日", min_value=1, max_value=LAST_WORKDAY)


class DueDateForm(PortalForm, forms.Form):
    """Another due date for an opened period."""

    due_on = forms.DateField(label="截止日期")
    reason = forms.CharField(
        label="调整的原因", max_length=LONGEST_MOVE_REASON, help_text="会写进给学校的提醒。"
    )
