"""What the pages of the register ask; the forms of the portal and of the admin's steps alike."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from attachments.checks import ACCEPT, Upload
from attachments.forms import SeveralFilesField, SeveralFilesInput
from common import cells
from common.admin_fields import dress
from common.admin_verbs import VerbForm
from common.cells import CellError, PartialDate
from common.errors import DomainError
from common.forms import PortalForm
from common.pickers import PickedField
from honours import services
from honours.choices import Level
from honours.models import Honour
from honours.permissions import may_keep_for
from honours.queries import overlapping
from honours.scope import people_at
from honours.services import LONGEST_REASON, Facts, drafted, facts_of
from honours.services.register import Holder, check_facts
from organizations.models import Organization
from organizations.models.organization import within
from people.facts import FactError
from people.finding import described
from people.models import Person

_TIME = cells.loose_date()
_GONE = {"invalid_choice": "没有找到，请重新搜索选择。"}


class FactsForm(forms.Form):
    """What is said of one honour; ``facts`` once it is valid."""

    title = forms.CharField(
        label="荣誉名称", max_length=200, help_text="照证书上的写，如：优秀教师"
    )
    level = forms.ChoiceField(label="级别", choices=[("", "请选择"), *Level.choices])
    awarded = forms.CharField(
        label="授予时间", max_length=20, help_text="知道多少填多少：2024、2024.09 或 2024-09-10"
    )
    body = forms.CharField(label="授予单位", max_length=200, required=False)
    document = forms.CharField(label="文号（证书号）", max_length=100, required=False)
    valid_until = forms.DateField(
        label="有效期至", required=False, help_text="证书上没有写期限的不填"
    )
    work = forms.CharField(
        label="获奖作品（项目）",
        max_length=200,
        required=False,
        help_text="课例、论文、案例等的题目",
    )

    facts: Facts

    def holder_said(self) -> Holder | None:
        """Whose honour it is, as far as that is known yet."""
        raise NotImplementedError

    def clean_awarded(self) -> PartialDate:
        """Read a year, a month or a day, as lists do."""
        try:
            return _TIME(self.cleaned_data["awarded"])
        except CellError as error:
            raise ValidationError(f"「授予时间」{error.remedy}") from error

    def clean(self) -> dict[str, Any]:
        """Check what the fields say together."""
        values = super().clean() or self.cleaned_data
        if not self.errors:
            names = ("title", "level", "awarded", "body", "document", "valid_until", "work")
            self.facts = Facts(**{name: values[name] for name in names}, basis=self.basis_said())
            try:
                check_facts(self.facts, holder=self.holder_said(), on=timezone.localdate())
            except FactError as error:
                self.add_error(error.key, error.message)
        return values

    def basis_said(self) -> str:
        """Where it is known from."""
        return str(self.cleaned_data.get("basis", ""))


def initial_of(honour: Honour) -> dict[str, Any]:
    """Return what a form that corrects ``honour`` begins with."""
    facts = facts_of(honour)
    names = ("title", "level", "body", "document", "valid_until", "work", "basis")
    return {**{name: getattr(facts, name) for name in names}, "awarded": str(facts.awarded)}


# On the phone ------------------------------------------------------------------------------------
class ReportForm(PortalForm, FactsForm):
    """An honour that a school reports, with the certificate as a picture."""

    person = forms.ModelChoiceField(
        label="谁的荣誉", queryset=Person.objects.none(), required=False
    )
    attachments = SeveralFilesField(
        label="证书或文件的照片",
        required=False,
        widget=SeveralFilesInput(attrs={"accept": ACCEPT}),
        help_text="拍一张就够，局里核实时看它，不用再交复印件",
    )

    field_order = ("person", "title", "level", "awarded")

    def __init__(self, data: Any = None, files: Any = None, *, organization: Organization) -> None:
        self.organization = organization
        super().__init__(data, files)
        field: Any = self.fields["person"]
        below = Organization.objects.filter(within(organization.path))
        field.queryset = people_at(below).order_by("pinyin", "pk")
        field.empty_label = f"{organization.label}（集体荣誉）"
        field.label_from_instance = described

    def holder_said(self) -> Holder | None:
        return self.cleaned_data.get("person") or self.organization

    def uploads(self) -> list[Upload]:
        """Return the files chosen."""
        chosen: list[Upload] = self.cleaned_data["attachments"]
        return chosen


class CorrectForm(PortalForm, FactsForm):
    """What is said of an honour, put right."""

    def __init__(self, data: Any = None, *, honour: Honour) -> None:
        self.honour = honour
        super().__init__(data, initial=initial_of(honour))

    def holder_said(self) -> Holder | None:
        return self.honour.holder

    def basis_said(self) -> str:
        return self.honour.basis


class WithdrawForm(PortalForm, forms.Form):
    """Why an honour is taken back."""

    reason = forms.CharField(label="撤回原因", max_length=LONGEST_REASON)


# At the desk -------------------------------------------------------------------------------------
def near_lines(honour: Honour) -> list[str]:
    """Return in sentences what looks like the same honour."""
    return [f"可能重复：已登记 {each.line}，{each.validity}。" for each in overlapping(honour)]


class EnterStep(FactsForm, VerbForm):
    """An honour that the bureau enters itself."""

    basis = forms.CharField(
        label="来源", max_length=200, required=False, help_text="证书、表彰文件、上级名单"
    )

    field_order = ("person", "organization", "title", "level", "awarded")

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.fields["person"] = PickedField(
            Person.objects.visible_to(actor),
            source=Honour._meta.get_field("person"),
            label="个人",
            label_of=described,
            help_text="输入姓名或拼音",
            required=False,
            error_messages=_GONE,
        )
        self.fields["organization"] = PickedField(
            Organization.objects.visible_to(actor),
            source=Honour._meta.get_field("organization"),
            label="党组织（集体荣誉）",
            help_text="输入全称、简称、拼音或代码；个人、党组织只选一个",
            required=False,
            error_messages=_GONE,
        )
        self.order_fields(self.field_order)
        dress(self)

    def holder_said(self) -> Holder | None:
        return self.cleaned_data.get("person") or self.cleaned_data.get("organization")

    def clean(self) -> dict[str, Any]:
        """Exactly one holder, within the scope."""
        values = super().clean()
        holder = self.holder_said()
        both = bool(values.get("person") and values.get("organization"))
        if holder is None or both:
            self.add_error("person", "个人、党组织请选一个，只选一个。")
        elif not may_keep_for(self.actor, holder):
            self.add_error("person", "不在您分管的学校类别里，请重新选择。")
        return values

    def preview(self) -> list[str]:
        """Say what is entered, and what looks like the same."""
        honour = drafted(holder=self._holder(), facts=self.facts)
        return [f"登记{honour.holder}：{honour.line}，{honour.validity}。", *near_lines(honour)]

    def perform(self) -> str:
        honour = services.enter_honour(
            actor=self.actor, holder=self._holder(), facts=self.facts, at=timezone.now()
        )
        return f"已登记{honour}。"

    def _holder(self) -> Holder:
        holder = self.holder_said()
        if holder is None:
            raise DomainError("请选择个人或党组织。")
        return holder


class CorrectStep(FactsForm, VerbForm):
    """What is said of an honour, put right."""

    basis = forms.CharField(label="来源", max_length=200, required=False)

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.initial = initial_of(obj)
        dress(self)

    def holder_said(self) -> Holder | None:
        holder: Holder = self.obj.holder
        return holder

    def preview(self) -> list[str]:
        """Say what stands there afterwards."""
        honour = drafted(holder=self.obj.holder, facts=self.facts)
        honour.pk = self.obj.pk
        return [
            f"原来：{self.obj.line}，{self.obj.validity}。",
            f"改为：{honour.line}，{honour.validity}。",
            *near_lines(honour),
        ]

    def perform(self) -> str:
        services.correct_honour(
            actor=self.actor, honour=self.obj, facts=self.facts, at=timezone.now()
        )
        return f"已更正：{self.obj}。"


class ConfirmStep(VerbForm):
    """Nothing is asked: the certificate was looked at."""

    def preview(self) -> list[str]:
        """Say what counts from now on."""
        honour: Honour = self.obj
        return [
            f"核实{honour.holder}：{honour.line}，{honour.validity}。核实后进入荣誉档案。",
            *near_lines(honour),
        ]

    def perform(self) -> str:
        services.confirm_honour(actor=self.actor, honour=self.obj, at=timezone.now())
        return f"已核实{self.obj}。"


class WithdrawStep(VerbForm):
    """Why an honour is taken back."""

    danger = True
    reason = forms.CharField(
        label="撤回原因", max_length=LONGEST_REASON, widget=UnfoldAdminTextInputWidget()
    )

    def preview(self) -> list[str]:
        """Say that it doesn't count and stays to be read."""
        return [f"{self.obj}撤回后不再计入任何地方；记录和原因保留，学校看得到。"]

    def perform(self) -> str:
        services.withdraw_honour(
            actor=self.actor, honour=self.obj, reason=self.cleaned_data["reason"], at=timezone.now()
        )
        return f"已撤回{self.obj}。"
