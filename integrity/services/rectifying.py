"""Mending what fell short: opened by the bureau, proved by the school, judged by the bureau."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from attachments.checks import Upload
from attachments.services import store_all
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from integrity.choices import RectificationState, SelfCheckState, StepKind, Verdict
from integrity.models import Answer, Item, Rectification, RectificationStep, SelfCheck
from integrity.permissions import may_answer, may_return, may_submit
from integrity.services.guards import checked_text, required_text
from integrity.telling import tell_rectification, withdraw_rectification_dues
from notifications.stages import Stage
from notifications.texts import day_words
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_DEMAND, LONGEST_OWNER, LONGEST_PROOF, LONGEST_REASON = 200, 50, 500, 200
MOST_FILES = 9


def short_items(self_check: SelfCheck) -> list[Item]:
    """Return what fell short in ``self_check`` and isn't being mended yet; items that bar are not.

    One taken back may be asked for again. Two queries: those that bar are dealt with elsewhere, by
    people who may know of them.
    """
    answers = Answer.objects.filter(
        self_check=self_check,
        verdict__in=(Verdict.PARTLY, Verdict.NOT_MET),
        item__section__bars=False,
    )
    begun = Rectification.objects.filter(self_check=self_check).exclude(
        state=RectificationState.CANCELLED
    )
    short = Item.objects.filter(pk__in=answers.values("item"), withdrawn_at=None)
    items = short.exclude(pk__in=begun.values("item"))
    return list(items.select_related("section"))


def open_rectifications(
    *,
    actor: "User",
    self_check: SelfCheck,
    demands: Mapping[int, str],
    due_on: date,
    at: datetime,
) -> list[Rectification]:
    """Ask the school to mend items until ``due_on``, and tell it; ``demands`` says what, by item.

    Raises DomainError where nothing is chosen, an item didn't fall short or is being mended, or the
    day has passed.
    """
    if not may_return(actor, self_check):
        raise ForbiddenError("您不审核这个单位的自查。")
    on = timezone.localdate(at)
    _check_due(due_on, on)
    told = {
        pk: required_text(text, name="整改要求", limit=LONGEST_DEMAND)
        for pk, text in demands.items()
    }
    with transaction.atomic():
        held = SelfCheck.objects.filter(pk=self_check.pk, state=SelfCheckState.SUBMITTED)
        if not held.update(version=F("version") + 1, updated_at=at):
            raise ConflictError("这份自查表不在已提交状态，请刷新后再看。")
        items = {item.pk: item for item in short_items(self_check)}
        if not told or set(told) - set(items):
            raise DomainError("请勾选要整改的项目；有的项目可能刚刚已下达整改，请刷新后再选。")
        made = Rectification.objects.bulk_create(
            Rectification(
                self_check=self_check,
                item=items[pk],
                organization=self_check.organization,
                demand=demand,
                due_on=due_on,
                opened_on=on,
            )
            for pk, demand in told.items()
        )
        RectificationStep.objects.bulk_create(
            RectificationStep(
                rectification=row, kind=StepKind.OPENED, text=row.demand, at=at, by=actor
            )
            for row in made
        )
        audit.record(
            actor=actor,
            verb="integrity.open_rectifications",
            obj=self_check,
            after={"due_on": due_on, "items": [items[pk].text[:40] for pk in told]},
            at=at,
        )
        sentence = f"{self_check.assignment}有 {len(made)} 项要整改，{day_words(due_on)}前完成"
        tell_rectification(made[0], "opened", sentence, at=at)
    return made


def _check_due(due_on: date, on: date) -> None:
    if due_on < on:
        raise DomainError(f"整改期限{day_words(due_on)}已经过去，请选今天或以后的日期。")
    if due_on.year > on.year + 1:
        raise DomainError("整改期限应在明年年底以前，请核对年份。")


def hand_in_rectification(
    *,
    actor: "User",
    rectification: Rectification,
    owner: str,
    text: str,
    uploads: Sequence[Upload] = (),
    at: datetime,
) -> Rectification:
    """Say who mended it and how, with what proves it; secretary, acting head or deputy."""
    if not may_answer(actor, rectification.self_check):
        raise ForbiddenError("您没有为这个党组织填报的角色。")
    if not may_submit(actor, rectification.self_check):
        raise ForbiddenError("整改结果由书记、主持工作的负责人或副书记上报。")
    who = required_text(owner, name="责任人", limit=LONGEST_OWNER)
    done = required_text(text, name="整改情况", limit=LONGEST_PROOF)
    if len(uploads) > MOST_FILES:
        raise DomainError(f"最多传 {MOST_FILES} 个文件。")
    with transaction.atomic():
        _take(
            rectification, RectificationState.OPEN, RectificationState.HANDED_IN, at=at, owner=who
        )
        step = _step(rectification, StepKind.HANDED_IN, done, actor, at)
        step.attachments.set(store_all(actor=actor, uploads=list(uploads), at=at))
        _note(actor, "hand_in_rectification", rectification, {"owner": who}, at)
    return rectification


def close_rectification(
    *, actor: "User", rectification: Rectification, text: str = "", at: datetime
) -> Rectification:
    """Find it mended."""
    _check_judge(actor, rectification)
    told = checked_text(text, name="复核意见", limit=LONGEST_REASON)
    with transaction.atomic():
        _take(
            rectification,
            RectificationState.HANDED_IN,
            RectificationState.CLOSED,
            at=at,
            closed_on=timezone.localdate(at),
        )
        _step(rectification, StepKind.CLOSED, told, actor, at)
        _note(actor, "close_rectification", rectification, {}, at)
    return rectification


def reopen_rectification(
    *, actor: "User", rectification: Rectification, reason: str, due_on: date, at: datetime
) -> Rectification:
    """Find it not mended, even after it was found so: the school goes on, with another day."""
    _check_judge(actor, rectification)
    why = required_text(reason, name="还差什么", limit=LONGEST_REASON)
    _check_due(due_on, timezone.localdate(at))
    closed = rectification.organization.closed_on
    if closed is not None:
        raise DomainError(f"「{rectification.organization}」已撤销，没有人能继续整改。")
    with transaction.atomic():
        _take(
            rectification,
            (RectificationState.HANDED_IN, RectificationState.CLOSED),
            RectificationState.OPEN,
            at=at,
            due_on=due_on,
            closed_on=None,
            reopened=F("reopened") + 1,
        )
        _step(rectification, StepKind.REOPENED, why, actor, at)
        after = {"due_on": due_on, "reason": why}
        _note(actor, "reopen_rectification", rectification, after, at)
        sentence = f"整改未到位：{why}，{day_words(due_on)}前完成"
        tell_rectification(rectification, f"reopened:{at:%Y%m%d%H%M%S}", sentence, at=at)
    return rectification


def cancel_rectification(
    *, actor: "User", rectification: Rectification, reason: str, at: datetime
) -> Rectification:
    """Take back one that was asked for by mistake, and tell the school."""
    _check_judge(actor, rectification)
    why = required_text(reason, name="取消的原因", limit=LONGEST_REASON)
    with transaction.atomic():
        _take(
            rectification,
            (RectificationState.OPEN, RectificationState.HANDED_IN),
            RectificationState.CANCELLED,
            at=at,
        )
        _step(rectification, StepKind.CANCELLED, why, actor, at)
        _note(actor, "cancel_rectification", rectification, {"reason": why}, at)
        _withdraw_news(rectification, at=at)
        sentence = f"不用整改了：{rectification.item.text[:40]}，{why}"
        tell_rectification(rectification, "cancelled", sentence, at=at, stage=Stage.CHANGE)
    return rectification


def cancel_closed_rectifications(
    *, actor: "User | None", organization: Organization | None, at: datetime
) -> int:
    """Cancel what closed organisations still have to mend, as nobody is left; return how many.

    Without an ``organization`` it looks at all of them. What was handed in is still judged.
    """
    rows = Rectification.objects.pending().filter(
        organization__closed_on__lte=timezone.localdate(at)
    )
    if organization is not None:
        rows = rows.filter(organization=organization)
    left = list(rows.select_related("organization", "item", "self_check__school"))
    if not left:
        return 0
    ids = [row.pk for row in left]
    done: int = Rectification.objects.filter(pk__in=ids, state=RectificationState.OPEN).update(
        state=RectificationState.CANCELLED, updated_at=at
    )
    withdraw_rectification_dues(ids, at=at)
    cancelled = {"state": RectificationState.CANCELLED}
    audit.record(
        actor=actor,
        verb="integrity.cancel_rectification",
        model=Rectification,
        label="、".join(sorted({str(row.organization) for row in left}))[:200],
        before={audit.ROWS: {str(row): {"state": row.state} for row in left}},
        after={"reason": "党组织已撤销", audit.ROWS: {str(row): cancelled for row in left}},
        ids=ids,
        at=at,
    )
    return done


def _withdraw_news(cancelled: Rectification, *, at: datetime) -> None:
    """Withdraw the news of the opening that nobody has read, unless others of it still stand."""
    asked = Rectification.objects.filter(self_check=cancelled.self_check_id)
    if not asked.exclude(state=RectificationState.CANCELLED).exists():
        withdraw_rectification_dues(list(asked.values_list("pk", flat=True)), at=at)


def _check_judge(actor: "User", rectification: Rectification) -> None:
    if not may_return(actor, rectification.self_check):
        raise ForbiddenError("您不审核这个单位的整改。")


def _take(
    rectification: Rectification,
    sources: str | tuple[str, ...],
    state: str,
    *,
    at: datetime,
    **fields: object,
) -> None:
    """Move it on to ``state`` where it still stands in one of ``sources``."""
    allowed = (sources,) if isinstance(sources, str) else sources
    rows = Rectification.objects.filter(pk=rectification.pk, state__in=allowed)
    if not rows.update(state=state, updated_at=at, **fields):
        now = Rectification.objects.get(pk=rectification.pk)
        raise ConflictError(f"这项整改现在是「{now.get_state_display()}」，请刷新后再看。")
    rectification.refresh_from_db()


def _step(
    rectification: Rectification, kind: StepKind, text: str, actor: "User", at: datetime
) -> RectificationStep:
    return RectificationStep.objects.create(
        rectification=rectification, kind=kind, text=text, at=at, by=actor
    )


def _note(
    actor: "User",
    verb: str,
    rectification: Rectification,
    after: Mapping[str, object],
    at: datetime,
) -> None:
    after = {"state": rectification.state, **after}
    audit.record(actor=actor, verb=f"integrity.{verb}", obj=rectification, after=after, at=at)
