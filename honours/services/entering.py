"""Many honours at once: what is there already is completed, the rest is entered."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from common import audit
from common.errors import ConflictError, ForbiddenError
from honours.likeness import folded
from honours.models import Honour
from honours.permissions import may_keep
from honours.services.register import (
    DERIVED,
    FIELDS,
    ONCE,
    Facts,
    Holder,
    check_facts,
    drafted,
    facts_of,
    put,
)
from people.facts import FactError
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

T = TypeVar("T")

_PIECE = 2000
# What a list may add to, or put right of, an honour that is here.
_FILLED = ("body", "document", "valid_until", "work", "basis")


@dataclass(frozen=True)
class Entry:
    """One line of a list: whose honour, and what is said of it."""

    holder: Holder
    facts: Facts


@dataclass(frozen=True)
class Refused:
    """An entry that can't be taken, by its place in the list, and the field at fault."""

    place: int
    key: str
    message: str


@dataclass
class Entered:
    """What became of the entries, by their places in the list.

    ``repeated`` holds for those that were taken what looks like the same honour.
    """

    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    repeated: dict[int, Honour] = field(default_factory=dict)


def enter_honours(
    *, actor: "User | None", entries: Sequence[Entry], at: datetime, label: str = ""
) -> Entered:
    """Enter a list that the bureau has looked at: everything in it counts at once.

    The same honour, by holder, name, level and time, is completed; the same list again changes
    nothing. Within whose scope the holders are, the door asks. A constant number of queries for
    each 2,000 entries.
    """
    if actor is not None and not may_keep(actor):
        raise ForbiddenError("只有局机关工作人员可以导入荣誉。")
    run = _Run(entries, at)
    for place, entry in enumerate(entries):
        try:
            run.take(place, entry)
        except FactError as error:
            run.done.refused.append(Refused(place, error.key, error.message))
    if not run.done.refused:
        with transaction.atomic():
            run.save()
            run.record(actor, label)
    return run.done


class _Run:
    """The register as far as the entries are about it, and what they do to it."""

    def __init__(self, entries: Sequence[Entry], at: datetime) -> None:
        self.done = Entered()
        self._at = at
        self._held: dict[Holder, list[Honour]] = defaultdict(list)
        self._new: list[Honour] = []
        self._old: dict[int, tuple[Honour, Facts, bool]] = {}
        holders = {each.holder for each in entries}
        self._know("person", {each.pk: each for each in holders if isinstance(each, Person)})
        self._know(
            "organization", {each.pk: each for each in holders if not isinstance(each, Person)}
        )

    def _know(self, field: str, holders: Mapping[int, Holder]) -> None:
        """Read what these hold already."""
        for pks in _pieces(holders):
            rows = Honour.objects.held().filter(**{f"{field}__in": pks})
            for honour in rows.order_by("pk"):
                self._held[holders[getattr(honour, f"{field}_id")]].append(honour)

    def take(self, place: int, entry: Entry) -> None:
        """Note what an entry does; raise `FactError` where it can't be taken."""
        holder, facts = entry.holder, entry.facts
        check_facts(facts, holder=holder, on=timezone.localdate(self._at))
        same = [each for each in self._held[holder] if _is_meant(each, facts)]
        if len(same) > 1:
            listed = "；".join(each.line for each in same)
            raise FactError(
                "title",
                f"{holder}有 {len(same)} 条对得上：{listed}；请写明作品，或把授予时间写到日。",
            )
        if same:
            self._complete(place, same[0], facts)
            return
        honour = drafted(holder=holder, facts=facts)
        honour.confirmed_at, honour.created_at = self._at, self._at
        self._compare(place, honour, holder)
        self._new.append(honour)
        self.done.created.append(place)

    def _complete(self, place: int, honour: Honour, facts: Facts) -> None:
        known, waited = facts_of(honour), honour.confirmed_at is None
        merged = _merged(known, facts)
        if merged == known and not waited:
            self.done.unchanged.append(place)
            return
        if honour.pk is None:
            raise FactError("title", "和本表前面的一行是同一项荣誉，内容不同，请只留一行。")
        check_facts(merged, holder=honour.holder, on=timezone.localdate(self._at))
        put(honour, merged).confirmed_at = honour.confirmed_at or self._at
        self._old.setdefault(honour.pk, (honour, known, waited))
        self.done.changed.append(place)

    def _compare(self, place: int, honour: Honour, holder: Holder) -> None:
        held = self._held[holder]
        near = next((each for each in held if honour.overlaps(each)), None)
        if near is not None:
            self.done.repeated[place] = near
        held.append(honour)

    def save(self) -> None:
        """Write everything, or raise `ConflictError` with nothing written."""
        columns = [*FIELDS, *DERIVED, "confirmed_at"]
        changed = [honour for honour, _known, _waited in self._old.values()]
        try:
            with transaction.atomic():
                Honour.objects.bulk_update(changed, columns, batch_size=_PIECE)
                Honour.objects.bulk_create(self._new, batch_size=_PIECE)
        except IntegrityError:
            raise ConflictError(f"其中有的刚刚登记过：{ONCE}") from None

    def record(self, actor: "User | None", label: str) -> None:
        """Write down what came and what changed."""
        if not self._new and not self._old:
            return
        changed = []
        for honour, known, waited in self._old.values():
            before, after = _difference(known, facts_of(honour))
            if waited:
                after["state"] = honour.state
            changed.append(audit.RowChange(honour.pk, f"{honour}（#{honour.pk}）", before, after))
        audit.record_rows(
            actor=actor,
            verb="honours.import",
            model=Honour,
            label=label or f"{len(self._new) + len(changed)} 项荣誉",
            changed=changed,
            created=[each.pk for each in self._new],
            after={"honours": len(self._new)},
            at=self._at,
        )


def _is_meant(honour: Honour, facts: Facts) -> bool:
    """Whether ``facts`` are of that honour: name, level, time as far as known, work if both say."""
    work, named = folded(facts.work), honour.work_alike
    near = honour.awarded.holds(facts.awarded) or facts.awarded.holds(honour.awarded)
    return (
        folded(honour.title) == folded(facts.title)
        and honour.level == facts.level
        and near
        and (not work or not named or work == named)
    )


def _merged(known: Facts, said: Facts) -> Facts:
    """Return what is known after ``said``: empty cells change nothing, a time gets exacter."""
    told = {name: getattr(said, name) for name in _FILLED if getattr(said, name)}
    exact = said.awarded if known.awarded.holds(said.awarded) else known.awarded
    return replace(known, **told, awarded=exact)


def _difference(old: Facts, new: Facts) -> tuple[dict[str, object], dict[str, object]]:
    names = [name for name in ("awarded", *_FILLED) if getattr(old, name) != getattr(new, name)]
    return (
        {name: _plain(getattr(old, name)) for name in names},
        {name: _plain(getattr(new, name)) for name in names},
    )


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str) else str(value)


def _pieces(values: Iterable[T]) -> Iterator[list[T]]:
    rows = list(values)
    for at in range(0, len(rows), _PIECE):
        yield rows[at : at + _PIECE]
