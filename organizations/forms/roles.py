"""Ending a role, and taking one back that was granted by mistake."""

from django import forms
from django.utils import timezone
from unfold.widgets import UnfoldAdminSingleDateWidget

from common.admin_verbs import VerbForm
from common.days import chinese_date
from organizations import services
from organizations.models import Role
from organizations.queries import roles_besides


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
