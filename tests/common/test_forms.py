"""The shared form behaviour: keyboards, classes and messages that say what was found."""

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from common.forms import LongText, PortalForm, quoted


class MeetingForm(PortalForm, forms.Form):
    held_on = forms.DateField(label="日期", required=False)
    entitled = forms.IntegerField(label="应到人数", min_value=0, max_value=9999)
    rate = forms.DecimalField(label="完成率（%）", max_value=100, required=False)
    kind = forms.ChoiceField(label="类别", choices=[("lesson", "党课")], required=False)
    summary = forms.CharField(label="内容", max_length=10, widget=forms.Textarea, required=False)
    code = forms.CharField(
        label="代码", required=False, validators=[RegexValidator(r"^\d+$", "代码只用数字")]
    )
    phone = forms.IntegerField(
        label="电话", required=False, error_messages={"invalid": "电话只写数字"}
    )

    def clean_code(self) -> str:
        if self.cleaned_data["code"] == "13":
            raise ValidationError("13 号已用过", code="invalid")
        return self.cleaned_data["code"]


def errors_of(name: str, **data: str) -> list[str]:
    form = MeetingForm({"entitled": "18", **data})
    return list(form.errors.get(name, []))


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("entitled", "", "「应到人数」还没有填"),
        ("entitled", "abc", "「应到人数」应填 0–9999 的整数，写的是“abc”"),
        ("entitled", "-1", "「应到人数」应填 0–9999 的整数，写的是“-1”"),
        ("entitled", "12000", "「应到人数」应填 0–9999 的整数，写的是“12000”"),
        ("held_on", "2025.13", "「日期」应是 2026-03-25 这样的日期，写的是“2025.13”"),
        ("rate", "很高", "「完成率（%）」应填数字，写的是“很高”"),
        ("rate", "101", "「完成率（%）」不能大于 100，写的是“101”"),
        ("kind", "foreign", "「类别」里没有“foreign”这一项，请重新选择"),
        ("summary", "一二三四五六七八九十余", "「内容」最多 10 字，写了 11 字，请删减"),
    ],
)
def test_a_message_says_where_what_was_found_and_what_to_do(name, typed, message):
    assert errors_of(name, **{name: typed}) == [message]


def test_messages_given_by_the_author_of_a_form_stay():
    assert errors_of("phone", phone="x") == ["电话只写数字"]
    assert errors_of("code", code="x") == ["代码只用数字"]
    assert errors_of("code", code="13") == ["13 号已用过"]


def test_a_whole_forms_complaint_and_a_dictionary_of_complaints_pass():
    form = MeetingForm({"entitled": "18"})
    assert form.is_valid()
    form.add_error(None, "实到不能多于应到")
    form.add_error(None, ValidationError({"rate": ValidationError("写的是“%(found)s”")}))
    assert form.errors == {"__all__": ["实到不能多于应到"], "rate": ["写的是“”"]}


def test_numbers_are_text_boxes_with_a_number_keyboard():
    html = str(MeetingForm({"entitled": "abc"})["entitled"])
    assert 'type="text"' in html
    assert 'inputmode="numeric"' in html
    assert 'value="abc"' in html
    assert "max=" not in html
    assert 'inputmode="decimal"' in str(MeetingForm()["rate"])


def test_a_date_is_given_to_the_browser_in_the_form_it_reads():
    html = str(MeetingForm(initial={"held_on": dt.date(2026, 3, 5)})["held_on"])
    assert 'type="date"' in html
    assert 'value="2026-03-05"' in html


def test_long_texts_are_never_cut_and_a_line_end_counts_once():
    form = MeetingForm({"entitled": "1", "summary": "一\r\n二\r\n三"})
    assert form.is_valid()
    assert form.cleaned_data["summary"] == "一\n二\n三"
    html = str(form["summary"])
    assert 'data-limit="10"' in html
    assert "maxlength" not in html
    assert isinstance(form.fields["summary"].widget, LongText)


def test_every_typed_control_has_the_class_that_the_style_sheet_knows():
    form = MeetingForm()
    classes = {name: field.widget.attrs.get("class") for name, field in form.fields.items()}
    assert classes == dict.fromkeys(form.fields, "control")


def test_password_managers_are_told_what_a_field_is():
    class LoginForm(PortalForm, forms.Form):
        username = forms.CharField()
        password = forms.CharField(widget=forms.PasswordInput)
        place = forms.CharField()

    form = LoginForm()
    told = {name: field.widget.attrs["autocomplete"] for name, field in form.fields.items()}
    assert told == {"username": "username", "password": "current-password", "place": "off"}


def test_an_empty_choice_of_a_file_says_so():
    class FileForm(PortalForm, forms.Form):
        proof = forms.FileField(label="附件")

    assert FileForm({}, {}).errors == {"proof": ["「附件」还没有选文件"]}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (None, ""),
        ("  一\n 二 ", "一 二"),
        (["a", "b"], "a b"),
        ("字" * 21, "字" * 20 + "…"),
    ],
)
def test_what_was_typed_is_quoted_on_one_short_line(typed, shown):
    assert quoted(typed) == shown


class Filled(PortalForm, forms.Form):
    day = forms.DateField(label="截止日期")


@pytest.mark.parametrize("day", ["0001-01-01", "1799-12-31", "2101-01-01", "9999-12-31"])
def test_a_year_that_can_only_be_mistyped_is_refused(day):
    form = Filled({"day": day})
    message = f"年份写的是 {int(day[:4])}，应在 1800 到 2100 之间，请核对后重新填写。"
    assert dict(form.errors) == {"day": [message]}


def test_old_schools_and_long_plans_have_their_days():
    assert [Filled({"day": day}).is_valid() for day in ("1800-01-01", "2100-12-31")] == [True] * 2
