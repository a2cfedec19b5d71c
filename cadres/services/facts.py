"""Facts of somebody's qualification: stated, put right, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from cadres.models import Qualification
from cadres.permissions import may_keep_file
from cadres.qualities import MOST_LESSONS, SEVERAL, WORDS, FactKind
from cadres.services.training import checked_reason
from common import audit
from common.cells import PartialDate
from common.errors import ConflictError, ForbiddenError
from honours.choices import Known
from people.facts import FactError
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

_PIECE = 2000
_LONGEST = 100


@dataclass(frozen=True)
class Fact:
    """What is said of somebody; ``until`` is the last day of a backbone status, where it has one.

    ``since`` None: nobody wrote down since when.
    """

    person: Person
    kind: str
    value: str
    since: PartialDate | None = None
    until: date | None = None
    basis: str = ""


@dataclass
class Stated:
    """What became of a list of facts, by places in it; ``refused``: place, field, message."""

    created: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def check_fact(fact: Fact, *, on: date) -> None:
    """Raise `FactError` with the field at fault."""
    label = FactKind(fact.kind).label
    words = WORDS.get(fact.kind)
    if words is not None and fact.value not in words.values:
        raise FactError("value", f"{label}应为 {'、'.join(map(str, words.labels))} 之一。")
    if fact.kind == FactKind.LOAD and not (
        fact.value.isascii() and fact.value.isdigit() and int(fact.value[:9]) <= MOST_LESSONS
    ):
        raise FactError("value", f"周课时应填 0–{MOST_LESSONS} 的整数，不任课填 0。")
    if not fact.value.strip() or len(fact.value) > _LONGEST:
        raise FactError("value", f"请填写{label}，最多 {_LONGEST} 字。")
    if fact.since is None:
        return
    if fact.since.first > on:
        raise FactError("since", f"取得时间 {fact.since} 还没有到，请核对。")
    born = fact.person.born_on
    if born and fact.since.last < born:
        raise FactError("since", f"取得时间 {fact.since} 早于出生年月，请核对。")
    if fact.until is not None and fact.until <= fact.since.first:
        raise FactError("until", "有效期至早于取得时间，请核对。")


def state_facts(
    *, actor: "User | None", facts: Sequence[Fact], at: datetime, label: str = ""
) -> Stated:
    """State facts; one that follows another of its kind ends it, one known already changes nothing.

    Another last day of a backbone status is news, another document alone isn't: it is corrected.
    Nothing is stated where a fact is refused. A constant number of queries for 2,000 people.
    """
    people = {each.person.pk for each in facts}
    if actor is not None and not may_keep_file(actor, people):
        raise ForbiddenError("其中有人不在您管理的范围内，任职资格由局机关登记。")
    run = _Run(people, at)
    for place, fact in enumerate(facts):
        try:
            check_fact(fact, on=timezone.localdate(at))
            (run.done.created if run.take(fact) else run.done.unchanged).append(place)
        except FactError as error:
            run.done.refused.append((place, error.key, error.message))
    if not run.done.refused:
        with transaction.atomic():
            run.save()
            run.record(actor, label)
    return run.done


class _Run:
    """What is held of the people concerned, and what the facts do to it."""

    def __init__(self, people: set[int], at: datetime) -> None:
        self.done = Stated()
        self._at = at
        self._on = timezone.localdate(at)
        self._new: list[Qualification] = []
        # What gets another end, with the one that it had.
        self._moved: dict[Qualification, date | None] = {}
        self._open: dict[tuple[int, str], list[Qualification]] = {}
        rows = sorted(people)
        for start in range(0, len(rows), _PIECE):
            held = Qualification.objects.held().filter(person__in=rows[start : start + _PIECE])
            for each in held.filter(until=None) | held.filter(kind__in=SEVERAL):
                self._open.setdefault((each.person_id, each.kind), []).append(each)

    def take(self, fact: Fact) -> bool:
        """Return whether the fact is new."""
        held = self._open.setdefault((fact.person.pk, fact.kind), [])
        known = [row for row in held if self._is_about(row, fact)]
        if any(fact.until in (None, row.until) for row in known):
            return False
        if known:
            self._prolong(known[0], fact)
            return True
        if held and fact.kind not in SEVERAL:
            self._end(held.pop(), fact)
        since = fact.since
        row = Qualification(
            person=fact.person, kind=fact.kind, value=fact.value, until=fact.until,
            since=since.first if since else None,
            since_known=since.known if since else Known.MONTH,
            basis=fact.basis, created_at=self._at,
        )  # fmt: skip
        held.append(row)
        self._new.append(row)
        return True

    def _is_about(self, row: Qualification, fact: Fact) -> bool:
        """Whether ``row`` is what the fact tells, and not a status renewed after it had expired."""
        if row.value != fact.value:
            return False
        if fact.since is not None and row.began is not None:
            return row.began == fact.since
        return row.until is None or row.until >= self._on or row.until == fact.until

    def _prolong(self, row: Qualification, fact: Fact) -> None:
        """Give a backbone status that is known another last day."""
        if row.pk is None or row in self._moved:
            label = FactKind(fact.kind).label
            raise FactError("value", f"{fact.person}的{label}在本表里写了两次，请只留一处。")
        if row.since and fact.until and fact.until <= row.since:
            raise FactError("until", f"{row.label}自 {row.began}，有效期至应晚于它，请核对。")
        self._moved[row] = row.until
        row.until = fact.until

    def _end(self, row: Qualification, fact: Fact) -> None:
        label = FactKind(fact.kind).label
        if row.pk is None:
            raise FactError("value", f"{fact.person}的{label}在本表里写了两次，请只留一处。")
        if fact.since is None:
            raise FactError(
                "since",
                f"{fact.person}的{label}现为{row.label}，改为别的请写明取得时间，或更正原来的。",
            )
        if row.since and fact.since.first <= row.since:
            raise FactError(
                "since",
                f"{fact.person}的{label}{row.label}自 {row.began}，新的应晚于它，或更正原来的。",
            )
        self._moved[row] = row.until
        row.until = fact.since.first

    def save(self) -> None:
        """Write everything, or raise `ConflictError` with nothing written."""
        try:
            with transaction.atomic():
                Qualification.objects.bulk_update(list(self._moved), ["until"], batch_size=_PIECE)
                Qualification.objects.bulk_create(self._new, batch_size=_PIECE)
        except IntegrityError:
            raise ConflictError("其中有的刚刚登记过，请刷新后再试。") from None

    def record(self, actor: "User | None", label: str) -> None:
        """Write down what is known now, and what ended with it or got another end."""
        rows = self._new or list(self._moved)
        if not rows:
            return
        one = rows[0] if len(rows) == 1 else None
        audit.record_rows(
            actor=actor,
            verb="cadres.state_facts",
            model=Qualification,
            label=label or (str(one) if one else f"{len(rows)} 条"),
            changed=[
                audit.RowChange(row.pk, f"{row}（#{row.pk}）", {"until": before},
                                {"until": row.until})
                for row, before in self._moved.items()
            ],
            created=[each.pk for each in self._new],
            after={"facts": len(self._new)},
            at=self._at,
        )  # fmt: skip


def correct_fact(
    *,
    actor: "User | None",
    qualification: Qualification,
    value: str,
    since: PartialDate | None,
    basis: str,
    at: datetime,
) -> Qualification:
    """Put right what was written down wrongly; the one before it ends where this one begins.

    What came after it stays.
    """
    _check_may_keep(actor, qualification)
    said = Fact(qualification.person, qualification.kind, value, since, qualification.until, basis)
    check_fact(said, on=timezone.localdate(at))
    first = since.first if since else None
    if first and qualification.until and first > qualification.until:
        raise FactError("since", f"取得时间应早于 {qualification.until:%Y-%m-%d}，请核对。")
    values = {
        "value": value,
        "since": first,
        "since_known": since.known if since else qualification.since_known,
        "basis": basis.strip(),
    }
    before, after = audit.changes(qualification, values)
    if not after:
        return qualification
    with transaction.atomic():
        held = Qualification.objects.held().filter(pk=qualification.pk, **before)
        if not held.update(**after, updated_at=at):
            raise ConflictError("这一条刚刚被改动或撤回，请刷新后再改。")
        if "since" in after:
            _move_end_before(actor, qualification, first, at=at)
        audit.record(
            actor=actor, verb="cadres.correct_fact", obj=qualification, before=before,
            after=after, at=at,
        )  # fmt: skip
    qualification.refresh_from_db()
    return qualification


def _ended_by(qualification: Qualification) -> QuerySet[Qualification]:
    """Return the fact that ended when ``qualification`` began; several stand side by side."""
    held = Qualification.objects.held().exclude(pk=qualification.pk)
    if qualification.since is None or qualification.kind in SEVERAL:
        return held.none()
    return held.filter(
        person=qualification.person_id, kind=qualification.kind, until=qualification.since
    )


def _move_end_before(
    actor: "User | None", qualification: Qualification, first: date | None, *, at: datetime
) -> None:
    """End the one before on ``first`` instead, so that no day has two of them or none."""
    for row in _ended_by(qualification).select_related("person"):
        if first is None:
            raise FactError("since", f"它以前的{row.label}到这一天为止，请写明取得时间。")
        if row.since and first <= row.since:
            raise FactError(
                "since", f"它以前的{row.label}自 {row.began}，取得时间应晚于它，请核对。"
            )
        before, row.until = row.until, first
        Qualification.objects.filter(pk=row.pk).update(until=first, updated_at=at)
        audit.record(
            actor=actor, verb="cadres.correct_fact", obj=row, before={"until": before},
            after={"until": first}, at=at,
        )  # fmt: skip


def withdraw_fact(
    *, actor: "User | None", qualification: Qualification, reason: str, at: datetime
) -> Qualification:
    """Take back a fact that never was; the one that it ended holds again."""
    _check_may_keep(actor, qualification)
    words = checked_reason(reason)
    with transaction.atomic():
        held = Qualification.objects.held().filter(pk=qualification.pk)
        if not held.update(withdrawn_at=at, withdrawn_reason=words, updated_at=at):
            raise ConflictError("这一条已经撤回。")
        _ended_by(qualification).update(until=qualification.until, updated_at=at)
        audit.record(
            actor=actor, verb="cadres.withdraw_fact", obj=qualification,
            after={"reason": words}, at=at,
        )  # fmt: skip
    qualification.withdrawn_at, qualification.withdrawn_reason = at, words
    return qualification


def _check_may_keep(actor: "User | None", qualification: Qualification) -> None:
    if actor is not None and not may_keep_file(actor, {qualification.person_id}):
        raise ForbiddenError(f"{qualification.person}不在您管理的范围内。")
