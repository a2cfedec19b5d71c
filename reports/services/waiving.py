"""Reports that nobody can hand in any more: those of organisations that were closed."""

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common import audit
from organizations.models import Organization
from reports.choices import PENDING, PeriodState, ReportState
from reports.models import Report
from reports.telling import withdraw_dues

if TYPE_CHECKING:
    from accounts.models import User


def waive_closed(
    *, actor: "User | None" = None, organization: Organization | None = None, at: datetime
) -> int:
    """Mark what closed organisations still owe as 无需报送, with the reason; return how many.

    They leave the expected set from now on, the row stays in it for everybody to see. Without an
    ``organization`` it looks at all of them: the scheduler's safety net. What was handed in stays
    as it is. Safe to run twice.
    """
    owed = Report.objects.pending().filter(organization__closed_on__lte=timezone.localdate(at))
    if organization is not None:
        owed = owed.filter(organization=organization)
    waived = 0
    with transaction.atomic():
        by_owner: dict[Organization, list[Report]] = defaultdict(list)
        for report in owed.select_related("organization").select_for_update(of=("self",)):
            by_owner[report.organization].append(report)
        for owner, reports in by_owner.items():
            waived += _waive(actor, owner, reports, at=at)
    return waived


def _waive(
    actor: "User | None", owner: Organization, reports: list[Report], *, at: datetime
) -> int:
    basis = f"（{owner.basis}）" if owner.basis else ""
    reason = f"{owner}已于 {owner.closed_on:%Y-%m-%d} 撤销{basis}"
    ids, waived = [report.pk for report in reports], {"state": ReportState.WAIVED}
    done: int = Report.objects.filter(pk__in=ids, state__in=PENDING).update(
        state=ReportState.WAIVED, waived_reason=reason, updated_at=at
    )
    for report in reports:
        withdraw_dues(report, at=at)
    audit.record(
        actor=actor,
        verb="reports.waive_closed",
        model=Report,
        label=str(owner),
        before={audit.ROWS: {str(report): {"state": report.state} for report in reports}},
        after={"waived_reason": reason, audit.ROWS: {str(each): waived for each in reports}},
        ids=ids,
        at=at,
    )
    return done


def expect_again(*, actor: "User | None", organization: Organization, at: datetime) -> int:
    """Ask an organisation that was closed by mistake for its reports again; return how many.

    Those of months marked final stay 无需报送: their summary has been given out without them.
    """
    waived = Report.objects.filter(organization=organization, state=ReportState.WAIVED).exclude(
        period__state=PeriodState.FINAL
    )
    with transaction.atomic():
        ids = list(waived.values_list("pk", flat=True))
        done: int = Report.objects.filter(pk__in=ids, state=ReportState.WAIVED).update(
            state=ReportState.DRAFT, waived_reason="", updated_at=at
        )
        if done:
            audit.record(
                actor=actor,
                verb="reports.expect_again",
                model=Report,
                label=str(organization),
                before={"state": ReportState.WAIVED},
                after={"state": ReportState.DRAFT},
                ids=ids,
                at=at,
            )
    return done
