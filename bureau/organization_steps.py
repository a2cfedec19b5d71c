"""The steps of an organisation's page that cross rooms, in place of those of its own room.

Each preview is the step itself, done and taken back (``bureau.rehearsal``), under what the form of
the room below says of the tree.
"""

from collections.abc import Callable
from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.decorators import action

from bureau import closing
from bureau.rehearsal import rehearse, rehearse_whole
from bureau.splitting_form import SplitForm
from common.admin_verbs import VerbForm
from organizations import forms as steps
from organizations import services
from organizations.admin import OrganizationAdmin
from organizations.forms.fields import organization_field
from organizations.models import Organization, OrganizationQuerySet
from organizations.queries import neighbours, reviewers_of
from reports.choices import PeriodState, ReportState
from reports.models import Report


def _these(*organizations: Organization) -> Callable[[], OrganizationQuerySet]:
    """The organisations themselves, wherever they stand."""
    ids = [each.pk for each in organizations]
    return lambda: Organization.objects.filter(pk__in=ids)


def _below(organization: Organization) -> Callable[[], OrganizationQuerySet]:
    """The organisation and all below it, by the path that it has when asked."""
    return lambda: Organization.objects.under(Organization.objects.get(pk=organization.pk))


def _reviewers(organization: Organization) -> str:
    on = timezone.localdate()
    return "、".join(map(str, reviewers_of([organization.pk], on)[organization.pk])) or "无"


class FoundForm(steps.FoundForm):
    def preview(self) -> list[str]:
        """Say what will be asked of it, and who reviews it."""
        (reporting, reviewers), _ = rehearse_whole(self._found, places=Organization.objects.none)
        return [*super().preview(), reporting, f"月报审核人：{reviewers}。"]

    def _found(self) -> tuple[str, str]:
        made = services.found_organization(actor=self.actor, **self.cleaned_data)
        around = neighbours(made, timezone.localdate(), seen=Organization.objects.all())
        return around.reporting, _reviewers(made)


class MoveForm(steps.MoveForm):
    def preview(self) -> list[str]:
        """Say who reviews it now, and how much goes along."""
        before = _reviewers(self.obj)
        after, kept = rehearse_whole(self._move, places=_below(self.obj))
        told = f"月报审核人由 {before} 改为 {after}。" if before != after else "月报审核人不变。"
        return [*super().preview(), told, *kept]

    def _move(self) -> str:
        held = Organization.objects.get(pk=self.obj.pk)
        services.move_organization(actor=self.actor, organization=held, **self.cleaned_data)
        return _reviewers(held)


class RenameForm(steps.RenameForm):
    def preview(self) -> list[str]:
        """Say what goes on under the new name."""
        _, kept = rehearse_whole(self._rename, places=_these(self.obj))
        return [*super().preview(), *kept]

    def _rename(self) -> None:
        held = Organization.objects.get(pk=self.obj.pk)
        services.rename_organization(actor=self.actor, organization=held, **self.cleaned_data)


class CloseForm(steps.CloseForm):
    members_to = organization_field(
        "党员转入",
        required=False,
        help_text="名册上还有人时必选：他们从撤销日期起转到这个党组织",
    )

    def preview(self) -> list[str]:
        """Say what ends, and who goes where."""
        into = self.cleaned_data["members_to"]
        concerned = [self.obj, into] if into else [self.obj]
        lines = super().preview()
        lines += rehearse(self._close, places=_these(*concerned), of=self.obj)
        return [*lines, *closing.reports_to_review(self.obj)]

    def _close(self) -> None:
        held = Organization.objects.get(pk=self.obj.pk)
        closing.close_organization(
            actor=self.actor, organization=held, at=timezone.now(), **self.cleaned_data
        )

    def perform(self) -> str:
        self._close()
        return f"已撤销「{self.obj}」。"


class MergeForm(steps.MergeForm):
    def preview(self) -> list[str]:
        """Say what ends, who goes along, and how many the other counts afterwards."""
        into = self.cleaned_data["into"]
        lines = super().preview()
        lines += rehearse(self._merge, places=_these(self.obj, into), of=self.obj)
        lines += closing.heads_after(self._merge, into, on=self.cleaned_data["on"])
        return [*lines, *closing.reports_to_review(self.obj)]

    def _merge(self) -> None:
        held = Organization.objects.get(pk=self.obj.pk)
        closing.merge_organization(
            actor=self.actor, organization=held, at=timezone.now(), **self.cleaned_data
        )

    def perform(self) -> str:
        self._merge()
        return f"「{self.obj}」已并入「{self.cleaned_data['into']}」。"


class ReopenForm(steps.ReopenForm):
    def preview(self) -> list[str]:
        """Say what becomes of reports and tasks."""
        rehearse_whole(self._reopen, places=_these(self.obj))
        waived = Report.objects.filter(organization=self.obj, state=ReportState.WAIVED)
        again = waived.exclude(period__state=PeriodState.FINAL).count()
        return [
            *super().preview(),
            f"因撤销而无需报送的月报有 {again} 份恢复为待填报；已定稿的月份不变。",
            "因撤销而取消的任务不恢复，需要时请发临时任务；转走的名册不自动转回。",
        ]

    def _reopen(self) -> None:
        held = Organization.objects.get(pk=self.obj.pk)
        closing.reopen_organization(
            actor=self.actor, organization=held, at=timezone.now(), **self.cleaned_data
        )

    def perform(self) -> str:
        self._reopen()
        return f"已恢复「{self.obj}」，请重新授予角色。"


admin.site.unregister(Organization)


@admin.register(Organization)
class WholeOrganizationAdmin(OrganizationAdmin):
    """The section of the room below, with forms that know what hangs on an organisation."""

    actions_detail = (
        "grant_role", "move", "rename", "link_schools", "split", "merge", "close", "reopen",
    )  # fmt: skip
    found_form: ClassVar[type[VerbForm]] = FoundForm
    move_form: ClassVar[type[VerbForm]] = MoveForm
    rename_form: ClassVar[type[VerbForm]] = RenameForm
    merge_form: ClassVar[type[VerbForm]] = MergeForm
    close_form: ClassVar[type[VerbForm]] = CloseForm
    reopen_form: ClassVar[type[VerbForm]] = ReopenForm

    @action(description="分设", url_path="split", permissions=["manage"])
    def split(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let a part of it become an organisation of its own."""
        return self._step(request, object_id, SplitForm, "分设")
