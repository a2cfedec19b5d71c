"""The roster at 10,000 persons and at half a million: its list, its searches, an import."""

import csv
import io
import random
from collections.abc import Iterator, Sequence
from datetime import date
from statistics import median
from urllib.parse import quote

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from benchmarks.harness import Result, at_least, at_most, p95, seconds, take_turns, taken, within
from benchmarks.lab import CROWDED, LARGE, SMALL, Lab, Visitor
from benchmarks.seeding import OFFICER, REVIEWER
from bureau.seed.rosters import invented_people
from organizations.models import Organization
from people.choices import StandingKind
from people.imports import roster as roster_list
from people.models import Person

ROSTER = "/admin/people/standing/"
SEARCH = ROSTER + "?q={}"
MOST_MS = {SMALL: 60, LARGE: 150}
# What is typed, how often of ten: whole names mostly, pinyin, surname and one character, a number.
IMPORTED = 10_000
_HEADS = ("姓名", "党组织", "人员类别", "身份证号", "手机", "身份起始")
_TYPED = ("name", "name", "name", "name", "name", "pinyin", "pinyin", "part", "part", "number")


def roster(lab: Lab) -> Iterator[Result]:
    """The list in its default order at both sizes, and its queries."""
    for role, username in (("reviewer", REVIEWER), ("officer", OFFICER)):
        visitors = {size: lab.visitor(CROWDED[size], username) for size in (SMALL, LARGE)}
        works = {size: visitor.opener(ROSTER) for size, visitor in visitors.items()}
        found = take_turns(works, times=lab.requests)
        yield within(f"roster.{role}", found[LARGE] * 1000, found[SMALL] * 1000, "ms", 1.3)
        queries = visitors[LARGE].queries(ROSTER)
        yield at_most(f"roster.{role}.queries", queries, "queries", 12)


def search(lab: Lab) -> Iterator[Result]:
    """Somebody is looked for, each time somebody else: the slow ones count, so p95."""
    for size in (SMALL, LARGE):
        visitor = lab.visitor(CROWDED[size], OFFICER)
        visits = [visitor.opener(SEARCH.format(quote(text))) for text in _texts(visitor, lab)]
        for visit in visits[: len(_TYPED)]:
            visit()
        taken = [seconds(visit) for visit in visits]
        yield at_most(f"roster_search.{size}.p95", p95(taken) * 1000, "ms", MOST_MS[size])


def _texts(visitor: Visitor, lab: Lab) -> Sequence[str]:
    """What is typed for ``lab.requests`` persons all over the roster."""
    with lab.databases.using(visitor.database):
        numbers = Person.objects.exclude(id_index="").order_by("pk").values_list("pk", flat=True)
        chosen = random.Random(11).sample(list(numbers), lab.requests)  # noqa: S311 - reproducible
        people = Person.objects.in_bulk(chosen)
        return [_typed(_TYPED[turn % len(_TYPED)], people[pk]) for turn, pk in enumerate(chosen)]


def _typed(how: str, person: Person) -> str:
    if how == "number":
        return person.id_number
    if how == "pinyin":
        return person.pinyin.split()[0]
    return person.name[:2] if how == "part" else person.name


def importing(lab: Lab) -> Iterator[Result]:
    """A list of 10,000 persons with ID and mobile numbers, and the same list once more."""
    lab.bureau(SMALL)
    with lab.databases.using(SMALL), transaction.atomic():
        officer, data, spent = User.objects.get(username=OFFICER), _import_file(), []
        for _ in range(lab.works):
            with transaction.atomic():
                spent.append(taken(lambda: _import(officer, data, created=IMPORTED)))
                transaction.set_rollback(True)
        _import(officer, data, created=IMPORTED)
        again = taken(lambda: _import(officer, data, created=0))
        transaction.set_rollback(True)
    yield at_least("roster_import.rows_a_second", IMPORTED / median(spent), "rows/s", 1500)
    yield at_least("roster_import.again.rows_a_second", IMPORTED / again, "rows/s", 1500)


def _import(officer: User, data: bytes, *, created: int) -> None:
    outcome = roster_list.run(
        actor=officer,
        data=data,
        filename="党员名册.csv",
        dry_run=False,
        on=timezone.localdate(),
        at=timezone.now(),
    )
    if outcome.problems or outcome.result.created != created:
        raise RuntimeError(f"{outcome.result.created} persons were entered, not {created}.")


def _import_file() -> bytes:
    """The list as .csv: people of a region that was never given out, all over the bureau."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADS)
    names = list(
        Organization.objects.exclude(parent=None).order_by("pk").values_list("name", flat=True)
    )
    people = invented_people(random.Random(13), IMPORTED)  # noqa: S311 - reproducible
    for number, person in enumerate(people):
        writer.writerow([
            person.name, names[number % len(names)], StandingKind.FULL.label, person.id_number,
            person.mobile, date(2020, 9, 1).isoformat(),
        ])  # fmt: skip
    return text.getvalue().encode("utf-8-sig")
