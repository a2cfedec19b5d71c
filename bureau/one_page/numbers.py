"""What the leader's page counts, as numbers: a constant number of queries over the scope."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from activities.models import Record, RecordQuerySet
from calendar_events.models import Task
from calendar_events.queries import completion_by_month
from organizations.models import Organization, OrganizationQuerySet, School
from organizations.queries import summed_heads
from people.queries.coverage import Row, coverage, schools_total
from reports.choices import CLOSED, PENDING, PeriodState, ReportState
from reports.models import Period, Report

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Done:
    """So many of so many."""

    done: int = 0
    total: int = 0

    @property
    def percent(self) -> str:
        """85.5%, cut off and not rounded up: 100.0% means all. Empty where there is nothing."""
        if not self.total:
            return ""
        tenths = self.done * 1000 // self.total
        return f"{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True)
class Late:
    """An organisation that is late: tasks and reports past their due dates."""

    label: str
    tasks: int
    reports: int

    @property
    def words(self) -> str:
        """任务 2 项、月报 1 份."""
        tasks = f"任务 {self.tasks} 项" if self.tasks else ""
        reports = f"月报 {self.reports} 份" if self.reports else ""
        return "、".join(filter(None, [tasks, reports]))


@dataclass(frozen=True)
class Numbers:
    """All of it, as of the day ``on``, for one month and its year up to then."""

    on: date
    year: int
    month: int
    kinds: dict[str, int]
    heads: dict[str, int | None]
    counted: int
    coverage: Row
    tasks_month: Done
    tasks_year: Done
    late_tasks: int
    late_reports: int
    late: tuple[Late, ...]
    # The last period that has ended by then; None where none has.
    period: Period | None
    reports_month: Done
    reports_year: Done
    periods: int
    records_month: dict[str, int]
    records_year: dict[str, int]

    @property
    def organizations(self) -> int:
        """How many there are."""
        return sum(self.kinds.values())


def numbers(user: "User", year: int, month: int, *, on: date) -> Numbers:
    """Count what ``user`` may see."""
    open_ones: OrganizationQuerySet = Organization.objects.visible_to(user).open_on(on)
    heads, counted = summed_heads(open_ones.order_by().values("pk"), on)
    months = completion_by_month(user, year)[:month]
    periods, reports = _reports(user, year, month, on=on)
    newest = periods[-1] if periods else None
    tasks, missing = _overdue(user, on)
    this_month, this_year = _records(user, year, month, on=on)
    return Numbers(
        on=on,
        year=year,
        month=month,
        kinds=dict(open_ones.order_by().values_list("kind").annotate(number=Count("pk"))),
        heads=heads,
        counted=counted,
        coverage=schools_total(coverage(School.objects.visible_to(user), on), on),
        tasks_month=Done(months[-1].finished, months[-1].total),
        tasks_year=Done(sum(e.finished for e in months), sum(e.total for e in months)),
        late_tasks=sum(tasks.values()),
        late_reports=sum(missing.values()),
        late=_late(tasks, missing),
        period=newest,
        reports_month=reports.get(newest.pk, Done()) if newest else Done(),
        reports_year=Done(
            sum(each.done for each in reports.values()),
            sum(each.total for each in reports.values()),
        ),
        periods=len(periods),
        records_month=this_month,
        records_year=this_year,
    )


def _reports(
    user: "User", year: int, month: int, *, on: date
) -> tuple[list[Period], dict[int, Done]]:
    """The year's periods that have ended, and how many handed in; who is waived isn't expected."""
    ended = Period.objects.filter(year=year, last_month__lte=month, ends_on__lt=on)
    periods = list(ended.exclude(state=PeriodState.PLANNED).order_by("starts_on"))
    rows = (
        Report.objects.visible_to(user)
        .filter(period__in=[each.pk for each in periods])
        .exclude(state=ReportState.WAIVED)
        .order_by()
        .values_list("period")
        .annotate(done=Count("pk", filter=Q(state__in=CLOSED)), total=Count("pk"))
    )
    return periods, {period: Done(done, total) for period, done, total in rows}


def _overdue(user: "User", on: date) -> tuple[Counter[int], Counter[int]]:
    """Overdue tasks and reports by organisation."""
    tasks = Task.objects.visible_to(user).overdue(on).order_by()
    missing = Report.objects.visible_to(user).filter(state__in=PENDING, period__due_on__lt=on)
    return tuple(
        Counter(dict(rows.values_list("organization").annotate(number=Count("pk"))))
        for rows in (tasks, missing.exclude(period__state=PeriodState.PLANNED).order_by())
    )  # type: ignore[return-value]  # two of them


def _late(tasks: Counter[int], missing: Counter[int]) -> tuple[Late, ...]:
    """Who is late, in customary order: nobody is ranked."""
    rows = Organization.objects.filter(pk__in=[*tasks, *missing]).order_by("order", "pk")
    return tuple(Late(row.label, tasks[row.pk], missing[row.pk]) for row in rows)


def records_held(user: "User", year: int, month: int | None, *, on: date) -> RecordQuerySet:
    """Return what took place in a month, or in the year up to the day ``on``."""
    visible: RecordQuerySet = Record.objects.visible_to(user)
    held = visible.standing().filter(held_on__year=year, held_on__lte=on)
    return held if month is None else held.filter(held_on__month=month)


def _records(
    user: "User", year: int, month: int, *, on: date
) -> tuple[dict[str, int], dict[str, int]]:
    rows = (
        records_held(user, year, None, on=on)
        .filter(held_on__month__lte=month)
        .order_by()
        .values_list("kind")
        .annotate(month=Count("pk", filter=Q(held_on__month=month)), year=Count("pk"))
    )
    found = list(rows)
    return {kind: n for kind, n, _ in found}, {kind: n for kind, _, n in found}
