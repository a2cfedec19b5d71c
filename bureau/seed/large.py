"""Large bureaus for measuring: many made-up organisations, written in bulk."""

import random
from collections.abc import Iterator
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
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
# Every so many organisations one is a general branch, with the branches that follow below it.
_FAMILY = 6
_KINDS = (
    (SchoolKind.PRIMARY, "小学"),
    (SchoolKind.JUNIOR, "中学"),
    (SchoolKind.KINDERGARTEN, "幼儿园"),
)
_PLACES = "澄湖望溪青云梅竹桥石滨江南屏东屿横塘紫阳荷柳芦秋霞陶双沙临岚"


def build_large(*, count: int, day: date) -> bool:
    """Build ``count`` organisations with schools, heads, secretaries and three bureau users.

    False, and nothing done, where there are organisations already.
    """
    if Organization.objects.exists():
        return False
    since = date(day.year - 3, 9, 1)
    with transaction.atomic():
        organizations = _tree(count, since)
        _count_heads(organizations, date(day.year - 1, 1, 1))
        _staff(organizations, since)
        audit.record(actor=None, verb="bureau.seed", label=f"{count} 个党组织的测试数据")
    return True


def _tree(count: int, since: date) -> list[Organization]:
    """Found a root with general branches, five branches under each; every one has a school."""
    root = Founding(ROOT, COMMITTEE, "L000000", None, short_name="局党委", founded_on=since)
    foundings, general = [root], root
    for number, (name, kind) in enumerate(_units(count - 1), start=1):
        leads = number % _FAMILY == 1
        each = Founding(
            name=f"{name}{'党总支' if leads else '党支部'}",
            kind=GENERAL if leads else BRANCH,
            code=f"L{number:06}",
            parent=root if leads else general,
            schools=[School(code=f"S{number:06}", name=name, kind=kind, order=number * 10)],
            short_name=name,
            order=number * 10,
            founded_on=since,
        )
        general = each if leads else general
        foundings.append(each)
    schools = [school for each in foundings for school in each.schools]
    for school in schools:
        school.pinyin = organization_search_text(school.name)
    School.objects.bulk_create(schools)
    return found_organizations(actor=None, foundings=foundings)


def _units(count: int) -> Iterator[tuple[str, SchoolKind]]:
    """Yield names and kinds of schools, none twice."""
    places = (first + second for first in _PLACES for second in _PLACES if first != second)
    named = [f"{place}{suffix}" for place in places for _, suffix in _KINDS]
    for number in range(count):
        turn, place = divmod(number, len(named))
        prefix = f"第{turn + 1}" if turn else ""
        yield f"{prefix}{named[place]}", _KINDS[number % len(_KINDS)][0]


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
    """Give every organisation but the root a secretary, and the bureau its three users."""
    password = make_password(PASSWORD)
    names = invented(random.Random(2))  # noqa: S311 - reproducible on purpose
    usernames = ["zuzhi", "lingdao", "shenji", *(f"s{row.pk}" for row in organizations[1:])]
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
    kinds = [RoleKind.OFFICER, RoleKind.LEADER, RoleKind.AUDITOR]
    kinds += [RoleKind.SECRETARY] * (len(organizations) - 1)
    root = organizations[0]
    Role.objects.bulk_create(
        Role(
            user=user,
            organization=where,
            kind=kind,
            since=since,
            office=office if kind == RoleKind.OFFICER else None,
        )
        for user, kind, where in zip(
            users, kinds, [root, root, root, *organizations[1:]], strict=True
        )
    )
