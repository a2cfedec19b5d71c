"""Forms of the import: the source, and the word that it was looked at."""

from typing import Any

from django import forms

from calendar_events.forms.fields import take_fields
from common.forms import PortalForm

MOST_BYTES = 5 * 1024 * 1024
MOST_CHARACTERS = 200_000


class ImportForm(PortalForm, forms.Form):
    """Pasted text, or a file; one of them."""

    text = forms.CharField(
        label="粘贴文字",
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": "14"}),
        help_text="可以整份通知一起粘贴，会自动找出其中的行事历；从 Word 或 Excel 表格里复制也行。",
    )
    file = forms.FileField(
        label="或选择文件", required=False, help_text=".txt、.docx 或 .xlsx，5 MB 以内。"
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large to be a calendar."""
        upload = self.cleaned_data["file"]
        if upload and upload.size > MOST_BYTES:
            megabytes = upload.size / 1024 / 1024
            raise forms.ValidationError(f"文件有 {megabytes:.1f} MB，行事历不应超过 5 MB，请检查。")
        return upload

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        text, file = data.get("text", "").strip(), data.get("file")
        if not self.errors and bool(text) == bool(file):
            raise forms.ValidationError(
                "请粘贴文字，或选择文件。" if not text else "文字和文件只能选一样，请清空一个。"
            )
        return data


class TakeInForm(PortalForm, forms.Form):
    """The officer has looked: at the problems, at what changes for schools."""

    def __init__(self, *args: Any, problems: bool, replace: bool, **kwargs: Any) -> None:
        boxes: dict[str, forms.Field] = {}
        if problems:
            boxes["looked"] = forms.BooleanField(label="我已逐条核对上面的问题，按读出的内容导入")
        if replace:
            boxes["replaced"] = forms.BooleanField(
                label="行事历已经发布，我确认按文件替换：去掉的事项会取消并通知学校"
            )
        take_fields(self, boxes)
        super().__init__(*args, **kwargs)
