"""One of everything that a page can show, in every state, for tests that go through all pages.

``build_world(3)`` has three of each where ``build_world(1)`` has one, so that a page can be asked
whether it grows with what it lists. Names are Chinese throughout: English on a page is ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import time_machine
from axes.models import AccessFailureLog
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.factors import new_key
from accounts.models import Authenticator, LinkPurpose, User
from accounts.queries import digest_of
from accounts.services import begin_factor, issue_link
from calendar_events.models import Feed
from common.fields import blind_index
from common.names import person_pinyin
from organizations.choices import ApiAccess, ApiArea, RoleKind
from organizations.models import (
    ApiToken,
    Campus,
    FormerName,
    HeadCount,
    Organization,
    Placement,
    Role,
    SchoolGroup,
    SchoolLink,
    Tightening,
)
from people.choices import StandingKind
from people.models import Instructor, Person, Standing
from tests.architecture.boards import board_rows
from tests.architecture.checklists import checklist_rows
from tests.architecture.work import (
    NOW,
    YEAR,
    calendar_rows,
    honour_rows,
    office_rows,
    rank_rows,
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
from tests.people.numbers import id_number
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
    "system_admin": "何系",
    "security_admin": "吕安",
    "stranger": "冯客",
}

# Who has no business data, and so no token for programs.
APART = {"auditor", "system_admin", "security_admin", "stranger"}


@dataclass(frozen=True)
class World:
    """The people, and the rows that pages are about, by the names that the tables use."""

    bureau: Bureau
    people: dict[str, User]
    rows: dict[str, Any]
    tokens: dict[str, str]

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
    rows |= _rosters((bureau.mine, bureau.other, rows["kinder"]), items)
    rows |= honour_rows(bureau, rows, items)
    rows |= rank_rows(bureau, rows, items)
    rows |= board_rows(bureau, people, rows, items)
    rows |= calendar_rows(bureau, items) | record_rows(bureau, items)
    rows |= task_rows(bureau, rows, items)
    rows |= checklist_rows(bureau, rows, items)
    rows |= report_rows(bureau, rows, items) | office_rows(bureau, items)
    tokens = _tokens(people, items)
    Feed.objects.create(user=people["secretary"], digest=digest_of("feed"), created_at=NOW)
    rows["feed_token"] = "feed"
    rows["api_token"] = ApiToken.objects.filter(user=people["secretary"]).latest("pk")
    return World(bureau, people, rows, tokens)


def _tokens(people: dict[str, User], items: int) -> dict[str, str]:
    """A token with every scope for each who may have one, and further ones of the secretary's."""
    every = dict.fromkeys(ApiArea, ApiAccess.WRITE)
    texts = {name: f"djt_{name}" for name in people if name not in APART}
    for name, text in (*texts.items(), *(("secretary", f"djt_{each}") for each in range(items))):
        ApiToken.objects.create(
            user=people[name],
            name="办公系统",
            digest=digest_of(text),
            scopes=every,
            created_at=NOW,
            expires_at=NOW + timedelta(days=90),
        )
    return texts


def _people(bureau: Bureau) -> dict[str, User]:
    limited = UserFactory(username="limited")
    RoleFactory(
        user=limited,
        organization=bureau.root,
        kind=RoleKind.OFFICER,
        office=OfficeFactory(name="学前教育科"),
        school_kinds=["kindergarten"],
    )
    apart = {
        kind.value: RoleFactory(organization=bureau.root, kind=kind, user__username=kind).user
        for kind in (RoleKind.SYSTEM_ADMIN, RoleKind.SECURITY_ADMIN)
    }
    own = {**apart, "limited": limited}
    people = {name: own.get(name) or getattr(bureau, name) for name in NAMES}
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
    """Further organisations, every second one under the reviewer, and lists of the bureau's."""
    made = []
    for number in range(items):
        for parent in (bureau.root, bureau.mine.parent):
            school = SchoolFactory(name=f"第{number}中学", kind="junior")
            made.append(
                OrganizationFactory(name=f"第{number}中学党支部", parent=parent, school=school)
            )
            RoleFactory(organization=made[-1], kind=RoleKind.SECRETARY, user__name=f"王{number}")
        group = SchoolGroup.objects.create(name=f"第{number}学区", order=number)
        group.schools.set([each.schools.get() for each in made[-2:]])
        OfficeFactory(name=f"第{number}科")
    for organization in (bureau.mine, *made):
        _history(organization, bureau, items)
    kinder = SchoolFactory(name="小鹿幼儿园", kind="kindergarten")
    closed = OrganizationFactory(
        name="旧小学党支部", parent=bureau.mine.parent, closed_on=date(YEAR, 1, 5)
    )
    return {
        "school": bureau.mine.schools.get(),
        "empty": SchoolFactory(name="空校"),
        "campus": bureau.mine.schools.get().campuses.first(),
        "group": SchoolGroup.objects.first(),
        "office": bureau.office,
        "head_count": bureau.mine.head_counts.first(),
        "role": Role.objects.get(user=bureau.secretary),
        "closed": closed,
        "tightening": _tightenings(bureau, items),
        "kinder": OrganizationFactory(name="小鹿幼儿园党支部", parent=bureau.root, school=kinder),
        "extra": made[0],
        "reviewed_extra": made[1],
    }


def _tightenings(bureau: Bureau, items: int) -> Tightening:
    """What the bureau and the school ask for beyond the regulations."""
    for number in range(items):
        for organization in (bureau.root, bureau.mine):
            Tightening.objects.create(
                organization=organization,
                rule="life.members_meeting",
                figure="per_quarter",
                value=str(2 + number),
                since=date(YEAR, 1, 1 + number),
                basis="澄教委〔2026〕3号",
            )
    return Tightening.objects.filter(organization=bureau.root).latest("pk")


def _history(organization: Organization, bureau: Bureau, items: int) -> None:
    """What hangs on an organisation and its school: names, places, heads, people, campuses."""
    school = organization.schools.get()
    for number in range(items):
        day = date(2010 + number, 1, 1)
        FormerName.objects.create(organization=organization, name=f"旧名{number}")
        Placement.objects.create(
            organization=organization, parent=bureau.root, path="", since=day, until=day
        )
        HeadCount.objects.create(
            organization=organization, on=date(YEAR, 1, 1 + number), full=20, probationary=1
        )
        RoleFactory(organization=organization, kind=RoleKind.CLERK, user__name=f"李{number}")
        Campus.objects.create(school=school, name=f"第{number}校区")
        above = organization.parent
        joint = OrganizationFactory(name=f"联合第{number}支部", parent=above)
        SchoolLink.objects.create(organization=joint, school=school)


def _rosters(organizations: tuple[Organization, ...], items: int) -> dict[str, Any]:
    """On the roster of each of them: one on probation, and full members."""
    made = []
    # Without those that end in X: a letter on a page would have to be English.
    numbers = (each for n in range(1, 500, 2) if (each := id_number(serial=n))[-1] != "X")
    for place, organization in enumerate(organizations):
        kinds = [StandingKind.PROBATIONARY, *[StandingKind.FULL] * items]
        for number, kind in enumerate(kinds):
            person = Person(sex="male", born_on=date(1985, 7, 12))
            person.bear(f"查{'甲乙丙丁'[number]}")
            person.put_id_number(next(numbers))
            person.put_mobile(f"1360000{place}{number:03}")
            person.save()
            made.append(
                Standing.objects.create(
                    person=person, organization=organization, kind=kind, since=date(2020, 6, 1)
                )
            )
    sent = [_instructor(organizations, each.person) for each in made[: items + 1]]
    return {
        "standing": made[0],
        "other_standing": made[items + 1],
        "field": "id_number",
        "instructor": sent[0],
    }


def _instructor(organizations: tuple[Organization, ...], person: Person) -> Instructor:
    """Somebody of the first organisation who is sent to its own school."""
    return Instructor.objects.create(
        person=person,
        school=organizations[0].schools.get(),
        sent_by=organizations[0],
        since=date(2020, 6, 1),
        basis="澄教委〔2026〕3号",
    )


def _accounts(people: dict[str, User], items: int) -> dict[str, Any]:
    for number in range(items):
        _person(UserFactory(name=f"陈{number}"), f"1370000{number:04}")
    account = people["secretary"]
    begun = begin_factor(actor=account, at=NOW)
    Authenticator.objects.create(
        user=people["deputy"], key=new_key(), begun_at=NOW, confirmed_at=NOW - timedelta(days=9)
    )
    token = issue_link(actor=None, user=people["clerk"], purpose=LinkPurpose.RESET, at=NOW)
    reviewed = people["reviewer"].roles.get().organization
    locked, off = User.objects.filter(name="李0", roles__organization__parent=reviewed)[:2]
    AccessFailureLog.objects.create(username=locked.username, locked_out=True)
    User.objects.filter(pk=off.pk).update(is_active=False)
    kind = ContentType.objects.get_for_model(User)
    return {
        "account": account,
        "authenticator": begun,
        "factored": people["deputy"],
        "locked_account": locked,
        "off_account": off,
        "person": account.person,
        "token": token,
        "kind": kind,
        "room": "organizations",
        "format": "csv",
        "list": "organizations",
    }
