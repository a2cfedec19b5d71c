"""Forms of the portal: classes, keyboards and messages that every page shares.

``PortalForm`` stands before ``forms.Form`` or ``forms.ModelForm`` among the bases. It changes only
what a field has not set by itself: widgets get their CSS class, numbers the numeric keyboard, dates
the browser's calendar, and errors say where, what was found and what to do (interface.md). It
validates nothing but the years of days, as the forms of the admin do.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# Schools may be old and plans far ahead; further out a year is mistyped, and sums of days overflow.
FIRST_YEAR, LAST_YEAR = 1800, 2100
# Typed text quoted in a message is cut here; a pasted novel must not fill the page.
QUOTED_CHARACTERS = 20

_FOUND = "，写的是“%(found)s”"
_DJANGO_ROWS = "10"
_BOXES = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)
_FRACTIONS = (forms.DecimalField, forms.FloatField)
_EXPECTED: dict[type[forms.Field], str] = {
    forms.DateTimeField: "应是 2026-03-25 14:30 这样的日期和时间",
    forms.DateField: "应是 2026-03-25 这样的日期",
    forms.TimeField: "应是 14:30 这样的时间",
    forms.EmailField: "应是 name@example.cn 这样的邮箱",
    forms.DecimalField: "应填数字",
    forms.FloatField: "应填数字",
}
_AUTOCOMPLETE = {
    "username": "username",
    "password": "current-password",
    "old_password": "current-password",
    "new_password": "new-password",
    "new_password1": "new-password",
    "new_password2": "new-password",
}


class LongText(forms.Textarea):
    """A text area that counts as a reader does: a line end is one character, nothing is cut.

    Browsers send two characters for a line end, and ``maxlength`` silently drops what is pasted
    beyond it; ``PortalForm`` moves that limit to ``data-limit``, where a script counts aloud.
    """

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the text with ``\\n`` for every line end."""
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class PortalForm(forms.BaseForm):
    """Mixin that dresses the fields and words the errors; see the module."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress(self.fields)

    def dress(self, names: Iterable[str]) -> None:
        """Dress the fields ``names``, once each; those that come later need it too."""
        fields = {name: self.fields[name] for name in names}
        limit_days(fields.values())
        for name, field in fields.items():
            label = str(field.label or self[name].label)
            _dress(field, name=name)
            _word(field, label=label)

    def add_error(self, field: str | None, error: Any) -> None:
        """Record ``error``; a message with ``%(found)s`` quotes what was typed in its field."""
        if isinstance(error, ValidationError):
            for name, errors in _by_field(field, error).items():
                self._quote(name, errors)
        super().add_error(field, error)

    def _quote(self, name: str, errors: list[ValidationError]) -> None:
        raw = self[name].data if name in self.fields else None
        for error in errors:
            if "%(found)s" in str(error.message):
                params = dict(error.params or {})
                found = raw if isinstance(raw, str) else params.get("value", raw)
                error.params = {**params, "found": quoted(found)}


def check_day(day: date) -> None:
    """Refuse a day whose year can only be mistyped."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            f"年份写的是 {day.year}，应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间，请核对后重新填写。"
        )


def limit_days(fields: Iterable[forms.Field]) -> None:
    """Let the fields for days refuse such years."""
    for field in fields:
        if isinstance(field, forms.DateField) and check_day not in field.validators:
            field.validators.append(check_day)


def _by_field(field: str | None, error: ValidationError) -> dict[str, list[ValidationError]]:
    """Return the single errors by field name, however they were raised."""
    if hasattr(error, "error_dict"):
        return error.error_dict
    return {} if field is None else {field: error.error_list}


def quoted(value: object) -> str:
    """Return ``value`` as typed, on one line, cut after 20 characters."""
    parts = value if isinstance(value, list | tuple) else [value]
    text = " ".join(" ".join(str(part) for part in parts if part is not None).split())
    return text if len(text) <= QUOTED_CHARACTERS else f"{text[:QUOTED_CHARACTERS]}…"


def _dress(field: forms.Field, *, name: str) -> None:
    """Set widget class, keyboard and autocomplete."""
    if type(field.widget) is forms.Textarea:
        field.widget = LongText(attrs=field.widget.attrs)
        field.widget.is_required = field.required
        if field.widget.attrs["rows"] == _DJANGO_ROWS:
            field.widget.attrs["rows"] = "4"
    if isinstance(field.widget, LongText) and "maxlength" in field.widget.attrs:
        field.widget.attrs["data-limit"] = field.widget.attrs.pop("maxlength")
    widget = field.widget
    if isinstance(field, forms.IntegerField) and isinstance(widget, forms.NumberInput):
        _as_digits(widget, mode="decimal" if isinstance(field, _FRACTIONS) else "numeric")
    if isinstance(widget, forms.DateInput):
        # The browser's calendar takes and gives only this form of a date.
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"
    if not (widget.is_hidden or isinstance(widget, _BOXES)):
        widget.attrs["class"] = f"{widget.attrs.get('class', '')} control".strip()
    if isinstance(widget, forms.TextInput | forms.PasswordInput):
        widget.attrs.setdefault("autocomplete", _AUTOCOMPLETE.get(name, "off"))


def _as_digits(widget: forms.NumberInput, *, mode: str) -> None:
    """Turn a number box into a text box with a number keyboard.

    A number box hands over nothing at all when something else was typed, so nobody could say what
    was wrong with it; it also changes its value when the page is scrolled.
    """
    widget.input_type = "text"
    widget.attrs.setdefault("inputmode", mode)
    for attribute in ("min", "max", "step"):
        widget.attrs.pop(attribute, None)


def _word(field: forms.Field, *, label: str) -> None:
    """Replace Django's own messages; those that the form's author gave stay."""
    standard: dict[str, Any] = {}
    for cls in reversed(type(field).__mro__):
        standard.update(getattr(cls, "default_error_messages", {}))
    for code, message in _messages(field, label=label).items():
        if field.error_messages.get(code) is standard.get(code):
            field.error_messages[code] = message


def _messages(field: forms.Field, *, label: str) -> dict[str, str]:
    """Return the messages for ``field`` by error code.

    A percent sign in a label is doubled where Django fills the message in. ``invalid`` is worded
    only for the types that ``_expected`` knows: elsewhere it would hide what a validator says.
    """
    shown = label.replace("%", "%%")
    messages = {
        "required": f"「{label}」{_missing(field)}",
        "max_length": f"「{shown}」最多 %(limit_value)d 字，写了 %(show_value)d 字，请删减",
        "min_length": f"「{shown}」至少 %(limit_value)d 字，只写了 %(show_value)d 字",
        "null_characters_not_allowed": f"「{label}」里有看不见的字符，请重新输入",
    }
    expected = _expected(field)
    if expected:
        messages["invalid"] = f"「{shown}」{expected}{_FOUND}"
    if isinstance(field, forms.IntegerField):
        messages |= dict.fromkeys(["min_value", "max_value"], f"「{shown}」{expected}{_FOUND}")
    if isinstance(field, _FRACTIONS):
        messages |= _decimal_messages(shown)
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        messages |= _choice_messages(label, shown)
    if isinstance(field, forms.FileField):
        messages |= _file_messages(label, shown)
    return messages


def _missing(field: forms.Field) -> str:
    if isinstance(field, forms.FileField):
        return "还没有选文件"
    if isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField):
        return "还没有勾选"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return "还没有选"
    return "还没有填"


def _expected(field: forms.Field) -> str:
    """Return what should stand in ``field``, as half a sentence; nothing for free text."""
    for cls, words in _EXPECTED.items():
        if isinstance(field, cls):
            return words
    return f"应填{_bounds(field)}整数" if isinstance(field, forms.IntegerField) else ""


def _bounds(field: forms.IntegerField) -> str:
    low, high = _bound(field.min_value), _bound(field.max_value)
    if low is not None and high is not None:
        return f" {low}–{high} 的"
    if low is not None:
        return f"不小于 {low} 的"
    return f"不大于 {high} 的" if high is not None else ""


def _bound(value: Any) -> Any:
    return value() if callable(value) else value


def _decimal_messages(shown: str) -> dict[str, str]:
    return {
        "min_value": f"「{shown}」不能小于 %(limit_value)s{_FOUND}",
        "max_value": f"「{shown}」不能大于 %(limit_value)s{_FOUND}",
        "max_digits": f"「{shown}」最多 %(max)s 位数字{_FOUND}",
        "max_decimal_places": f"「{shown}」最多 %(max)s 位小数{_FOUND}",
        "max_whole_digits": f"「{shown}」小数点前最多 %(max)s 位{_FOUND}",
    }


def _choice_messages(label: str, shown: str) -> dict[str, str]:
    gone = f"「{shown}」里没有“%(found)s”这一项，请重新选择"
    return {
        "invalid_choice": gone,
        "invalid_list": f"「{label}」没有收到完整的选项，请重新选择",
        "invalid_pk_value": gone,
        "list": f"「{label}」没有收到完整的选项，请重新选择",
    }


def _file_messages(label: str, shown: str) -> dict[str, str]:
    return {
        "invalid": f"「{label}」没有收到文件，请重新选择",
        "missing": f"「{label}」没有收到文件，请重新选择",
        "empty": f"「{label}」选的是空文件（0 字节），请换一个",
        "max_length": f"「{shown}」的文件名最多 %(max)d 字，现在有 %(length)d 字，请改短",
        "invalid_image": f"「{label}」选的不是图片，或图片已损坏",
        "contradiction": f"「{label}」既选了文件又勾了清除，请只做一样",
    }
