"""Which human being already here an entry means: by ID number, by mobile, by name on the spot.

What stands outside the actor's scope is never described: only that it is there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from organizations.models import Organization, Role
from people.facts import FactError, Facts, differences, facts_of
from people.models import Person, Standing
from people.scope import sees_everybody

if TYPE_CHECKING:
    from accounts.models import User

T = TypeVar("T")

ELSEWHERE = "已经在别处登记，请联系局党委组织科核对。"
_LABELS = {"sex": "性别", "born_on": "出生年月", "id_number": "身份证号", "mobile": "手机号"}
_PIECE = 5000


class Matcher:
    """Knows who may be meant by ``named``: pairs of an organisation's id and facts."""

    def __init__(
        self, named: Sequence[tuple[int, Facts]], *, actor: "User | None", on: date
    ) -> None:
        # Each human being is one object, however often they are found.
        self._rows: dict[int, Person] = {}
        self._by_id: dict[str, Person] = {}
        self._by_mobile: dict[str, Person] = {}
        self._by_name: dict[tuple[int, str], list[Person]] = defaultdict(list)
        facts = [each for _pk, each in named]
        for numbers in _pieces({each.id_number for each in facts} - {""}):
            self._know(Person.objects.with_id_number(*numbers))
        for numbers in _pieces({each.mobile for each in facts} - {""}):
            self._know(Person.objects.with_mobile(*numbers))
        self._know_names({(pk, each.name) for pk, each in named}, on)
        self._seen = _seen(list(self._rows), actor)

    @property
    def known(self) -> list[int]:
        """The primary keys of everybody who may be meant and was here before."""
        return list(self._rows)

    def find(self, organization: Organization, facts: Facts) -> Person | None:
        """Return who is meant, None for somebody new; raise `FactError` where that is in doubt."""
        by_id = self._by_id.get(facts.id_number) if facts.id_number else None
        by_mobile = self._by_mobile.get(facts.mobile) if facts.mobile else None
        if by_id is not None:
            if by_id.name != facts.name:
                raise self._doubt("id_number", by_id, "身份证号")
            if by_mobile not in (None, by_id):
                raise self._doubt("mobile", by_mobile, "手机号")
            return by_id
        if by_mobile is not None:
            contrary = set(differences(facts_of(by_mobile), facts))
            if by_mobile.name != facts.name or contrary or not self.is_seen(by_mobile):
                raise self._doubt("mobile", by_mobile, "手机号")
            return by_mobile
        return self._namesake(organization, facts)

    def add(self, organization_id: int, person: Person) -> None:
        """Know ``person``, who is being entered, for the entries that follow."""
        self._index(person)
        self._by_name[organization_id, person.name].append(person)

    def is_seen(self, person: Person | None) -> bool:
        """Whether the actor may be told who that is."""
        return person is None or person.pk is None or self._seen is None or person.pk in self._seen

    def _namesake(self, organization: Organization, facts: Facts) -> Person | None:
        """Return the one of that name in the organisation, if nothing speaks against it."""
        for person in self._by_name.get((organization.pk, facts.name), ()):
            known = facts_of(person)
            if known.id_number and facts.id_number:
                continue
            contrary = list(differences(known, facts))
            if contrary:
                labels = "、".join(_LABELS[key] for key in contrary)
                raise FactError(
                    contrary[0],
                    f"「{organization}」已有{person}，{labels}不同：是同一人，请先更正；"
                    "不是同一人，请补上两人的身份证号。",
                )
            return person
        return None

    def _doubt(self, key: str, person: Person | None, what: str) -> FactError:
        if self.is_seen(person):
            return FactError(
                key, f"这个{what}登记在{person}名下，姓名或其他信息不同，请核对是不是同一人。"
            )
        return FactError(key, f"这个{what}{ELSEWHERE}")

    def _know(self, people: Iterable[Person]) -> None:
        for person in people:
            self._index(self._rows.setdefault(person.pk, person))

    def _index(self, person: Person) -> None:
        if person.id_number:
            self._by_id.setdefault(person.id_number, person)
        if person.mobile:
            self._by_mobile.setdefault(person.mobile, person)

    def _know_names(self, wanted: set[tuple[int, str]], on: date) -> None:
        """Know who bears one of the names and stands or holds a role in the organisation."""
        places = {pk for pk, _name in wanted}
        found: dict[tuple[int, str], set[int]] = defaultdict(set)
        for names in _pieces({name for _pk, name in wanted}):
            standing = Standing.objects.current().filter(person__name__in=names)
            roles = Role.objects.lasting(on).filter(user__person__name__in=names)
            for rows, person in ((standing, "person"), (roles, "user__person")):
                there = rows.filter(organization__in=places).order_by()
                for pk, name, who in there.values_list("organization", f"{person}__name", person):
                    if (pk, name) in wanted:
                        found[pk, name].add(who)
        for pks in _pieces({pk for several in found.values() for pk in several}):
            self._know(Person.objects.filter(pk__in=pks))
        for key, several in found.items():
            self._by_name[key] = [self._rows[pk] for pk in sorted(several)]


def _pieces(values: Iterable[T]) -> Iterator[list[T]]:
    rows = list(values)
    for at in range(0, len(rows), _PIECE):
        yield rows[at : at + _PIECE]


def _seen(people: Sequence[int], actor: "User | None") -> set[int] | None:
    """Return whom of ``people`` the actor may be told of; None for who may know of all."""
    if actor is None or sees_everybody(actor):
        return None
    seen: set[int] = set()
    for pks in _pieces(people):
        standing = Standing.objects.visible_to(actor).filter(person__in=pks)
        roles = Role.objects.visible_to(actor).filter(user__person__in=pks)
        seen.update(standing.values_list("person", flat=True))
        seen.update(roles.values_list("user__person", flat=True))
    return seen
