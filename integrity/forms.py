"""What is typed into a self-check, a checklist, an assignment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from attachments.checks import ACCEPT
from attachments.forms import SeveralFilesField, SeveralFilesInput
from calendar_events.forms.asking import AudienceFields
from calendar_events.forms.fields import take_fields
from common.forms import LongText, PortalForm
from common.grids import MAX_BYTES
from integrity.choices import VETO_LABELS, WITH_REASON, Subject, Verdict
from integrity.models import Evidence, Item
from integrity.queries import Line
from integrity.services import Given
from integrity.services.answering import LONGEST_REASON
from integrity.services.assigning import LONGEST_NOTE
from integrity.services.checklists import LONGEST_BASIS, LONGEST_NAME
from integrity.services.rectifying import LONGEST_DEMAND, LONGEST_OWNER, LONGEST_PROOF

# A whole checklist as text: 200 items with all their words.
LONGEST_SOURCE = 60_000
# What an empty box comes to: zero points are something.
_NOTHING: tuple[Any, ...] = (None, "", [], ())


@dataclass(frozen=True)
class ItemRow:
    """The boxes of one item as the page shows them; those that it doesn't have are None."""

    line: Line
    verdict: forms.BoundField
    reason: forms.BoundField | None = None
    points: forms.BoundField | None = None
    rows: forms.BoundField | None = None
    files: forms.BoundField | None = None
    removed: forms.BoundField | None = None

    @property
    def errors(self) -> list[str]:
        """What is wrong with it."""
        boxes = (self.verdict, self.reason, self.points, self.rows, self.files, self.removed)
        return [str(error) for box in boxes if box is not None for error in box.errors]

    @property
    def attached(self) -> list[Evidence]:
        """The files that prove it."""
        return [each for each in self.line.evidence if each.attachment_id is not None]

    @property
    def chosen(self) -> int:
        """How many pieces of evidence there are."""
        return len(self.line.evidence)


class SectionForm(PortalForm, forms.Form):
    """The items of one section; one without a verdict is left for later.

    ``seen`` marks what stood on the page (``services.fingerprint``).
    """

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        self.lines = lines
        boxes: dict[str, forms.Field] = {}
        for line in lines:
            boxes |= _boxes(line)
        take_fields(self, boxes)
        initial = {**_initial(lines), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)

    def rows(self) -> Iterator[ItemRow]:
        """Yield the items for the page."""
        for line in self.lines:
            pk = line.item.pk
            names = ("verdict", "reason", "points", "rows", "files", "removed")
            found = {name: f"{name}_{pk}" for name in names}
            yield ItemRow(
                line, **{name: self[box] for name, box in found.items() if box in self.fields}
            )

    def clean(self) -> dict[str, Any]:
        """Ask for a sentence where the verdict needs one, for a verdict where anything is said."""
        data: dict[str, Any] = super().clean() or {}
        for line in self.lines:
            self._check_verdict(line, data)
            name = f"reason_{line.item.pk}"
            verdict = data.get(f"verdict_{line.item.pk}")
            if (
                verdict in WITH_REASON
                and not line.bars
                and not data.get(name)
                and (name not in self.errors)
            ):
                label = Verdict(verdict).label
                told = f"第 {line.number} 项选了“{label}”，请写一句说明"
                self.add_error(name, ValidationError(told))
        return data

    def _check_verdict(self, line: Line, data: dict[str, Any]) -> None:
        """Refuse what would be thrown away: an item without a verdict isn't saved."""
        pk, verdict = line.item.pk, f"verdict_{line.item.pk}"
        said = [data.get(f"{name}_{pk}") for name in ("reason", "points", "rows", "files")]
        if verdict in self.errors or data.get(verdict) or all(value in _NOTHING for value in said):
            return
        told = f"第 {line.number} 项传了佐证或写了说明、自评分，请选择结论"
        self.add_error(verdict, ValidationError(told))

    def given(self) -> dict[int, Given]:
        """Return what was answered, by item."""
        data = self.cleaned_data
        return {
            line.item.pk: Given(
                verdict=data[f"verdict_{line.item.pk}"],
                reason=data.get(f"reason_{line.item.pk}", ""),
                points=data.get(f"points_{line.item.pk}"),
                chosen=[_row(value) for value in data.get(f"rows_{line.item.pk}", ())],
                uploads=data.get(f"files_{line.item.pk}") or (),
                removed=[int(value) for value in data.get(f"removed_{line.item.pk}", ())],
            )
            for line in self.lines
            if data.get(f"verdict_{line.item.pk}")
        }


def _boxes(line: Line) -> dict[str, forms.Field]:
    pk, number = line.item.pk, line.number
    offered = VETO_LABELS.items() if line.bars else Verdict.choices
    verdict = forms.ChoiceField(
        label=f"第 {number} 项的结论",
        choices=[(str(value), str(label)) for value, label in offered],
        widget=forms.RadioSelect,
        required=False,
    )
    if line.bars:
        return {f"verdict_{pk}": verdict}
    boxes: dict[str, forms.Field] = {
        f"verdict_{pk}": verdict,
        f"reason_{pk}": forms.CharField(
            label=f"第 {number} 项的说明",
            max_length=LONGEST_REASON,
            required=False,
            widget=LongText(attrs={"rows": 2}),
        ),
        f"files_{pk}": SeveralFilesField(
            label="照片、文件",
            required=False,
            widget=SeveralFilesInput(attrs={"accept": ACCEPT}),
        ),
    }
    if line.item.points is not None:
        boxes[f"points_{pk}"] = forms.DecimalField(
            label=f"第 {number} 项的自评分",
            min_value=Decimal(0),
            max_value=line.item.points,
            decimal_places=1,
            required=False,
        )
    return boxes | _evidence_boxes(line)


def _evidence_boxes(line: Line) -> dict[str, forms.Field]:
    pk = line.item.pk
    boxes: dict[str, forms.Field] = {}
    if line.offered:
        boxes[f"rows_{pk}"] = _ticks(
            "系统里已有的", [(each.value, each.label) for each in line.offered]
        )
    files = [each for each in line.evidence if each.attachment_id is not None]
    if files:
        boxes[f"removed_{pk}"] = _ticks("去掉", [(str(each.pk), each.label) for each in files])
    return boxes


def _ticks(label: str, choices: Sequence[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def _initial(lines: Sequence[Line]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for line in lines:
        if line.answer:
            pk = line.item.pk
            values[f"verdict_{pk}"] = line.answer.verdict
            values[f"reason_{pk}"] = line.answer.reason
            values[f"points_{pk}"] = line.answer.points
            values[f"rows_{pk}"] = [
                f"{each.source}#{each.ref}" for each in line.evidence if each.ref is not None
            ]
    return values


def _row(value: str) -> tuple[str, int]:
    """Split what a box for a row sends; the field has checked that it was offered."""
    source, _, number = value.rpartition("#")
    return source, int(number)


class WordingForm(PortalForm, forms.Form):
    """A checklist as text, or a spreadsheet of it."""

    title = forms.CharField(label="清单名称", max_length=60)
    subject = forms.ChoiceField(label="由谁填报", choices=Subject.choices, widget=forms.RadioSelect)
    name = forms.CharField(label="版本", max_length=LONGEST_NAME, help_text="如 2026年版")
    basis = forms.CharField(
        label="依据文件",
        max_length=LONGEST_BASIS,
        required=False,
        help_text="如 澄教委〔2026〕3号",
    )
    file = forms.FileField(
        label="从表格读入",
        required=False,
        help_text="可不选。.xlsx 或 .csv，要有“部分”“项目”两列；读出的内容放进下面的框里。",
    )
    source = forms.CharField(
        label="内容",
        required=False,
        max_length=LONGEST_SOURCE,
        widget=LongText(attrs={"rows": 24}),
        help_text="一行一个：“一、部分”“1. 项目”，项目下面可写“说明：”“佐证：”"
        "“引用：”“分值：”“适用：”。标题带“否决”的部分只答有没有。",
    )

    def clean_file(self) -> Any:
        """Refuse what no checklist comes to; the content is looked at when it is read."""
        upload = self.cleaned_data["file"]
        if upload and upload.size > MAX_BYTES:
            raise ValidationError(f"文件超过 {MAX_BYTES // 2**20} MB，清单不会这么大，请核对。")
        return upload


class AssignForm(AudienceFields):
    """For whom, which year, until when."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    due_on = forms.DateField(label="截止日期")
    note = forms.CharField(
        label="要求",
        max_length=LONGEST_NOTE,
        required=False,
        widget=LongText(attrs={"rows": 3}),
        help_text="写给学校看，可不填。",
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, on=on, **kwargs)
        self.initial.setdefault("year", on.year)


class DueDateForm(PortalForm, forms.Form):
    """Another due date."""

    due_on = forms.DateField(label="截止日期")
    reason = forms.CharField(label="调整的原因", max_length=200, help_text="会写进给学校的提醒。")


class ReasonForm(PortalForm, forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label="原因", max_length=200, help_text="学校会看到。")


class RemarkForm(PortalForm, forms.Form):
    """The bureau's remarks on the answers of a self-check, one box an item; what to mend."""

    version = forms.IntegerField(
        label="版本", widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1
    )
    comment = forms.CharField(
        label="退回时写明要改什么",
        required=False,
        max_length=300,
        widget=LongText(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        self.lines = [line for line in lines if line.answer and not line.bars]
        boxes = {
            f"remark_{line.item.pk}": forms.CharField(
                label=f"“{line.item.text[:20]}”的意见",
                max_length=200,
                required=False,
                initial=line.answer.remark if line.answer else "",
            )
            for line in self.lines
        }
        take_fields(self, boxes)
        super().__init__(*args, **kwargs)

    def remarks(self) -> dict[int, str]:
        """Return the remarks by item."""
        return {line.item.pk: self.cleaned_data[f"remark_{line.item.pk}"] for line in self.lines}

    def box(self, line: Line) -> forms.BoundField | None:
        """Return the box of an item; None where there is nothing to remark on."""
        name = f"remark_{line.item.pk}"
        return self[name] if name in self.fields else None


class MendedForm(PortalForm, forms.Form):
    """Who mended it, how, and what proves it."""

    owner = forms.CharField(
        label="责任人", max_length=LONGEST_OWNER, help_text="谁负责整改，写姓名和职务。"
    )
    text = forms.CharField(
        label="整改情况",
        max_length=LONGEST_PROOF,
        widget=LongText(attrs={"rows": 4}),
        help_text="做了什么、什么时候做的。",
    )
    proofs = SeveralFilesField(
        label="照片、文件",
        required=False,
        widget=SeveralFilesInput(attrs={"accept": ACCEPT}),
        help_text="可不传。",
    )


class JudgeForm(PortalForm, forms.Form):
    """The bureau's word on something that was mended."""

    text = forms.CharField(label="复核意见", max_length=200, required=False, help_text="可不填。")


class ReopenForm(PortalForm, forms.Form):
    """What is still missing, and until when."""

    reason = forms.CharField(label="还差什么", max_length=200, help_text="会写进给学校的提醒。")
    due_on = forms.DateField(label="新的期限")


class RectifyForm(PortalForm, forms.Form):
    """What is to be mended, item by item, and until when."""

    due_on = forms.DateField(label="整改期限")

    def __init__(self, *args: Any, items: Sequence[Item], on: date, **kwargs: Any) -> None:
        self.items = items
        boxes: dict[str, forms.Field] = {}
        for item in items:
            boxes[f"mend_{item.pk}"] = forms.BooleanField(
                label=item.text[:40], required=False, initial=True
            )
            boxes[f"demand_{item.pk}"] = forms.CharField(
                label=f"“{item.text[:20]}”的整改要求",
                max_length=LONGEST_DEMAND,
                required=False,
                initial=f"落实到位，补齐{item.wanted}"[:LONGEST_DEMAND]
                if item.wanted
                else "落实到位",
            )
        take_fields(self, boxes)
        super().__init__(*args, initial={"due_on": on + timedelta(days=30)}, **kwargs)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the items with their boxes for the page."""
        for item in self.items:
            names = {"tick": f"mend_{item.pk}", "demand": f"demand_{item.pk}"}
            yield {"item": item, **{key: self[name] for key, name in names.items()}}

    def demands(self) -> dict[int, str]:
        """Return what is asked of each item that is ticked."""
        data = self.cleaned_data
        ticked = [item.pk for item in self.items if data[f"mend_{item.pk}"]]
        return {pk: data[f"demand_{pk}"] for pk in ticked}
