"""Rosters: of a few schools of the demonstration bureau, and half a million people to measure with.

ID numbers are of a region that was never given out, so that they are nobody's.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db import connection, transaction
from stdnum.cn import ric

from accounts.models import User
from bureau.seed.context import Context
from bureau.seed.names import invented
from common import audit
from organizations.models import Organization, Role
from organizations.queries import head_counts
from people import services
from people.choices import HEAD_OF, Sex, StandingKind
from people.facts import Facts
from people.models import Person, Standing
from people.services import Entry

MOST_MEMBERS = 1_000_000
# Of these the roster is here; the first ones let it count, the last typed more than it holds.
KEPT = ("芙蓉小学", "云堃小学", "荷花小学")
COMPARED = ("文澜小学",)
# One region for the demonstration, one for the many.
_SHOWN, _MEASURED = "999901", "999902"
_PIECE = 10_000
_SHARES = (
    (StandingKind.FULL, 80),
    (StandingKind.PROBATIONARY, 84),
    (StandingKind.CANDIDATE, 88),
    (StandingKind.ACTIVIST, 95),
    (StandingKind.APPLICANT, 100),
)


def build(context: Context) -> None:
    """Put people on the rosters of `KEPT` and `COMPARED`, as many as were typed, nearly."""
    rng = random.Random(5)  # noqa: S311 - reproducible on purpose
    taken = set(User.objects.values_list("name", flat=True))
    names = (name for name in invented(rng) if name not in taken)
    numbers = _numbers(rng, _SHOWN)
    at = context.at(context.day)
    for short in (*KEPT, *COMPARED):
        organization = context.organizations[short]
        counted = head_counts([organization.pk], context.day)[organization.pk]
        wanted = {
            kind: max(0, (getattr(counted, head) or 0) - (short in COMPARED and kind == "full"))
            for kind, head in HEAD_OF.items()
        }
        wanted[StandingKind.APPLICANT] = 2
        entries = [*_secretaries(organization, numbers, at.date())]
        wanted[StandingKind.FULL] -= len(entries)
        for kind, how_many in wanted.items():
            since = context.ago(days=200 if kind == StandingKind.PROBATIONARY else 900)
            entries += [
                Entry(organization.pk, kind, since, _facts(names, numbers)) for _ in range(how_many)
            ]
        services.enter_standings(actor=None, entries=entries, at=at, label="示范局名册")
        if short in KEPT:
            since = max(counted.on, context.ago(days=45))
            services.start_roster(actor=None, organization=organization, since=since, at=at)


def _secretaries(
    organization: Organization, numbers: Iterator[tuple[str, date]], on: date
) -> Iterator[Entry]:
    """Yield entries for those who have an account in the organisation: they are members too."""
    held = Role.objects.current(on).filter(organization=organization).select_related("user__person")
    people = {role.user.person.pk: role.user.person for role in held.order_by("pk")}
    for person in people.values():
        number, born_on = next(numbers)
        facts = Facts(person.name, _sex(number), born_on, number, person.mobile)
        yield Entry(organization.pk, StandingKind.FULL, date(2015, 7, 1), facts)


def _facts(names: Iterator[str], numbers: Iterator[tuple[str, date]]) -> Facts:
    number, born_on = next(numbers)
    return Facts(next(names), _sex(number), born_on, number)


def _sex(number: str) -> str:
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def _numbers(rng: random.Random, region: str) -> Iterator[tuple[str, date]]:
    """Yield ID numbers with the day of birth, none twice: between 23 and 60 years of age."""
    first = date(1964, 1, 1)
    serial = 0
    while True:
        # The step shares no factor with the number of days: each comes once before any again.
        born_on = first + timedelta(days=serial * 4001 % 13_000)
        bare = f"{region}{born_on:%Y%m%d}{serial // 13_000 * 2 + rng.randint(0, 1):03}"
        yield bare + ric.calc_check_digit(f"{bare}0"), born_on
        serial += 1


def build_members(*, count: int, day: date) -> bool:
    """Enter ``count`` people in bulk, all over the bureau; False where some stand already.

    Written past the service, as nobody waits for ten minutes; head counts stay as they were.
    """
    if Standing.objects.exists():
        return False
    below = Organization.objects.exclude(parent=None).order_by("pk")
    places = list(below.values_list("pk", flat=True))
    rng = random.Random(7)  # noqa: S311 - reproducible on purpose
    people = invented_people(rng, count)
    with transaction.atomic():
        for start in range(0, count, _PIECE):
            piece = [next(people) for _ in range(min(_PIECE, count - start))]
            Person.objects.bulk_create(piece, batch_size=_PIECE)
            Standing.objects.bulk_create(
                _standings(rng, piece, places, start, day), batch_size=_PIECE
            )
        audit.record(actor=None, verb="bureau.seed", label=f"{count} 名党员的测试数据")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return True


def invented_people(rng: random.Random, count: int) -> Iterator[Person]:
    """Yield unsaved persons; names repeat, as those of half a million people do."""
    names = invented(rng)
    known = [next(names) for _ in range(min(count, 20_000))]
    templates = []
    for name in known:
        template = Person()
        template.bear(name)
        templates.append((template.name, template.pinyin, template.strokes))
    for place, (number, born_on) in zip(range(count), _numbers(rng, _MEASURED), strict=False):
        name, pinyin, strokes = templates[place % len(templates)]
        person = Person(
            name=name, pinyin=pinyin, strokes=strokes, sex=_sex(number), born_on=born_on
        )
        person.put_id_number(number)
        person.put_mobile(f"198{place:08}")
        yield person


def _standings(
    rng: random.Random, people: Sequence[Person], places: Sequence[int], start: int, day: date
) -> list[Standing]:
    rows = []
    for number, person in enumerate(people, start):
        chance = rng.randrange(100)
        kind = next(kind for kind, below in _SHARES if chance < below)
        since = day - timedelta(days=rng.randrange(30, 3000))
        place = places[number % len(places)]
        rows.append(Standing(person=person, organization_id=place, kind=kind, since=since))
    return rows
