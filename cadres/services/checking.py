"""The nightly check: what it finds begins, goes on, ends or comes back as rows with a history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from cadres.models import Finding
from cadres.permissions import may_check_all, may_keep_for
from cadres.queries import Found, Piece, judged, strictest
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from common.jobs import enqueue
from common.models import Job
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User

CHECK_JOB = "cadres.check"
# So many ids at a time: one transaction, and one step of progress.
PIECE = 5_000
_SHORTEST_REASON = 2
_SAID = ("force", "words", "edition", "reference", "digest")
Tell = Callable[[int, int], None]


@dataclass
class Checked:
    """What a check came to: findings that began, ended, and those that stand afterwards."""

    begun: int = 0
    ended: int = 0
    standing: int = 0

    @property
    def sentence(self) -> str:
        """In one line."""
        return f"新发现 {self.begun} 项，消除 {self.ended} 项，现有 {self.standing} 项。"


def check_organizations(
    *,
    actor: "User | None",
    at: datetime,
    organization: Organization | None = None,
    tell: Tell | None = None,
) -> Checked:
    """Check one organisation, or all of them, by the rulebook as of today.

    A finding that no longer holds ends today, one that still holds is confirmed. What nobody knows
    is no finding, so one whose facts are gone ends too. Safe to run again and to be killed in the
    middle: each piece is a transaction of its own.
    """
    on = timezone.localdate(at)
    lines, done = strictest(on), Checked()
    pieces = _pieces(organization)
    for number, piece in enumerate(pieces, start=1):
        with transaction.atomic():
            _settle(piece, judged(piece, lines, on), on=on, at=at, done=done)
        if tell:
            tell(number, len(pieces))
    if actor is not None or done.begun or done.ended:
        after = {"begun": done.begun, "ended": done.ended, "standing": done.standing}
        audit.record(
            actor=actor, verb="cadres.check", obj=organization, model=Finding, after=after, at=at,
            label="" if organization else "全部党组织",
        )  # fmt: skip
    return done


def _pieces(organization: Organization | None) -> list[Piece]:
    if organization is not None:
        return [Piece(organization.pk, organization.pk)]
    ends = Organization.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return []
    starts = range(ends["first"], ends["last"] + 1, PIECE)
    return [Piece(first, first + PIECE - 1) for first in starts]


@dataclass
class _Changes:
    """What is to be written of the findings of a piece."""

    begun: list[Finding] = field(default_factory=list)
    changed: list[Finding] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)


def _settle(piece: Piece, found: Sequence[Found], *, on: date, at: datetime, done: Checked) -> None:
    rows = Finding.objects.standing().filter(piece.within("organization")).select_for_update()
    standing = {(row.organization_id, row.rule): row for row in rows.order_by("pk")}
    changes = _compared(standing, found, on)
    Finding.objects.filter(pk__in=changes.ended).update(resolved_on=on, updated_at=at)
    Finding.objects.bulk_update(changes.changed, _SAID, batch_size=1000)
    Finding.objects.standing().filter(piece.within("organization")).update(last_confirmed=on)
    Finding.objects.bulk_create(changes.begun, batch_size=1000)
    done.begun += len(changes.begun)
    done.ended += len(changes.ended)
    done.standing += len(found)


def _compared(
    standing: dict[tuple[int, str], Finding], found: Sequence[Found], on: date
) -> _Changes:
    changes = _Changes()
    still = {(each.organization_id, each.rule): each for each in found}
    changes.ended = [row.pk for key, row in standing.items() if key not in still]
    for key, each in still.items():
        row = standing.get(key)
        if row is None:
            changes.begun.append(_new(each, on))
        elif row.dismissed_at is not None and row.digest != each.digest:
            # Dismissed for other facts than these: the old row is history.
            changes.ended.append(row.pk)
            changes.begun.append(_new(each, on))
        elif any(getattr(row, name) != getattr(each, name) for name in _SAID):
            for name in _SAID:
                setattr(row, name, getattr(each, name))
            changes.changed.append(row)
    return changes


def _new(each: Found, on: date) -> Finding:
    said = {name: getattr(each, name) for name in _SAID}
    return Finding(
        organization_id=each.organization_id, rule=each.rule, first_seen=on, last_confirmed=on,
        **said,
    )  # fmt: skip


def dismiss_finding(*, actor: "User", finding: Finding, reason: str, at: datetime) -> Finding:
    """Set a finding aside until its facts change; everybody who sees it reads why."""
    _check_may_dismiss(actor, finding)
    if len(reason.strip()) < _SHORTEST_REASON:
        raise DomainError("请写明忽略的原因，例如：经局党委批准，保留党总支建制。")
    told = reason.strip()[:200]
    waiting = Finding.objects.waiting().filter(pk=finding.pk)
    with transaction.atomic():
        if not waiting.update(dismissed_at=at, dismissed_by=actor, dismiss_reason=told):
            raise _gone()
        audit.record(
            actor=actor, verb="cadres.dismiss_finding", obj=finding, after={"reason": told}, at=at
        )
    finding.refresh_from_db()
    return finding


def restore_finding(*, actor: "User", finding: Finding, at: datetime) -> Finding:
    """Take a dismissal back: it waits again."""
    _check_may_dismiss(actor, finding)
    put_aside = Finding.objects.standing().filter(pk=finding.pk, dismissed_at__isnull=False)
    with transaction.atomic():
        if not put_aside.update(dismissed_at=None, dismissed_by=None, dismiss_reason=""):
            raise _gone()
        audit.record(actor=actor, verb="cadres.restore_finding", obj=finding, at=at)
    finding.refresh_from_db()
    return finding


def _check_may_dismiss(actor: "User", finding: Finding) -> None:
    if not may_keep_for(actor, finding.organization):
        raise ForbiddenError("巡检提示由上级党组织和局党委处理。")


def _gone() -> ConflictError:
    return ConflictError("这条提示刚刚已经消除或被他人处理，请刷新后再看。")


def order_check(*, actor: "User", at: datetime) -> Job:
    """Have all organisations checked by the worker."""
    if not may_check_all(actor):
        raise ForbiddenError("全部党组织由局党委组织科发起检查。")
    with transaction.atomic():
        job = enqueue(kind=CHECK_JOB, label="巡检全部党组织", params={}, owner=actor)
        audit.record(actor=actor, verb="cadres.order_check", at=at, label="全部党组织")
    return job


def check_now(*, actor: "User", organization: Organization, at: datetime) -> Checked:
    """Check one organisation at once; for who keeps its board."""
    if not may_keep_for(actor, organization):
        raise ForbiddenError("巡检由上级党组织和局党委发起。")
    return check_organizations(actor=actor, organization=organization, at=at)
