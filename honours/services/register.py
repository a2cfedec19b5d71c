"""One honour: entered or reported, confirmed, corrected, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from attachments.checks import Upload
from attachments.services import store_all
from common import audit
from common.cells import PartialDate
from common.errors import ConflictError, DomainError, ForbiddenError
from honours.likeness import alike, folded
from honours.models import Honour
from honours.permissions import may_keep_for, may_report_for
from organizations.models import Organization
from people.facts import FactError
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_REASON = 200
_NOT_YOURS = "不在您可以登记荣誉的范围内，请联系局党委组织科。"
ONCE = "这项荣誉已经登记过了，不用重复登记。"
FIELDS = (
    "title", "level", "body", "awarded_on", "awarded_known", "document", "valid_until", "work",
    "basis",
)  # fmt: skip
DERIVED = ("alike", "work_alike", "lasts_until")

Holder = Person | Organization


@dataclass(frozen=True)
class Facts:
    """What is said of one honour; empty and None are 'not stated'."""

    title: str
    level: str
    awarded: PartialDate
    body: str = ""
    document: str = ""
    valid_until: date | None = None
    work: str = ""
    basis: str = ""


def check_facts(facts: Facts, *, holder: Holder | None, on: date) -> None:
    """Raise `FactError` with the field at fault; ``on`` is today."""
    if not folded(facts.title):
        raise FactError("title", "请填写荣誉名称，如：优秀教师。")
    awarded = facts.awarded
    if awarded.first > on:
        raise FactError("awarded", f"授予时间 {awarded} 还没有到，请核对。")
    if facts.valid_until is not None and facts.valid_until < awarded.first:
        raise FactError(
            "valid_until", f"有效期至 {facts.valid_until:%Y-%m-%d} 早于授予时间 {awarded}，请核对。"
        )
    if isinstance(holder, Person) and holder.born_on and awarded.last < holder.born_on:
        raise FactError("awarded", f"授予时间 {awarded} 早于{holder}的出生年月，请核对。")
    founded = holder.founded_on if isinstance(holder, Organization) else None
    if founded and awarded.last < founded:
        raise FactError(
            "awarded", f"授予时间 {awarded} 早于「{holder}」成立的 {founded:%Y-%m-%d}，请核对。"
        )


def facts_of(honour: Honour) -> Facts:
    """Return what the register says."""
    return Facts(
        honour.title, honour.level, honour.awarded, honour.body, honour.document,
        honour.valid_until, honour.work, honour.basis,
    )  # fmt: skip


def drafted(*, holder: Holder, facts: Facts) -> Honour:
    """Return the entry as it would be, not saved: to be looked at beside those that are there."""
    person = holder if isinstance(holder, Person) else None
    organization = holder if isinstance(holder, Organization) else None
    return put(Honour(person=person, organization=organization), facts)


def put(honour: Honour, facts: Facts) -> Honour:
    """Write ``facts`` on a row, with what they are compared by."""
    honour.title, honour.level, honour.body = facts.title, facts.level, facts.body
    honour.awarded_on, honour.awarded_known = facts.awarded.first, facts.awarded.known
    honour.document, honour.valid_until = facts.document, facts.valid_until
    honour.work, honour.basis = facts.work, facts.basis
    honour.alike, honour.work_alike = alike(facts.title), folded(facts.work)
    honour.lasts_until = facts.valid_until or date(facts.awarded.year, 12, 31)
    return honour


def enter_honour(
    *,
    actor: "User | None",
    holder: Holder,
    facts: Facts,
    uploads: Sequence[Upload] = (),
    at: datetime,
) -> Honour:
    """Enter an honour; one that a school reports waits until the bureau confirms it.

    Refuses what stands there word by word already; what only looks alike is the doors' to show
    (``honours.queries.overlapping``).
    """
    keeps = actor is None or may_keep_for(actor, holder)
    if actor is not None and not keeps and not may_report_for(actor, holder):
        raise ForbiddenError(f"{holder}{_NOT_YOURS}")
    check_facts(facts, holder=holder, on=timezone.localdate(at))
    honour = drafted(holder=holder, facts=facts)
    honour.confirmed_at, honour.created_at = (at if keeps else None), at
    with transaction.atomic():
        _save(honour)
        if actor is not None and uploads:
            honour.attachments.set(store_all(actor=actor, uploads=uploads, at=at))
        audit.record(
            actor=actor,
            verb="honours.enter" if keeps else "honours.report",
            obj=honour,
            after={name: getattr(honour, name) for name in FIELDS},
            at=at,
        )
    return honour


def _save(honour: Honour) -> None:
    try:
        with transaction.atomic():
            honour.save()
    except IntegrityError:
        raise ConflictError(ONCE) from None


def confirm_honour(*, actor: "User", honour: Honour, at: datetime) -> Honour:
    """Let what a school reported count."""
    if not may_keep_for(actor, honour.holder):
        raise ForbiddenError(f"{honour.holder}{_NOT_YOURS}")
    with transaction.atomic():
        waiting = Honour.objects.waiting().filter(pk=honour.pk)
        if not waiting.update(confirmed_at=at, updated_at=at):
            raise ConflictError("这项荣誉刚刚已核实或撤回，请刷新后再看。")
        audit.record(actor=actor, verb="honours.confirm", obj=honour, at=at)
    honour.confirmed_at = at
    return honour


def correct_honour(*, actor: "User", honour: Honour, facts: Facts, at: datetime) -> Honour:
    """Put right what is said of an honour; whose it is stays."""
    _check_editable(actor, honour)
    check_facts(facts, holder=honour.holder, on=timezone.localdate(at))
    before = {name: getattr(honour, name) for name in FIELDS}
    put(honour, facts)
    changed = [name for name in FIELDS if getattr(honour, name) != before[name]]
    if not changed:
        return honour
    with transaction.atomic():
        _save_over(honour, before, at)
        audit.record(
            actor=actor,
            verb="honours.correct",
            obj=honour,
            before={name: before[name] for name in changed},
            after={name: getattr(honour, name) for name in changed},
            at=at,
        )
    return honour


def _save_over(honour: Honour, before: dict[str, Any], at: datetime) -> None:
    """Write over what was read, unless somebody else did meanwhile."""
    values = {name: getattr(honour, name) for name in (*FIELDS, *DERIVED)}
    unchanged = Honour.objects.held().filter(pk=honour.pk, updated_at=honour.updated_at, **before)
    try:
        with transaction.atomic():
            done = unchanged.update(**values, updated_at=at)
    except IntegrityError:
        raise ConflictError(ONCE) from None
    if not done:
        raise ConflictError("这项荣誉刚刚被改动或撤回，请刷新后再改。")


def withdraw_honour(*, actor: "User", honour: Honour, reason: str, at: datetime) -> Honour:
    """Take back what doesn't hold, with the reason; it stays to be read."""
    _check_editable(actor, honour)
    words = reason.strip()
    if not words:
        raise DomainError("请写明撤回原因。")
    if len(words) > LONGEST_REASON:
        raise DomainError(f"撤回原因最多 {LONGEST_REASON} 字，写了 {len(words)} 字，请删减。")
    with transaction.atomic():
        held = Honour.objects.held().filter(pk=honour.pk, confirmed_at=honour.confirmed_at)
        if not held.update(withdrawn_at=at, withdrawn_reason=words, updated_at=at):
            raise ConflictError("这项荣誉刚刚已核实或撤回，请刷新后再看。")
        audit.record(
            actor=actor, verb="honours.withdraw", obj=honour, after={"reason": words}, at=at
        )
    honour.withdrawn_at, honour.withdrawn_reason = at, words
    return honour


def _check_editable(actor: "User", honour: Honour) -> None:
    if not Honour.objects.editable_by(actor).filter(pk=honour.pk).exists():
        raise ForbiddenError("已核实或已撤回的荣誉由局党委组织科更正。")
