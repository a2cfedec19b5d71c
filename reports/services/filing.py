"""The school's side: preparing a report and handing it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.queries import head_label
from reports.choices import PENDING, ReportState
from reports.composition import Composition, compose
from reports.lines import NEEDS_REASON, TASK_KEY, TEXTS
from reports.models import Period, Report, ReportedRecord, ReportFigure
from reports.permissions import may_submit, may_type
from reports.services.guards import checked_text, take
from reports.telling import withdraw_dues

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_TEXT = 300
LONGEST_REASON = 100
# What handing in writes on the report's own row.
_WRITTEN = (
    "state",
    "problems",
    "plans",
    "reasons",
    "head_label",
    "filler_label",
    "reviewer_label",
    "submitted_at",
    "submitted_by",
    "version",
    "updated_at",
)


@dataclass(frozen=True)
class _Typed:
    """What people type into a report, checked."""

    problems: str
    plans: str
    reasons: dict[str, str]


def prepare_report(
    *,
    actor: "User",
    report: Report,
    problems: str,
    plans: str,
    reasons: Mapping[str, str],
    at: datetime,
) -> Report:
    """Lay the typed texts before who hands in: what a clerk may do.

    Deliberately freezes nothing and asks for no reasons: handing in does.
    """
    if not may_type(actor, report):
        raise ForbiddenError("您没有为这个党组织填报的角色。")
    typed = _typed(problems, plans, reasons)
    with transaction.atomic():
        rows = Report.objects.filter(pk=report.pk, state__in=PENDING)
        kept = rows.update(
            problems=typed.problems,
            plans=typed.plans,
            reasons=typed.reasons,
            prepared_by=actor,
            prepared_at=at,
            updated_at=at,
        )
        if not kept:
            raise ConflictError("这份月报刚刚已经提交，您写的内容没有保存，请先复制下来。")
        audit.record(
            actor=actor,
            verb="reports.prepare",
            obj=report,
            before={"problems": report.problems, "plans": report.plans},
            after={"problems": typed.problems, "plans": typed.plans},
            at=at,
        )
    report.refresh_from_db()
    return report


def submit_report(
    *,
    actor: "User",
    report: Report,
    problems: str,
    plans: str,
    reasons: Mapping[str, str],
    at: datetime,
    seen: str = "",
) -> Report:
    """Freeze what is held and hand the report in.

    ``reasons`` says by line why something that is due every month didn't take place; ``seen`` is
    the fingerprint of the composition that the actor looked at, empty where it doesn't matter.
    Raises DomainError when a reason is missing or the period hasn't ended, ConflictError when
    somebody else was first or the figures changed since. Deliberately doesn't ask for anything that
    the portal holds.
    """
    if not may_submit(actor, report):
        raise ForbiddenError("月报由书记、主持工作的负责人或副书记提交；您可以先填好，请他们确认。")
    _check_ended(report.period, on=timezone.localdate(at))
    typed = _typed(problems, plans, reasons)
    try:
        with transaction.atomic():
            _hand_in(actor, report, typed, at=at)
            composition = compose(report)
            _check_seen(composition, seen)
            _check_reasons(composition, typed.reasons)
            _freeze(report, composition, typed.reasons)
            withdraw_dues(report, at=at)
    except IntegrityError as error:
        raise ConflictError("有记录刚刚被另一份月报计入，请刷新后再提交。") from error
    report.refresh_from_db(fields=_WRITTEN)
    return report


def _hand_in(actor: "User", report: Report, typed: _Typed, *, at: datetime) -> None:
    on = timezone.localdate(at)
    head = head_label([report.organization_id], on)[report.organization_id]
    take(
        report,
        state=ReportState.SUBMITTED,
        at=at,
        problems=typed.problems,
        plans=typed.plans,
        reasons=typed.reasons,
        head_label=head,
        filler_label=actor.name,
        reviewer_label="",
        submitted_at=at,
        submitted_by=actor,
        version=F("version") + 1,
    )
    audit.record(
        actor=actor,
        verb="reports.submit",
        obj=report,
        before={"state": report.state},
        after={"state": ReportState.SUBMITTED, "problems": typed.problems, "plans": typed.plans},
        at=at,
    )


def _typed(problems: str, plans: str, reasons: Mapping[str, str]) -> _Typed:
    return _Typed(
        checked_text(problems, name=TEXTS["problems"], limit=LONGEST_TEXT),
        checked_text(plans, name=TEXTS["plans"], limit=LONGEST_TEXT),
        {
            key: checked_text(reasons[key], name="未开展的原因", limit=LONGEST_REASON)
            for key in NEEDS_REASON
            if reasons.get(key, "").strip()
        },
    )


def _check_ended(period: Period, *, on: date) -> None:
    """A report speaks of a whole period; before its last day it can't."""
    if on < period.ends_on:
        last = f"{period.ends_on.month}月{period.ends_on.day}日"
        raise DomainError(f"统计周期到{last}才结束，到那天起可以提交；已填的内容会保留。")


def _check_seen(composition: Composition, seen: str) -> None:
    if seen and seen != composition.fingerprint:
        raise ConflictError(
            "您打开本页以后数据有变动（有人新增或修改了记录、任务），请核对后再提交。"
        )


def _check_reasons(composition: Composition, reasons: Mapping[str, str]) -> None:
    for line in composition.missing:
        if not reasons.get(line.key):
            raise DomainError(f"本期没有「{line.group}」的记录：请补一条记录，或写明未开展的原因。")


def _freeze(report: Report, composition: Composition, reasons: Mapping[str, str]) -> None:
    """Write the figures, and mark which records were counted; those of the version before go."""
    wanted = {line.key for line in composition.missing}
    figures = [
        ReportFigure(
            report=report,
            key=each.line.key,
            value=each.value,
            text=_with_reason(each.text, reasons.get(each.line.key, ""))
            if each.line.key in wanted
            else each.text,
            recorded=each.line.recorded,
        )
        for each in composition.lines
    ]
    figures += [
        ReportFigure(
            report=report,
            key=f"{TASK_KEY}{each.task_id}",
            value=each.present,
            text=each.frozen_text,
        )
        for each in composition.tasks
    ]
    if report.version:
        report.figures.all().delete()
        ReportedRecord.objects.filter(report=report).delete()
    ReportFigure.objects.bulk_create(figures)
    late = {record.pk for record in composition.supplements}
    ReportedRecord.objects.bulk_create(
        ReportedRecord(report=report, record=record, supplement=record.pk in late)
        for record in composition.records
    )


def _with_reason(text: str, reason: str) -> str:
    return "；".join(filter(None, [text, f"本期未开展：{reason}"]))
