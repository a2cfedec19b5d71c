"""Marking a month's summary final (定稿)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from reports.choices import CLOSED, PeriodState
from reports.lines import BY_KEY
from reports.models import FinalFigure, Period, ReportFigure
from reports.permissions import may_finalise

if TYPE_CHECKING:
    from accounts.models import User


def finalise_period(*, actor: "User", period: Period, at: datetime) -> Period:
    """Mark the month's summary final: keep its figures as they stand now.

    Deliberately doesn't wait for those who haven't reported; they are counted as 未报 and come in
    later as 与定稿差.
    """
    if not may_finalise(actor):
        raise ForbiddenError("汇总表由分管全部学校的局机关工作人员定稿。")
    if timezone.localdate(at) <= period.ends_on:
        last = f"{period.ends_on.month}月{period.ends_on.day}日"
        raise DomainError(f"统计周期到{last}才结束，之后可以定稿。")
    with transaction.atomic():
        done = Period.objects.filter(pk=period.pk, state=PeriodState.OPEN).update(
            state=PeriodState.FINAL, finalised_at=at, finalised_by=actor, updated_at=at
        )
        if not done:
            raise ConflictError("这个月的汇总表已经定稿，或尚未开放，请刷新后再看。")
        held = ReportFigure.objects.filter(
            report__period=period, report__state__in=CLOSED, key__in=BY_KEY
        )
        made = FinalFigure.objects.bulk_create(
            FinalFigure(period=period, organization_id=owner, key=key, value=value)
            for owner, key, value in held.values_list("report__organization_id", "key", "value")
        )
        audit.record(
            actor=actor,
            verb="reports.finalise",
            obj=period,
            before={"state": PeriodState.OPEN},
            after={"state": PeriodState.FINAL, "figures": len(made)},
            at=at,
        )
    period.refresh_from_db()
    return period
