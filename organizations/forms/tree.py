"""The steps of the tree: founding, moving, renaming, merging, closing, reopening."""

from datetime import date
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from common.admin_verbs import VerbForm
from common.days import chinese_date
from common.errors import DomainError
from organizations import services
from organizations.choices import MergedSchool, OrganizationKind
from organizations.forms.fields import (
    BasisField,
    DayField,
    organization_field,
    schools_field,
)
from organizations.models import HeadCount, Organization, School
from organizations.models.organization import within
from organizations.queries import closing_effects, subtree_head_counts
from organizations.queries.tree import links_gained, mergers_of

# As many as the column holds.
_LARGEST_ORDER = 2_147_483_647


def _below(organization: Organization) -> int:
    subtree = Organization.objects.filter(within(organization.path), closed_on=None)
    return subtree.exclude(pk=organization.pk).count()


def _members(organization: Organization, on: date) -> str:
    totals = subtree_head_counts([organization.pk], on)[organization.pk]
    known = [totals[head] for head in ("full", "probationary") if totals[head] is not None]
    return f"{sum(filter(None, known))} 名党员" if known else "党员人数未填报"


class FoundForm(VerbForm):
    """A new organisation; nothing that matters is chosen beforehand."""

    name = forms.CharField(
        label="全称",
        max_length=120,
        widget=UnfoldAdminTextInputWidget(),
        help_text="如 栖江市芙蓉小学党支部",
    )
    short_name = forms.CharField(
        label="简称",
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text="列表、提醒里使用的简称，如 芙蓉小学",
    )
    code = forms.CharField(label="组织代码", max_length=30, widget=UnfoldAdminTextInputWidget())
    kind = forms.ChoiceField(
        label="类别",
        choices=[("", "请选择"), *OrganizationKind.choices],
        widget=UnfoldAdminSelectWidget(),
    )
    parent = organization_field("上级党组织")
    schools = schools_field("一所学校选一所；联合党支部选几所；不在学校的（如机关）不选")
    order = forms.IntegerField(
        label="惯例排序号",
        required=False,
        min_value=0,
        max_value=_LARGEST_ORDER,
        widget=UnfoldAdminTextInputWidget(),
        help_text="列表里的先后；不填就排在同级的最后",
    )
    on = DayField("成立日期")
    basis = BasisField()

    def preview(self) -> list[str]:
        """Say where it stands, and which schools it works in beside whom."""
        values = self.cleaned_data
        kind = OrganizationKind(values["kind"]).label
        below = Organization.objects.filter(parent=values["parent"]).open_on(values["on"]).count()
        lines = [
            f"自 {chinese_date(values['on'])} 起成立{kind}「{values['name']}」。",
            f"隶属「{values['parent']}」，它的下级由 {below} 个增加到 {below + 1} 个。",
        ]
        for school in values["schools"]:
            held = Organization.objects.filter(schools=school).open_on(values["on"])
            names = "、".join(each.label for each in held[:3])
            beside = f"已有 {held.count()} 个党组织（{names}）" if names else "还没有党组织"
            lines.append(f"所在学校「{school}」{beside}。")
        return lines

    def perform(self) -> str:
        founded = services.found_organization(actor=self.actor, **self.cleaned_data)
        return f"已成立「{founded}」。"


class MoveForm(VerbForm):
    parent = organization_field("新的上级党组织")
    on = DayField("自何日起")
    basis = BasisField()

    def preview(self) -> list[str]:
        """Say what comes along and where it stood before."""
        values, moved, below = self.cleaned_data, self.obj, _below(self.obj)
        along = f"{below} 个下级党组织一同调整，" if below else "没有下级党组织，"
        return [
            f"「{moved}」原来隶属「{moved.parent or '无'}」。",
            f"自 {chinese_date(values['on'])} 起改为隶属「{values['parent']}」。",
            f"{along}共 {_members(moved, values['on'])}。",
            "这一天以前的报表仍按原隶属关系统计。",
        ]

    def perform(self) -> str:
        services.move_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"已调整「{self.obj}」的上级党组织。"


class RenameForm(VerbForm):
    name = forms.CharField(label="新全称", max_length=120, widget=UnfoldAdminTextInputWidget())
    short_name = forms.CharField(
        label="新简称", max_length=60, required=False, widget=UnfoldAdminTextInputWidget()
    )
    on = DayField("自何日起")
    basis = BasisField()

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial = {"name": self.obj.name, "short_name": self.obj.short_name}

    def preview(self) -> list[str]:
        """Say what stays findable."""
        values = self.cleaned_data
        return [
            f"「{self.obj}」自 {chinese_date(values['on'])} 起改称「{values['name']}」。",
            "原名称作为曾用名保留，搜索和导入时仍能对上；已报送的月报、已印发的公文仍用原名称。",
        ]

    def perform(self) -> str:
        services.rename_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"已改名为「{self.obj}」。"


class CloseForm(VerbForm):
    danger = True
    on = DayField("撤销日期", help_text="从这一天起不再存在")
    basis = BasisField()

    def preview(self) -> list[str]:
        """Count what ends and refuse what stands in the way."""
        on = self.cleaned_data["on"]
        effects = closing_effects(self.obj, on)
        if effects.subordinates:
            names = "、".join(each.label for each in effects.subordinates[:5])
            count = len(effects.subordinates)
            raise DomainError(f"还有 {count} 个下级党组织（{names}），请先移走或撤销。")
        lines = [
            f"「{self.obj}」自 {chinese_date(on)} 起撤销，以后的任务和月报不再包括它。",
            f"撤销时共 {_members(self.obj, on)}，以前的记录、人数和月报全部保留。",
        ]
        if effects.schools:
            names = "、".join(map(str, effects.schools))
            lines.append(f"{names}将没有党组织，需要时请另行撤并或调整。")
        return lines

    def perform(self) -> str:
        services.close_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"已撤销「{self.obj}」。"


class ReopenForm(VerbForm):
    basis = BasisField()

    def preview(self) -> list[str]:
        """Say what comes back by itself and what doesn't."""
        schools = School.objects.filter(organizations=self.obj, closed_on=self.obj.closed_on)
        names = "、".join(map(str, schools))
        return [
            f"{chinese_date(self.obj.closed_on)} 的撤销作废，仍隶属「{self.obj.parent}」。",
            *([f"同一天撤并的{names}一同恢复；并入时设的校区请另行处理。"] if names else []),
            *self._merger(),
            "已经结束的角色不会恢复，请重新授予。",
        ]

    def _merger(self) -> list[str]:
        """What the other of a merger gives back, and what it keeps."""
        on = self.obj.closed_on
        merger = mergers_of(self.obj, on).select_related("successor").first()
        if merger is None:
            return []
        schools = "、".join(links_gained(self.obj, on).values_list("school__name", flat=True))
        lines = [f"「{merger.successor}」不再设在{schools}。"] if schools else []
        if HeadCount.objects.filter(organization=merger.successor, on=on).exists():
            lines.append(f"合并时加进「{merger.successor}」的人数不自动扣除，请核对后更正。")
        return lines

    def perform(self) -> str:
        services.reopen_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"已恢复「{self.obj}」，请重新授予角色。"


class MergeForm(VerbForm):
    danger = True
    into = organization_field("并入的党组织")
    on = DayField("并入日期", help_text="从这一天起不再单独存在")
    school = forms.ChoiceField(
        label="原来的学校",
        choices=MergedSchool.choices,
        initial=MergedSchool.CAMPUS,
        widget=UnfoldAdminSelectWidget(),
    )
    campus = forms.CharField(
        label="校区名称",
        max_length=100,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text="设为校区时填，如 柳汀校区；不填就用原校名",
    )
    basis = BasisField()

    def preview(self) -> list[str]:
        """Say what becomes of the organisation and of its schools."""
        values = self.cleaned_data
        return [
            f"「{self.obj}」自 {chinese_date(values['on'])} 起撤销，并入「{values['into']}」。",
            self._school_line(),
            f"并入前共 {_members(self.obj, values['on'])}。",
            "以前的记录、人数和月报全部保留，仍在原来的党组织名下，照常可以查看。",
        ]

    def _school_line(self) -> str:
        names = "、".join(map(str, self.obj.schools.filter(closed_on=None))) or "学校"
        fate = self.cleaned_data["school"]
        if fate == MergedSchool.CAMPUS:
            return f"{names}撤并，成为校区「{self.cleaned_data['campus'] or names}」。"
        if fate == MergedSchool.CLOSED:
            return f"{names}撤并，不设校区。"
        return f"{names}保留，改由「{self.cleaned_data['into']}」覆盖。"

    def perform(self) -> str:
        services.merge_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"「{self.obj}」已并入「{self.cleaned_data['into']}」。"
