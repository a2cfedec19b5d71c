"""Posts start, change hands and end, each with the role of the portal that goes with it."""

from datetime import date, timedelta

import pytest

from cadres import services
from cadres.choices import Duty, PostEnd, PostKind
from cadres.models import Post
from cadres.services import Appointment
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.choices import RoleKind
from organizations.models import Role
from people.models import Person
from tests.cadres.posts import AT, SINCE, TODAY, appoint
from tests.factories import OrganizationFactory, PersonFactory, UserFactory

DAY = timedelta(days=1)


@pytest.fixture
def branch(db):
    return OrganizationFactory(name="芙蓉小学党支部", founded_on=date(2015, 1, 1))


def with_account(name="王小明"):
    return PersonFactory(name=name, user=UserFactory(name=name))


def roles_in(organization):
    rows = Role.objects.filter(organization=organization).order_by("since", "pk")
    return [(role.user.name, role.kind, role.since, role.until) for role in rows]


def test_a_secretary_with_an_account_gets_the_role_from_the_same_day(branch):
    appoint(branch, with_account())

    assert roles_in(branch) == [("王小明", RoleKind.SECRETARY, SINCE, None)]


def test_somebody_without_an_account_holds_the_post_alone(branch):
    post = appoint(branch)

    assert post.until is None
    assert roles_in(branch) == []


def test_a_role_that_is_held_already_is_not_granted_again(branch):
    person = with_account()
    Role.objects.create(
        user=person.user, organization=branch, kind=RoleKind.SECRETARY, since=date(2023, 1, 1)
    )

    appoint(branch, person)

    assert roles_in(branch) == [("王小明", RoleKind.SECRETARY, date(2023, 1, 1), None)]


def test_a_member_of_the_committee_gets_no_role(branch):
    post = appoint(branch, with_account(), kind=PostKind.MEMBER, duty=Duty.DISCIPLINE)

    assert post.title == "纪检委员"
    assert roles_in(branch) == []


def test_two_secretaries_at_once_are_refused_with_the_name_of_the_first(branch):
    appoint(branch, PersonFactory(name="单文堃"))

    with pytest.raises(DomainError, match="已有单文堃（书记），2024年9月1日至今。请用“交接”"):
        appoint(branch, since=date(2025, 1, 1))
    with pytest.raises(DomainError, match="已有单文堃"):
        appoint(branch, since=date(2023, 1, 1))
    assert Post.objects.count() == 1


def test_the_same_post_twice_is_refused_and_another_one_is_not(branch):
    person = PersonFactory(name="王小明")
    appoint(branch, person, kind=PostKind.MEMBER, duty=Duty.ORGANIZATION)

    with pytest.raises(DomainError, match="王小明在这段时间已是「芙蓉小学党支部」的组织委员"):
        appoint(branch, person, kind=PostKind.MEMBER, duty=Duty.ORGANIZATION)
    appoint(branch, person, kind=PostKind.MEMBER, duty=Duty.PUBLICITY)
    appoint(branch, person, kind=PostKind.GROUP_LEADER, group="第一党小组")

    assert [post.title for post in Post.objects.in_customary_order()] == [
        "组织委员", "宣传委员", "党小组组长（第一党小组）",
    ]  # fmt: skip


def test_nobody_is_secretary_and_deputy_of_one_organisation(branch):
    person = PersonFactory()
    appoint(branch, person, kind=PostKind.DEPUTY)

    with pytest.raises(DomainError, match="不能由一人同时担任"):
        appoint(branch, person)


def test_somebody_may_be_secretary_of_two_organisations(branch):
    person = with_account()
    appoint(branch, person)
    appoint(OrganizationFactory(), person)

    assert Role.objects.filter(user=person.user).count() == 2


@pytest.mark.parametrize(
    ("since", "message"),
    [
        (date(2014, 12, 31), "2015-01-01 才成立，日期不能早于这一天"),
        (TODAY + DAY, "任职时间 2026年3月3日还没有到"),
        (date(2016, 1, 1), "不满 18 周岁"),
    ],
)
def test_a_first_day_that_cannot_be_is_refused(branch, since, message):
    person = PersonFactory(born_on=date(2000, 1, 1))

    with pytest.raises(DomainError, match=message):
        appoint(branch, person, since=since)
    assert not Post.objects.exists()


def test_a_duty_belongs_to_members_and_a_group_to_its_leader(branch):
    with pytest.raises(DomainError, match="书记不写委员分工"):
        appoint(branch, duty=Duty.YOUTH)
    with pytest.raises(DomainError, match="只有党小组组长"):
        appoint(branch, kind=PostKind.MEMBER, group="第一党小组")


def test_the_role_ends_on_the_last_day_of_the_post(branch):
    post = appoint(branch, with_account())

    services.end_post(
        actor=None, post=post, on=TODAY, reason=PostEnd.MOVED, basis="澄教委〔2026〕3号", at=AT
    )

    post.refresh_from_db()
    assert (post.until, post.ended_as, post.end_basis) == (
        TODAY, PostEnd.MOVED, "澄教委〔2026〕3号",
    )  # fmt: skip
    assert roles_in(branch) == [("王小明", RoleKind.SECRETARY, SINCE, TODAY - DAY)]


def test_an_end_before_the_beginning_or_to_come_is_refused(branch):
    post = appoint(branch)

    with pytest.raises(DomainError, match="卸任时间不能早于这一天"):
        services.end_post(actor=None, post=post, on=date(2024, 8, 31), reason=PostEnd.MOVED, at=AT)
    with pytest.raises(DomainError, match="还没有到"):
        services.end_post(actor=None, post=post, on=TODAY + DAY, reason=PostEnd.MOVED, at=AT)
    with pytest.raises(DomainError, match="请选择卸任方式"):
        services.end_post(actor=None, post=post, on=TODAY, reason=PostEnd.MERGED, at=AT)


def test_a_post_ends_once(branch):
    post = appoint(branch)
    stale = Post.objects.get(pk=post.pk)
    services.end_post(actor=None, post=post, on=TODAY, reason=PostEnd.RETIRED, at=AT)

    with pytest.raises(ConflictError):
        services.end_post(actor=None, post=stale, on=TODAY, reason=PostEnd.RETIRED, at=AT)


def test_a_post_entered_by_mistake_never_counts(branch):
    post = appoint(branch, with_account())

    services.end_post(actor=None, post=post, on=TODAY, reason=PostEnd.MISTAKEN, at=AT)

    assert not Post.objects.on(SINCE).exists()
    appoint(branch, with_account("赵四"))
    assert Post.objects.current().get().person.name == "赵四"


@pytest.mark.parametrize("kind", [PostKind.SECRETARY, PostKind.DEPUTY])
@pytest.mark.parametrize("since", [date(2024, 8, 1), date(2024, 10, 1)])
def test_a_post_entered_anew_with_the_right_day_brings_its_role_again(branch, kind, since):
    person = with_account()
    post = appoint(branch, person, kind=kind)
    services.end_post(actor=None, post=post, on=TODAY, reason=PostEnd.MISTAKEN, at=AT)

    appoint(branch, person, kind=kind, since=since)

    assert [(role.user, role.until) for role in Role.objects.current(TODAY)] == [
        (person.user, None)
    ]


def test_a_role_from_before_a_mistaken_post_stays(branch):
    person = with_account()
    before = date(2023, 1, 1)
    Role.objects.create(
        user=person.user, organization=branch, kind=RoleKind.SECRETARY, since=before
    )
    post = appoint(branch, person)

    services.end_post(actor=None, post=post, on=TODAY, reason=PostEnd.MISTAKEN, at=AT)

    assert roles_in(branch) == [("王小明", RoleKind.SECRETARY, before, None)]


def test_handing_over_ends_one_post_and_role_and_begins_the_other(branch):
    post = appoint(branch, with_account())
    to = Appointment(
        with_account("赵四"), branch, PostKind.SECRETARY, TODAY, basis="澄教委〔2026〕3号"
    )

    services.hand_over(actor=None, post=post, appointment=to, at=AT)

    rows = Post.objects.order_by("since").values_list("person__name", "since", "until", "ended_as")
    assert list(rows) == [
        ("王小明", SINCE, TODAY, PostEnd.HANDED_OVER),
        ("赵四", TODAY, None, ""),
    ]
    assert roles_in(branch) == [
        ("王小明", RoleKind.SECRETARY, SINCE, TODAY - DAY),
        ("赵四", RoleKind.SECRETARY, TODAY, None),
    ]


def test_a_handing_over_that_fails_leaves_the_one_in_post(branch):
    post = appoint(branch, with_account())
    child = PersonFactory(born_on=date(2015, 1, 1))
    to = Appointment(child, branch, PostKind.SECRETARY, TODAY)

    with pytest.raises(DomainError, match="不满 18 周岁"):
        services.hand_over(actor=None, post=post, appointment=to, at=AT)
    assert Post.objects.current().get() == post
    assert roles_in(branch) == [("王小明", RoleKind.SECRETARY, SINCE, None)]


def test_what_is_known_of_a_post_is_put_right_without_ending_it(branch):
    post = appoint(branch)
    assert post.union_label == ""

    services.correct_post(
        actor=None, post=post, at=AT,
        values={"administrative_post": "校长", "is_head": True, "since": TODAY},
    )  # fmt: skip

    post.refresh_from_db()
    assert (post.administrative_post, post.union_label, post.since) == ("校长", "一肩挑", SINCE)


def test_who_may_appoint(bureau):
    """The organisation office all; a reviewer members of the committee; a secretary nobody."""
    place, person = bureau.mine, Person.objects.get(user=bureau.clerk)

    appoint(place, person, kind=PostKind.MEMBER, actor=bureau.reviewer)
    with pytest.raises(ForbiddenError, match="由局党委组织科登记"):
        appoint(place, person, kind=PostKind.DEPUTY, actor=bureau.reviewer)
    with pytest.raises(ForbiddenError, match="由上级党组织和局党委登记"):
        appoint(place, person, kind=PostKind.GROUP_LEADER, actor=bureau.secretary)
    appoint(place, person, kind=PostKind.DEPUTY, actor=bureau.officer)

    verbs = AuditEntry.objects.filter(verb="cadres.start_post")
    assert [entry.actor for entry in verbs] == [bureau.officer, bureau.reviewer]
