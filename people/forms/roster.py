"""What the pages of the roster ask; the forms of the portal and of the admin's steps alike.

A form is given what it is about, and says what is wrong in the words of the service: facts of the
person, the next steps that there are, the ways in which a standing may end.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from common import cells
from common.cells import CellError
from common.days import chinese_date
from common.errors import DomainError
from common.forms import PortalForm
from people.choices import ENDINGS, NEXT_STEPS, EndReason, Sex, StandingKind
from people.facts import FactError, Facts, checked_facts, facts_of
from people.models import Person, Standing

_MONTH = cells.partial_date()
_DAY_HINT = "从这一天起算；填到日，如 2026-03-25"


class FactsForm(forms.Form):
    """Name, sex, birth and numbers; ``facts`` once it is valid."""

    name = forms.CharField(label="姓名", max_length=50)
    id_number = forms.CharField(
        label="身份证号",
        required=False,
        max_length=30,
        help_text="填了就不用填性别和出生年月。加密存放，页面上只显示头尾",
    )
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "未填"), *Sex.choices])
    born_on = forms.CharField(
        label="出生年月", required=False, max_length=20, help_text="如 1985.07"
    )
    mobile = forms.CharField(label="手机号", required=False, max_length=30)

    facts: Facts

    def clean_born_on(self) -> date | None:
        """Read a month or a day, as lists do."""
        text = self.cleaned_data["born_on"].strip()
        if not text:
            return None
        try:
            return _MONTH(text).first
        except CellError as error:
            raise ValidationError(error.remedy) from error

    def clean(self) -> dict[str, Any]:
        """Check what the fields say together."""
        values = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.facts = checked_facts(**self.said(values), on=timezone.localdate())
            except FactError as error:
                self.add_error(error.key, error.message)
        return values

    def said(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return what is to be checked."""
        return {key: values[key] for key in ("name", "sex", "born_on", "id_number", "mobile")}

    def refuse(self, error: DomainError) -> None:
        """Show what the service refused at the field at fault, if it is one of the form's."""
        key = getattr(error, "key", None)
        self.add_error(key if key in self.fields else None, error.message)


class RegisterForm(PortalForm, FactsForm):
    """Somebody who comes onto the roster."""

    kind = forms.ChoiceField(label="人员类别", choices=StandingKind.choices)
    since = forms.DateField(label="从哪天起", help_text=_DAY_HINT)

    field_order = ("name", "kind", "since", "id_number", "sex", "born_on", "mobile")


class CorrectForm(PortalForm, FactsForm):
    """What is known of somebody; numbers are typed anew, never shown in full."""

    def __init__(self, data: Any = None, *, person: Person) -> None:
        self.person = person
        initial = {"name": person.name, "sex": person.sex, "born_on": person.born_label}
        super().__init__(data, initial=initial)
        for key, masked in (
            ("id_number", person.masked_id_number),
            ("mobile", person.masked_mobile),
        ):
            known = masked or "未登记"
            self.fields[key].label = f"新{self.fields[key].label}"
            self.fields[key].help_text = f"现在：{known}。不更换就不填"

    def said(self, values: dict[str, Any]) -> dict[str, Any]:
        """Keep the numbers that weren't typed, and the day of a month that wasn't changed."""
        typed, known = super().said(values), facts_of(self.person)
        born = typed["born_on"]
        if born and known.born_on and (born.year, born.month, born.day) == (
            known.born_on.year, known.born_on.month, 1
        ):  # fmt: skip
            typed["born_on"] = known.born_on
        if typed["id_number"]:
            # What followed from the old number is not what contradicts the new one.
            typed |= {key: None if key == "born_on" else "" for key in ("sex", "born_on")
                      if key not in self.changed_data}  # fmt: skip
        return {
            **typed,
            "id_number": typed["id_number"] or known.id_number,
            "mobile": typed["mobile"] or known.mobile,
        }


class ChangeForm(PortalForm, forms.Form):
    """The next step of a standing; ``changes`` says what it does once the form is valid."""

    kind = forms.ChoiceField(label="变为", widget=forms.RadioSelect)
    on = forms.DateField(label="从哪天起", help_text=_DAY_HINT)

    def __init__(self, data: Any = None, *, standing: Standing) -> None:
        self.standing = standing
        super().__init__(data)
        self.fields["kind"].choices = step_choices(standing)  # type: ignore[attr-defined]  # a ChoiceField

    def changes(self) -> list[str]:
        """Say what ends and what begins."""
        return step_sentences(self.standing, **self.cleaned_data)


class EndForm(PortalForm, forms.Form):
    """How a standing ended, in one of fixed words; ``changes`` says what that does."""

    reason = forms.ChoiceField(label="变动", widget=forms.RadioSelect)
    on = forms.DateField(label="从哪天起不再计入", help_text="“登记有误”的从一开始就不计入")

    def __init__(self, data: Any = None, *, standing: Standing) -> None:
        self.standing = standing
        super().__init__(data)
        self.fields["reason"].choices = ending_choices(standing)  # type: ignore[attr-defined]  # a ChoiceField

    def changes(self) -> list[str]:
        """Say from when on they are not counted."""
        return ending_sentences(self.standing, **self.cleaned_data)


class StartRosterForm(PortalForm, forms.Form):
    """From which day a roster counts."""

    since = forms.DateField(label="启用日期", help_text="这天起的人数按名册；以前的不变")


def step_choices(standing: Standing) -> list[tuple[str, str]]:
    """Return what ``standing`` may become: 正式党员（转正）."""
    return [
        (kind, f"{StandingKind(kind).label}（{reason.label}）")
        for kind, reason in NEXT_STEPS[standing.kind].items()
    ]


def ending_choices(standing: Standing) -> list[tuple[str, str]]:
    """Return how ``standing`` may end."""
    return [(reason.value, EndReason(reason).label) for reason in ENDINGS[standing.kind]]


def step_sentences(standing: Standing, *, kind: str, on: date) -> list[str]:
    """Say what the step to ``kind`` changes, before it is done."""
    label = StandingKind(kind).label
    return [
        f"{standing.person}从 {chinese_date(on)} 起由{standing.get_kind_display()}变为{label}。",
        "已启用名册的，从这天起的人数随之变动；已报送的月报不变。",
    ]


def ending_sentences(standing: Standing, *, reason: str, on: date) -> list[str]:
    """Say what an ending changes, before it is done."""
    if reason == EndReason.MISTAKEN:
        return [f"{standing}这一条作废，从一开始就不计入；人员信息保留。"]
    return [
        f"{standing}：{EndReason(reason).label}，从 {chinese_date(on)} 起不再计入。以前的记录保留。"
    ]
