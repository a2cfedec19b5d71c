"""Training classes and the hours that they credit, to many people at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from cadres.models import TrainingClass, TrainingRecord
from cadres.permissions import may_train_for
from cadres.qualities import Attendance
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.models import Organization
from organizations.services.guards import check_open
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

MOST_HOURS = 400
LONGEST_REASON = 200
_PIECE = 2000


@dataclass(frozen=True)
class ClassPlan:
    """What is said of a training class."""

    title: str
    since: date
    until: date
    hours: int
    place: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Taken:
    """What taking attendance did: who stands as present and absent now, how many rows changed."""

    present: int
    absent: int
    changed: int


def check_class(plan: ClassPlan) -> None:
    """Raise `DomainError` for what can't be."""
    if not plan.title.strip():
        raise DomainError("请填写培训班的名称。")
    if plan.until < plan.since:
        raise DomainError(f"结束日期 {plan.until:%Y-%m-%d} 早于开始日期，请核对。")
    check_hours(plan.hours)


def check_hours(hours: int) -> None:
    """Refuse no hours at all, and more than a year of training has."""
    if not 0 < hours <= MOST_HOURS:
        raise DomainError(f"学时应在 1–{MOST_HOURS} 之间，写的是 {hours}。")


def hold_class(
    *, actor: "User | None", organization: Organization, plan: ClassPlan, at: datetime
) -> TrainingClass:
    """Enter a training class that ``organization`` holds; it may lie ahead."""
    _check_may_train(actor, organization)
    check_class(plan)
    check_open(organization, plan.since)
    try:
        with transaction.atomic():
            made = TrainingClass.objects.create(
                organization=organization, created_at=at, **vars(plan)
            )
            audit.record(
                actor=actor, verb="cadres.hold_class", obj=made,
                after={"organization": organization, **vars(plan)}, at=at,
            )  # fmt: skip
    except IntegrityError:
        raise ConflictError("这一天已经登记了同名的培训班。") from None
    return made


def correct_class(
    *, actor: "User | None", training_class: TrainingClass, plan: ClassPlan, at: datetime
) -> TrainingClass:
    """Put right what is said of a class; whoever had all of its hours has all of the new ones."""
    _check_may_train(actor, training_class.organization)
    check_class(plan)
    before, after = audit.changes(training_class, vars(plan))
    if not after:
        return training_class
    if "until" in after:
        _refuse_ahead(plan.until, training_class, at)
    standing = TrainingClass.objects.filter(
        pk=training_class.pk, withdrawn_at=None, updated_at=training_class.updated_at
    )
    try:
        with transaction.atomic():
            if not standing.update(**after, updated_at=at):
                raise ConflictError("这个培训班刚刚被改动或撤回，请刷新后再改。")
            records = TrainingRecord.objects.filter(
                training_class=training_class, withdrawn_at=None
            )
            full = records.filter(hours=training_class.hours)
            credited = full.update(hours=plan.hours) if "hours" in after else 0
            records.update(title=plan.title, held_on=plan.until, updated_at=at)
            audit.record(
                actor=actor, verb="cadres.correct_class", obj=training_class, before=before,
                after={**after, "records": credited}, at=at,
            )  # fmt: skip
    except IntegrityError:
        raise ConflictError("这一天已经登记了同名的培训班。") from None
    training_class.refresh_from_db()
    return training_class


def _refuse_ahead(until: date, training_class: TrainingClass, at: datetime) -> None:
    """A class whose attendance was taken has taken place."""
    taken = training_class.records.credited().exists()
    if taken and until > timezone.localdate(at):
        raise DomainError("已经登记了到课，结束日期不能改到以后。")


def withdraw_class(
    *, actor: "User | None", training_class: TrainingClass, reason: str, at: datetime
) -> TrainingClass:
    """Take back a class with all the hours that it credited; both stay to be read."""
    _check_may_train(actor, training_class.organization)
    words = checked_reason(reason)
    withdrawn = {"withdrawn_at": at, "withdrawn_reason": words, "updated_at": at}
    with transaction.atomic():
        held = TrainingClass.objects.filter(pk=training_class.pk, withdrawn_at=None)
        if not held.update(**withdrawn):
            raise ConflictError("这个培训班已经撤回。")
        records = TrainingRecord.objects.filter(training_class=training_class, withdrawn_at=None)
        many = records.update(**withdrawn)
        audit.record(
            actor=actor, verb="cadres.withdraw_class", obj=training_class,
            after={"reason": words, "records": many}, at=at,
        )  # fmt: skip
    training_class.refresh_from_db()
    return training_class


def enrol(
    *,
    actor: "User | None",
    training_class: TrainingClass,
    people: Collection[Person],
    at: datetime,
    attended: str = Attendance.EXPECTED,
) -> int:
    """Put people on the list of a class and return how many are new there.

    Whoever is on it stays as they are. Whom ``actor`` may name, the door asks. Four queries,
    whatever the number.
    """
    _check_may_train(actor, training_class.organization)
    _refuse_withdrawn(training_class)
    with transaction.atomic():
        TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        records = TrainingRecord.objects.filter(training_class=training_class, withdrawn_at=None)
        known = set(records.values_list("person", flat=True))
        new = [
            TrainingRecord(
                person=person, training_class=training_class, title=training_class.title,
                organiser=training_class.organization.name, held_on=training_class.until,
                hours=training_class.hours, attended=attended, created_at=at,
            )
            for person in {each.pk: each for each in people}.values()
            if person.pk not in known
        ]  # fmt: skip
        TrainingRecord.objects.bulk_create(new, batch_size=_PIECE)
        if new:
            audit.record(
                actor=actor, verb="cadres.enrol", obj=training_class,
                after={"people": len(new)}, ids=[each.pk for each in new], at=at,
            )  # fmt: skip
    return len(new)


def take_attendance(
    *,
    actor: "User | None",
    training_class: TrainingClass,
    present: Iterable[int],
    absent: Iterable[int],
    at: datetime,
) -> Taken:
    """Say of records of a class, by id, who was there and who wasn't; the hours follow at once.

    The rest stays as it is. What another class's records are is ignored. Three statements, whatever
    the number.
    """
    _check_may_train(actor, training_class.organization)
    _refuse_withdrawn(training_class)
    if training_class.since > timezone.localdate(at):
        raise DomainError(f"培训班 {training_class.since:%Y-%m-%d} 才开始，到那天再登记到课。")
    wanted: Mapping[str, set[int]] = {
        Attendance.PRESENT: set(present),
        Attendance.ABSENT: set(absent),
    }
    with transaction.atomic():
        records = TrainingRecord.objects.filter(training_class=training_class, withdrawn_at=None)
        moved: dict[str, list[int]] = {}
        known = dict(records.select_for_update().values_list("pk", "attended"))
        for state, ids in wanted.items():
            moved[state] = [pk for pk in sorted(ids & set(known)) if known[pk] != state]
            for start in range(0, len(moved[state]), _PIECE):
                piece = moved[state][start : start + _PIECE]
                records.filter(pk__in=piece).update(attended=state, updated_at=at)
        changed = [pk for ids in moved.values() for pk in ids]
        states = {**known, **{pk: state for state, ids in moved.items() for pk in ids}}
        if changed:
            audit.record(
                actor=actor, verb="cadres.take_attendance", obj=training_class, ids=changed,
                before={"attended": _told(known, changed)},
                after={"attended": _told(states, changed)}, at=at,
            )  # fmt: skip
    counted = list(states.values())
    return Taken(counted.count(Attendance.PRESENT), counted.count(Attendance.ABSENT), len(changed))


def _told(states: Mapping[int, str], ids: Iterable[int]) -> dict[str, str]:
    return {str(pk): str(Attendance(states[pk]).label) for pk in ids}


def checked_reason(reason: str) -> str:
    """Return why something is taken back; it must be said, and briefly."""
    words = reason.strip()
    if not words:
        raise DomainError("请写明撤回原因。")
    if len(words) > LONGEST_REASON:
        raise DomainError(f"撤回原因最多 {LONGEST_REASON} 字，写了 {len(words)} 字，请删减。")
    return words


def _check_may_train(actor: "User | None", organization: Organization) -> None:
    if actor is not None and not may_train_for(actor, organization):
        raise ForbiddenError(f"「{organization}」的培训班由它自己和局机关登记。")


def _refuse_withdrawn(training_class: TrainingClass) -> None:
    if TrainingClass.objects.filter(pk=training_class.pk, withdrawn_at=None).exists():
        return
    raise ConflictError("这个培训班已经撤回。")
