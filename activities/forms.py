"""The form of one record: the fewest fields that its kind asks for."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from activities.choices import COUNTERS, MEETINGS, RecordKind
from activities.models import Record
from activities.services import LARGEST_FIGURE, LONGEST_REASON, MOST_FILES, Content, check_day
from attachments.checks import ACCEPT, Upload
from attachments.forms import SeveralFilesField, SeveralFilesInput
from common.errors import DomainError
from common.forms import PortalForm

if TYPE_CHECKING:
    from attachments.models import Attachment
    from organizations.models import Organization

STALE_PAGE = "页面不完整或已过期，请刷新后再填"
_COUNTER = "counter_"
_REMOVE = "remove_"
_FOLDED = ("summary", "speaker", "place")


def _whole_number(label: str, *, required: bool = True, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=LARGEST_FIGURE,
        required=required,
        error_messages={"required": f"「{label}」还没有填，没有请填 0"},
        **more,
    )


def _heads(kind: str) -> dict[str, forms.Field]:
    """应到 and 实到 for meetings; how many took part where nothing else counts them."""
    if kind in MEETINGS:
        return {"entitled": _whole_number("应到人数"), "present": _whole_number("实到人数")}
    if kind in COUNTERS:
        return {}
    return {"present": _whole_number("参加人数", required=False)}


def _more_on_a_meeting(kind: str) -> dict[str, forms.Field]:
    if kind not in MEETINGS:
        return {}
    chair = "主讲人" if kind == RecordKind.PARTY_LESSON else "主持人"
    return {
        "speaker": forms.CharField(label=chair, max_length=50, required=False),
        "place": forms.CharField(label="地点", max_length=100, required=False),
    }


class RecordFields(forms.Form):
    """Fields of a record of one kind, before ``PortalForm`` dresses them.

    ``on`` is today. A new record carries a ``token``, by which the same form sent again is known; a
    change carries the ``version`` it started from.
    """

    kind = forms.ChoiceField(label="类别", choices=RecordKind.choices, widget=forms.HiddenInput)
    held_on = forms.DateField(label="日期", widget=forms.DateInput)
    topic = forms.CharField(label="主题", max_length=200)
    summary = forms.CharField(
        label="简要情况",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attachments = SeveralFilesField(
        label="照片、附件",
        required=False,
        widget=SeveralFilesInput(attrs={"accept": ACCEPT}),
        help_text=f"可不传。最多 {MOST_FILES} 个：照片、PDF、OFD、Word、Excel、WPS。",
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        organization: "Organization",
        on: date,
        record: Record | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organization, self.on, self.record = organization, on, record
        self.attached: Sequence[Attachment] = list(record.attachments.all()) if record else []
        self.counters_asked = COUNTERS.get(kind, ())
        if kind == RecordKind.PARTY_LESSON:
            self.fields["topic"].label = "题目"
        self.fields.update(_heads(kind) | _more_on_a_meeting(kind))
        for counter in self.counters_asked:
            self.fields[_COUNTER + counter.key] = _whole_number(counter.label)
        for each in self.attached:
            label = f"去掉 {each.name}"
            self.fields[f"{_REMOVE}{each.pk}"] = forms.BooleanField(label=label, required=False)
        self._identify()

    def _identify(self) -> None:
        """Add what tells this form from any other."""
        if self.record is None:
            self.fields["token"] = forms.CharField(
                widget=forms.HiddenInput,
                min_length=20,
                max_length=40,
                error_messages=dict.fromkeys(["required", "min_length", "max_length"], STALE_PAGE),
            )
        else:
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput,
                error_messages=dict.fromkeys(["required", "invalid"], STALE_PAGE),
            )

    def clean_held_on(self) -> date:
        """Refuse a day that hasn't come, or on which the organisation didn't exist."""
        day: date = self.cleaned_data["held_on"]
        try:
            check_day(day, organization=self.organization, on=self.on)
        except DomainError as error:
            raise ValidationError(error.message) from error
        return day

    def clean(self) -> dict[str, Any]:
        """Ask about more people present than there are."""
        data: dict[str, Any] = super().clean() or {}
        entitled, present = data.get("entitled"), data.get("present")
        if entitled is not None and present is not None and present > entitled:
            self.add_error("present", f"应到 {entitled} 人、实到 {present} 人，请核")
        return data

    def content(self) -> Content:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return Content(
            kind=data["kind"],
            held_on=data["held_on"],
            topic=data["topic"],
            place=data.get("place", ""),
            speaker=data.get("speaker", ""),
            summary=data["summary"],
            entitled=data.get("entitled"),
            present=data.get("present"),
            counters={each.key: data[_COUNTER + each.key] for each in self.counters_asked},
        )

    def uploads(self) -> list[Upload]:
        """Return the files chosen."""
        chosen: list[Upload] = self.cleaned_data["attachments"]
        return chosen

    def removed(self) -> "list[Attachment]":
        """Return the files of the record that were ticked to go."""
        return [each for each in self.attached if self.cleaned_data.get(f"{_REMOVE}{each.pk}")]

    def remove_boxes(self) -> "Iterable[tuple[Attachment, forms.BoundField]]":
        """Return each file of the record with the box that takes it away."""
        return [(each, self[f"{_REMOVE}{each.pk}"]) for each in self.attached]

    @property
    def more_label(self) -> str:
        """What is folded away, in words."""
        names = [str(self.fields[name].label) for name in _FOLDED if name in self.fields]
        return "、".join([*names, "照片和附件"])

    @property
    def files_lost(self) -> bool:
        """Whether files were chosen that a form shown again can't hold."""
        return bool(self.files)

    @property
    def more_is_filled(self) -> bool:
        """Whether something stands in what is folded away, or is wrong with it."""
        names = [name for name in (*_FOLDED, "attachments") if name in self.fields]
        bad = any(name in self.errors for name in names)
        return (
            bad
            or self.files_lost
            or bool(self.attached)
            or any(self[name].value() for name in names)
        )

    def counters(self) -> list[dict[str, Any]]:
        """Return the kind's counters as the page shows them: bound field and unit."""
        asked = self.counters_asked
        return [{"field": self[_COUNTER + each.key], "unit": each.unit} for each in asked]


class RecordForm(PortalForm, RecordFields):
    """A record on a page of the portal."""


class WithdrawForm(PortalForm, forms.Form):
    """Why a record is taken back."""

    reason = forms.CharField(
        label="撤回原因",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：重复填报、日期填错需要重填。",
    )


def typed(content: Content) -> dict[str, Any]:
    """Return ``content`` as the form's initial values."""
    counters = {_COUNTER + key: value for key, value in content.counters.items()}
    return {**content.fields(), **counters}
