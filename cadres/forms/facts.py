"""What the steps on somebody's qualification ask, and the targets of the plan."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cadres.forms.training import ReasonStep
from cadres.models import Qualification
from cadres.qualities import SEVERAL, WORDS, FactKind
from cadres.services import facts as services
from cadres.services.facts import Fact, check_fact
from common import cells
from common.admin_fields import dress
from common.admin_verbs import VerbForm
from common.cells import CellError, PartialDate
from common.errors import DomainError
from people.models import Person

_TIME = cells.loose_date()


class _FactForm(VerbForm):
    """The value of one kind, since when, by what."""

    since = forms.CharField(
        label="取得时间（从何时起）", max_length=20, required=False,
        help_text="知道多少填多少：2019、2019.12；不知道的不填",
    )  # fmt: skip
    basis = forms.CharField(label="依据", max_length=200, required=False, help_text="证书号、文号")

    kind: str = ""

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.fields["value"] = _value_field(self.kind)
        self.order_fields(("value",))
        dress(self)

    def clean_since(self) -> PartialDate | None:
        """Read a year, a month or a day; nothing is not known."""
        text = self.cleaned_data["since"].strip()
        try:
            return _TIME(text) if text else None
        except CellError as error:
            raise ValidationError(f"「取得时间」{error.remedy}") from error


def _value_field(kind: str) -> forms.Field:
    label, words = FactKind(kind).label, WORDS.get(kind)
    if words is not None:
        return forms.ChoiceField(label=label, choices=[("", "请选择"), *words.choices])
    hint = "市骨干教师、区学科带头人等" if kind in SEVERAL else "节数，不任课填 0"
    return forms.CharField(label=label, max_length=100, help_text=hint)


def state_step(kind: str) -> type[VerbForm]:
    """Return the step that states a fact of ``kind`` of a cadre."""
    return type("StateStep", (_StateForm,), {"kind": kind})


class _StateForm(_FactForm):
    until = forms.DateField(label="有效期至", required=False, help_text="没有期限的不填")

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        if self.kind not in SEVERAL:
            del self.fields["until"]

    def _fact(self) -> Fact:
        values = self.cleaned_data
        person = Person.objects.get(pk=self.obj.pk)
        return Fact(
            person, self.kind, values["value"], values["since"], values.get("until"),
            values["basis"],
        )  # fmt: skip

    def preview(self) -> list[str]:
        """Say what holds from when on, and what ends."""
        fact, cadre = self._fact(), self.obj
        check_fact(fact, on=timezone.localdate())
        said = Qualification(kind=fact.kind, value=fact.value)
        since = f"自 {fact.since} 起" if fact.since else "（何时起未填）"
        lines = [f"{cadre}的{FactKind(fact.kind).label}{since}为{said.label}。"]
        held = Qualification.objects.held().filter(person=cadre.pk, kind=fact.kind, until=None)
        lines += [
            f"原来的{each.label}到那时为止，记录保留。"
            for each in (held if fact.kind not in SEVERAL else ())
        ]
        return lines

    def perform(self) -> str:
        done = services.state_facts(actor=self.actor, facts=[self._fact()], at=timezone.now())
        for _place, _key, message in done.refused:
            raise DomainError(message)
        label = FactKind(self.kind).label
        if done.unchanged:
            return f"{self.obj}的{label}已经登记过了，没有改动；要改依据的请用“更正”。"
        return f"已登记{self.obj}的{label}。"


def correct_step(kind: str) -> type[VerbForm]:
    """Return the step that puts a fact of ``kind`` right."""
    return type("CorrectStep", (_CorrectForm,), {"kind": kind})


class _CorrectForm(_FactForm):
    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.initial = {"value": obj.value, "since": str(obj.began or ""), "basis": obj.basis}

    def preview(self) -> list[str]:
        """Say what it becomes."""
        values = self.cleaned_data
        said = Qualification(kind=self.kind, value=values["value"])
        since = f"，{values['since']} 起" if values["since"] else ""
        return [
            f"{self.obj.person}的{self.obj.get_kind_display()}由{self.obj.label}改为{said.label}{since}。"
        ]

    def perform(self) -> str:
        services.correct_fact(
            actor=self.actor, qualification=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已更正：{self.obj}。"


class WithdrawFactStep(ReasonStep):
    """A fact that never was."""

    def preview(self) -> list[str]:
        """Say that the one before holds again."""
        return [f"{self.obj}撤回；它以前的一条重新有效，记录和原因保留。"]

    def perform(self) -> str:
        services.withdraw_fact(
            actor=self.actor, qualification=self.obj, reason=self.cleaned_data["reason"],
            at=timezone.now(),
        )  # fmt: skip
        return f"已撤回{self.obj}。"


__all__ = ["WithdrawFactStep", "correct_step", "state_step"]
