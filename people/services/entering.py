"""Putting people on rosters: one or ten thousand, in one path with the same checks.

What is there already is completed, never overruled; who is on another roster is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from common import audit
from common.errors import ConflictError, ForbiddenError
from organizations.models import Organization
from people.choices import NEXT_STEPS, StandingKind
from people.facts import (
    FACT_FIELDS,
    FactError,
    Facts,
    check_since,
    completed,
    discreet,
    facts_of,
    take,
)
from people.matching import ELSEWHERE, Matcher
from people.models import Person, Standing
from people.scope import counting_organizations
from people.services.counting import locked_rosters, recount

if TYPE_CHECKING:
    from accounts.models import User

_PIECE = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who is something in an organisation since a day.

    ``person`` where it is known who; else the facts say so, or that it is somebody new.
    """

    organization_id: int
    kind: str
    since: date
    facts: Facts
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that can't be taken: its place among the entries, the field at fault, why."""

    place: int
    key: str
    message: str


@dataclass
class Entered:
    """What became of the entries, by their place; ``standings`` of those that were taken."""

    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    standings: dict[int, Standing] = field(default_factory=dict)


def enter_standings(
    *,
    actor: "User | None",
    entries: Sequence[Entry],
    at: datetime,
    label: str = "",
    update: bool = True,
) -> Entered:
    """Enter all of ``entries``, or none where one is refused; a constant number of queries.

    Somebody new becomes a person with a standing. Who is on no roster begins one. Who is on this
    one already gets what was not known of them, and the next step of their standing; without
    ``update`` they are refused. ``actor`` None is the system.
    """
    with transaction.atomic():
        since = locked_rosters(each.organization_id for each in entries)
        desk = _Desk(entries, actor=actor, at=at, update=update)
        desk.decide()
        if not desk.done.refused:
            desk.save()
            desk.record(label)
            recount(actor=actor, since=since, at=at)
    return desk.done


class _Desk:
    """Everything that the entries may touch, read once; what is to be written, written once."""

    def __init__(
        self, entries: Sequence[Entry], *, actor: "User | None", at: datetime, update: bool
    ) -> None:
        self._entries, self._actor, self._at, self._update = entries, actor, at, update
        self._today = timezone.localdate(at)
        self.done = Entered()
        places = {each.organization_id for each in entries}
        self._organizations = Organization.objects.in_bulk(places)
        self._allowed = _allowed(actor, places)
        named = [(each.organization_id, each.facts) for each in entries]
        self._matcher = Matcher(named, actor=actor, on=self._today)
        self._current: dict[int, Standing] = {}
        self._last_until: dict[int, date] = {}
        given = [each.person.pk for each in entries if each.person is not None]
        for pks in _pieces([*self._matcher.known, *given]):
            self._read_standings(pks)
        self._open_places = _seen_places(actor, self._current.values())
        # By the identity of the object: the new ones have no primary key yet.
        self._taken: set[int] = set()
        self._new: list[Person] = []
        self._filled: dict[int, tuple[Person, Facts]] = {}
        self._begun: list[Standing] = []
        self._ended: list[Standing] = []

    def _read_standings(self, people: Sequence[int]) -> None:
        # Whoever else is about to give one of them a standing waits until this one stands.
        locked = Person.objects.select_for_update().filter(pk__in=people).order_by("pk")
        list(locked.values_list("pk", flat=True))
        rows = Standing.objects.filter(person__in=people).order_by()
        for standing in rows.current().select_related("organization"):
            self._current[standing.person_id] = standing
        past = rows.exclude(until=None).values_list("person").annotate(last=Max("until"))
        self._last_until.update(past)

    def decide(self) -> None:
        """Find out what each entry means; nothing is written yet."""
        for place, entry in enumerate(self._entries):
            try:
                self._take(place, entry)
            except FactError as error:
                self.done.refused.append(Refused(place, error.key, error.message))

    def _take(self, place: int, entry: Entry) -> None:
        organization = self._place_of(entry)
        person = entry.person or self._matcher.find(organization, entry.facts)
        if person is None:
            check_since(entry.since, born_on=entry.facts.born_on, on=self._today)
            person = self._add(entry)
            self._begin(place, entry, person)
            self.done.created.append(place)
            return
        if id(person) in self._taken:
            raise FactError("name", f"{person}在名单里出现了两次，请只留一行。")
        known = facts_of(person)
        facts = completed(known, entry.facts)
        check_since(entry.since, born_on=facts.born_on, on=self._today)
        moved = self._move(place, entry, person)
        self._taken.add(id(person))
        filled = facts != known and self._fill(person, known, facts)
        (self.done.changed if moved or filled else self.done.unchanged).append(place)

    def _place_of(self, entry: Entry) -> Organization:
        organization = self._organizations[entry.organization_id]
        if self._allowed is not None and organization.pk not in self._allowed:
            raise FactError("organization", f"「{organization}」不在您可以登记名册的范围内。")
        closed = organization.closed_on
        if closed is not None and closed <= self._today:
            raise FactError("organization", f"「{organization}」已于 {closed:%Y-%m-%d} 撤销。")
        return organization

    def _add(self, entry: Entry) -> Person:
        person = Person(created_at=self._at)
        take(person, entry.facts)
        self._matcher.add(entry.organization_id, person)
        self._taken.add(id(person))
        self._new.append(person)
        return person

    def _begin(self, place: int, entry: Entry, person: Person) -> None:
        standing = Standing(
            person=person,
            organization=self._organizations[entry.organization_id],
            kind=entry.kind,
            since=entry.since,
            created_at=self._at,
        )
        self._begun.append(standing)
        self.done.standings[place] = standing

    def _move(self, place: int, entry: Entry, person: Person) -> bool:
        """Begin a standing, or the next step of the one held; False where it is held already."""
        held = self._current.get(person.pk)
        if held is None:
            last = self._last_until.get(person.pk)
            if last is not None and entry.since < last:
                raise FactError("since", f"{person}的上一段到 {last:%Y-%m-%d} 才结束，请核对日期。")
            self._begin(place, entry, person)
            return True
        if held.organization_id != entry.organization_id or not self._update:
            raise self._on_a_roster(held, person)
        if held.kind == entry.kind:
            self.done.standings[place] = held
            return False
        reason = NEXT_STEPS[held.kind].get(entry.kind)
        if reason is None:
            now = held.get_kind_display()
            raise FactError(
                "kind", f"名册里是{now}，不能直接改为{StandingKind(entry.kind).label}。"
            )
        if entry.since < held.since:
            raise FactError(
                "since", f"名册里从 {held.since:%Y-%m-%d} 起是{held.get_kind_display()}。"
            )
        held.until, held.ended_as, held.updated_at = entry.since, reason, self._at
        self._ended.append(held)
        self._begin(place, entry, person)
        return True

    def _on_a_roster(self, held: Standing, person: Person) -> FactError:
        if self._open_places is not None and held.organization_id not in self._open_places:
            return FactError("name", f"这个人{ELSEWHERE}")
        where = f"「{held.organization}」的名册里（{held.get_kind_display()}）"
        return FactError("name", f"{person}已在{where}，不用再登记；调到别处的，请先办转出。")

    def _fill(self, person: Person, known: Facts, facts: Facts) -> bool:
        """Complete what is known; the number by which somebody logs in is not changed here."""
        if person.user_id and known.mobile and facts.mobile != known.mobile:
            raise FactError("mobile", f"{person}有账号，换手机号请由组织科在“人员”里办理。")
        take(person, facts)
        person.updated_at = self._at
        self._filled[person.pk] = (person, known)
        return True

    def save(self) -> None:
        """Write all of it."""
        try:
            with transaction.atomic():
                Person.objects.bulk_create(self._new, batch_size=_PIECE)
                filled = [person for person, _known in self._filled.values()]
                Person.objects.bulk_update(filled, FACT_FIELDS, batch_size=_PIECE)
                Standing.objects.bulk_update(
                    self._ended, ["until", "ended_as", "updated_at"], batch_size=_PIECE
                )
                Standing.objects.bulk_create(self._begun, batch_size=_PIECE)
        except IntegrityError:
            raise ConflictError("其中有人刚刚被登记，请刷新后再试。") from None

    def record(self, label: str) -> None:
        """Write down who was entered, and what else became known of whom; without the numbers."""
        if not self._begun and not self._filled:
            return
        changed = []
        for person, known in self._filled.values():
            before, after = discreet(known, facts_of(person))
            changed.append(audit.RowChange(person.pk, f"{person}（#{person.pk}）", before, after))
        one = self._begun[0] if len(self._entries) == len(self._begun) == 1 else None
        told: dict[str, object] = {"persons": len(self._begun)}
        if one is not None:
            told = {"organization": str(one.organization), "kind": one.kind, "since": one.since}
        audit.record_rows(
            actor=self._actor,
            verb="people.enter_standings",
            model=Standing,
            label=label or (str(one) if one else f"{len(self._entries)} 人"),
            changed=changed,
            created=[each.pk for each in self._begun],
            after=told,
            at=self._at,
        )


def _allowed(actor: "User | None", places: Iterable[int]) -> set[int] | None:
    """Return whose rosters the actor keeps; None for the system. Nobody at all is an error."""
    if actor is None:
        return None
    kept = counting_organizations(actor)
    if not kept.exists():
        raise ForbiddenError("您不能登记党员名册，请联系本组织的书记或局党委组织科。")
    return set(kept.filter(pk__in=list(places)).values_list("pk", flat=True))


def _seen_places(actor: "User | None", held: Iterable[Standing]) -> set[int] | None:
    """Return where the actor may be told that somebody stands; None for everywhere."""
    if actor is None:
        return None
    places = {each.organization_id for each in held}
    seen = Organization.objects.visible_to(actor).filter(pk__in=places)
    return set(seen.values_list("pk", flat=True))


def _pieces(rows: Sequence[int]) -> Iterable[Sequence[int]]:
    return (rows[at : at + _PIECE] for at in range(0, len(rows), _PIECE))
