"""Cutting a year into periods, opening them, moving a due date."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import overrides
from notifications.texts import day_words
from reports.choices import DueFrom, PeriodState
from reports.composition.scope import expected_on
from reports.models import Period, PeriodPlan, Report
from reports.periods import Joint, Span, chained, check_joint, spans_of_year
from reports.permissions import may_plan
from reports.services.guards import required_text
from reports.telling import tell_moved

if TYPE_CHECKING:
    from accounts.models import User

LAST_WORKDAY = 15
LONGEST_MOVE_REASON = 100
_PLAN = ("first_day", "joint", "due_workday", "due_from")


def change_plan(
    *,
    actor: "User",
    year: int,
    first_day: int,
    joint: Joint,
    due_workday: int,
    due_from: str,
    at: datetime,
) -> PeriodPlan:
    """Change how ``year`` is cut, and make its periods anew as far as they aren't open.

    Opened periods keep their days; the first one after them begins on the day after.
    """
    if not may_plan(actor):
        raise ForbiddenError("月报周期由分管全部学校的局机关工作人员设置。")
    new = {
        "first_day": first_day,
        "joint": [list(group) for group in joint],
        "due_workday": due_workday,
        "due_from": due_from,
    }
    _check_plan(new)
    with transaction.atomic():
        plan = _locked_plan(year)
        before, after = audit.changes(plan, new)
        PeriodPlan.objects.filter(pk=plan.pk).update(**new, updated_at=at)
        audit.record(
            actor=actor, verb="reports.change_plan", obj=plan, before=before, after=after, at=at
        )
        plan.refresh_from_db()
        _make(actor, plan, at=at)
    return plan


def _check_plan(new: dict[str, object]) -> None:
    first_day, due_workday = new["first_day"], new["due_workday"]
    if not isinstance(first_day, int) or not 1 <= first_day <= 28:
        raise DomainError("统计起始日应填 1–28。")
    if not isinstance(due_workday, int) or not 1 <= due_workday <= LAST_WORKDAY:
        raise DomainError(f"截止日期应是第 1–{LAST_WORKDAY} 个工作日。")
    if new["due_from"] not in DueFrom.values:
        raise DomainError("请选择截止日期从哪天起算。")
    try:
        check_joint(new["joint"])  # type: ignore[arg-type]  # just made from a Joint
    except ValueError as error:
        raise DomainError("合并的月份应相邻、不重复，都在 1—12 月内，如 1—2月、7—8月。") from error


def make_periods(*, actor: "User | None", year: int, at: datetime) -> list[Period]:
    """Make the periods of ``year`` after its plan; return those that aren't open yet.

    A year without a plan is cut like the year before (at first: calendar months, third workday).
    Opened periods stay as they are. Periods that ended before ``at`` are not made: nobody reports a
    month that had passed when the portal came. Safe to run twice.
    """
    with transaction.atomic():
        return _make(actor, _locked_plan(year), at=at)


def ensure_periods(*, at: datetime) -> list[Period]:
    """Make the periods of this year, in December also the next one's, where there are none.

    One query when there is nothing to do.
    """
    on = timezone.localdate(at)
    years = {on.year, on.year + 1} if on.month == 12 else {on.year}
    made = Period.objects.filter(year__in=years).order_by().values_list("year", flat=True)
    missing = sorted(years.difference(made.distinct()))
    return [each for year in missing for each in make_periods(actor=None, year=year, at=at)]


def _locked_plan(year: int) -> PeriodPlan:
    """The plan of ``year``, locked: two makers at once would make every period twice."""
    last = PeriodPlan.objects.filter(year__lt=year).order_by("-year").first() or PeriodPlan()
    like = {name: getattr(last, name) for name in _PLAN}
    PeriodPlan.objects.get_or_create(year=year, defaults=like)
    return PeriodPlan.objects.select_for_update().get(year=year)


def resulting_spans(plan: PeriodPlan, *, on: date) -> list[Span]:
    """Return the periods of the plan's year that aren't open, as ``plan`` cuts them; for a preview.

    ``plan`` need not be saved.
    """
    settled = Period.objects.exclude(state=PeriodState.PLANNED).filter(year=plan.year)
    last = settled.order_by("-last_month").first()
    before = last or Period.objects.filter(year=plan.year - 1).order_by("-last_month").first()
    spans = chained(
        spans_of_year(plan.year, plan, overrides=overrides()),
        after_month=last.last_month if last else 0,
        after_day=before.ends_on if before else None,
    )
    return [span for span in spans if span.ends_on >= on]


def _make(actor: "User | None", plan: PeriodPlan, *, at: datetime) -> list[Period]:
    planned = Period.objects.select_for_update().filter(year=plan.year, state=PeriodState.PLANNED)
    held = {period.first_month: period for period in planned}
    wanted = {span.first_month: span for span in resulting_spans(plan, on=timezone.localdate(at))}
    gone = [period.pk for month, period in held.items() if month not in wanted]
    made = [month for month, span in wanted.items() if _changes(held.get(month), span)]
    Period.objects.filter(pk__in=gone, state=PeriodState.PLANNED).delete()
    for month in made:
        span = asdict(wanted[month])
        Period.objects.update_or_create(year=plan.year, first_month=month, defaults=span)
    periods = list(Period.objects.filter(year=plan.year, state=PeriodState.PLANNED))
    if gone or made:
        audit.record(
            actor=actor,
            verb="reports.make_periods",
            obj=plan,
            label=f"{plan.year} 年月报周期",
            after={str(wanted[month].months): wanted[month].due_on for month in made},
            ids=[period.pk for period in periods],
            at=at,
        )
        _rechain(actor, plan.year + 1, at=at)
    return sorted(periods, key=lambda period: period.starts_on)


def _changes(period: Period | None, span: Span) -> bool:
    return period is None or any(
        getattr(period, name) != value for name, value in asdict(span).items()
    )


def _rechain(actor: "User | None", year: int, *, at: datetime) -> None:
    """Let the periods of the next year, where made already, follow the changed ones."""
    if Period.objects.filter(year=year).exists():
        _make(actor, _locked_plan(year), at=at)


def open_period(*, actor: "User | None", period: Period, at: datetime) -> int:
    """Open ``period`` and freeze who is expected to report; return how many.

    Expected is the topmost organisation of each school in the tree of the period's last day. Later
    changes of the tree don't touch the set, so a rate never passes 100 %. Opening twice changes
    nothing.
    """
    with transaction.atomic():
        opened = Period.objects.filter(pk=period.pk, state=PeriodState.PLANNED).update(
            state=PeriodState.OPEN, opened_at=at, updated_at=at
        )
        if not opened:
            return Report.objects.filter(period=period).count()
        made = Report.objects.bulk_create(
            Report(period=period, organization_id=pk) for pk in expected_on(period.ends_on)
        )
        audit.record(
            actor=actor,
            verb="reports.open_period",
            obj=period,
            ids=[report.pk for report in made],
            at=at,
        )
    period.refresh_from_db()
    return len(made)


def open_due_periods(*, actor: "User | None", at: datetime) -> int:
    """Open every period whose first day has come; return how many were opened.

    Sees first that the periods of this year are there.
    """
    ensure_periods(at=at)
    waiting = list(
        Period.objects.filter(state=PeriodState.PLANNED, starts_on__lte=timezone.localdate(at))
    )
    for period in waiting:
        open_period(actor=actor, period=period, at=at)
    return len(waiting)


def move_due_date(
    *, actor: "User", period: Period, due_on: date, reason: str, at: datetime
) -> Period:
    """Move the due date of an opened period; only those who haven't handed in are told."""
    if not may_plan(actor):
        raise ForbiddenError("月报截止日期由分管全部学校的局机关工作人员调整。")
    why = required_text(reason, name="调整的原因", limit=LONGEST_MOVE_REASON)
    old = period.due_on
    if due_on == old:
        raise DomainError(f"截止日期现在就是{day_words(old)}，不用调整。")
    if due_on < period.ends_on:
        raise DomainError(f"截止日期不能早于统计期的最后一天（{day_words(period.ends_on)}）。")
    with transaction.atomic():
        rows = Period.objects.filter(pk=period.pk, due_on=old).exclude(state=PeriodState.PLANNED)
        if not rows.update(due_on=due_on, updated_at=at):
            raise ConflictError("这个周期尚未开放，或截止日期刚刚被别人调整过，请刷新后再看。")
        audit.record(
            actor=actor,
            verb="reports.move_due_date",
            obj=period,
            before={"due_on": old},
            after={"due_on": due_on, "reason": why},
            at=at,
        )
        period.refresh_from_db()
        sentence = f"{period}截止日期由{day_words(old)}改为{day_words(due_on)}：{why}"
        tell_moved(period, _pending(period), sentence, at=at)
    return period


def _pending(period: Period) -> Sequence[Report]:
    rows = Report.objects.filter(period=period).pending()
    return list(rows.select_related("organization"))
