"""The steps of an organisation's page that cross rooms, in place of those of its own room."""

from typing import ClassVar

from django.contrib import admin
from django.utils import timezone

from bureau import closing
from common.admin_verbs import VerbForm
from organizations import forms
from organizations.admin import OrganizationAdmin
from organizations.models import Organization
from reports.choices import PeriodState, ReportState
from reports.models import Report


class CloseForm(forms.CloseForm):
    def preview(self) -> list[str]:
        """Count the tasks and reports too."""
        return [*super().preview(), *closing.duties_of(self.obj).sentences]

    def perform(self) -> str:
        closing.close_organization(
            actor=self.actor, organization=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已撤销「{self.obj}」。"


class MergeForm(forms.MergeForm):
    def preview(self) -> list[str]:
        """Count the tasks and reports too."""
        return [*super().preview(), *closing.duties_of(self.obj).sentences]

    def perform(self) -> str:
        closing.merge_organization(
            actor=self.actor, organization=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"「{self.obj}」已并入「{self.cleaned_data['into']}」。"


class ReopenForm(forms.ReopenForm):
    def preview(self) -> list[str]:
        """Say what becomes of reports and tasks."""
        waived = Report.objects.filter(organization=self.obj, state=ReportState.WAIVED)
        again = waived.exclude(period__state=PeriodState.FINAL).count()
        return [
            *super().preview(),
            f"因撤销而无需报送的月报有 {again} 份恢复为待填报；已定稿的月份不变。",
            "因撤销而取消的任务不恢复，需要时请发临时任务。",
        ]

    def perform(self) -> str:
        closing.reopen_organization(
            actor=self.actor, organization=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已恢复「{self.obj}」，请重新授予角色。"


admin.site.unregister(Organization)


@admin.register(Organization)
class WholeOrganizationAdmin(OrganizationAdmin):
    """The section of the room below, with forms that know what an organisation owes."""

    merge_form: ClassVar[type[VerbForm]] = MergeForm
    close_form: ClassVar[type[VerbForm]] = CloseForm
    reopen_form: ClassVar[type[VerbForm]] = ReopenForm
