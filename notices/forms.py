"""The form behind a notice: its text, as it will be printed."""

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from unfold.widgets import UnfoldAdminTextareaWidget

from notices.documents.forms import FORMS
from notices.models import Notice

FORM_HINT = format_html_join(
    mark_safe("<br>"), "{}：{}。", ((form.label, form.hint) for form in FORMS)
)
HINT = (
    "直接粘贴全文：发文机关标志、发文字号、标题、主送机关、正文、署名、日期、附件、版记，各占一行；"
    "表格的各列用制表符分开（从 Word、WPS 表格里复制即可）。"
)


class NoticeForm(forms.ModelForm[Notice]):
    """Title and number are read out of the text, nobody types them twice."""

    version = forms.IntegerField(label="版本", widget=forms.HiddenInput, required=False)
    source = forms.CharField(
        label="公文全文",
        strip=False,
        help_text=HINT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 28}),
        error_messages={"required": "请把公文的文字粘贴进来。"},
    )

    class Meta:
        model = Notice
        fields = ("form", "source", "version")
        help_texts = {"form": FORM_HINT}
