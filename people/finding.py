"""Whom a name in a list means: somebody known who belongs to the unit beside it, never a guess.

Namesakes, and whoever is written with other characters of the same sound, are named as candidates.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet

from common.names import person_pinyin
from organizations.models import Organization, Role
from people.facts import FactError
from people.models import Person, Standing

T = TypeVar("T")

_PIECE = 5000
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name as written, the unit where its bearer belongs, and numbers where they are given."""

    name: str
    organization: int
    id_number: str = ""
    mobile: str = ""


class PersonFinder:
    """Knows who may be meant by ``wanted``; a constant number of queries for each 5,000 of them.

    Somebody belongs to a unit by the roster or by a role, also in a branch below it; or by a row of
    ``ties`` with a person and an organization, for rooms that know of more (posts). ``on`` is the
    day of the list.
    """

    def __init__(
        self, wanted: Sequence[Wanted], *, on: date, ties: QuerySet[Any] | None = None
    ) -> None:
        self._places = Organization.objects.in_bulk({each.organization for each in wanted})
        self._paths: dict[int, set[str]] = defaultdict(set)
        self._people: dict[int, Person] = {}
        self._by_pinyin: dict[str, list[Person]] = defaultdict(list)
        self._by_number: dict[str, Person] = {}
        for sounds in _pieces({person_pinyin(each.name) for each in wanted}):
            # Without what is encrypted: of the many who sound alike nobody reads it.
            named = Person.objects.filter(pinyin__in=sounds)
            self._know(named.defer("id_number", "mobile"))
        for person in self._people.values():
            self._by_pinyin[person.pinyin].append(person)
        numbered = Person.objects.all()
        for numbers in _pieces({each.id_number for each in wanted} - {""}):
            self._by_number |= {
                each.id_number: each for each in self._know(numbered.with_id_number(*numbers))
            }
        for numbers in _pieces({each.mobile for each in wanted} - {""}):
            self._by_number |= {
                each.mobile: each for each in self._know(numbered.with_mobile(*numbers))
            }
        self._know_places(on, ties)

    def find(self, wanted: Wanted) -> Person:
        """Return who is meant; raise `FactError` with the candidates where that is in doubt."""
        for key in ("id_number", "mobile"):
            number = getattr(wanted, key)
            if number and number in self._by_number:
                return self._numbered(wanted, key, self._by_number[number])
        sounding = [
            each
            for each in self._by_pinyin[person_pinyin(wanted.name)]
            if self._is_at(wanted, each)
        ]
        named = [each for each in sounding if each.name == wanted.name]
        place = self._places[wanted.organization]
        if len(named) == 1:
            return named[0]
        if named:
            raise FactError(
                "name",
                f"「{place}」有 {len(named)} 人同名：{_listed(named)}；请补上身份证号或手机号。",
            )
        hint = f"；读音相同的有：{_listed(sounding)}" if sounding else ""
        raise FactError(
            "name",
            f"「{place}」的名册和任职里没有叫“{wanted.name}”的人{hint}。请核对姓名和单位。",
        )

    def _numbered(self, wanted: Wanted, key: str, person: Person) -> Person:
        if person.name == wanted.name and self._is_at(wanted, person):
            return person
        raise FactError(key, "这个号码登记在别的姓名或单位下，请核对。")

    def _is_at(self, wanted: Wanted, person: Person) -> bool:
        top = self._places[wanted.organization].path
        return any(path.startswith(top) for path in self._paths[person.pk])

    def _know(self, people: Iterable[Person]) -> list[Person]:
        return [self._people.setdefault(person.pk, person) for person in people]

    def _know_places(self, on: date, ties: QuerySet[Any] | None) -> None:
        for pks in _pieces(self._people):
            standing = Standing.objects.current().filter(person__in=pks).order_by()
            roles = Role.objects.current(on).filter(user__person__in=pks).order_by()
            known: list[tuple[QuerySet[Any], str]] = [(standing, "person"), (roles, "user__person")]
            if ties is not None:
                known.append((ties.filter(person__in=pks).order_by(), "person"))
            for rows, person in known:
                for pk, path in rows.values_list(person, "organization__path"):
                    self._paths[pk].add(path)


def described(person: Person) -> str:
    """Tell somebody from their namesakes: 查甲（1985.07）."""
    return f"{person.name}（{person.born_label or '出生年月未填'}）"


def _listed(people: Sequence[Person]) -> str:
    shown = "、".join(described(each) for each in people[:_SHOWN])
    return f"{shown}等" if len(people) > _SHOWN else shown


def _pieces(values: Iterable[T]) -> Iterator[list[T]]:
    rows = list(values)
    for at in range(0, len(rows), _PIECE):
        yield rows[at : at + _PIECE]
