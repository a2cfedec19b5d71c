"""The nightly check: what it finds, what it never finds, and what becomes of a finding."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cadres import services
from cadres.choices import Duty, PostEnd, PostKind
from cadres.models import Finding
from cadres.queries import Piece, judged, strictest
from cadres.queries.candidates import candidates
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.choices import OrganizationKind
from organizations.models import HeadCount, Organization, Tightening
from tests.cadres.posts import AT, TODAY, appoint, elect
from tests.factories import OrganizationFactory, SchoolFactory

LATER = AT + timedelta(days=30)
EVERYTHING = Piece(0, 10**9)
_DUTIES = (Duty.ORGANIZATION, Duty.PUBLICITY, Duty.DISCIPLINE, Duty.YOUTH)


@pytest.fixture
def branch(db):
    return OrganizationFactory(name="芙蓉小学党支部", founded_on=date(2015, 1, 1))


def count(organization, full, probationary=0, on=date(2026, 1, 1)):
    HeadCount.objects.update_or_create(
        organization=organization, on=on, defaults={"full": full, "probationary": probationary}
    )


def seat(organization, members, *, elected=None):
    """A secretary and so many members of the committee, of whom ``elected`` were chosen."""
    appoint(organization)
    for duty in _DUTIES[:members]:
        appoint(organization, kind=PostKind.MEMBER, duty=duty)
    elect(organization, seats=elected)


def found():
    return {each.rule: each.words for each in judged(EVERYTHING, strictest(TODAY), TODAY)}


def test_nothing_known_is_nothing_found(branch):
    """No head count, no post, no term: unknown, never zero and never an alarm."""
    OrganizationFactory(kind=OrganizationKind.GENERAL_BRANCH)
    OrganizationFactory(kind=OrganizationKind.JOINT_BRANCH)

    assert found() == {}
    assert services.check_organizations(actor=None, at=AT).standing == 0


def test_a_branch_as_it_should_be_is_no_finding(branch):
    count(branch, 18)
    seat(branch, 4, elected=5)

    assert found() == {}


@pytest.mark.parametrize(
    ("full", "rule"),
    [(2, "setup.branch_founding"), (3, None), (50, None), (51, "setup.branch_size")],
)
def test_three_and_fifty(branch, full, rule):
    count(branch, full)

    assert list(found()) == ([rule] if rule else [])


def test_members_of_a_branch_count_those_on_probation(branch):
    count(branch, 49, 2)

    assert found() == {"setup.branch_size": "党员 51 人，应不超过 50 人，超出 1 人"}


def test_seven_full_members_have_a_committee_of_three_to_seven(branch):
    count(branch, 7)
    elect(branch, seats=0)
    assert list(found()) == ["setup.committee"]

    count(branch, 6)
    assert found() == {}


def test_a_committee_is_counted_by_its_posts_and_compared_with_its_seats(branch):
    count(branch, 18)
    seat(branch, 1, elected=5)

    assert found() == {
        "setup.committee": "正式党员 18 人，满 7 人，应设支部委员会；"
        "委员 2 名，须 3–5 名、一般不超过 7 名",
        "setup.vacancies": "已配书记；委员应有 5 名，在任 2 名，缺 3 名",
    }


def test_a_secretary_alone_says_nothing_of_the_committee(branch):
    """The first post that somebody enters must not raise an alarm about all the others."""
    count(branch, 18)
    seat(branch, 0)

    assert found() == {}


def test_a_post_that_has_ended_is_vacant_and_one_never_entered_is_not(branch):
    count(branch, 18)
    post = appoint(branch)
    services.end_post(actor=None, post=post, on=TODAY, reason=PostEnd.MOVED, at=AT)

    assert found() == {"setup.vacancies": "未配书记；委员应有数没有登记，无法判断"}


def test_a_post_entered_by_mistake_leaves_no_vacancy(branch):
    post = appoint(branch)
    services.end_post(actor=None, post=post, on=TODAY, reason=PostEnd.MISTAKEN, at=AT)

    assert found() == {}


def test_a_joint_branch_spans_five_units_at_most(db):
    joint = OrganizationFactory(kind=OrganizationKind.JOINT_BRANCH)
    for _ in range(6):
        joint.school_links.create(school=SchoolFactory())

    assert found() == {"setup.joint_branch_units": "联合的单位 6 个，应不超过 5 个，超出 1 个"}


def test_general_branches_count_their_subtree_if_all_of_it_is_counted(db):
    general = OrganizationFactory(kind=OrganizationKind.GENERAL_BRANCH)
    one, other = (OrganizationFactory(parent=general) for _ in range(2))
    count(one, 20)
    assert found() == {}

    count(other, 20)
    assert list(found()) == ["setup.general_branch_size"]

    count(other, 30)
    assert found() == {}


def test_a_term_that_is_over_is_found_with_the_way_out(branch):
    elect(branch, date(2022, 9, 1))

    assert found() == {
        "terms.term": "2022年9月1日起，任期 3 年，2025年9月1日届满，已过 182 天，"
        "经批准可延期到 2026年9月1日；未经上级批准",
    }


def test_a_reminder_is_missed_from_six_months_ahead_until_the_term_is_over(branch):
    term = elect(branch, date(2023, 9, 1))

    assert found() == {
        "terms.reminder": "2026年9月1日届满，提前 6 个月即 2026年3月1日起提醒，还没有提醒",
    }
    term.reminded_on = TODAY
    term.save()
    assert found() == {}


def test_an_extended_term_is_no_finding_until_the_extension_is_over(branch):
    term = elect(branch, date(2022, 9, 1))
    services.extend_term(
        actor=None, term=term, until=date(2026, 6, 1), basis="澄教委〔2025〕20号", at=AT
    )
    term.reminded_on = TODAY
    term.save()

    assert found() == {}
    assert [each.rule for each in judged(EVERYTHING, strictest(TODAY), date(2026, 6, 2))] == [
        "terms.term"
    ]


def test_a_demand_of_the_unit_is_respected(branch):
    """The database lets pass what the strictest unit of all would find; the rulebook decides."""
    other = OrganizationFactory()
    for each in (branch, other):
        count(each, 40)
    Tightening.objects.create(
        organization=branch, rule="setup.branch_size", figure="members", value="35",
        since=date(2026, 1, 1), basis="芙蓉委〔2026〕1号",
    )  # fmt: skip

    lines = strictest(TODAY)
    found = judged(EVERYTHING, lines, TODAY)
    assert len(candidates(EVERYTHING, lines, TODAY)) == 2
    assert [(each.organization_id, each.rule) for each in found] == [
        (branch.pk, "setup.branch_size")
    ]
    assert "从严规定（芙蓉委〔2026〕1号）" in found[0].reference


def test_the_database_rules_out_nothing_that_the_rulebook_finds(db):
    """Each organisation alone and all of them together come to the same."""
    for full in (1, 2, 3, 6, 7, 40, 50, 51, 80):
        place = OrganizationFactory()
        count(place, full, 1)
        if full % 2:
            seat(place, full % 5, elected=full % 4)
    alone = [
        each
        for pk in Organization.objects.order_by("pk").values_list("pk", flat=True)
        for each in judged(Piece(pk, pk), strictest(TODAY), TODAY)
    ]

    assert sorted(map(repr, alone)) == sorted(
        map(repr, judged(EVERYTHING, strictest(TODAY), TODAY))
    )


def test_a_finding_is_confirmed_and_ends_by_itself_with_its_date(branch):
    count(branch, 51)
    assert services.check_organizations(actor=None, at=AT).begun == 1
    assert services.check_organizations(actor=None, at=LATER).begun == 0
    row = Finding.objects.get()
    later = timezone.localdate(LATER)
    assert (row.first_seen, row.last_confirmed, row.resolved_on) == (TODAY, later, None)

    count(branch, 50)
    assert services.check_organizations(actor=None, at=LATER).ended == 1
    row.refresh_from_db()
    assert row.resolved_on == later


def test_a_finding_with_other_facts_stays_one_row(branch):
    count(branch, 51)
    services.check_organizations(actor=None, at=AT)
    count(branch, 52)
    services.check_organizations(actor=None, at=LATER)

    row = Finding.objects.get()
    assert (row.words, row.first_seen) == ("党员 52 人，应不超过 50 人，超出 2 人", TODAY)


def test_a_dismissed_finding_comes_back_when_its_facts_change(bureau):
    place = bureau.mine
    count(place, 51)
    services.check_organizations(actor=None, at=AT)
    row = Finding.objects.get()
    services.dismiss_finding(actor=bureau.reviewer, finding=row, reason="已报告，年内分设", at=AT)
    services.check_organizations(actor=None, at=LATER)
    assert not Finding.objects.waiting().exists()

    count(place, 53)
    services.check_organizations(actor=None, at=LATER)

    assert Finding.objects.waiting().get().words.startswith("党员 53 人")
    row.refresh_from_db()
    assert (row.resolved_on, row.dismiss_reason) == (timezone.localdate(LATER), "已报告，年内分设")


def test_days_that_pass_are_no_change_of_facts(bureau):
    elect(bureau.mine, date(2022, 9, 1))
    services.check_organizations(actor=None, at=AT)
    for row in Finding.objects.all():
        services.dismiss_finding(actor=bureau.officer, finding=row, reason="等待批复", at=AT)

    services.check_organizations(actor=None, at=LATER)

    assert not Finding.objects.waiting().exists()
    assert "已过 212 天" in Finding.objects.get(rule="terms.term").words


def test_who_dismisses_and_that_a_reason_is_given(bureau):
    count(bureau.mine, 51)
    services.check_organizations(actor=None, at=AT)
    row = Finding.objects.get()

    with pytest.raises(ForbiddenError):
        services.dismiss_finding(actor=bureau.secretary, finding=row, reason="没关系", at=AT)
    with pytest.raises(DomainError, match="请写明忽略的原因"):
        services.dismiss_finding(actor=bureau.officer, finding=row, reason=" ", at=AT)
    services.dismiss_finding(actor=bureau.officer, finding=row, reason="已经批准", at=AT)
    with pytest.raises(ConflictError):
        services.dismiss_finding(actor=bureau.officer, finding=row, reason="已经批准", at=AT)
    services.restore_finding(actor=bureau.officer, finding=row, at=AT)
    assert Finding.objects.waiting().get() == row


def test_a_closed_organisation_has_no_findings(branch):
    count(branch, 51)
    services.check_organizations(actor=None, at=AT)
    Organization.objects.filter(pk=branch.pk).update(closed_on=TODAY)

    services.check_organizations(actor=None, at=AT)

    assert not Finding.objects.standing().exists()


def test_one_organisation_alone_is_checked(branch):
    other = OrganizationFactory()
    for each in (branch, other):
        count(each, 51)

    services.check_organizations(actor=None, organization=branch, at=AT)

    assert Finding.objects.get().organization == branch


def test_the_queries_do_not_grow_with_the_organisations(db, django_assert_num_queries):
    for _ in range(2):
        count(OrganizationFactory(), 51)
    with django_assert_num_queries(17):
        services.check_organizations(actor=None, at=AT)
    for _ in range(5):
        count(OrganizationFactory(), 51)
    with django_assert_num_queries(17):
        services.check_organizations(actor=None, at=AT)
