"""Forms of the admin pages about people."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import User
from accounts.queries import second_factor
from common.admin_verbs import VerbForm
from common.errors import DomainError, ForbiddenError
from common.forms import PortalForm
from common.names import check_mobile, tidy_name
from common.pickers import PickedField
from organizations import services as organizations
from organizations.choices import (
    BUREAU_ROLES,
    ROLE_GROUPS,
    ROLE_LINES,
    TOP_ROLES,
    RoleKind,
    SchoolKind,
)
from organizations.models import Office, Organization, Role
from organizations.permissions import grantable_kinds, roles_of
from people import queries, services
from people.models import Person
from people.permissions import may_reset_factor
from people.queries import grant_sentences
from people.scope import users_in_scope


class PersonForm(forms.ModelForm[Person]):
    """Name and number; the number is typed anew, never shown in full."""

    new_mobile = forms.CharField(
        label="手机号", required=False, max_length=30, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Person
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "new_mobile" in self.fields:
            known = self.instance.masked_mobile or "未登记"
            self.fields["new_mobile"].label = "新手机号"
            self.fields["new_mobile"].help_text = f"现在：{known}。不更换就不填。"

    def clean_name(self) -> str:
        """Take out the blanks of a table cell."""
        return tidy_name(self.cleaned_data["name"])

    def clean_new_mobile(self) -> str:
        """Refuse what is no mobile number."""
        typed: str = self.cleaned_data["new_mobile"]
        try:
            return check_mobile(typed) if typed.strip() else ""
        except DomainError as error:
            raise ValidationError(error.message) from error


class ReasonForm(PortalForm, forms.Form):
    """Why somebody wants to see a whole number."""

    reason = forms.CharField(label="查看原因", min_length=2, max_length=200)


class ResetFactorForm(VerbForm):
    """Taking away the second factor of somebody who lost their phone."""

    danger = True
    reason = forms.CharField(
        label="原因",
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text="例如：手机丢失，已当面核实身份。会记入审计日志",
    )

    def preview(self) -> list[str]:
        """Say what stops, and what has to follow."""
        if not may_reset_factor(self.actor, self.obj):
            raise ForbiddenError("两步验证由安全管理员重设，自己的请由另一位办理。")
        if second_factor(self.obj) is None:
            raise DomainError(f"{self.obj}没有开启两步验证。")
        return [
            f"{self.obj.name}（用户名 {self.obj.username}）已登录的手机、电脑马上退出。",
            "原来的验证器和恢复码全部失效，下次只凭密码登录。",
            "请提醒本人登录后在“我的—两步验证”重新设置；管理员不设好就进不了管理端。",
        ]

    def perform(self) -> str:
        services.reset_factor(
            actor=self.actor, user=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已重设{self.obj}的两步验证。"


class GrantForm(VerbForm):
    """Who gets which role, where and for how long; nothing is chosen beforehand but today."""

    user = forms.ModelChoiceField(User.objects.none(), label="授予谁")
    kind = forms.ChoiceField(
        label="角色",
        choices=[(kind.value, kind.label) for _, kinds in ROLE_GROUPS for kind in kinds],
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择角色。",
            "invalid_choice": "没有这种角色，请在上面选一种。",
        },
    )
    organization = forms.ModelChoiceField(Organization.objects.none(), label="党组织")
    office = forms.ModelChoiceField(
        Office.objects.all(),
        label="科室",
        required=False,
        empty_label="请选择",
        widget=UnfoldAdminSelectWidget(),
        error_messages={"invalid_choice": "没有这个科室，请重新选择。"},
    )
    school_kinds = forms.MultipleChoiceField(
        label="分管学校类别",
        choices=SchoolKind.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text="不选就是全部",
    )
    since = forms.DateField(label="从哪天起", widget=UnfoldAdminSingleDateWidget())
    until = forms.DateField(
        label="到哪天为止",
        required=False,
        widget=UnfoldAdminSingleDateWidget(),
        help_text="这一天仍有效；不填就一直有效，直到结束它。主持工作必须填写",
    )
    basis = forms.CharField(
        label="依据文件",
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text="如 澄教委〔2026〕3号；主持工作必须填写",
    )

    def __init__(self, data: Any = None, *, actor: User, initial: Mapping[str, Any]) -> None:
        super().__init__(data, actor=actor)
        self.initial = {"since": timezone.localdate(), **initial}
        self.kinds = grantable_kinds(actor)
        choices = self.fields["kind"].choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["kind"].choices = [each for each in choices if each[0] in self.kinds]  # type: ignore[attr-defined]
        found = "输入姓名、拼音、用户名，或完整的手机号"
        self.fields["user"] = PickedField(
            users_in_scope(actor).prefetch_related(queries.posts_of()),
            source=Role._meta.get_field("user"),
            label_of=queries.option_label,
            label="授予谁",
            help_text=found,
            error_messages={
                "required": f"请选择授予谁：{found}。",
                "invalid_choice": "没有找到这个账号，请重新搜索选择。",
            },
        )
        self.fields["organization"] = PickedField(
            Organization.objects.visible_to(actor),
            source=Role._meta.get_field("organization"),
            label="党组织",
            help_text="输入全称、简称、曾用名、拼音或代码",
            required=False,
            error_messages={"invalid_choice": "没有找到这个党组织，请重新搜索选择。"},
        )

    @property
    def asks_place(self) -> bool:
        """Whether any of the kinds is held somewhere else than in the bureau itself."""
        return not set(self.kinds) <= set(TOP_ROLES)

    @property
    def kind_groups(self) -> list[tuple[str, list[tuple[Any, str]]]]:
        """The kinds as the page shows them: title, then each box with what the role may do."""
        boxes = {box.data["value"]: box for box in self["kind"]}
        groups = [
            (title, [(boxes[kind], ROLE_LINES[kind]) for kind in kinds if kind in self.kinds])
            for title, kinds in ROLE_GROUPS
        ]
        return [(title, rows) for title, rows in groups if rows]

    def clean(self) -> dict[str, Any]:
        """Leave out what belongs to another kind; a role of the bureau is held at its top."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        kind = values.get("kind")
        if kind in TOP_ROLES:
            values["organization"] = self._top() or values.get("organization")
        if kind and "organization" in values and values["organization"] is None:
            self.add_error("organization", "请选择党组织。")
        if kind not in BUREAU_ROLES:
            values["school_kinds"] = []
        if kind != RoleKind.OFFICER:
            values["office"] = None
        return values

    def _top(self) -> Organization | None:
        """The one organisation above all; None where there are several to choose from.

        Who governs accounts sees no organisations: what they grant is held where their own role is.
        """
        own = roles_of(self.actor).filter(kind=RoleKind.SECURITY_ADMIN).first()
        if own is not None:
            return own.organization
        tops = Organization.objects.filter(parent=None, closed_on=None)[:2]
        return tops[0] if len(tops) == 1 else None

    def preview(self) -> list[str]:
        """Say who gets what, where, until when, and what they and the others hold already."""
        organizations.check_grant(actor=self.actor, **self.cleaned_data)
        return grant_sentences(**self.cleaned_data, on=timezone.localdate())

    def perform(self) -> str:
        values = self.cleaned_data
        role = organizations.grant_role(actor=self.actor, **values)
        return f"已授予{role.user}「{role.organization}」{role.get_kind_display()}。"
