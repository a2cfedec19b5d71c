"""The structure of the ranks over 30,000 organisations, against the same counted by bare SQL."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from benchmarks.harness import Result, take_turns, within
from benchmarks.lab import CROWDED, LARGE, Lab
from benchmarks.seeding import OFFICER
from cadres.bands import Group
from cadres.choices import PostKind
from cadres.models import Post, Qualification
from cadres.qualities import Degree, FactKind, Subject, TeacherTitle
from cadres.queries.structure import structure
from organizations.models import Organization
from people.models import Person

_KINDS = (PostKind.SECRETARY, PostKind.DEPUTY, PostKind.MEMBER)
_FACTS = (
    (FactKind.DEGREE, Degree.values),
    (FactKind.TITLE, TeacherTitle.values),
    (FactKind.SUBJECT, Subject.values),
)
_PIECE = 10_000

_HELD = (
    "p.kind IN ('secretary', 'deputy', 'member') AND p.since <= %(on)s "
    "AND (p.until IS NULL OR p.until > %(on)s)"
)
_PERSON = (
    "SELECT {band}, count(*) FROM people_person h "
    f"WHERE h.id IN (SELECT p.person_id FROM cadres_post p WHERE {_HELD}) GROUP BY 1"
)
_FACT = (
    "SELECT q.value, count(DISTINCT q.person_id) FROM cadres_qualification q "
    "WHERE q.kind = '{kind}' AND q.withdrawn_at IS NULL "
    "AND (q.since IS NULL OR q.since <= %(on)s) AND (q.until IS NULL OR q.until > %(on)s) "
    f"AND q.person_id IN (SELECT p.person_id FROM cadres_post p WHERE {_HELD}) GROUP BY 1"
)
_YEARS = (
    "SELECT extract(year FROM age(%(on)s, p.since))::int, count(DISTINCT p.person_id) "
    f"FROM cadres_post p WHERE {_HELD} GROUP BY 1"
)
_SCHOOLS = (
    "SELECT s.kind, count(DISTINCT p.person_id) FROM cadres_post p "
    "LEFT JOIN organizations_schoollink l ON l.organization_id = p.organization_id "
    f"LEFT JOIN organizations_school s ON s.id = l.school_id WHERE {_HELD} GROUP BY 1"
)
_BARE = (
    f"SELECT count(DISTINCT p.person_id) FROM cadres_post p WHERE {_HELD}",
    _PERSON.format(band="extract(year FROM age(%(on)s, h.born_on))::int / 5"),
    _PERSON.format(band="h.sex"),
    *(_FACT.format(kind=kind.value) for kind, _values in _FACTS),
    _YEARS,
    _SCHOOLS,
)


def ranks(lab: Lab) -> Iterator[Result]:
    """Three posts in each organisation, three facts of each person; taken back at the end."""
    lab.bureau(CROWDED[LARGE])
    today = timezone.localdate()
    with lab.databases.using(CROWDED[LARGE]), transaction.atomic():
        _fill(today)
        officer = User.objects.get(username=OFFICER)
        works = {
            "portal": lambda: structure(officer, Group.COMMITTEES, today),
            "bare": lambda: _bare(today),
        }
        found = take_turns(works, times=lab.works)
        transaction.set_rollback(True)
    yield within("structure", found["portal"] * 1000, found["bare"] * 1000, "ms", 3)


def _bare(on: date) -> None:
    with connection.cursor() as cursor:
        for statement in _BARE:
            cursor.execute(statement, {"on": on})
            cursor.fetchall()


def _fill(on: date) -> None:
    rng = random.Random(17)  # noqa: S311 - reproducible
    places = list(
        Organization.objects.exclude(parent=None).order_by("pk").values_list("pk", flat=True)
    )
    wanted = len(places) * len(_KINDS)
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:wanted])
    posts, facts = [], []
    for place, person in enumerate(people):
        since = on - timedelta(days=rng.randrange(30, 4000))
        posts.append(
            Post(
                person_id=person,
                organization_id=places[place % len(places)],
                kind=_KINDS[place // len(places)],
                since=since,
            )
        )
        facts += [
            Qualification(person_id=person, kind=kind, value=rng.choice(values), since=since)
            for kind, values in _FACTS
            if rng.randrange(5)
        ]
    Post.objects.bulk_create(posts, batch_size=_PIECE)
    Qualification.objects.bulk_create(facts, batch_size=_PIECE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
