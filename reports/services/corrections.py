"""Correcting a figure of an approved report: asked by the school, decided by the reviewer."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from reports.choices import CorrectionState, Outcome, ReportState
from reports.lines import BY_KEY
from reports.models import Correction, Report
from reports.permissions import may_submit
from reports.services.guards import check_reviewer, checked_text, required_text
from reports.services.keeping import keep_version
from reports.telling import tell_decided

if TYPE_CHECKING:
    from accounts.models import User

LARGEST_FIGURE = 999_999
LONGEST_TEXT = 300


def ask_correction(
    *, actor: "User", report: Report, key: str, new_value: int, reason: str, at: datetime
) -> Correction:
    """Ask the bureau to correct one figure of an approved report.

    Refused is only what can't be: no such figure, nothing to change, more present than entitled.
    """
    if not may_submit(actor, report):
        raise ForbiddenError("更正由书记、主持工作的负责人或副书记申请。")
    if report.state != ReportState.APPROVED:
        raise DomainError("只有已通过的月报才需要申请更正；其他情况请联系审核人退回后修改。")
    why = required_text(reason, name="更正的理由", limit=LONGEST_TEXT)
    old_value = _checked_value(report, key, new_value)
    try:
        with transaction.atomic():
            correction = Correction.objects.create(
                report=report,
                key=key,
                old_value=old_value,
                new_value=new_value,
                reason=why,
                asked_by=actor,
                created_at=at,
            )
            audit.record(
                actor=actor,
                verb="reports.ask_correction",
                obj=report,
                before={key: old_value},
                after={key: new_value, "reason": why},
                at=at,
            )
    except IntegrityError as error:
        raise ConflictError("这一项已有一条更正申请在等待处理。") from error
    return correction


def _checked_value(report: Report, key: str, new_value: int) -> int | None:
    """Return what the figure is now; raise DomainError where ``new_value`` can't be."""
    figures = {each.key: each for each in report.figures.filter(key__in=BY_KEY)}
    if key not in figures or not figures[key].recorded:
        raise DomainError("月报里没有这一项可以更正。")
    if not 0 <= new_value <= LARGEST_FIGURE:
        raise DomainError(f"「应为」应填 0–{LARGEST_FIGURE} 的整数，写的是 {new_value}。")
    if figures[key].value == new_value:
        raise DomainError(f"这一项现在就是 {new_value}，不用更正。")
    values = {name: figure.value for name, figure in figures.items()}
    asked = report.corrections.filter(state=CorrectionState.ASKED)
    values |= dict(asked.values_list("key", "new_value"))
    _check_heads(values | {key: new_value}, kind=BY_KEY[key].kind)
    return figures[key].value


def _check_heads(values: dict[str, int | None], *, kind: str) -> None:
    """More can't be present than entitled; what else was asked for counts as granted."""
    entitled, present = values.get(f"{kind}.entitled"), values.get(f"{kind}.present")
    if entitled is not None and present is not None and present > entitled:
        raise DomainError(
            f"更正后应到 {entitled} 人次、实到 {present} 人次，请核；两项都要改时先申请改应到。"
        )


def decide_correction(
    *, actor: "User", correction: Correction, granted: bool, answer: str, at: datetime
) -> Correction:
    """Grant or refuse a correction and tell the school.

    What was approved is kept as the version it is; granting makes the next one. A final summary
    keeps the figure it was made with: the difference shows as 与定稿差.
    """
    report = correction.report
    check_reviewer(actor, report)
    words = checked_text(answer, name="答复", limit=LONGEST_TEXT)
    if not granted and not words:
        raise DomainError("不同意更正时请写明原因。")
    state = CorrectionState.GRANTED if granted else CorrectionState.REFUSED
    with transaction.atomic():
        taken = Correction.objects.filter(pk=correction.pk, state=CorrectionState.ASKED).update(
            state=state, decided_by=actor, decided_at=at, answer=words, updated_at=at
        )
        if not taken:
            raise ConflictError("这条更正申请刚刚已由别人处理，请刷新后再看。")
        if granted:
            _amend(report, correction, at=at)
        audit.record(
            actor=actor,
            verb="reports.decide_correction",
            obj=report,
            before={correction.key: correction.old_value},
            after={correction.key: correction.new_value, "decision": state, "answer": words},
            at=at,
        )
        correction.refresh_from_db()
        tell_decided(correction, at=at)
    return correction


def _amend(report: Report, correction: Correction, *, at: datetime) -> None:
    """Keep the approved version and write the next; two corrections at once take turns here."""
    Report.objects.filter(pk=report.pk).update(version=F("version") + 1, updated_at=at)
    report.refresh_from_db()
    keep_version(report, number=report.version - 1, outcome=Outcome.APPROVED, at=at)
    Correction.objects.filter(pk=correction.pk).update(version=report.version)
    report.figures.filter(key=correction.key).update(value=correction.new_value)
