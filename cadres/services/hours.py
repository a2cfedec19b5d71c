"""Hours of what took place elsewhere, one by one or as a list, and single corrections."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from cadres.models import TrainingRecord
from cadres.permissions import may_keep_file
from cadres.qualities import Attendance
from cadres.services.training import check_hours, checked_reason
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from people.facts import FactError
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

_PIECE = 2000


@dataclass(frozen=True)
class Hours:
    """Somebody's part in a training elsewhere; ``held_on`` is its last day."""

    person: Person
    title: str
    held_on: date
    hours: int
    organiser: str = ""
    basis: str = ""


@dataclass
class Credited:
    """What became of a list of hours, by places in it; ``refused``: place, field, message."""

    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def check_credit(hours: Hours, *, on: date) -> None:
    """Raise `FactError` with the field at fault."""
    if not hours.title.strip():
        raise FactError("title", "请填写培训名称。")
    if hours.held_on > on:
        raise FactError("held_on", f"结束日期 {hours.held_on:%Y-%m-%d} 还没有到，请核对。")
    try:
        check_hours(hours.hours)
    except DomainError as error:
        raise FactError("hours", error.message) from error


def credit_hours(
    *, actor: "User | None", entries: Sequence[Hours], at: datetime, label: str = ""
) -> Credited:
    """Enter hours from elsewhere; the same training of the same person is put right, not doubled.

    Nothing is entered where an entry is refused. A constant number of queries for 2,000 entries.
    """
    done, today = Credited(), timezone.localdate(at)
    people = {each.person.pk for each in entries}
    _check_may_keep(actor, people)
    held = _held(people)
    new: list[TrainingRecord] = []
    old: dict[int, tuple[TrainingRecord, dict[str, object], dict[str, object]]] = {}
    for place, entry in enumerate(entries):
        try:
            check_credit(entry, on=today)
        except FactError as error:
            done.refused.append((place, error.key, error.message))
            continue
        key = (entry.person.pk, entry.title, entry.held_on)
        row = held.get(key)
        if row is None:
            held[key] = _record_of(entry, at)
            new.append(held[key])
            done.created.append(place)
        elif (changes := _told(row, entry)) and row.pk is not None:
            before, after = audit.changes(row, changes)
            for name, value in after.items():
                setattr(row, name, value)
            old[row.pk] = (row, before, after)
            done.changed.append(place)
        elif changes:
            done.refused.append((place, "title", "和本表前面的一行是同一次培训，请只留一行。"))
        else:
            done.unchanged.append(place)
    if not done.refused:
        _write(actor, new, old, at=at, label=label)
    return done


def _held(people: set[int]) -> dict[tuple[int, str, date], TrainingRecord]:
    found = {}
    rows = sorted(people)
    for start in range(0, len(rows), _PIECE):
        records = TrainingRecord.objects.filter(
            person__in=rows[start : start + _PIECE], training_class=None, withdrawn_at=None
        )
        for each in records:
            found[each.person_id, each.title, each.held_on] = each
    return found


def _record_of(entry: Hours, at: datetime) -> TrainingRecord:
    return TrainingRecord(
        person=entry.person, title=entry.title, organiser=entry.organiser, held_on=entry.held_on,
        hours=entry.hours, basis=entry.basis, attended=Attendance.PRESENT, created_at=at,
    )  # fmt: skip


def _told(row: TrainingRecord, entry: Hours) -> dict[str, object]:
    """Return what an entry says otherwise; what it leaves open changes nothing."""
    said = {"hours": entry.hours, "organiser": entry.organiser, "basis": entry.basis}
    return {name: value for name, value in said.items() if value and getattr(row, name) != value}


def _write(
    actor: "User | None",
    new: list[TrainingRecord],
    old: dict[int, tuple[TrainingRecord, dict[str, object], dict[str, object]]],
    *,
    at: datetime,
    label: str,
) -> None:
    if not new and not old:
        return
    changed = [row for row, _before, _after in old.values()]
    try:
        with transaction.atomic():
            TrainingRecord.objects.bulk_create(new, batch_size=_PIECE)
            TrainingRecord.objects.bulk_update(
                changed, ["hours", "organiser", "basis"], batch_size=_PIECE
            )
            audit.record_rows(
                actor=actor,
                verb="cadres.credit_hours",
                model=TrainingRecord,
                label=label or (str(new[0]) if len(new) == 1 else f"{len(new)} 人次"),
                changed=[
                    audit.RowChange(row.pk, f"{row}（#{row.pk}）", before, after)
                    for row, before, after in old.values()
                ],
                created=[each.pk for each in new],
                after={"records": len(new), "hours": sum(each.hours for each in new)},
                at=at,
            )
    except IntegrityError:
        raise ConflictError("其中有的学时刚刚登记过，请刷新后再试。") from None


def correct_hours(
    *, actor: "User | None", record: TrainingRecord, hours: int, at: datetime
) -> TrainingRecord:
    """Give one person other hours than the rest: who left early, who came for one day."""
    _check_may_keep(actor, {record.person_id})
    check_hours(hours)
    before = record.hours
    with transaction.atomic():
        held = TrainingRecord.objects.filter(pk=record.pk, withdrawn_at=None, hours=before)
        if not held.update(hours=hours, updated_at=at):
            raise ConflictError("这条学时刚刚被改动或撤回，请刷新后再改。")
        audit.record(
            actor=actor, verb="cadres.correct_hours", obj=record, before={"hours": before},
            after={"hours": hours}, at=at,
        )  # fmt: skip
    record.hours = hours
    return record


def withdraw_hours(
    *, actor: "User | None", record: TrainingRecord, reason: str, at: datetime
) -> TrainingRecord:
    """Take somebody off the list of a class, or hours back that were entered by mistake."""
    _check_may_keep(actor, {record.person_id})
    words = checked_reason(reason)
    with transaction.atomic():
        held = TrainingRecord.objects.filter(pk=record.pk, withdrawn_at=None)
        if not held.update(withdrawn_at=at, withdrawn_reason=words, updated_at=at):
            raise ConflictError("这条学时已经撤回。")
        audit.record(
            actor=actor, verb="cadres.withdraw_hours", obj=record, after={"reason": words}, at=at
        )
    record.withdrawn_at, record.withdrawn_reason = at, words
    return record


def _check_may_keep(actor: "User | None", people: set[int]) -> None:
    if actor is not None and not may_keep_file(actor, people):
        raise ForbiddenError("其中有人不在您管理的范围内，学时由局机关登记。")
