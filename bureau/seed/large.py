"""Large bureaus for measuring: many made-up organisations, written in bulk."""

import random
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from bureau.seed.boards import build_many
from bureau.seed.names import invented, mobile
from bureau.seed.people import PASSWORD, person_of
from bureau.seed.plan import BRANCH, COMMITTEE, GENERAL, OFFICES, ROOT
from common import audit
from organizations.choices import HeadCountSource, RoleKind, SchoolKind
from organizations.models import HeadCount, Office, Organization, Role, School
from organizations.names import organization_search_text
from organizations.services import Founding, found_organizations
from people.models import Person

MOST_ORGANIZATIONS = 50_000
# A district committee and all below it; a bureau of this size is one district.
DISTRICT = 605
# Every so many organisations one is a general branch, with the branches that follow below it.
_FAMILY = 6
_KINDS = (
    (SchoolKind.PRIMARY, "小学"),
    (SchoolKind.JUNIOR, "中学"),
    (SchoolKind.KINDERGARTEN, "幼儿园"),
)
_PLACES = "澄湖望溪青云梅竹桥石滨江南屏东屿横塘紫阳荷柳芦秋霞陶双沙临岚"


def build_large(*, count: int, day: date) -> bool:
    """Build ``count`` organisations with schools, heads, secretaries and users of the bureau.

    Up to 605 of them stand under the root, more of them under district committees of 605 each, the
    last of which may be smaller. The reviewer ``xuequ`` sees the first district, or all of a bureau
    that has none: the same 605 in a small and in a large one.

    False, and nothing done, where there are organisations already.
    """
    if Organization.objects.exists():
        return False
    since = date(day.year - 3, 9, 1)
    with transaction.atomic():
        organizations = _tree(count, since)
        _count_heads(organizations, date(day.year - 1, 1, 1))
        _staff(organizations, since)
        build_many(organizations[1:], day=day)
        audit.record(actor=None, verb="bureau.seed", label=f"{count} 个党组织的测试数据")
    return True


def _tree(count: int, since: date) -> list[Organization]:
    """Found a root, districts where there are many, and their schools."""
    root = Founding(ROOT, COMMITTEE, "L000000", None, short_name="局党委", founded_on=since)
    units = _units(count - 1)
    if count <= DISTRICT:
        foundings = [root, *_families(root, units, since)]
    else:
        foundings = [root]
        numbered = count - 1
        for number in range(1, numbered + 1, DISTRICT):
            district = _district(root, number, since)
            below = islice(units, min(DISTRICT, numbered - number + 1) - 1)
            foundings += [district, *_families(district, below, since)]
    schools = [school for each in foundings for school in each.schools]
    for school in schools:
        school.pinyin = organization_search_text(school.name)
    School.objects.bulk_create(schools)
    return found_organizations(actor=None, foundings=foundings)


def _district(root: Founding, number: int, since: date) -> Founding:
    name = f"第{number // DISTRICT + 1}学区"
    return Founding(
        name=f"{name}党委",
        kind=COMMITTEE,
        code=f"D{number:06}",
        parent=root,
        short_name=name,
        order=number * 10,
        founded_on=since,
    )


def _families(
    above: Founding, units: Iterable[tuple[int, str, SchoolKind]], since: date
) -> Iterator[Founding]:
    """Yield general branches under ``above`` with five branches under each; all have a school."""
    general = above
    for place, (number, name, kind) in enumerate(units):
        leads = place % _FAMILY == 0
        each = Founding(
            name=f"{name}{'党总支' if leads else '党支部'}",
            kind=GENERAL if leads else BRANCH,
            code=f"L{number:06}",
            parent=above if leads else general,
            schools=[School(code=f"S{number:06}", name=name, kind=kind, order=number * 10)],
            short_name=name,
            order=number * 10,
            founded_on=since,
        )
        general = each if leads else general
        yield each


def _units(count: int) -> Iterator[tuple[int, str, SchoolKind]]:
    """Yield numbers from 1, names and kinds of schools, no name twice."""
    places = (first + second for first in _PLACES for second in _PLACES if first != second)
    named = [f"{place}{suffix}" for place in places for _, suffix in _KINDS]
    for number in range(count):
        turn, place = divmod(number, len(named))
        prefix = f"第{turn + 1}" if turn else ""
        yield number + 1, f"{prefix}{named[place]}", _KINDS[number % len(_KINDS)][0]


def _count_heads(organizations: list[Organization], on: date) -> None:
    rng = random.Random(1)  # noqa: S311 - reproducible on purpose
    HeadCount.objects.bulk_create(
        HeadCount(
            organization=row,
            on=on,
            full=rng.randint(3, 60),
            probationary=rng.randint(0, 3),
            candidates=rng.randint(0, 3),
            activists=rng.randint(0, 6),
            staff=rng.randint(20, 160),
            source=HeadCountSource.IMPORTED,
        )
        for row in organizations[1:]
    )


def _staff(organizations: list[Organization], since: date) -> None:
    """Give every organisation but the root a secretary, the bureau and a district their users."""
    password = make_password(PASSWORD)
    names = invented(random.Random(2))  # noqa: S311 - reproducible on purpose
    usernames = [
        "zuzhi",
        "lingdao",
        "shenji",
        "xuequ",
        *(f"s{row.pk}" for row in organizations[1:]),
    ]
    users = User.objects.bulk_create(
        User(username=username, name=next(names), password=password) for username in usernames
    )
    Person.objects.bulk_create(
        person_of(user, mobile(number)) for number, user in enumerate(users, start=1)
    )
    offices = [
        Office(name=name, order=position, grants_roles=position == 0)
        for position, name in enumerate(OFFICES)
    ]
    office = Office.objects.bulk_create(offices)[0]
    kinds = [RoleKind.OFFICER, RoleKind.LEADER, RoleKind.AUDITOR, RoleKind.REVIEWER]
    kinds += [RoleKind.SECRETARY] * (len(organizations) - 1)
    root = organizations[0]
    district = root if len(organizations) <= DISTRICT else organizations[1]
    Role.objects.bulk_create(
        Role(
            user=user,
            organization=where,
            kind=kind,
            since=since,
            office=office if kind == RoleKind.OFFICER else None,
        )
        for user, kind, where in zip(
            users, kinds, [root, root, root, district, *organizations[1:]], strict=True
        )
    )
