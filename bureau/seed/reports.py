"""Monthly reports: eight months handed in, all but the newest final."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from django.utils import timezone

from activities.choices import RecordKind
from activities.models import Record
from bureau.seed.calendar_plan import LATE
from bureau.seed.composing import Books, frozen
from bureau.seed.context import Context
from bureau.seed.records import Recorder, members_of
from calendar_events.models import Task
from common.models import overrides
from common.workdays import workday_from
from organizations.queries import head_label
from reports import services
from reports.choices import ReportState
from reports.models import Period, Report, ReportedRecord, ReportFigure

MONTHS = 8
RETURNED = CORRECTED = "芙蓉小学"
SUPPLEMENTED = ASKING = "荷花小学"
_FIELDS = (
    "state",
    "problems",
    "plans",
    "head_label",
    "filler_label",
    "reviewer_label",
    "submitted_at",
    "submitted_by",
    "reviewed_at",
    "reviewed_by",
    "version",
)
_PROBLEMS = (
    "工学矛盾比较突出，部分党员外出培训，集中学习时间难统一。",
    "党员活动室面积较小，希望区里统筹安排共享阵地。",
    "青年教师入党积极性较高，发展名额偏紧，建议适当增加。",
    "无",
    "退休返聘党员的组织关系归属希望明确口径。",
    "支部书记兼课较多，台账整理压力大。",
)
_PLANS = (
    "开好下月主题党日，组织党员示范课展示。",
    "做好“微心愿”认领和困难学生帮扶。",
    "召开支委会研究党员发展工作，完成积极分子考察。",
    "结合教研活动开展党员先锋岗评比。",
    "组织教师学习师德师风典型案例，签订承诺书。",
)


def build(context: Context) -> None:
    """Open the periods, hand in and review the past ones, mark all but the newest final."""
    desk = _Desk(context)
    *past, newest = _ended(context)
    for period in past:
        desk.hand_in(period)
    late = _supplement(context, past[-1])
    desk.hand_in_newest(newest, late={context.organizations[SUPPLEMENTED].pk: [late]})
    for period in past:
        services.finalise_period(
            actor=context.users["officer"],
            period=period,
            at=context.at(workday_from(period.due_on + timedelta(days=6), overrides()), 16),
        )
    _return(context, newest)
    _correct(context, past[-1])


def _ended(context: Context) -> list[Period]:
    """Make the periods of this year, and those of the last that the months reach back to."""
    day = context.day
    month = day.year * 12 + day.month - 1 - MONTHS
    reach = date(month // 12, month % 12 + 1, 1)
    for year in range(reach.year, day.year + 1):
        first = max(reach, date(year, 1, 1))
        services.make_periods(actor=None, year=year, at=context.at(first))
    begun = list(Period.objects.filter(starts_on__lte=day).order_by("starts_on"))
    for period in begun:
        services.open_period(actor=None, period=period, at=context.at(period.starts_on, 8))
    return [period for period in begun if period.ends_on < day][-MONTHS:]


class _Desk:
    """Hands in the reports of one period after the other, and remembers what was unfinished."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._unfinished: dict[int, list[Task]] = {}

    def hand_in(self, period: Period) -> None:
        """Everybody has handed in, everything is approved."""
        reports = _reports(period)
        for report in reports:
            _submit(self.context, report)
            _approve(self.context, report)
        self._write(period, reports, reports)

    def hand_in_newest(self, period: Period, *, late: Mapping[int, list[Record]]) -> None:
        """Four haven't handed in, some wait for review; before it is due, half of them wait."""
        rng = self.context.rng
        over = self.context.day > period.due_on
        handed_in: list[Report] = []
        reports = _reports(period)
        for report in reports:
            name = report.organization.short_name
            if name in LATE or (not over and name != RETURNED and rng.random() < 0.5):
                continue
            if name == RETURNED:
                _spoil(report)
            _submit(self.context, report)
            if over and name != RETURNED and rng.random() < 0.8:
                _approve(self.context, report)
            handed_in.append(report)
        self._write(period, reports, handed_in, late=late)

    def _write(
        self,
        period: Period,
        expected: Sequence[Report],
        handed_in: Sequence[Report],
        *,
        late: Mapping[int, list[Record]] = MappingProxyType({}),
    ) -> None:
        """Freeze what the reports handed in say, and write all of them at once."""
        books = Books(period, expected)
        heads = head_label([each.organization_id for each in handed_in], period.ends_on)
        figures: list[ReportFigure] = []
        records: list[ReportedRecord] = []
        for report in handed_in:
            owner = report.organization_id
            composition, unfinished = books.compose(
                report,
                carried=self._unfinished.get(owner, ()),
                late=late.get(owner, ()),
                on=timezone.localdate(report.submitted_at),
            )
            self._unfinished[owner] = unfinished
            report.head_label = heads[owner] or report.filler_label
            rows = frozen(report, composition)
            figures += rows[0]
            records += rows[1]
        Report.objects.bulk_update(handed_in, _FIELDS, batch_size=60)
        ReportFigure.objects.bulk_create(figures)
        ReportedRecord.objects.bulk_create(records)


def _reports(period: Period) -> list[Report]:
    rows = period.reports.select_related("organization", "period")
    return list(rows.order_by("organization__order", "pk"))


def _submit(context: Context, report: Report) -> None:
    rng, period = context.rng, report.period
    head = context.heads[report.organization_id]
    latest = min(period.due_on, context.day - timedelta(days=1))
    first = min(period.ends_on + timedelta(days=1), latest)
    on = first + timedelta(days=rng.randint(0, max((latest - first).days, 0)))
    report.state, report.version = ReportState.SUBMITTED, 1
    report.submitted_at, report.submitted_by = context.at(on, 10, rng.randint(0, 59)), head
    report.filler_label = head.name
    report.problems, report.plans = rng.choice(_PROBLEMS), rng.choice(_PLANS)


def _approve(context: Context, report: Report) -> None:
    officer = context.users["officer"]
    at = report.submitted_at or context.at(report.period.due_on)
    report.state, report.reviewed_by = ReportState.APPROVED, officer
    report.reviewer_label = officer.name
    report.reviewed_at = min(at + timedelta(hours=26), context.at(context.day, 8))


def _spoil(report: Report) -> None:
    """Write two members too many, so that there is something to send back."""
    period = report.period
    theme_day = Record.objects.filter(
        organization=report.organization,
        kind=RecordKind.THEME_DAY,
        held_on__gte=period.starts_on,
        held_on__lte=period.ends_on,
    )
    theme_day.update(entitled=36, present=34)


def _supplement(context: Context, period: Period) -> Record:
    """Enter something after its report was handed in: the next one counts it as 补录."""
    organization = context.organizations[SUPPLEMENTED]
    recorder = Recorder(context)
    record = recorder.add(
        organization=organization,
        kind=RecordKind.VOLUNTEERING,
        on=workday_from(period.ends_on - timedelta(days=4), overrides()),
        topic="党员志愿者协助社区人口登记",
        members=members_of(context)[organization.pk],
        counters={"persons": 6},
    )
    recorder.write()
    return record


def _return(context: Context, period: Period) -> None:
    """Send one report back with a comment at its field."""
    report = Report.objects.get(period=period, organization__short_name=RETURNED)
    services.return_report(
        actor=context.users["officer"],
        report=report,
        comments=[("theme_day.entitled", "党员 34 人，主题党日应到 36 人，请核。")],
        at=context.at(min(workday_from(period.due_on, overrides()), context.day), 15),
    )


def _correct(context: Context, period: Period) -> None:
    """One correction granted after the summary was final, another one waiting."""
    day = max(workday_from(period.due_on + timedelta(days=9), overrides()), context.ago(days=9))
    asked = (
        ("secretary", CORRECTED, "publicity.school_level", 2),
        ("two_posts", ASKING, "talk.times", 1),
    )
    for part, name, key, more in asked:
        report = Report.objects.get(period=period, organization=context.organizations[name])
        held = report.figures.get(key=key).value or 0
        correction = services.ask_correction(
            actor=context.users[part],
            report=report,
            key=key,
            new_value=held + more,
            reason=f"整理台账时发现漏报 {more} 项",
            at=context.at(min(day, context.ago(days=1)), 10),
        )
        if part == "secretary":
            services.decide_correction(
                actor=context.users["officer"],
                correction=correction,
                granted=True,
                answer="同意更正",
                at=context.at(min(day, context.ago(days=1)), 14),
            )
