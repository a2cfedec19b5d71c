"""The school's side of a self-check: answers section by section, then handing in."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, F, Q

from attachments.checks import Upload
from attachments.services import store_all
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from integrity.choices import (
    PENDING,
    VETO_LABELS,
    WITH_REASON,
    AssignmentState,
    SelfCheckState,
    Verdict,
)
from integrity.evidence import offers
from integrity.models import Answer, Evidence, SelfCheck
from integrity.permissions import may_answer, may_submit
from integrity.queries import Line, Part, parts_of, year_scope
from integrity.services.guards import checked_text
from integrity.telling import withdraw_dues

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_REASON = 200
# Files of one answer: each photo a school takes for one item, not an archive.
MOST_FILES = 6


@dataclass(frozen=True)
class Given:
    """What a form hands over for one item. ``chosen`` are rows as (source, number).

    ``uploads`` are new files, ``removed`` the numbers of pieces of evidence to be taken off.
    """

    verdict: str
    reason: str = ""
    points: Decimal | None = None
    chosen: Sequence[tuple[str, int]] = ()
    uploads: Sequence[Upload] = ()
    removed: Sequence[int] = ()


def fingerprint(part: Part) -> str:
    """Return a digest of what is answered in ``part``: it changes when somebody else saves."""
    told = [
        (
            line.item.pk,
            line.answer and (line.answer.verdict, line.answer.reason, str(line.answer.points)),
            [each.pk for each in line.evidence],
        )
        for line in part.lines
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def save_answers(
    *,
    actor: "User",
    self_check: SelfCheck,
    section_id: int,
    given: Mapping[int, Given],
    seen: str,
    at: datetime,
) -> SelfCheck:
    """Save what was answered in one section; items without an answer may follow later.

    ``seen`` is the `fingerprint` of what stood on the page. Raises ConflictError where somebody
    else saved this section meanwhile, or the self-check was handed in: nothing is written then.
    What a verdict asks for in words is asked here: a reason for anything but 符合, nothing but the
    verdict of an item that bars.
    """
    if not may_answer(actor, self_check):
        raise ForbiddenError("您没有为这个党组织填报的角色。")
    with transaction.atomic():
        _hold(self_check, at=at)
        part = _part(self_check, section_id)
        if seen != fingerprint(part):
            raise ConflictError("这一部分刚刚被别人保存过，请重新打开这一页，核对后再保存。")
        lines = {line.item.pk: line for line in part.lines}
        changed = {
            lines[pk].item.text[:40]: each.verdict
            for pk, each in given.items()
            if pk in lines and _save(actor, self_check, lines[pk], each, at=at)
        }
        _count(self_check)
        audit.record(
            actor=actor,
            verb="integrity.save_answers",
            obj=self_check,
            after={"section": part.section.title, "verdicts": changed},
            at=at,
        )
    self_check.refresh_from_db()
    return self_check


def _hold(self_check: SelfCheck, *, at: datetime) -> None:
    """Keep others from changing it until the end of the transaction; refuse what is closed."""
    held = SelfCheck.objects.filter(
        pk=self_check.pk, state__in=PENDING, assignment__state=AssignmentState.OPEN
    )
    if not held.update(version=F("version") + 1, updated_at=at):
        now = SelfCheck.objects.select_related("assignment").get(pk=self_check.pk)
        cancelled = now.assignment.state == AssignmentState.CANCELLED
        word = "已取消" if cancelled else now.get_state_display()
        raise ConflictError(f"这份自查表现在是「{word}」，不能再改，请刷新后再看。")


def _part(self_check: SelfCheck, section_id: int) -> Part:
    for part in parts_of(self_check):
        if part.section.pk == section_id:
            return part
    raise DomainError("这一部分已经没有要填的项目，请返回后再看。")


def _save(actor: "User", self_check: SelfCheck, line: Line, given: Given, *, at: datetime) -> bool:
    """Write one answer with its evidence; return whether the verdict is new or another one."""
    values = _checked(line, given)
    before = line.answer
    answer, _ = Answer.objects.update_or_create(
        self_check=self_check, item=line.item, defaults=values
    )
    if not line.bars:
        _keep_evidence(actor, self_check, line, answer, given, at=at)
    return before is None or before.verdict != given.verdict


def _checked(line: Line, given: Given) -> dict[str, object]:
    where = f"「{line.item.text[:20]}」"
    allowed = VETO_LABELS if line.bars else Verdict.values
    if given.verdict not in allowed:
        raise DomainError(f"{where}请选择结论。")
    if line.bars:
        return {"verdict": given.verdict, "reason": "", "points": None}
    reason = checked_text(given.reason, name=f"{where}的说明", limit=LONGEST_REASON)
    most = line.item.points
    if given.points is not None and (most is None or not 0 <= given.points <= most):
        top = f"{(most or Decimal(0)).normalize():f}"
        raise DomainError(f"{where}的自评分应在 0 到 {top} 之间。")
    lower = given.points is not None and most is not None and given.points < most
    if not reason and (given.verdict in WITH_REASON or lower):
        raise DomainError(f"{where}选了“{Verdict(given.verdict).label}”，请写一句说明。")
    return {"verdict": given.verdict, "reason": reason, "points": given.points}


def _keep_evidence(
    actor: "User",
    self_check: SelfCheck,
    line: Line,
    answer: Answer,
    given: Given,
    *,
    at: datetime,
) -> None:
    """Make the evidence what was chosen; rows must be ones that were offered, or chosen before."""
    held = {(each.source, each.ref): each for each in line.evidence if each.attachment_id is None}
    wanted = set(given.chosen)
    gone = [each.pk for key, each in held.items() if key not in wanted]
    files = [each for each in line.evidence if each.attachment_id is not None]
    gone += [each.pk for each in files if each.pk in given.removed]
    Evidence.objects.filter(pk__in=gone).delete()
    new = [key for key in given.chosen if key not in held]
    if new:
        _add_rows(self_check, line, answer, new)
    kept = len([each for each in files if each.pk not in given.removed])
    if len(given.uploads) + kept > MOST_FILES:
        raise DomainError(f"「{line.item.text[:20]}」最多传 {MOST_FILES} 个文件。")
    stored = store_all(actor=actor, uploads=given.uploads, at=at, already=kept)
    Evidence.objects.bulk_create(
        Evidence(answer=answer, label=each.name, attachment=each) for each in stored
    )


def _add_rows(
    self_check: SelfCheck, line: Line, answer: Answer, new: Sequence[tuple[str, int]]
) -> None:
    found = offers(year_scope(self_check), line.item.sources)
    labels = {(each.source, each.ref): each.label for rows in found.values() for each in rows}
    if any(key not in labels for key in new):
        raise DomainError(f"「{line.item.text[:20]}」选的佐证有的已撤回，请刷新后重新勾选。")
    Evidence.objects.bulk_create(
        Evidence(answer=answer, source=source, ref=ref, label=labels[source, ref][:250])
        for source, ref in dict.fromkeys(new)
    )


def _count(self_check: SelfCheck) -> None:
    """Write down how many of each verdict there are, and whether anything bars."""
    standing = Answer.objects.filter(self_check=self_check, item__withdrawn_at=None)
    counts = standing.aggregate(
        **{value: Count("pk", filter=Q(verdict=value)) for value in Verdict.values},
        barring=Count("pk", filter=Q(verdict=Verdict.NOT_MET, item__section__bars=True)),
    )
    barred = counts.pop("barring") > 0
    SelfCheck.objects.filter(pk=self_check.pk).update(barred=barred, **counts)


def submit_self_check(*, actor: "User", self_check: SelfCheck, at: datetime) -> SelfCheck:
    """Hand the self-check in. Raises DomainError that says what is still open."""
    if not may_submit(actor, self_check):
        raise ForbiddenError("自查由书记、主持工作的负责人或副书记提交；您可以先填好，请他们确认。")
    with transaction.atomic():
        _hold(self_check, at=at)
        _check_complete(self_check)
        SelfCheck.objects.filter(pk=self_check.pk).update(
            state=SelfCheckState.SUBMITTED, submitted_at=at, submitted_by=actor, comment=""
        )
        withdraw_dues([self_check.pk], at=at)
        audit.record(
            actor=actor,
            verb="integrity.submit_self_check",
            obj=self_check,
            before={"state": self_check.state},
            after={"state": SelfCheckState.SUBMITTED},
            at=at,
        )
    self_check.refresh_from_db()
    return self_check


def _check_complete(self_check: SelfCheck) -> None:
    parts = parts_of(self_check)
    unanswered = [
        f"「{part.section.title}」{len(part.lines) - part.answered} 项"
        for part in parts
        if not part.is_done
    ]
    if unanswered:
        raise DomainError(f"还有没填的：{'、'.join(unanswered)}，填好再提交。")
