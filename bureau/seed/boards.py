"""Posts and terms: of all organisations of the demonstration bureau, and many to measure with."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from accounts.models import User
from bureau.seed.context import Context
from bureau.seed.names import invented
from cadres import services
from cadres.choices import COMMITTEE, ROLE_OF, Duty, Engagement, PostEnd, PostKind
from cadres.deadlines import due_day, remind_day
from cadres.models import Post, Term
from organizations.models import Organization, Role
from organizations.queries import head_counts
from people.models import Person
from rulebook.calendar import add_years

# From so many full members on a branch has a committee (支部工作条例, ch. 6).
_WITH_COMMITTEE = 7
_DUTIES = (Duty.ORGANIZATION, Duty.PUBLICITY, Duty.DISCIPLINE, Duty.YOUTH)
# Their terms stand otherwise than those of most: days from the day shown until they are over.
DUE = {"文澜小学": 45, "滨江小学": 120, "芦塘初中": 20, "区机关幼儿园": 170, "青禾学校": 88}
OVERDUE = {"垟头小学": -40, "石塘初中": -200, "墨舟艺术培训学校": -15}
EXTENDED = {"云堃小学": -60, "紫阳小学": -30}
UNKNOWN = ("小云朵幼儿园",)
# Elected five, two of whom are there; four where five were elected; nobody leads it.
INCOMPLETE = ("秋水初中",)
ONE_SHORT = ("望湖小学",)
VACANT = "横塘小学"
HEADS_OF_SCHOOLS = 3


def build(context: Context) -> None:
    """Give every organisation its term and its posts; one of them has lost its secretary."""
    rng = random.Random(11)  # noqa: S311 - reproducible on purpose
    rows = list(Organization.objects.open_on(context.day).order_by("order", "pk"))
    full = {pk: row.full for pk, row in head_counts([row.pk for row in rows], context.day).items()}
    seats = {row.pk: _seats(row, full.get(row.pk)) for row in rows}
    Term.objects.bulk_create(_terms(context, rng, rows, seats))
    Post.objects.bulk_create(_posts(context, rng, rows, seats))
    left = Post.objects.get(
        organization=context.organizations[VACANT], kind=PostKind.SECRETARY, until=None
    )
    services.end_post(
        actor=None, post=left, on=context.ago(days=20), reason=PostEnd.MOVED,
        at=context.at(context.day), basis=f"澄教委〔{context.day.year}〕9号",
    )  # fmt: skip


def check(context: Context) -> None:
    """The check of the last night."""
    services.check_organizations(actor=None, at=context.at(context.day, hour=1))


def _seats(row: Organization, full: int | None) -> int:
    """How many were elected: five in large branches, three in others, none in small ones."""
    if row.parent_id is None:
        return 0
    if row.kind in ("committee", "general_branch"):
        return 5
    if full is None or full < _WITH_COMMITTEE:
        return 0
    return 5 if full >= 20 else 3


def _terms(
    context: Context, rng: random.Random, rows: Sequence[Organization], seats: dict[int, int]
) -> Iterator[Term]:
    for row in rows:
        short = row.short_name
        usual = rng.randint(200, 1000)
        if short in UNKNOWN:
            continue
        left = {**DUE, **OVERDUE, **EXTENDED}.get(short, usual)
        term = _term(row, context.day + timedelta(days=left))
        term.seats = seats[row.pk] if row.parent_id else None
        if short in (*INCOMPLETE, *ONE_SHORT):
            term.seats = 5
        term.basis = f"澄教委〔{term.since.year}〕{rng.randint(10, 40)}号"
        if short in EXTENDED:
            term.extended_until = term.due_on + timedelta(days=183)
            term.extension_basis = f"澄教委〔{term.due_on.year}〕15号"
        yield term


def _term(row: Organization, due: date) -> Term:
    years = due_day(row.kind, due).year - due.year
    since = add_years(due, -years)
    over = due_day(row.kind, since)
    return Term(organization=row, since=since, due_on=over, remind_on=remind_day(over, on=since))


def _posts(
    context: Context, rng: random.Random, rows: Sequence[Organization], seats: dict[int, int]
) -> Iterator[Post]:
    taken = set(User.objects.values_list("name", flat=True))
    taken |= set(Person.objects.values_list("name", flat=True))
    names = (name for name in invented(rng) if name not in taken)
    kinds: dict[str, str] = {role: post for post, role in ROLE_OF.items()}
    held = Role.objects.current(context.day).filter(kind__in=list(kinds))
    heads: dict[int, list[Role]] = {}
    for role in held.select_related("user__person").order_by("since", "pk"):
        heads.setdefault(role.organization_id, []).append(role)
    missing = {row.pk: _missing(row, seats[row.pk], heads.get(row.pk, [])) for row in rows}
    others = iter(_people(names, sum(missing.values())))
    for place, row in enumerate(rows):
        for role in heads.get(row.pk, []):
            yield _led(place, row, role, kinds[role.kind])
        first = max(row.founded_on or date.min, date(context.day.year - 2, 9, 1))
        for duty in _DUTIES[: missing[row.pk]]:
            yield Post(
                person=next(others), organization=row, kind=PostKind.MEMBER, duty=duty,
                engagement=Engagement.PART_TIME, since=first,
            )  # fmt: skip


def _missing(row: Organization, seats: int, heads: Sequence[Role]) -> int:
    """How many sit in the committee beside those who lead it."""
    if row.short_name in INCOMPLETE:
        return 1
    wanted = 4 if row.short_name in ONE_SHORT else seats
    return min(max(wanted - len(heads), 0), len(_DUTIES))


def _led(place: int, row: Organization, role: Role, kind: str) -> Post:
    post = Post(
        person=role.user.person, organization=row, kind=kind,
        since=max(role.since, row.founded_on or role.since),
        basis=f"澄教委〔{role.since.year}〕7号",
        engagement=Engagement.FULL_TIME if place % 4 == 0 else Engagement.PART_TIME,
    )  # fmt: skip
    if kind == PostKind.SECRETARY and row.parent_id is not None:
        post.is_head = place % HEADS_OF_SCHOOLS == 0
        post.administrative_post = "校长" if post.is_head else "副校长"
        if "幼儿园" in row.name or "园" in row.short_name:
            post.administrative_post = "园长" if post.is_head else "副园长"
    return post


def _people(names: Iterator[str], count: int) -> list[Person]:
    people = []
    for _ in range(count):
        person = Person()
        person.bear(next(names))
        people.append(person)
    return Person.objects.bulk_create(people)


def build_many(organizations: Sequence[Organization], *, day: date) -> None:
    """Give each of very many organisations a term, its secretary's post and two members.

    Past the services, for measuring. Of a hundred terms four are overdue and seven due soon.
    """
    rng = random.Random(13)  # noqa: S311 - reproducible on purpose
    roles = Role.objects.filter(kind="secretary").select_related("user__person").order_by("pk")
    Term.objects.bulk_create(_many_terms(rng, organizations, day), batch_size=5000)
    people = _namesakes(rng, 2 * len(organizations))
    members = (
        Post(
            person=people[2 * place + number], organization=row, kind=PostKind.MEMBER, duty=duty,
            since=row.founded_on or day,
        )
        for place, row in enumerate(organizations)
        for number, duty in enumerate(_DUTIES[:2])
    )  # fmt: skip
    led = (
        Post(
            person=role.user.person, organization_id=role.organization_id,
            kind=PostKind.SECRETARY, since=role.since, is_head=place % HEADS_OF_SCHOOLS == 0,
            engagement=Engagement.FULL_TIME if place % 4 == 0 else Engagement.PART_TIME,
        )
        for place, role in enumerate(roles)
    )  # fmt: skip
    Post.objects.bulk_create(led, batch_size=5000)
    Post.objects.bulk_create(members, batch_size=5000)


def _many_terms(
    rng: random.Random, organizations: Sequence[Organization], day: date
) -> Iterator[Term]:
    for row in organizations:
        chance = rng.randrange(100)
        left = rng.randint(200, 900)
        if chance < 4:
            left = rng.randint(-300, -1)
        elif chance < 11:
            left = rng.randint(0, 170)
        term = _term(row, day + timedelta(days=left))
        term.seats = len(COMMITTEE)
        yield term


def _namesakes(rng: random.Random, count: int) -> list[Person]:
    names = invented(rng)
    known = []
    for _ in range(min(count, 5000)):
        person = Person()
        person.bear(next(names))
        known.append(person)
    people = [
        Person(name=each.name, pinyin=each.pinyin, strokes=each.strokes)
        for each in (known[place % len(known)] for place in range(count))
    ]
    return Person.objects.bulk_create(people, batch_size=5000)
