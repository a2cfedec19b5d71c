"""Whom somebody sees, and whose account they may help with."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from organizations.choices import OrganizationKind, RoleKind, SchoolKind
from people.models import Person
from people.scope import users_in_scope, users_to_help
from tests.factories import OrganizationFactory, RoleFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.postgres

EVERYBODY = {
    "officer", "leader", "reviewer", "secretary", "deputy", "clerk", "other_secretary", "auditor",
    "stranger",
}  # fmt: skip
MINE = {"secretary", "deputy", "clerk"}


def names(users) -> set[str]:
    return set(users.values_list("username", flat=True))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("officer", EVERYBODY),
        ("leader", EVERYBODY),
        ("reviewer", MINE | {"reviewer"}),
        ("secretary", set()),
        ("clerk", set()),
        ("auditor", set()),
        ("stranger", set()),
    ],
)
def test_seeing(bureau, who, seen):
    assert names(users_in_scope(getattr(bureau, who))) == seen


@pytest.mark.parametrize(
    ("who", "helped"),
    [
        ("officer", EVERYBODY - {"officer"}),
        ("leader", set()),
        ("reviewer", MINE),
        ("secretary", set()),
        ("auditor", set()),
        ("stranger", set()),
    ],
)
def test_helping(bureau, who, helped):
    assert names(users_to_help(getattr(bureau, who))) == helped


def test_an_officer_who_grants_nothing_helps_schools_and_reviewers_alone(bureau):
    other = UserFactory(username="plain_officer")
    RoleFactory(user=other, organization=bureau.root, kind=RoleKind.OFFICER)
    assert names(users_to_help(other)) == MINE | {"other_secretary", "reviewer"}


def test_an_officer_for_kinds_of_school_stays_within_them(bureau):
    nursery = OrganizationFactory(
        parent=bureau.root, school=SchoolFactory(kind=SchoolKind.KINDERGARTEN)
    )
    RoleFactory(user=UserFactory(username="nurse"), organization=nursery)
    limited = UserFactory(username="limited")
    RoleFactory(
        user=limited,
        organization=bureau.root,
        kind=RoleKind.OFFICER,
        school_kinds=[SchoolKind.KINDERGARTEN],
    )
    assert names(users_in_scope(limited)) == {"nurse"}
    assert names(users_to_help(limited)) == {"nurse"}


@pytest.mark.parametrize("kind", [RoleKind.OFFICER, RoleKind.LEADER, RoleKind.REVIEWER])
def test_a_reviewer_never_helps_whoever_may_do_more(bureau, kind):
    RoleFactory(user=bureau.secretary, organization=bureau.root, kind=kind)
    assert names(users_to_help(bureau.reviewer)) == MINE - {"secretary"}


def test_a_role_to_come_counts_and_a_past_one_does_not(bureau):
    today = timezone.localdate()
    RoleFactory(user=bureau.clerk, organization=bureau.other, since=today + timedelta(days=9))
    RoleFactory(
        user=bureau.deputy,
        organization=bureau.other,
        since=date(2020, 2, 1),
        until=today - timedelta(days=1),
    )
    assert names(users_to_help(bureau.reviewer)) == {"secretary", "deputy"}


def test_nobody_helps_in_their_own_school(bureau):
    RoleFactory(user=bureau.reviewer, organization=bureau.mine, kind=RoleKind.CLERK)
    assert names(users_to_help(bureau.reviewer)) == set()


def test_a_reviewer_helps_reviewers_below_but_not_beside(bureau):
    above = bureau.mine.parent
    below = OrganizationFactory(parent=above, kind=OrganizationKind.GENERAL_BRANCH)
    lower, peer = UserFactory(username="lower"), UserFactory(username="peer")
    RoleFactory(user=lower, organization=below, kind=RoleKind.REVIEWER)
    RoleFactory(user=peer, organization=above, kind=RoleKind.REVIEWER)
    assert names(users_to_help(bureau.reviewer)) == MINE | {"lower"}
    assert names(users_to_help(lower)) == set()


def test_people_follow_their_users(bureau):
    Person.objects.create(name="没有账号的人")

    def seen(user) -> set[str]:
        return set(Person.objects.visible_to(user).values_list("name", flat=True))

    assert seen(bureau.reviewer) == {"reviewer", "secretary", "clerk"}
    assert "没有账号的人" in seen(bureau.officer)
    assert seen(bureau.secretary) == set()
    editable = Person.objects.editable_by(bureau.reviewer).values_list("name", flat=True)
    assert set(editable) == {"secretary", "clerk"}
