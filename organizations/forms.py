"""The steps that change an organisation, a school or a role, as forms of the admin; a new token."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.utils import timezone
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from common.admin_verbs import VerbForm
from common.days import chinese_date
from common.errors import DomainError
from common.forms import PortalForm
from organizations import services
from organizations.choices import READ_ONLY_AREAS, ApiAccess, ApiArea, OrganizationKind
from organizations.models import Organization, Role, School, SchoolLink
from organizations.models.organization import within
from organizations.queries import closing_effects, roles_besides, subtree_head_counts

_LOOK = {"class": "unfold-admin-autocomplete max-w-2xl"}


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
    on = _DayField("自何日起")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial = {"name": self.obj.name, "short_name": self.obj.short_name}

    def preview(self) -> list[str]:
        """Say what stays findable."""
        values = self.cleaned_data
        return [
            f"「{self.obj}」自 {chinese_date(values['on'])} 起改称「{values['name']}」。",
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
            f"「{self.obj}」自 {chinese_date(on)} 起撤销，以后的任务和月报不再包括它。",
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


class ReopenForm(VerbForm):
    basis = _BasisField()

    def preview(self) -> list[str]:
        """Say what comes back by itself and what doesn't."""
        schools = School.objects.filter(organizations=self.obj, closed_on=self.obj.closed_on)
        names = "、".join(map(str, schools))
        return [
            f"{chinese_date(self.obj.closed_on)} 的撤销作废，仍隶属「{self.obj.parent}」。",
            *([f"同一天撤并的{names}一同恢复；并入时设的校区请另行处理。"] if names else []),
            "已经结束的角色不会恢复，请重新授予。",
        ]

    def perform(self) -> str:
        services.reopen_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"已恢复「{self.obj}」，请重新授予角色。"


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
            f"「{self.obj}」自 {chinese_date(on)} 起撤销，{len(roles)} 个角色到前一天为止。",
            f"{school or '学校'}成为校区「{values['campus'] or school or '校区'}」。",
            f"原有 {_members(self.obj, on)}，请随后填报「{values['into']}」合并后的人数。",
        ]

    def perform(self) -> str:
        services.merge_organization(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"「{self.obj}」已并入「{self.cleaned_data['into']}」。"


def _schools_field(help_text: str) -> "forms.ModelMultipleChoiceField[School]":
    return forms.ModelMultipleChoiceField(
        School.objects.filter(closed_on=None),
        label="所在学校",
        required=False,
        widget=AutocompleteSelectMultiple(
            SchoolLink._meta.get_field("school"), admin.site, attrs=_LOOK
        ),
        help_text=help_text,
    )


class FoundForm(forms.ModelForm[Organization]):
    """A new organisation; nothing that matters is chosen beforehand."""

    schools = _schools_field("一所学校选一所；联合党支部选几所；不在学校的（如机关）不选")

    class Meta:
        model = Organization
        fields = ("name", "short_name", "code", "kind", "order", "parent", "founded_on", "basis")
        help_texts: ClassVar = {
            "name": "如 栖江市芙蓉小学党支部",
            "short_name": "列表、提醒里使用的简称，如 芙蓉小学",
            "order": "列表里的先后；不填就排在同级的最后",
            "parent": "全区只有一个党组织没有上级",
            "founded_on": "不填就是今天",
            "basis": "如 澄教委〔2026〕3号",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = ""
        self.fields["kind"].choices = [("", "请选择"), *OrganizationKind.choices]  # type: ignore[attr-defined]
        self.fields["order"].required = False
        self.fields["order"].initial = None


class LinkSchoolsForm(VerbForm):
    schools = _schools_field("联合党支部可选几所学校")

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
        on = chinese_date(self.cleaned_data["on"])
        return [f"「{self.obj}」自 {on} 起撤并，以前的记录全部保留。"]

    def perform(self) -> str:
        services.close_school(actor=self.actor, school=self.obj, **self.cleaned_data)
        return f"已撤并「{self.obj}」。"


class EndRoleForm(VerbForm):
    danger = True
    until = forms.DateField(
        label="最后一天",
        widget=UnfoldAdminSingleDateWidget(),
        help_text="到这一天为止仍然有效，次日失效",
    )

    def preview(self) -> list[str]:
        """Say until when it still holds, and whether somebody is left."""
        role: Role = self.obj
        until = self.cleaned_data["until"]
        others = Role.objects.current(until).filter(organization=role.organization)
        left = others.exclude(pk=role.pk).count()
        return [
            f"{role.user}的{role.get_kind_display()}角色到 {chinese_date(until)} 为止。",
            f"「{role.organization}」当天另有 {left} 个角色。",
        ]

    def perform(self) -> str:
        services.end_role(actor=self.actor, role=self.obj, **self.cleaned_data)
        return f"已结束{self.obj.user}的角色。"


class TokenForm(PortalForm, forms.Form):
    """A new token for a program: what for, how long, what it opens."""

    name = forms.CharField(
        label="用途", max_length=50, help_text="写明给哪个程序用，例如：学校办公系统同步任务。"
    )
    days = forms.TypedChoiceField(
        label="有效期",
        coerce=int,
        initial=90,
        choices=[(30, "30 天"), (90, "90 天"), (180, "180 天"), (365, "1 年")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for area in ApiArea:
            accesses = [("", "不可访问"), (ApiAccess.READ, ApiAccess.READ.label)]
            if area not in READ_ONLY_AREAS:
                accesses.append((ApiAccess.WRITE, ApiAccess.WRITE.label))
            self.fields[area.value] = forms.ChoiceField(
                label=area.label,
                required=False,
                choices=accesses,
                widget=forms.Select(attrs={"class": "control"}),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one area."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.scopes():
            self.add_error(None, "请至少选择一项可以访问的内容")
        return data

    def scopes(self) -> dict[str, str]:
        """Return what was chosen, closed areas left out."""
        chosen = {area.value: self.cleaned_data.get(area.value, "") for area in ApiArea}
        return {area: access for area, access in chosen.items() if access}

    @property
    def areas(self) -> list[forms.BoundField]:
        """The fields of the areas."""
        return [self[area.value] for area in ApiArea]


class WithdrawRoleForm(VerbForm):
    danger = True

    def preview(self) -> list[str]:
        """Say that it ends at once, and what somebody who should keep it for a while gets."""
        role: Role = self.obj
        services.check_withdrawal(actor=self.actor, role=role, on=timezone.localdate())
        held = roles_besides(role, timezone.localdate())
        rest = "、".join(f"{each.organization.label}{each.get_kind_display()}" for each in held)
        return [
            f"{role.user}不再是「{role.organization}」的{role.get_kind_display()}，马上生效。",
            "这个角色记为“已撤回”，等于没有授予过；审计日志里仍能查到授予和撤回。",
            f"{role.user}还有的角色：{rest}。" if rest else f"{role.user}不再有别的角色。",
        ]

    def perform(self) -> str:
        services.withdraw_role(actor=self.actor, role=self.obj, at=timezone.now())
        return f"已撤回{self.obj.user}的角色，马上生效。"
