"""Every change of a monthly report: opening, submitting, returning, approving, correcting, 定稿."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import overrides
from organizations.models import Organization
from organizations.queries import head_label
from reports.choices import PENDING, CorrectionState, PeriodState, ReportState
from reports.composition import CLOSED, Composition, compose
from reports.due import tell_returned
from reports.lines import BY_KEY, LINES, NEEDS_REASON, PART
from reports.models import (
    Comment,
    Correction,
    FinalFigure,
    Period,
    PeriodPlan,
    Report,
    ReportedRecord,
    ReportFigure,
)
from reports.periods import spans_of_year
from reports.permissions import may_finalise, may_review_report, may_submit

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_TEXT = 300


def make_periods(*, actor: "User | None", year: int, at: datetime) -> list[Period]:
    """Make the periods of ``year`` after its plan (calendar months, third workday by default).

    Periods that exist are left alone once opened; planned ones follow a changed plan. Safe to run
    twice.
    """
    plan = PeriodPlan.objects.filter(year=year).first() or PeriodPlan(year=year)
    spans = spans_of_year(
        year,
        first_day=plan.first_day,
        joint=plan.joint,
        due_workday=plan.due_workday,
        overrides=overrides(),
    )
    with transaction.atomic():
        opened = Period.objects.filter(year=year).exclude(state=PeriodState.PLANNED)
        last = max(opened.values_list("last_month", flat=True), default=0)
        Period.objects.filter(year=year, state=PeriodState.PLANNED).delete()
        made = Period.objects.bulk_create(
            Period(
                year=year,
                first_month=span.first_month,
                last_month=span.last_month,
                starts_on=span.starts_on,
                ends_on=span.ends_on,
                due_on=span.due_on,
            )
            for span in spans
            if span.first_month > last
        )
        audit.record(
            actor=actor,
            verb="reports.make_periods",
            label=f"{year}年月报周期",
            ids=[period.pk for period in made],
            at=at,
        )
    return made


def open_period(*, actor: "User | None", period: Period, at: datetime) -> int:
    """Open ``period`` and freeze who is expected to report; return how many.

    Expected are the reporting organisations that exist on its last day. Later changes of the tree
    don't touch the set, so a rate never passes 100 %. Opening twice changes nothing.
    """
    with transaction.atomic():
        opened = Period.objects.filter(pk=period.pk, state=PeriodState.PLANNED).update(
            state=PeriodState.OPEN, opened_at=at
        )
        if not opened:
            return period.reports.count()
        expected = Organization.objects.open_on(period.ends_on).reporting().values_list("pk")
        made = Report.objects.bulk_create(
            Report(period=period, organization_id=pk) for (pk,) in expected
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
    """Open every planned period whose first day has come; return how many were opened."""
    waiting = Period.objects.filter(
        state=PeriodState.PLANNED, starts_on__lte=timezone.localdate(at)
    )
    for period in waiting:
        open_period(actor=actor, period=period, at=at)
    return len(waiting)


def submit_report(
    *,
    actor: "User",
    report: Report,
    problems: str,
    plans: str,
    reasons: Mapping[str, str],
    at: datetime,
) -> Report:
    """Freeze what is held and hand the report in.

    ``reasons`` says why something that is due every month didn't take place, by line. Raises
    DomainError when a reason is missing or the period hasn't ended, ConflictError when somebody
    else was first. Deliberately doesn't ask for anything that the portal holds.
    """
    if not may_submit(actor, report):
        raise ForbiddenError("月报由书记、主持工作的负责人或副书记提交；您可以先填好，请他们确认。")
    _check_ended(report.period, on=timezone.localdate(at))
    _check_texts(problems, plans)
    composition = compose(report)
    _check_reasons(composition, reasons)
    try:
        with transaction.atomic():
            _take(
                report,
                expected=PENDING,
                state=ReportState.SUBMITTED,
                problems=problems.strip(),
                plans=plans.strip(),
                head_label=_head(report),
                filler_label=actor.name,
                submitted_at=at,
                submitted_by=actor,
                version=F("version") + 1,
            )
            _freeze(report, composition, reasons)
            audit.record(actor=actor, verb="reports.submit", obj=report, at=at)
    except IntegrityError as error:
        raise ConflictError("有记录刚刚被另一份月报计入，请刷新后再提交。") from error
    report.refresh_from_db()
    return report


def return_report(
    *, actor: "User", report: Report, comments: Sequence[tuple[str, str]], at: datetime
) -> Report:
    """Send a report back with comments ``(line key or "", text)``; at least one is needed."""
    said = [(key, text.strip()) for key, text in comments if text.strip()]
    _check_reviewer(actor, report)
    if not said:
        raise DomainError("请至少写一条退回意见，说明哪一项要改。")
    if unknown := [key for key, _ in said if key and key not in BY_KEY]:
        raise DomainError(f"月报里没有这一项：{'、'.join(unknown)}。")
    with transaction.atomic():
        _take(
            report,
            expected=(ReportState.SUBMITTED,),
            state=ReportState.RETURNED,
            reviewed_at=at,
            reviewed_by=actor,
            reviewer_label=actor.name,
        )
        Comment.objects.bulk_create(
            Comment(report=report, key=key, text=text, version=report.version, author=actor, at=at)
            for key, text in said
        )
        audit.record(
            actor=actor,
            verb="reports.return",
            obj=report,
            after={"comments": [f"{key}：{text}" for key, text in said]},
            at=at,
        )
        tell_returned(report=report, comments=[text for _, text in said], at=at)
    report.refresh_from_db()
    return report


def approve_report(*, actor: "User", report: Report, at: datetime) -> Report:
    """Approve a submitted report; two reviewers at once get one result and one clear message."""
    _check_reviewer(actor, report)
    with transaction.atomic():
        _take(
            report,
            expected=(ReportState.SUBMITTED,),
            state=ReportState.APPROVED,
            reviewed_at=at,
            reviewed_by=actor,
            reviewer_label=actor.name,
        )
        audit.record(actor=actor, verb="reports.approve", obj=report, at=at)
    report.refresh_from_db()
    return report


def ask_correction(
    *, actor: "User", report: Report, key: str, new_value: int, reason: str, at: datetime
) -> Correction:
    """Ask the bureau to correct one figure of an approved report."""
    if not may_submit(actor, report):
        raise ForbiddenError("更正由书记、主持工作的负责人或副书记申请。")
    if report.state != ReportState.APPROVED:
        raise DomainError("只有已通过的月报才需要申请更正；现在可以直接修改后提交。")
    if not reason.strip():
        raise DomainError("请写明更正的理由。")
    figure = report.figures.filter(key=key).first()
    if figure is None or not figure.recorded:
        raise DomainError("月报里没有这一项可以更正。")
    if figure.value == new_value:
        raise DomainError(f"这一项现在就是 {new_value}，不用更正。")
    try:
        with transaction.atomic():
            correction = Correction.objects.create(
                report=report,
                key=key,
                old_value=figure.value,
                new_value=new_value,
                reason=reason.strip(),
                asked_by=actor,
            )
            audit.record(
                actor=actor,
                verb="reports.ask_correction",
                obj=report,
                before={key: figure.value},
                after={key: new_value, "reason": reason.strip()},
                at=at,
            )
    except IntegrityError as error:
        raise ConflictError("这一项已有一条更正申请在等待处理。") from error
    return correction


def decide_correction(
    *, actor: "User", correction: Correction, granted: bool, answer: str, at: datetime
) -> Correction:
    """Grant or refuse a correction; a final summary keeps the figure it was made with."""
    report = correction.report
    _check_reviewer(actor, report)
    if not granted and not answer.strip():
        raise DomainError("不同意更正时请写明原因。")
    with transaction.atomic():
        taken = Correction.objects.filter(pk=correction.pk, state=CorrectionState.ASKED).update(
            state=CorrectionState.GRANTED if granted else CorrectionState.REFUSED,
            decided_by=actor,
            decided_at=at,
            answer=answer.strip(),
        )
        if not taken:
            raise ConflictError("这条更正申请刚刚已由别人处理。")
        if granted:
            report.figures.filter(key=correction.key).update(value=correction.new_value)
        audit.record(
            actor=actor,
            verb="reports.decide_correction",
            obj=report,
            before={correction.key: correction.old_value},
            after={correction.key: correction.new_value if granted else correction.old_value},
            at=at,
        )
    correction.refresh_from_db()
    return correction


def finalise_period(*, actor: "User", period: Period, at: datetime) -> Period:
    """Mark the month's summary final: keep its figures as they stand now.

    Deliberately doesn't wait for those who haven't reported; they are counted as 未报 and come in
    later as 与定稿差.
    """
    if not may_finalise(actor):
        raise ForbiddenError("汇总表由局机关工作人员定稿。")
    with transaction.atomic():
        done = Period.objects.filter(pk=period.pk, state=PeriodState.OPEN).update(
            state=PeriodState.FINAL, finalised_at=at, finalised_by=actor
        )
        if not done:
            raise ConflictError("这个月的汇总表已经定稿，或尚未开放。")
        held = ReportFigure.objects.filter(report__period=period, report__state__in=CLOSED)
        numeric = held.filter(key__in=BY_KEY).values_list("report__organization_id", "key", "value")
        made = FinalFigure.objects.bulk_create(
            FinalFigure(period=period, organization_id=owner, key=key, value=value)
            for owner, key, value in numeric
        )
        audit.record(
            actor=actor,
            verb="reports.finalise",
            obj=period,
            after={"figures": len(made)},
            at=at,
        )
    period.refresh_from_db()
    return period


def _take(report: Report, *, expected: Sequence[str], **fields: object) -> None:
    """Change the state if it is still one of ``expected``; otherwise say who was first."""
    if Report.objects.filter(pk=report.pk, state__in=expected).update(**fields):
        return
    report.refresh_from_db()
    who = {
        ReportState.SUBMITTED: report.submitted_by,
        ReportState.RETURNED: report.reviewed_by,
        ReportState.APPROVED: report.reviewed_by,
    }.get(ReportState(report.state))
    by = f"（{who}）" if who else ""
    raise ConflictError(f"这份月报现在是「{report.get_state_display()}」{by}，请刷新后再看。")


def _freeze(report: Report, composition: Composition, reasons: Mapping[str, str]) -> None:
    """Write the figures, and mark which records were counted."""
    report.figures.all().delete()
    figures = [
        ReportFigure(
            report=report,
            key=each.line.key,
            value=each.value,
            text=each.text or reasons.get(each.line.key, "").strip(),
            recorded=each.line.recorded,
        )
        for each in composition.lines
    ]
    for each in composition.tasks:
        day = f"{each.day.month}月{each.day.day}日" if each.day else ""
        parts = [each.task.event.title, each.state, day, each.reason]
        text = PART.join(parts)
        figures.append(
            ReportFigure(report=report, key=f"task:{each.task.pk}", value=each.present, text=text)
        )
    ReportFigure.objects.bulk_create(figures)
    ReportedRecord.objects.filter(report=report).delete()
    late = {record.pk for record in composition.supplements}
    ReportedRecord.objects.bulk_create(
        ReportedRecord(report=report, record=record, supplement=record.pk in late)
        for record in composition.records
    )


def _head(report: Report) -> str:
    on = report.period.ends_on
    return head_label([report.organization_id], on).get(report.organization_id, "")


def _check_reviewer(actor: "User", report: Report) -> None:
    if not may_review_report(actor, report):
        raise ForbiddenError("您不是这个党组织的审核人。")


def _check_ended(period: Period, *, on: date) -> None:
    """A report speaks of a whole period; before its last day it can't."""
    if on < period.ends_on:
        last = f"{period.ends_on.month}月{period.ends_on.day}日"
        raise DomainError(f"统计周期到{last}才结束，到那天起可以提交；已填的内容会保留。")


def _check_texts(problems: str, plans: str) -> None:
    for label, text in (("问题与建议", problems), ("下月打算", plans)):
        if len(text.strip()) > LONGEST_TEXT:
            length = len(text.strip())
            raise DomainError(f"「{label}」写了 {length} 字，最多 {LONGEST_TEXT} 字，请精简。")


def _check_reasons(composition: Composition, reasons: Mapping[str, str]) -> None:
    for key in NEEDS_REASON:
        if composition.value(key) == 0 and not reasons.get(key, "").strip():
            label = BY_KEY[key].label.removesuffix("次数")
            raise DomainError(f"本期没有「{label}」的记录：请补一条记录，或写明未开展的原因。")


def numeric_keys() -> list[str]:
    """Keys of the lines that the month's summary adds up, in the order of the form."""
    return [line.key for line in LINES if line.recorded]
