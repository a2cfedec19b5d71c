"""What the measured bureaus hold: a published calendar, tasks, records, reports of three months.

Made by the services that the portal has for many rows at once; what it has none for (what 30,000
schools did in a year) is written in bulk.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from activities.choices import RecordKind
from activities.models import Record
from bureau.seed import calendars
from bureau.seed.context import Context
from bureau.seed.large import build_large
from calendar_events.choices import TaskState
from calendar_events.models import Task
from organizations.choices import RoleKind
from organizations.models import Office, Organization, Role
from reports.choices import PeriodState, ReportState
from reports.models import Period, Report
from reports.services import make_periods, open_due_periods, submit_report

REVIEWER, OFFICER = "xuequ", "zuzhi"
_KINDS = (RecordKind.THEME_DAY, RecordKind.ORG_LIFE_MEETING, RecordKind.PARTY_LESSON)


def build(size: int) -> None:
    """Build a bureau of ``size`` organisations in the database in use."""
    day = timezone.localdate()
    build_large(count=size, day=day)
    _analyze()
    calendars.build(_context(day))
    _analyze()
    _do_tasks(day)
    _hold_meetings(day)
    _analyze()
    _report(day)


def _analyze() -> None:
    """Tell the database what has come: of empty tables it remembers that scanning is quick."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _context(day: date) -> Context:
    rng = random.Random(3)  # noqa: S311 - reproducible on purpose
    context = Context(day=day, rng=rng)
    context.users["officer"] = User.objects.get(username=OFFICER)
    context.offices.update({office.name: office for office in Office.objects.all()})
    return context


def _do_tasks(day: date) -> None:
    """Nearly all of what is due is done, some of it late; a third of what is to come."""
    tasks = Task.objects.annotate(turn=F("pk") % 33).order_by()
    past, coming = tasks.filter(due_on__lt=day), tasks.filter(due_on__gte=day)
    done = {"state": TaskState.DONE, "version": 2}
    past.filter(turn__gt=1).update(completed_on=F("due_on"), **done)
    past.filter(turn=1).update(completed_on=day, **done)
    coming.filter(turn__lt=11).update(completed_on=day, **done)


def _hold_meetings(day: date) -> None:
    """Each school holds a theme day and one thing more in each of the last two months."""
    heads = Role.objects.filter(kind=RoleKind.SECRETARY, organization__in=_reporting())
    posts = list(heads.values_list("organization", "user"))
    rows = (
        Record(
            organization_id=organization,
            kind=kind,
            held_on=held_on,
            topic=f"{held_on.month}月{kind.label}：学习党章党规",
            summary="按计划开展，全体党员参加。",
            entitled=12,
            present=11,
            token=uuid4().hex,
            created_by_id=user,
        )
        for months in (1, 2)
        for organization, user in posts
        for kind, held_on in _held(day, months)
    )
    Record.objects.bulk_create(rows, batch_size=5000)


def _held(day: date, months: int) -> Iterator[tuple[RecordKind, date]]:
    first = (day.replace(day=1) - timedelta(days=28 * months)).replace(day=1)
    yield _KINDS[0], first + timedelta(days=9)
    yield _KINDS[months % 2 + 1], first + timedelta(days=16)


def _reporting() -> list[int]:
    return list(Organization.objects.reporting().values_list("pk", flat=True))


def _report(day: date) -> None:
    """Open three periods; of the last one that ended nearly half wait for a review."""
    first = (day.replace(day=1) - timedelta(days=40)).replace(day=1)
    for year in sorted({first.year, day.year}):
        make_periods(actor=None, year=year, at=_morning(first))
    open_due_periods(actor=None, at=_morning(day))
    ended = Period.objects.filter(state=PeriodState.OPEN, ends_on__lt=day).order_by("starts_on")
    last = ended.last()
    if last is None:
        raise LookupError("No period has ended that a report could be about.")
    model = _model_report(last, at=_morning(day))
    for period in ended:
        _hand_in(period, model, share=10 if period.pk != last.pk else 4, at=_morning(day))


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _model_report(period: Period, *, at: datetime) -> Report:
    """One report handed in as its secretary does."""
    report = Report.objects.filter(period=period).order_by("organization__order", "pk").first()
    if report is None:
        raise LookupError("Nobody is expected to report.")
    head = Role.objects.get(organization=report.organization, kind=RoleKind.SECRETARY).user
    typed = {"problems": "", "plans": "按计划开展主题党日。", "reasons": {}}
    return submit_report(actor=head, report=report, at=at, **typed)


def _hand_in(period: Period, model: Report, *, share: int, at: datetime) -> None:
    """Let ``share`` of ten hand in what ``model`` says; of older periods all are approved.

    The figures are written for the last period alone: no page measured reads older ones.
    """
    rows = Report.objects.filter(period=period, state=ReportState.DRAFT)
    chosen = rows.annotate(turn=F("pk") % 10).filter(turn__lt=share)
    ids = list(chosen.order_by("pk").values_list("pk", flat=True))
    state = ReportState.APPROVED if share == 10 else ReportState.SUBMITTED
    Report.objects.filter(pk__in=ids).update(
        state=state, submitted_at=at, version=1, head_label="书记", filler_label="书记"
    )
    if state == ReportState.APPROVED:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            # Read first: a join would go through the rows that it writes, again and again.
            "WITH f AS MATERIALIZED (SELECT * FROM reports_reportfigure WHERE report_id = %s) "
            "INSERT INTO reports_reportfigure (report_id, key, value, text, recorded) "
            "SELECT r.id, f.key, f.value, f.text, f.recorded FROM reports_report r CROSS JOIN f "
            "WHERE r.id <> %s AND r.period_id = %s AND r.state = %s",
            [model.pk, model.pk, period.pk, state],
        )
