"""One of everything that a page can show, in every state, for tests that go through all pages.

``build_world(3)`` has three of each where ``build_world(1)`` has one, so that a page can be asked
whether it grows with what it lists. Names are Chinese throughout: English on a page is ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.models import LinkPurpose, User
from accounts.services import issue_link
from common.fields import blind_index
from common.names import person_pinyin
from organizations.choices import RoleKind
from organizations.models import Campus, FormerName, HeadCount, Placement, Role, SchoolGroup
from people.models import Person
from tests.architecture.work import (
    NOW,
    YEAR,
    calendar_rows,
    office_rows,
    record_rows,
    report_rows,
    task_rows,
)
from tests.factories import (
    OfficeFactory,
    OrganizationFactory,
    RoleFactory,
    SchoolFactory,
    UserFactory,
)
from tests.personas import Bureau, build_bureau

NAMES = {
    "officer": "周明",
    "limited": "吴悦",
    "leader": "郑局",
    "reviewer": "王核",
    "secretary": "张三",
    "deputy": "李四",
    "clerk": "赵办",
    "other_secretary": "钱五",
    "auditor": "孙审",
    "stranger": "冯客",
}


@dataclass(frozen=True)
class World:
    """The people, and the rows that pages are about, by the names that the tables use."""

    bureau: Bureau
    people: dict[str, User]
    rows: dict[str, Any]

    def args(self, of: str) -> list[Any]:
        """Return the arguments of an address about ``of``: ``-`` none, ``a/b`` two rows."""
        names = [] if of == "-" else of.split("/")
        return [getattr(row, "pk", row) for row in (self.rows[name] for name in names)]


@contextmanager
def standing_world(items: int = 1) -> Iterator[World]:
    """Build the world at ``NOW``; take everything back at the end."""
    with time_machine.travel(NOW, tick=False), transaction.atomic():
        yield build_world(items)
        transaction.set_rollback(True)


def build_world(items: int) -> World:
    """Build it with ``items`` of each."""
    bureau = build_bureau()
    people = _people(bureau)
    rows: dict[str, Any] = {"mine": bureau.mine, "other": bureau.other, "root": bureau.root}
    rows |= _organizations(bureau, items) | _accounts(people, items)
    rows |= calendar_rows(bureau, items) | record_rows(bureau, items)
    rows |= task_rows(bureau, rows, items)
    rows |= report_rows(bureau, rows, items) | office_rows(bureau, items)
    return World(bureau, people, rows)


def _people(bureau: Bureau) -> dict[str, User]:
    limited = UserFactory(username="limited")
    RoleFactory(
        user=limited,
        organization=bureau.root,
        kind=RoleKind.OFFICER,
        office=OfficeFactory(name="学前教育科"),
        school_kinds=["kindergarten"],
    )
    people = {name: getattr(bureau, name, limited) for name in NAMES}
    for number, (name, user) in enumerate(people.items()):
        user.name = NAMES[name]
        user.save()
        _person(user, f"1390000{number:04}")
    return people


def _person(user: User, mobile: str) -> Person:
    return Person.objects.create(
        name=user.name,
        pinyin=person_pinyin(user.name),
        user=user,
        mobile=mobile,
        mobile_index=blind_index(mobile),
    )


def _organizations(bureau: Bureau, items: int) -> dict[str, Any]:
    """Further schools, half of them under the reviewer, and what hangs on an organisation."""
    schools, campuses, groups, offices = [], [], [], []
    for number in range(items):
        for parent in (bureau.root, bureau.mine.parent):
            school = SchoolFactory(name=f"第{number}中学", kind="junior")
            below = OrganizationFactory(name=f"第{number}中学党支部", parent=parent, school=school)
            RoleFactory(organization=below, kind=RoleKind.SECRETARY, user__name=f"王{number}")
            schools.append(below)
        mine = bureau.mine.schools.get()
        campuses.append(Campus.objects.create(school=mine, name=f"第{number}校区"))
        groups.append(SchoolGroup.objects.create(name=f"第{number}学区", order=number))
        groups[-1].schools.set([each.schools.get() for each in schools[-2:]])
        offices.append(OfficeFactory(name=f"第{number}科"))
        for organization in (bureau.mine, *schools[-2:]):
            HeadCount.objects.create(
                organization=organization, on=date(YEAR, 1, 1 + number), full=20, probationary=1
            )
        FormerName.objects.create(organization=bureau.mine, name=f"旧名{number}")
        Placement.objects.create(
            organization=bureau.mine,
            parent=bureau.root,
            path="",
            since=date(2010 + number, 1, 1),
            until=date(2010 + number, 12, 31),
        )
    kinder = OrganizationFactory(
        name="小鹿幼儿园党支部",
        parent=bureau.root,
        school=SchoolFactory(name="小鹿幼儿园", kind="kindergarten"),
    )
    closed = OrganizationFactory(
        name="旧小学党支部", parent=bureau.mine.parent, closed_on=date(YEAR, 1, 5)
    )
    return {
        "school": bureau.mine.schools.get(),
        "empty": SchoolFactory(name="空校"),
        "campus": campuses[0],
        "group": groups[0],
        "office": offices[0],
        "head_count": HeadCount.objects.filter(organization=bureau.mine).first(),
        "role": Role.objects.get(user=bureau.secretary),
        "closed": closed,
        "kinder": kinder,
        "extra": schools[0],
        "reviewed_extra": schools[1],
    }


def _accounts(people: dict[str, User], items: int) -> dict[str, Any]:
    for number in range(items):
        _person(UserFactory(name=f"陈{number}"), f"1370000{number:04}")
    account = people["secretary"]
    token = issue_link(actor=None, user=people["clerk"], purpose=LinkPurpose.RESET, at=NOW)
    kind = ContentType.objects.get_for_model(User)
    return {
        "account": account,
        "person": account.person,
        "token": token,
        "kind": kind,
        "room": "organizations",
        "format": "csv",
        "list": "organizations",
    }
