"""The steps on a demand of one's own: asking for more, ending it, taking it back."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from common.admin_verbs import VerbForm
from common.errors import DomainError
from common.forms import quoted
from common.pickers import PickedField
from organizations import services
from organizations.models import Organization, Tightening
from rulebook.model import Field, Number
from rulebook.registry import RULES, figures_of
from rulebook.tightening import may_tighten
from rulebook.words import day

_NUMBER = re.compile(r"\d{1,5}(/[1-9]\d{0,4})?")


def _choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every figure that has a stricter value, field by field."""
    yield "", [("", "请选择")]
    for field in Field:
        offered = [
            (f"{rule.key}:{figure.key}", f"{rule.title} · {figure.label}（{figure.demand}）")
            for rule in RULES
            if rule.field == field
            for figure in figures_of(rule)
            if may_tighten(figure)
        ]
        if offered:
            yield field.label, offered


def _basis_field() -> forms.CharField:
    return forms.CharField(
        label="依据文件",
        max_length=services.LONGEST_BASIS,
        widget=UnfoldAdminTextInputWidget(),
        help_text="如 澄教委〔2026〕3号",
    )


class TightenForm(VerbForm):
    """Which unit asks for more of what, from when, by which document."""

    organization = PickedField(
        Organization.objects.filter(closed_on=None),
        source=Tightening._meta.get_field("organization"),
        label="作出规定的党组织",
        help_text="对它自己和全部下级党组织有效",
    )
    demand = forms.ChoiceField(
        label="规定",
        choices=list(_choices()),
        widget=UnfoldAdminSelectWidget(),
        help_text="括号里是全国的要求",
        error_messages={"invalid_choice": "没有这一项，请重新选择。"},
    )
    value = forms.CharField(
        label="改为",
        max_length=20,
        widget=UnfoldAdminTextInputWidget(),
        help_text="只填数：次数、人数填 3 这样的整数，比例填 2/3",
    )
    since = forms.DateField(
        label="自何日起",
        widget=UnfoldAdminSingleDateWidget(),
        help_text="这一天以前的事仍按原来的要求判断",
    )
    basis = _basis_field()

    def __init__(self, data: Any = None, *, demand: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial = {"since": timezone.localdate(), "demand": demand}

    def clean_value(self) -> Number:
        """Read a whole number or a fraction, full-width digits too."""
        typed = self.cleaned_data["value"]
        text = unicodedata.normalize("NFKC", typed).replace(" ", "")
        if not _NUMBER.fullmatch(text):
            raise ValidationError(
                f"「改为」应填 3 这样的整数，或 2/3 这样的比例，写的是“{quoted(typed)}”"
            )
        exact = Fraction(text)
        return exact.numerator if exact.denominator == 1 else exact

    def _asked(self) -> dict[str, Any]:
        rule, _, figure = self.cleaned_data["demand"].partition(":")
        names = ("organization", "value", "since")
        return {name: self.cleaned_data[name] for name in names} | {"rule": rule, "figure": figure}

    def preview(self) -> list[str]:
        """Say what holds now, what will, and for how many."""
        demand = services.check_tightening(**self._asked())
        unit, since = self.cleaned_data["organization"], self.cleaned_data["since"]
        below = Organization.objects.under(unit).open_on(since).exclude(pk=unit.pk).count()
        return [
            f"现行：{demand.held.label} {demand.held.demand}（见{demand.where}）。",
            f"自 {day(since)}起改为：{demand.held.label} {demand.wanted.demand}。",
            f"适用于「{unit}」" + (f"和 {below} 个下级党组织。" if below else "，没有下级党组织。"),
        ]

    def perform(self) -> str:
        made = services.tighten_rule(
            actor=self.actor, basis=self.cleaned_data["basis"], **self._asked()
        )
        return f"已保存：{made}。"


class EndTighteningForm(VerbForm):
    until = forms.DateField(
        label="最后一天", widget=UnfoldAdminSingleDateWidget(), help_text="这一天仍然有效"
    )
    basis = _basis_field()

    def preview(self) -> list[str]:
        """Say what holds afterwards."""
        until: date = self.cleaned_data["until"]
        if until < self.obj.since:
            raise DomainError(f"最后一天不能早于 {day(self.obj.since)}。")
        return [
            f"「{self.obj.organization}」的规定“{self.obj}”到 {day(until)}为止。",
            "以后按上级和全国的要求判断；这一天以前的仍按这条规定。",
        ]

    def perform(self) -> str:
        services.end_tightening(actor=self.actor, tightening=self.obj, **self.cleaned_data)
        return f"“{self.obj}”到 {day(self.obj.until)}为止。"


class WithdrawTighteningForm(VerbForm):
    danger = True
    reason = forms.CharField(
        label="撤回原因",
        max_length=services.LONGEST_BASIS,
        widget=UnfoldAdminTextInputWidget(),
        help_text="只用于登记有误；不再执行的请用“停止执行”",
    )

    def preview(self) -> list[str]:
        """Say that it never counts."""
        return [
            f"「{self.obj.organization}」的规定“{self.obj}”作废，以前的日子也不再按它判断。",
            "记录和原因保留，可以查看。",
        ]

    def perform(self) -> str:
        services.withdraw_tightening(
            actor=self.actor, tightening=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已撤回“{self.obj}”。"
