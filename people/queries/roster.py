"""Who stands on which roster, how many they are, and how that compares with typed figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from common.days import chinese_date
from common.names import is_mobile, normalize_mobile
from organizations.models import Organization, Roster
from organizations.queries import ROSTER_HEADS, head_counts
from organizations.services.head_counts import HEAD_LABELS, CountsByDay
from people.choices import HEAD_OF, StandingKind
from people.models import Person, Standing, StandingQuerySet
from people.queries.accounts import search_people

if TYPE_CHECKING:
    from accounts.models import User

_ID_LENGTH = 18


def search_standings(queryset: StandingQuerySet, text: str) -> StandingQuerySet:
    """Return those whose person ``text`` names: part of a name, pinyin, a whole number.

    A whole mobile or ID number finds its owner, part of one nobody. A blank text changes nothing.
    """
    if not text.strip():
        return queryset
    number = "".join(text.split())
    if len(number) == _ID_LENGTH and number[:-1].isdecimal():
        return queryset.filter(person__in=Person.objects.with_id_number(number.upper()))
    if is_mobile(normalize_mobile(text)):
        return queryset.filter(person__in=Person.objects.with_mobile(normalize_mobile(text)))
    return queryset.filter(person__in=search_people(Person.objects.all(), text).values("pk"))


def standings_of(person: Person, user: "User") -> list[Standing]:
    """Return the standings of ``person`` that ``user`` may see, newest first."""
    rows = Standing.objects.visible_to(user).filter(person=person)
    return list(rows.select_related("organization").order_by("-since", "-id"))


def roster_counts(organization_ids: Iterable[int], on: date) -> dict[int, dict[str, int]]:
    """Return ``{organisation: {kind: persons}}`` on the day ``on``; every id and kind has an entry.

    Own ones only, not those of subordinates. One query.
    """
    found = {pk: dict.fromkeys(StandingKind.values, 0) for pk in organization_ids}
    rows = Standing.objects.on(on).filter(organization__in=list(found)).order_by()
    counted = rows.values_list("organization", "kind").annotate(persons=Count("pk"))
    for pk, kind, persons in counted:
        found[pk][kind] = persons
    return found


def roster_figures(since: dict[int, date]) -> CountsByDay:
    """Return the heads of each roster from its first day on, by the days on which they change.

    ``since`` holds the first day by organisation. One query.
    """
    moves: dict[int, dict[date, dict[str, int]]] = {pk: {day: {}} for pk, day in since.items()}
    rows = Standing.objects.filter(organization__in=list(since), kind__in=list(HEAD_OF)).order_by()
    for pk, kind, first, until in rows.values_list("organization", "kind", "since", "until"):
        begins = max(first, since[pk])
        if until is None or until > begins:
            _move(moves[pk], begins, HEAD_OF[kind], 1)
            if until is not None:
                _move(moves[pk], until, HEAD_OF[kind], -1)
    return {pk: _summed(days) for pk, days in moves.items()}


def _move(days: dict[date, dict[str, int]], day: date, head: str, persons: int) -> None:
    heads = days.setdefault(day, {})
    heads[head] = heads.get(head, 0) + persons


def _summed(days: dict[date, dict[str, int]]) -> dict[date, dict[str, int | None]]:
    running = dict.fromkeys(ROSTER_HEADS, 0)
    found: dict[date, dict[str, int | None]] = {}
    for day in sorted(days):
        for head, persons in days[day].items():
            running[head] += persons
        found[day] = dict(running)
    return found


@dataclass(frozen=True)
class Comparison:
    """One head as the roster counts it, and as it was typed last; None is not known."""

    label: str
    counted: int
    typed: int | None
    typed_on: date | None

    @property
    def difference(self) -> int | None:
        """Counted less typed."""
        return None if self.typed is None else self.counted - self.typed

    @property
    def sentence(self) -> str:
        """正式党员：名册 29 人，填报 30 人（2026年1月1日），少 1 人."""
        if self.typed is None or self.typed_on is None:
            return f"{self.label}：名册 {self.counted} 人，没有填报过。"
        day = chinese_date(self.typed_on)
        said = f"{self.label}：名册 {self.counted} 人，填报 {self.typed} 人（{day}）"
        gap = self.counted - self.typed
        told = f"{'多' if gap > 0 else '少'} {abs(gap)} 人" if gap else "一致"
        return f"{said}，{told}。"


def compare_heads(
    organization: Organization, on: date, *, roster: Roster | None = None
) -> list[Comparison]:
    """Return head by head what the roster counts on ``on`` and what was typed last.

    ``roster`` once it is started: it keeps the figures typed before.
    """
    counted = roster_counts([organization.pk], on)[organization.pk]
    typed = dict(roster.typed) if roster is not None else _typed(organization, on)
    day = date.fromisoformat(typed["on"]) if typed else None
    return [
        Comparison(HEAD_LABELS[head], counted[kind], typed.get(head), day)
        for kind, head in HEAD_OF.items()
    ]


def _typed(organization: Organization, on: date) -> dict[str, Any]:
    held = head_counts([organization.pk], on).get(organization.pk)
    if held is None:
        return {}
    return {"on": held.on.isoformat(), **{head: getattr(held, head) for head in ROSTER_HEADS}}
