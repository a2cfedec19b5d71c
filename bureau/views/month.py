"""本月: what a school has to do this month, its tasks and its monthly report on one page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from activities.models import Record
from calendar_events.agenda import Agenda, agenda
from calendar_events.models import Task
from calendar_events.queries import listed_tasks
from calendar_events.views.rows import Row, task_row
from common.intake import row_number
from integrity.duties import Duty, month_duties
from notifications.texts import day_words
from organizations.models import Organization
from organizations.portal import PortalRequest, portal_page
from organizations.queries import head_label
from reports.choices import PENDING as REPORT_PENDING
from reports.choices import PeriodState, ReportState
from reports.models import Report
from reports.permissions import may_submit
from reports.telling import MINUTES as MINUTES_A_REPORT

SOON_DAYS = 3
YEARS_BACK = 5


@dataclass(frozen=True)
class Month:
    """A month of a year."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which ``day`` lies."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.plus(1).first - timedelta(days=1)

    def plus(self, months: int) -> "Month":
        """Return the month so many later; earlier ones by a negative number."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    @property
    def url(self) -> str:
        """Where it is shown."""
        return f"{reverse('bureau:month')}?year={self.year}&month={self.month}"

    @property
    def label(self) -> str:
        """2026年11月."""
        return f"{self.year}年{self.month}月"


@dataclass
class Reports:
    """Reports by what is to be done with them; ``coming`` ones wait for the end of their period."""

    returned: list[Report] = field(default_factory=list)
    late: list[Report] = field(default_factory=list)
    ready: list[Report] = field(default_factory=list)
    coming: list[Report] = field(default_factory=list)
    handed_in: list[Report] = field(default_factory=list)

    @property
    def waiting(self) -> list[Report]:
        """What has to be done now."""
        return [*self.returned, *self.late, *self.ready]


@require_GET
@portal_page("month")
def month(request: PortalRequest) -> HttpResponse:
    """One month: what was returned, what is late, what is coming, what is done."""
    on = timezone.localdate()
    shown = _asked_for(request, on)
    organization = request.portal.organization
    tasks = _tasks(organization, shown, is_now=shown == Month.of(on))
    held = agenda(tasks, year=shown.year, month=shown.month, on=on)
    reports = _reports(organization, shown, on=on)
    now = shown == Month.of(on)
    duties = month_duties(organization, first=shown.first, last=shown.last, now=now, on=on)
    context = {
        "month": _turning(shown, on),
        "summary": _summary(held, reports, duties, shown),
        **_sections(held, reports, duties, on=on),
        "reports": _report_rows(request, reports),
        "filled_in_by": _acting_head(organization, on),
        "record_url": reverse("calendar_events:new_record"),
    }
    return render(request, "calendar_events/month.html", context)


def _asked_for(request: HttpRequest, on: date) -> Month:
    """The month that the address names; this month where it names none that can be shown."""
    year, number = (row_number(request.GET.get(name, "")) for name in ("year", "month"))
    if year is None or number is None:
        return Month.of(on)
    inside = on.year - YEARS_BACK <= year <= on.year + 1 and 1 <= number <= 12
    return Month(year, number) if inside else Month.of(on)


def _turning(shown: Month, on: date) -> Row:
    """The month's words and its neighbours."""
    before, after = shown.plus(-1), shown.plus(1)
    same_year = shown.year == on.year
    return {
        "label": f"{shown.month} 月" if same_year else f"{shown.year} 年 {shown.month} 月",
        "full_label": shown.label,
        "is_now": shown == Month.of(on),
        "now_url": reverse("bureau:month"),
        "previous_url": before.url if before.year >= on.year - YEARS_BACK else "",
        "previous_label": f"{before.month}月",
        "next_url": after.url if after.year <= on.year + 1 else "",
        "next_label": f"{after.month}月",
    }


def _tasks(organization: Organization, shown: Month, *, is_now: bool) -> list[Task]:
    """The month's tasks; what earlier months left open is carried into the present month only."""
    tasks = listed_tasks(organization, shown.year, shown.month)
    if is_now:
        return tasks
    return [
        task
        for task in tasks
        if (task.event.year, task.event.last_month) >= (shown.year, shown.month)
    ]


def _reports(organization: Organization, shown: Month, *, on: date) -> Reports:
    """The reports that the month is about, in one query and one for their comments."""
    wanted = Q(
        period__year=shown.year,
        period__first_month__lte=shown.month,
        period__last_month__gte=shown.month,
    ) | Q(period__due_on__gte=shown.first, period__due_on__lte=shown.last)
    if shown == Month.of(on):
        wanted |= Q(state__in=REPORT_PENDING)
    rows = (
        Report.objects.filter(wanted, organization=organization)
        .exclude(period__state=PeriodState.PLANNED)
        .select_related("period", "organization")
        .prefetch_related("comments")
        .order_by("period__starts_on")
    )
    held = Reports()
    for report in rows:
        _place(held, report, on=on)
    return held


def _place(held: Reports, report: Report, *, on: date) -> None:
    period = report.period
    if report.state not in REPORT_PENDING:
        held.handed_in.append(report)
    elif report.state == ReportState.RETURNED:
        held.returned.append(report)
    elif period.due_on < on:
        held.late.append(report)
    elif period.ends_on < on:
        held.ready.append(report)
    else:
        held.coming.append(report)


def _summary(held: Agenda, reports: Reports, duties: Sequence[Duty], shown: Month) -> Row:
    """How much is done and left, and roughly how long that takes."""
    waiting = [each for each in duties if not each.done and each.due_on <= shown.last]
    left = len(held.waiting) + len(reports.waiting) + len(waiting)
    handed_in = sum(
        shown.first <= report.period.due_on <= shown.last for report in reports.handed_in
    )
    done = held.done + handed_in + sum(each.done for each in duties)
    minutes = sum(each.minutes for each in waiting)
    later = sum(not each.done and each.due_on > shown.last for each in duties)
    return {
        "total": done + left,
        "done": done,
        "left": left,
        "minutes": held.minutes + MINUTES_A_REPORT * len(reports.waiting) + minutes,
        "later": len(held.later) + later,
    }


def _sections(held: Agenda, reports: Reports, duties: Sequence[Duty], *, on: date) -> Row:
    def rows(tasks: Iterable[Task]) -> list[Row]:
        return [task_row(task, on=on) for task in tasks]

    returned = [each.row for each in duties if each.returned]
    late = [each.row for each in duties if each.is_late(on)]
    waiting = [(task.due_on, task_row(task, on=on)) for task in (*held.coming, *held.later)]
    waiting += [(each.due_on, each.row) for each in duties if each.is_coming(on)]
    groups = [
        {
            "label": _due_label(due, on),
            "soon": _soon_word(due, on),
            "items": [row for _, row in several],
        }
        for due, several in groupby(sorted(waiting, key=itemgetter(0)), key=itemgetter(0))
    ]
    if held.optional:
        groups.append({"label": "选报（自愿）", "soon": "", "items": rows(held.optional)})
    return {
        "returned": [*map(_report_row, reports.returned), *rows(held.returned), *returned],
        "late": [*(_report_row(each, on=on) for each in reports.late), *rows(held.late), *late],
        "groups": groups,
        "finished": [*rows(held.finished), *(each.row for each in duties if each.done)],
    }


def _due_label(due: date, on: date) -> str:
    """Return 25 日前, with the month where it is another one."""
    if (due.year, due.month) == (on.year, on.month):
        return f"{due.day} 日前"
    year = "" if due.year == on.year else f"{due.year} 年 "
    return f"{year}{due.month} 月 {due.day} 日前"


def _soon_word(due: date, on: date) -> str:
    days = (due - on).days
    if days == 0:
        return "今天到期"
    return "即将到期" if 0 < days <= SOON_DAYS else ""


def _report_row(report: Report, *, on: date | None = None) -> Row:
    """A report that was returned (with its comments), or that is late on the day ``on``."""
    if on is None:
        current = (each for each in report.comments.all() if each.version == report.version)
        note = "；".join(each.text for each in current)
    else:
        due = report.period.due_on
        note = f"应于 {day_words(due)}前提交，已过 {(on - due).days} 天"
    return {
        "title": str(report.period),
        "url": reverse("reports:report", args=[report.pk]),
        "note": note,
        "action": "去修改" if on is None else "去提交",
    }


def _report_rows(request: PortalRequest, reports: Reports) -> list[Row]:
    """The reports that are neither returned nor late: to hand in, being gathered, handed in."""
    shown = [*reports.ready, *reports.coming, *reports.handed_in]
    words = {report.pk: _words(request, report, reports) for report in shown}
    return [
        {
            "title": str(report.period),
            "url": reverse("reports:report", args=[report.pk]),
            **words[report.pk],
        }
        for report in shown
    ]


def _words(request: PortalRequest, report: Report, reports: Reports) -> Row:
    until = day_words(report.period.due_on)
    if report in reports.ready and may_submit(request.user, report):
        return {"note": f"{until}前提交，数据已自动汇总，待您确认", "action": "去提交"}
    if report in reports.ready:
        return {"note": f"{until}前提交；您可以先核对，请书记确认提交", "action": "去核对"}
    if report in reports.coming:
        return {"note": _gathering(report), "action": "去查看"}
    return {"word": report.get_state_display(), "action": "去查看"}


def _gathering(report: Report) -> str:
    """How many records a report has gathered so far, and when it can be handed in."""
    period = report.period
    held = Record.objects.in_subtree(report.organization).standing()
    records = held.filter(held_on__gte=period.starts_on, held_on__lte=period.ends_on)
    until = day_words(period.due_on)
    return f"已自动汇总 {records.count()} 条记录；{day_words(period.ends_on)}后确认，{until}前提交"


def _acting_head(organization: Organization, on: date) -> str:
    """Who acts for the secretary (主持工作), if anybody does."""
    label = head_label([organization.pk], on)[organization.pk]
    return label if label.endswith("（主持工作）") else ""
