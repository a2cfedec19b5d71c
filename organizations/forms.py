"""The steps that change an organisation, a school or a role, as forms of the admin."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.utils import timezone
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from common.admin_verbs import VerbForm
from common.errors import DomainError
from organizations import services
from organizations.models import Organization, Role, School, SchoolLink
from organizations.models.organization import within
from organizations.queries import closing_effects, subtree_head_counts

_LOOK = {"class": "unfold-admin-autocomplete max-w-2xl"}


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class _DayField(forms.DateField):
    def __init__(self, label: str, *, help_text: str = "") -> None:
        super().__init__(label=label, widget=UnfoldAdminSingleDateWidget(), help_text=help_text)

    def clean(self, value: Any) -> date:
        """Refuse days to come: the tree of today is kept, not that of tomorrow."""
        day: date = super().clean(value)
        if day > timezone.localdate():
            raise forms.ValidationError("日期还没有到，请在当天或之后办理。")
        return day


class _BasisField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label="依据文件",
            max_length=200,
            widget=UnfoldAdminTextInputWidget(),
            help_text="如 澄教委〔2026〕3号",
        )


def _organization_field(label: str) -> "forms.ModelChoiceField[Organization]":
    field = Organization._meta.get_field("parent")
    return forms.ModelChoiceField(
        Organization.objects.filter(closed_on=None),
        label=label,
        widget=AutocompleteSelect(field, admin.site, attrs=_LOOK),
    )


def _below(organization: Organization) -> int:
    subtree = Organization.objects.filter(within(organization.path), closed_on=None)
    return subtree.exclude(pk=organization.pk).count()


def _members(organization: Organization, on: date) -> str:
    totals = subtree_head_counts([organization.pk], on)[organization.pk]
    known = [totals[head] for head in ("full", "probationary") if totals[head] is not None]
    return f"{sum(filter(None, known))} 名党员" if known else "党员人数未填报"


class MoveForm(VerbForm):
    parent = _organization_field("新的上级党组织")
    on = _DayField("自何日起")
    basis = _BasisField()

    def preview(self) -> list[str]:
        """Say what comes along and where it stood before."""
        values, moved, below = self.cleaned_data, self.obj, _below(self.obj)
        along = f"{below} 个下级党组织一同调整，" if below else "没有下级党组织，"
        return [
            f"「{moved}」原来隶属「{moved.parent or '无'}」。",
            f"自 {_chinese(values['on'])} 起改为隶属「{values['parent']}」。",
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
    on = _DayField("自何日起")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial = {"name": self.obj.name, "short_name": self.obj.short_name}

    def preview(self) -> list[str]:
        """Say what stays findable."""
        values = self.cleaned_data
        return [
            f"「{self.obj}」自 {_chinese(values['on'])} 起改称「{values['name']}」。",
            "原名称作为曾用名保留，搜索和导入时仍能对上。",
        ]

    def perform(self) -> str:
        services.rename_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"已改名为「{self.obj}」。"


class CloseForm(VerbForm):
    danger = True
    on = _DayField("撤销日期", help_text="从这一天起不再存在")
    basis = _BasisField()

    def preview(self) -> list[str]:
        """Count what ends and refuse what stands in the way."""
        on = self.cleaned_data["on"]
        effects = closing_effects(self.obj, on)
        if effects.subordinates:
            names = "、".join(each.label for each in effects.subordinates[:5])
            count = len(effects.subordinates)
            raise DomainError(f"还有 {count} 个下级党组织（{names}），请先移走或撤销。")
        people = {role.user_id for role in effects.roles}
        lines = [
            f"「{self.obj}」自 {_chinese(on)} 起撤销，以后的任务和月报不再包括它。",
            f"{len(effects.roles)} 个角色到前一天为止，涉及 {len(people)} 人。",
            f"撤销时共 {_members(self.obj, on)}，以前的记录、人数和月报全部保留。",
        ]
        if effects.schools:
            names = "、".join(map(str, effects.schools))
            lines.append(f"{names}将没有党组织，需要时请另行撤并或调整。")
        return lines

    def perform(self) -> str:
        services.close_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"已撤销「{self.obj}」。"


class MergeForm(VerbForm):
    danger = True
    into = _organization_field("并入的党组织")
    on = _DayField("并入日期", help_text="从这一天起不再单独存在")
    campus = forms.CharField(
        label="设为校区", max_length=100, required=False, widget=UnfoldAdminTextInputWidget()
    )
    basis = _BasisField()

    def preview(self) -> list[str]:
        """Count what ends, and remind of the head count that nobody adds up."""
        values, on = self.cleaned_data, self.cleaned_data["on"]
        roles = closing_effects(self.obj, on).roles
        school = School.objects.filter(organizations=self.obj, closed_on=None).first()
        return [
            f"「{self.obj}」自 {_chinese(on)} 起撤销，{len(roles)} 个角色到前一天为止。",
            f"{school or '学校'}成为校区「{values['campus'] or school or '校区'}」。",
            f"原有 {_members(self.obj, on)}，请随后填报「{values['into']}」合并后的人数。",
        ]

    def perform(self) -> str:
        services.merge_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"「{self.obj}」已并入「{self.cleaned_data['into']}」。"


class LinkSchoolsForm(VerbForm):
    schools = forms.ModelMultipleChoiceField(
        School.objects.filter(closed_on=None),
        label="所在学校",
        required=False,
        widget=AutocompleteSelectMultiple(
            SchoolLink._meta.get_field("school"),
            admin.site,
            attrs=_LOOK,
        ),
        help_text="联合党支部可选几所学校",
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial = {"schools": list(self.obj.schools.values_list("pk", flat=True))}

    def preview(self) -> list[str]:
        """List what comes and what goes."""
        before, after = set(self.obj.schools.all()), set(self.cleaned_data["schools"])
        lines = [
            f"{word} {len(schools)} 所学校：{'、'.join(sorted(map(str, schools)))}。"
            for word, schools in (("增加", after - before), ("去掉", before - after))
            if schools
        ]
        return lines or ["没有变化。"]

    def perform(self) -> str:
        services.link_schools(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"已调整「{self.obj}」所在学校。"


class CloseSchoolForm(VerbForm):
    danger = True
    on = _DayField("撤并日期", help_text="从这一天起不再存在")

    def preview(self) -> list[str]:
        """Say what stays."""
        on = _chinese(self.cleaned_data["on"])
        return [f"「{self.obj}」自 {on} 起撤并，以前的记录全部保留。"]

    def perform(self) -> str:
        services.close_school(actor=self.actor, school=self.obj, **self.cleaned_data)
        return f"已撤并「{self.obj}」。"


class EndRoleForm(VerbForm):
    danger = True
    until = forms.DateField(label="最后一天", widget=UnfoldAdminSingleDateWidget())

    def preview(self) -> list[str]:
        """Say until when it still holds, and whether somebody is left."""
        role: Role = self.obj
        until = self.cleaned_data["until"]
        others = Role.objects.current(until).filter(organization=role.organization)
        left = others.exclude(pk=role.pk).count()
        return [
            f"{role.user}的{role.get_kind_display()}角色到 {_chinese(until)} 为止。",
            f"「{role.organization}」当天另有 {left} 个角色。",
        ]

    def perform(self) -> str:
        services.end_role(actor=self.actor, role=self.obj, **self.cleaned_data)
        return f"已结束{self.obj.user}的角色。"
