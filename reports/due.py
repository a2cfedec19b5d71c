"""Reminders that reports owe: one keyed row for each stage and responsible person.

Nothing here sends. ``notifications`` merges the rows into digests. A stage is reached when the
office opens on its day; one missed while nobody was looking is made up for by the latest stage
only, one for who is responsible and one for the superior. Where nobody is responsible the superior
hears of that instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.models import overrides
from notifications import services as notifications
from notifications.hours import opening_of, reached_on
from notifications.models import Due
from notifications.stages import OWN, Reached, Stage, Step, handed_over, steps
from organizations.queries import responsible_people, reviewers_of
from reports.choices import PENDING, PeriodState, ReportState
from reports.models import Period, Report, ReportQuerySet
from reports.telling import BATCH, CORRECTION, MINUTES, ROOM, bureau_link, school_link

if TYPE_CHECKING:
    from accounts.models import User


def write_dues(*, at: datetime) -> int:
    """Write the reminders that pending reports owe by ``at``; returns the new ones.

    The key (``report:<id>:<stage>:<due date>:<version>:<user>``) makes each of them once only,
    however often and by however many processes this runs. A moved due date has stages of its own,
    and who takes over a post is told the stage that stands. Three queries and one insert a batch.
    """
    on = reached_on(at)
    days = overrides()
    written = 0
    for period in _waiting(on):
        reached = _reached(period, on, days)
        if reached.own:
            for batch in _batches(period, on):
                written += notifications.write_dues(_rows(period, batch, reached, on=on))
    return written


def _waiting(on: date) -> list[Period]:
    """Periods that have ended and for which somebody still has to report."""
    pending = Report.objects.filter(period=OuterRef("pk")).pending()
    ended = Period.objects.exclude(state=PeriodState.PLANNED).filter(ends_on__lt=on)
    return list(ended.filter(Exists(pending)).order_by("starts_on"))


def _reached(period: Period, on: date, days: Mapping[date, bool]) -> Reached:
    """Return the stages reached by ``on``.

    Before the period has ended there is nothing to remind of: stages that would fall there (three
    workdays before a third workday) fall away.
    """
    gone = [step for step in steps(period.due_on, days) if period.ends_on < step[0] <= on]
    own = [step for step in gone if step[1] != Stage.SUPERIOR]
    above = [step for step in gone if step[1] == Stage.SUPERIOR]
    return Reached(own[-1] if own else None, above[-1] if above else None)


def _batches(period: Period, on: date) -> Iterator[list[Report]]:
    """Read in the order of the key: rows written meanwhile neither repeat nor skip one."""
    pending: ReportQuerySet = Report.objects.filter(period=period)
    rows = pending.pending().exclude(organization__closed_on__lte=on).select_related("organization")
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _rows(period: Period, batch: Sequence[Report], reached: Reached, *, on: date) -> list[Due]:
    organizations = [report.organization_id for report in batch]
    responsible = responsible_people(organizations, on)
    reviewers = reviewers_of(organizations, on)
    rows: list[Due] = []
    for report in batch:
        people = responsible[report.organization_id]
        superiors = reviewers[report.organization_id]
        own = reached.own if _is_new(report, reached.own) else None
        if own:
            rows += [_due(period, report, own, person) for person in people]
        if own and not people:
            vacant = own[0], Stage.VACANT
            rows += [_due(period, report, vacant, person) for person in superiors]
        if reached.above and _is_new(report, reached.above):
            rows += [_due(period, report, reached.above, person) for person in superiors]
    return rows


def _is_new(report: Report, step: Step | None) -> bool:
    """A report that was returned has just been told so: only later stages remind of it."""
    if step is None or report.state != ReportState.RETURNED or report.reviewed_at is None:
        return True
    return step[0] > timezone.localdate(report.reviewed_at)


def _due(period: Period, report: Report, step: Step, person: "User") -> Due:
    day, stage = step
    stamp = f"{period.due_on:%Y%m%d}:{report.version}"
    returned = report.state == ReportState.RETURNED
    return Due(
        key=f"report:{report.pk}:{stage}:{stamp}:{person.pk}",
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


def outdated(dues: Sequence[Due], at: datetime) -> set[int]:
    """Return the ids of waiting rows that are no longer so: asked just before they are merged.

    The report has been handed in, its due date moved, its organisation closed, or somebody else is
    responsible by now. How a correction was decided is told in any case. Two queries.
    """
    on = reached_on(at)
    mine = {due: _report_id(due) for due in dues if due.room == ROOM and not _is_news(due)}
    rows = Report.objects.select_related("organization", "period")
    reports = rows.in_bulk(set(mine.values()))
    responsible = responsible_people({each.organization_id for each in reports.values()}, on)
    return {
        due.pk
        for due, pk in mine.items()
        if pk not in reports
        or _settled(reports[pk], due, on)
        or handed_over(due, responsible[reports[pk].organization_id])
    }


def _report_id(due: Due) -> int:
    return int(due.key.split(":")[1])


def _is_news(due: Due) -> bool:
    return due.key.split(":")[2] == CORRECTION


def _settled(report: Report, due: Due, on: date) -> bool:
    closed = report.organization.closed_on
    moved = due.deadline is not None and due.deadline != report.period.due_on
    return report.state not in PENDING or moved or (closed is not None and closed <= on)
