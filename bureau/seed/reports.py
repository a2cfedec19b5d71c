"""Monthly reports: ten months handed in and approved, the last one still under way."""

from collections.abc import Sequence
from datetime import date, timedelta

from activities.choices import RecordKind
from activities.models import Record
from bureau.seed.calendar_plan import LATE
from bureau.seed.context import Context
from bureau.seed.records import Recorder, members_of
from common.models import overrides
from common.workdays import workday_from
from organizations.queries import head_label
from reports import services
from reports.choices import ReportState
from reports.composition import compose
from reports.lines import NEEDS_REASON
from reports.models import Period, Report, ReportedRecord, ReportFigure
from reports.periods import spans_of_year

MONTHS = 10
RETURNED, SUPPLEMENTED, CORRECTED, ASKING = "文岚小学", "芙蓉小学", "芙蓉小学", "荷花小学"
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
    *past, newest = _ended(context)
    for period in past:
        _hand_in(context, period)
    _supplement(context, past[-1])
    _hand_in_newest(context, newest)
    for period in past:
        services.finalise_period(
            actor=context.users["officer"],
            period=period,
            at=context.at(workday_from(period.due_on + timedelta(days=6), overrides()), 16),
        )
    _correct(context, past[-1])


def _ended(context: Context) -> list[Period]:
    """Make the periods of this year, and those of the last that the ten months reach back to."""
    day = context.day
    services.make_periods(actor=None, year=day.year, at=context.at(date(day.year, 1, 4)))
    reach = day.year * 12 + day.month - 1 - MONTHS
    before = [
        span
        for span in spans_of_year(
            day.year - 1, first_day=1, joint=(), due_workday=3, overrides=overrides()
        )
        if (day.year - 1) * 12 + span.first_month - 1 >= reach
    ]
    Period.objects.bulk_create(
        Period(
            year=day.year - 1,
            first_month=span.first_month,
            last_month=span.last_month,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            due_on=span.due_on,
        )
        for span in before
    )
    begun = list(Period.objects.filter(starts_on__lte=day).order_by("starts_on"))
    for period in begun:
        services.open_period(actor=None, period=period, at=context.at(period.starts_on, 8))
    ended = [period for period in begun if period.ends_on < day]
    return ended[-MONTHS:]


def _hand_in(context: Context, period: Period) -> None:
    """Everybody has handed in, everything is approved."""
    reports = _reports(period)
    for report in reports:
        _submit(context, report)
        _approve(context, report)
    _freeze(reports)


def _hand_in_newest(context: Context, period: Period) -> None:
    """Four haven't handed in; some wait for review; one has been sent back."""
    rng, handed_in = context.rng, list[Report]()
    over = context.day > period.due_on
    for report in _reports(period):
        name = report.organization.short_name
        if name in LATE or (not over and name != RETURNED and rng.random() < 0.5):
            continue
        if name == RETURNED:
            _spoil(report)
        _submit(context, report)
        if over and name != RETURNED and rng.random() < 0.8:
            _approve(context, report)
        handed_in.append(report)
    _freeze(handed_in)
    report = Report.objects.get(period=period, organization__short_name=RETURNED)
    services.return_report(
        actor=context.users["officer"],
        report=report,
        comments=[("theme_day.entitled", "党员 17 人，主题党日应到 18 人，请核。")],
        at=context.at(min(workday_from(period.due_on), context.day), 15),
    )


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


def _freeze(reports: Sequence[Report]) -> None:
    """Freeze what each report says, and write all of them at once."""
    if not reports:
        return
    ids = [report.organization_id for report in reports]
    heads = head_label(ids, reports[0].period.ends_on)
    figures: list[ReportFigure] = []
    records: list[ReportedRecord] = []
    for report in reports:
        report.head_label = heads[report.organization_id] or report.filler_label
        reasons = dict.fromkeys(NEEDS_REASON, "本月由联合支部统一安排，与下月合并开展。")
        frozen = services.frozen_rows(report, compose(report), reasons)
        figures += frozen.figures
        records += frozen.records
    Report.objects.bulk_update(reports, _FIELDS, batch_size=60)
    ReportFigure.objects.bulk_create(figures)
    ReportedRecord.objects.bulk_create(records)


def _spoil(report: Report) -> None:
    """Write one member too many, so that there is something to send back."""
    period = report.period
    theme_day = Record.objects.filter(
        organization=report.organization,
        kind=RecordKind.THEME_DAY,
        held_on__gte=period.starts_on,
        held_on__lte=period.ends_on,
    )
    theme_day.update(entitled=18, present=18)


def _supplement(context: Context, period: Period) -> None:
    """Enter something after its report was handed in: the next one counts it as 补录."""
    organization = context.organizations[SUPPLEMENTED]
    recorder = Recorder(context)
    recorder.add(
        organization=organization,
        kind=RecordKind.VOLUNTEERING,
        on=workday_from(period.ends_on - timedelta(days=4), overrides()),
        topic="党员志愿者协助社区人口登记",
        members=members_of(context)[organization.pk],
        counters={"persons": 6},
    )
    recorder.write()


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
