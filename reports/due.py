"""The reminders that pending reports owe: written under keys, so that each comes once only."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from common.models import overrides
from notifications.models import Due
from notifications.services import write_dues as write
from notifications.stages import Stage, stage_on
from organizations.queries import responsible_people, reviewers_of
from reports.choices import PeriodState, ReportState
from reports.models import Period, Report

MINUTES = 5
REPORTS_A_BATCH = 1000


def write_dues(*, at: datetime) -> int:
    """Write what is due by ``at`` for pending reports of periods that have ended; return how many.

    Set-based, a constant number of queries for each batch of reports; safe to run twice.
    """
    on = timezone.localdate(at)
    days = overrides()
    written = 0
    for period in Period.objects.exclude(state=PeriodState.PLANNED).filter(ends_on__lte=on):
        stage = stage_on(period.due_on, on, days)
        if stage is not None:
            written += _write_period(period, stage, at=at, on=on)
    return written


def _write_period(period: Period, stage: Stage, *, at: datetime, on: date) -> int:
    pending = Report.objects.filter(period=period).pending().select_related("organization")
    written = 0
    last = 0
    while rows := list(_after(pending, last)):
        written += write(_dues(period, rows, stage, at=at, on=on))
        last = rows[-1].pk
    return written


def _after(pending: QuerySet[Report], last: int) -> QuerySet[Report]:
    return pending.filter(pk__gt=last).order_by("pk")[:REPORTS_A_BATCH]


def _dues(
    period: Period, reports: list[Report], stage: Stage, *, at: datetime, on: date
) -> list[Due]:
    ids = [report.organization_id for report in reports]
    people = (reviewers_of if stage == Stage.SUPERIOR else responsible_people)(ids, on)
    return [
        Due(
            key=f"report:{report.pk}:{stage}:{report.version}:{person.pk}",
            recipient=person,
            room="reports",
            subject=_subject(report, period),
            stage=stage,
            unit=report.organization.label,
            deadline=period.due_on,
            minutes=MINUTES,
            link=reverse("reports:report", args=[report.pk]),
            due_at=at,
        )
        for report in reports
        for person in people.get(report.organization_id, [])
    ]


def _subject(report: Report, period: Period) -> str:
    return f"{period}（已退回，请修改）" if report.state == ReportState.RETURNED else str(period)
