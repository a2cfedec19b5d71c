"""The reminders that pending reports owe: written under keys, so that each comes once only."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from common.models import overrides
from notifications.hours import opening_of, reached_on
from notifications.models import Due
from notifications.services import write_dues as write
from notifications.stages import OWN, Reached, Stage, Step, handed_over, reached
from organizations.queries import responsible_people, reviewers_of
from reports.choices import PENDING, PeriodState, ReportState
from reports.models import Period, Report

if TYPE_CHECKING:
    from accounts.models import User

ROOM = "reports"
MINUTES = 5
REPORTS_A_BATCH = 1000


def school_link(report_id: int) -> str:
    """Return the address of the report on the school's side."""
    return reverse("reports:report", args=[report_id])


def bureau_link(report_id: int) -> str:
    """Return the address of the report in the admin, for its reviewers."""
    return f"/admin/review/{report_id}/"


def write_dues(*, at: datetime) -> int:
    """Write what is due by ``at`` for pending reports of periods that have ended; return how many.

    Set-based, a constant number of queries for each batch of reports; safe to run twice.
    """
    on = reached_on(at)
    days = overrides()
    written = 0
    for period in Period.objects.exclude(state=PeriodState.PLANNED).filter(ends_on__lte=on):
        steps = reached(period.due_on, on, days)
        if steps.own is not None:
            written += _write_period(period, steps, on=on)
    return written


def _write_period(period: Period, steps: Reached, *, on: date) -> int:
    pending = Report.objects.filter(period=period).pending().select_related("organization")
    written = 0
    last = 0
    while rows := list(_after(pending, last)):
        written += write(_dues(period, rows, steps, on=on))
        last = rows[-1].pk
    return written


def _after(pending: QuerySet[Report], last: int) -> QuerySet[Report]:
    return pending.filter(pk__gt=last).order_by("pk")[:REPORTS_A_BATCH]


def _dues(period: Period, reports: Sequence[Report], steps: Reached, *, on: date) -> list[Due]:
    ids = [report.organization_id for report in reports]
    responsible, reviewers = responsible_people(ids, on), reviewers_of(ids, on)
    rows: list[Due] = []
    for report in reports:
        people = responsible[report.organization_id]
        superiors = reviewers[report.organization_id]
        if steps.own:
            rows += [_due(report, period, steps.own, person) for person in people]
        if steps.own and not people:
            vacant = steps.own[0], Stage.VACANT
            rows += [_due(report, period, vacant, person) for person in superiors]
        if steps.above:
            rows += [_due(report, period, steps.above, person) for person in superiors]
    return rows


def _due(report: Report, period: Period, step: Step, person: "User") -> Due:
    day, stage = step
    returned = report.state == ReportState.RETURNED
    return Due(
        key=f"report:{report.pk}:{stage}:{report.version}:{person.pk}",
        recipient=person,
        room=ROOM,
        subject=f"{period}（已退回，请修改）" if returned else str(period),
        stage=stage,
        unit=report.organization.label,
        deadline=period.due_on,
        minutes=MINUTES,
        link=school_link(report.pk) if stage in OWN else bureau_link(report.pk),
        due_at=opening_of(day),
    )


def tell_returned(*, report: Report, comments: Sequence[str], at: datetime) -> int:
    """Tell who is responsible, or the superior where nobody is, that a report was sent back."""
    on = reached_on(at)
    own = report.organization_id
    people = responsible_people([own], on)[own] or reviewers_of([own], on)[own]
    return write(
        Due(
            key=f"report:{report.pk}:returned:{report.version}:{person.pk}",
            recipient=person,
            room=ROOM,
            subject=f"{report.period}：{'；'.join(comments)}",
            stage=Stage.RETURNED,
            unit=report.organization.label,
            minutes=MINUTES,
            link=school_link(report.pk),
            due_at=at,
        )
        for person in people
    )


def outdated(dues: Sequence[Due], at: datetime) -> set[int]:
    """Return the ids of waiting rows that are no longer so: asked just before they are merged.

    The report has been handed in, or somebody else is responsible by now. Two queries.
    """
    mine = {due: int(due.key.split(":")[1]) for due in dues if due.room == ROOM}
    reports = Report.objects.in_bulk(set(mine.values()))
    ids = {report.organization_id for report in reports.values()}
    responsible = responsible_people(ids, reached_on(at))
    return {
        due.pk
        for due, report_id in mine.items()
        if report_id not in reports
        or reports[report_id].state not in PENDING
        or handed_over(due, responsible[reports[report_id].organization_id])
    }
