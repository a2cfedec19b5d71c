"""The steps of the roster in the admin: each says what it changes before it does."""

from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from common.admin_fields import dress
from common.admin_verbs import VerbForm
from common.days import chinese_date
from common.pickers import PickedField
from people import services
from people.choices import StandingKind
from people.forms.roster import (
    FactsForm,
    ending_choices,
    ending_sentences,
    step_choices,
    step_sentences,
)
from people.models import Standing
from people.queries import compare_heads
from people.scope import counting_organizations

_HOW_TO_FIND = "输入全称、简称、曾用名、拼音或代码"


def _organization_field(form: VerbForm) -> PickedField:
    return PickedField(
        counting_organizations(form.actor),
        source=Standing._meta.get_field("organization"),
        label="党组织",
        help_text=_HOW_TO_FIND,
        error_messages={
            "required": f"请选择党组织：{_HOW_TO_FIND}。",
            "invalid_choice": "没有找到这个党组织，请重新搜索选择。",
        },
    )


class RegisterStep(FactsForm, VerbForm):
    """Somebody who comes onto a roster."""

    kind = forms.ChoiceField(label="人员类别", choices=StandingKind.choices)
    since = forms.DateField(label="从哪天起")

    field_order = ("organization", "name", "kind", "since", "id_number", "sex")

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.fields["organization"] = _organization_field(self)
        self.order_fields(self.field_order)
        dress(self)

    def preview(self) -> list[str]:
        """Say who comes where as what."""
        values = self.cleaned_data
        kind, day = StandingKind(values["kind"]).label, chinese_date(values["since"])
        return [
            f"{self.facts.name}从 {day} 起登记为「{values['organization']}」{kind}。",
            "已启用名册的，从这天起的人数随之变动；已报送的月报不变。",
        ]

    def perform(self) -> str:
        values = self.cleaned_data
        standing = services.register_person(
            actor=self.actor,
            organization=values["organization"],
            kind=values["kind"],
            since=values["since"],
            facts=self.facts,
            at=timezone.now(),
        )
        return f"已登记{standing}。"


class ChangeStep(VerbForm):
    """The next step of a standing."""

    kind = forms.ChoiceField(label="变为", widget=forms.RadioSelect)
    on = forms.DateField(label="从哪天起")

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.fields["kind"].choices = step_choices(obj)  # type: ignore[attr-defined]  # a ChoiceField
        dress(self)

    def preview(self) -> list[str]:
        """Say what ends and what begins."""
        return step_sentences(self.obj, **self.cleaned_data)

    def perform(self) -> str:
        following = services.change_standing(
            actor=self.actor, standing=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已登记：{following}。"


class EndStep(VerbForm):
    """The end of a standing."""

    danger = True
    reason = forms.ChoiceField(label="变动", widget=forms.RadioSelect)
    on = forms.DateField(label="从哪天起不再计入")

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.fields["reason"].choices = ending_choices(obj)  # type: ignore[attr-defined]  # a ChoiceField
        dress(self)

    def preview(self) -> list[str]:
        """Say from when on they are not counted."""
        return ending_sentences(self.obj, **self.cleaned_data)

    def perform(self) -> str:
        services.end_standing(
            actor=self.actor, standing=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已登记{self.obj.person}的变动。"


class StartRosterStep(VerbForm):
    """From which day a roster counts, with the comparison."""

    since = forms.DateField(label="启用日期")

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.fields["organization"] = _organization_field(self)
        self.order_fields(["organization"])
        dress(self)

    def preview(self) -> list[str]:
        """Show roster and typed figures side by side."""
        organization, since = self.cleaned_data["organization"], self.cleaned_data["since"]
        return [
            *(each.sentence for each in compare_heads(organization, since)),
            f"从 {chinese_date(since)} 起「{organization}」的人数按名册，不再填报；教职工仍填报。",
            "以前的人数、已报送的月报不变。启用后不能停用。",
        ]

    def perform(self) -> str:
        roster = services.start_roster(actor=self.actor, at=timezone.now(), **self.cleaned_data)
        return f"「{roster.organization}」已启用名册。"


class ReasonStep(VerbForm):
    """Why somebody wants the whole numbers of all those in a list."""

    danger = True
    next_label = "下一步：核对范围"
    lead = "请核对导出的范围，确认后才会生成文件："
    reason = forms.CharField(
        label="导出原因", min_length=2, max_length=200, widget=UnfoldAdminTextInputWidget()
    )
    persons = 0

    def preview(self) -> list[str]:
        """Say of how many, and that it is written down."""
        return [
            f"文件里有 {self.persons} 人的完整身份证号和手机号，请妥善保管，用完删除。",
            "谁、什么时候、为什么、导出了哪些人，都记入审计日志。",
        ]


class PrintStep(VerbForm):
    """Nothing is asked: how many are printed is said."""

    lead = "请核对打印的范围，确认后才会生成文件："
    persons = 0

    def preview(self) -> list[str]:
        """Say how many."""
        return [f"打印 {self.persons} 人的名册，横向；号码只印头尾。"]
