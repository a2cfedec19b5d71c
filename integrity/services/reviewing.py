"""The bureau's word on a self-check: remarks item by item, and sending it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from integrity.choices import SelfCheckState
from integrity.models import Answer, SelfCheck
from integrity.permissions import may_return
from integrity.services.guards import checked_text, required_text
from integrity.telling import tell_returned

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_REMARK, LONGEST_COMMENT = 200, 300


def remark(
    *,
    actor: "User",
    self_check: SelfCheck,
    remarks: Mapping[int, str],
    version: int,
    at: datetime,
) -> int:
    """Write the bureau's remarks on answers (by item) that were handed in; return how many changed.

    An empty remark takes one back. ``version`` is the one that the page showed: raises
    ConflictError where it is another by now, so that nobody's remarks are wiped. The school reads
    them beside its answers, this year and next.
    """
    if not may_return(actor, self_check):
        raise ForbiddenError("您不审核这个单位的自查。")
    told = {
        pk: checked_text(text, name="局里意见", limit=LONGEST_REMARK)
        for pk, text in remarks.items()
    }
    with transaction.atomic():
        held = SelfCheck.objects.filter(
            pk=self_check.pk, state=SelfCheckState.SUBMITTED, version=version
        )
        if not held.update(version=F("version") + 1, updated_at=at):
            raise ConflictError(
                "这份自查表刚刚有变动（别人写了意见、已退回或还没有提交），"
                "您的意见没有保存，请重新打开这一页后再写。"
            )
        answers = Answer.objects.filter(self_check=self_check, item__in=told).select_related("item")
        changed = [each for each in answers if each.remark != told[each.item_id]]
        before = {each.item.text[:40]: each.remark for each in changed}
        for each in changed:
            each.remark = told[each.item_id]
        Answer.objects.bulk_update(changed, ["remark"])
        if changed:
            audit.record(
                actor=actor,
                verb="integrity.remark",
                obj=self_check,
                before=before,
                after={each.item.text[:40]: each.remark for each in changed},
                at=at,
            )
    return len(changed)


def return_self_check(
    *, actor: "User", self_check: SelfCheck, comment: str, at: datetime
) -> SelfCheck:
    """Send a self-check back with what to mend, and tell the school."""
    if not may_return(actor, self_check):
        raise ForbiddenError("您不审核这个单位的自查。")
    told = required_text(comment, name="要改什么", limit=LONGEST_COMMENT)
    closed = self_check.organization.closed_on
    if closed is not None:
        raise DomainError(f"「{self_check.organization}」已于 {closed:%Y-%m-%d} 撤销，不能退回。")
    with transaction.atomic():
        done = SelfCheck.objects.filter(pk=self_check.pk, state=SelfCheckState.SUBMITTED).update(
            state=SelfCheckState.RETURNED,
            comment=told,
            returned_at=at,
            version=F("version") + 1,
            updated_at=at,
        )
        if not done:
            raise ConflictError("这份自查表刚刚已退回或还没有提交，请刷新后再看。")
        self_check.refresh_from_db()
        audit.record(
            actor=actor,
            verb="integrity.return_self_check",
            obj=self_check,
            before={"state": SelfCheckState.SUBMITTED},
            after={"state": SelfCheckState.RETURNED, "comment": told},
            at=at,
        )
        tell_returned(self_check, told, at=at)
    return self_check
