"""Who may grant what to whom, and who then answers for an organisation."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.models import Role
from organizations.permissions import may_grant_roles
from organizations.queries import head_label, people, responsible_people, reviewers_of
from organizations.services import end_role, grant_role, withdraw_role
from tests.factories import OfficeFactory, RoleFactory, UserFactory
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SINCE, UNTIL = date(2026, 3, 1), date(2026, 6, 30)


def grant(bureau, kind, actor="officer", where=None, **extra):
    return grant_role(
        actor=getattr(bureau, actor),
        user=extra.pop("user", None) or bureau.stranger,
        organization=where or bureau.mine,
        kind=kind,
        **{"since": SINCE, **extra},
    )


def test_a_grant_is_a_dated_audited_role():
    bureau = build_bureau()
    role = grant(bureau, "clerk", until=UNTIL)
    assert (role.user, role.kind, role.until, role.granted_by) == (
        bureau.stranger,
        "clerk",
        UNTIL,
        bureau.officer,
    )
    entry = AuditEntry.objects.get(verb="organizations.grant_role")
    assert (entry.actor, entry.object_id) == (bureau.officer, str(role.pk))


@pytest.mark.parametrize("who", ["leader", "reviewer", "secretary", "auditor", "stranger"])
def test_nobody_else_grants_or_ends(who):
    bureau = build_bureau()
    before = Role.objects.count()
    with pytest.raises(ForbiddenError):
        grant(bureau, "clerk", actor=who, user=UserFactory())
    with pytest.raises(ForbiddenError):
        end_role(
            actor=getattr(bureau, who),
            role=bureau.clerk.roles.get(),
            until=UNTIL,
        )
    assert Role.objects.count() == before


def test_an_officer_of_another_office_does_not_grant():
    bureau = build_bureau()
    RoleFactory(
        user=bureau.stranger, organization=bureau.root, kind="officer", office=OfficeFactory()
    )
    assert not may_grant_roles(bureau.stranger)


def test_nobody_grants_to_themselves():
    bureau = build_bureau()
    with pytest.raises(ForbiddenError, match="不能给自己授予"):
        grant(bureau, "clerk", user=bureau.officer)


@pytest.mark.parametrize(
    ("kind", "extra", "message"),
    [
        ("acting_head", {"basis": "x"}, "主持工作须写明起止日期"),
        ("acting_head", {"until": UNTIL, "basis": " "}, "主持工作须写明依据文件"),
        ("clerk", {"until": date(2026, 2, 1)}, "结束日期不能早于开始日期"),
        ("secretary", {}, "在这段时间已有书记secretary（2020-01-01 至今），请先结束"),
        ("officer", {}, "局机关工作人员属于局党委，请选择最上级党组织"),
        ("auditor", {}, "审计管理员属于局党委"),
        ("clerk", {"school_kinds": ["primary"]}, "只有局机关人员可以按学校类别分管"),
    ],
)
def test_grants_that_are_refused(kind, extra, message):
    bureau = build_bureau()
    with pytest.raises(DomainError) as refused:
        grant(bureau, kind, **extra)
    assert message in refused.value.message
    assert not bureau.stranger.roles.exists()


def test_an_officer_needs_an_office_and_known_kinds():
    bureau = build_bureau()
    with pytest.raises(DomainError, match="须选择所在科室"):
        grant(bureau, "officer", where=bureau.root)
    with pytest.raises(DomainError, match="没有“x”这一学校类别"):
        grant(bureau, "officer", where=bureau.root, office=bureau.office, school_kinds=["x"])
    role = grant(
        bureau, "officer", where=bureau.root, office=bureau.office, school_kinds=["primary"]
    )
    assert role.school_kinds == ["primary"]


def test_who_reads_the_log_does_nothing_else():
    bureau = build_bureau()
    with pytest.raises(DomainError, match="不能由一个账号兼任"):
        grant(bureau, "auditor", where=bureau.root, user=bureau.clerk)
    with pytest.raises(DomainError, match="不能由一个账号兼任"):
        grant(bureau, "clerk", user=bureau.auditor)


def test_the_same_role_twice_at_a_time_is_refused_and_later_is_not():
    bureau = build_bureau()
    grant(bureau, "clerk", until=UNTIL)
    with pytest.raises(DomainError, match="已是「芙蓉小学党支部」的党务干事"):
        grant(bureau, "clerk", since=UNTIL)
    grant(bureau, "clerk", since=date(2026, 7, 1))
    assert bureau.stranger.roles.count() == 2


def test_ending_is_for_earlier_days_only_and_conflicts_are_told():
    bureau = build_bureau()
    role = grant(bureau, "clerk", until=UNTIL)
    stale = Role.objects.get(pk=role.pk)
    end_role(actor=bureau.officer, role=role, until=date(2026, 5, 31))
    assert bureau.stranger.roles.get().until == date(2026, 5, 31)
    with pytest.raises(ConflictError):
        end_role(actor=bureau.officer, role=stale, until=date(2026, 4, 30))
    with pytest.raises(DomainError, match="只能提前，不能延后"):
        end_role(actor=bureau.officer, role=role, until=UNTIL)


def test_the_last_who_grants_stays():
    bureau = build_bureau()
    last_day = date(2090, 12, 31)
    grant(bureau, "officer", where=bureau.root, office=bureau.office, until=last_day)
    role = bureau.officer.roles.get()
    with pytest.raises(DomainError, match="这是最后一位可以授权的工作人员"):
        end_role(actor=bureau.stranger, role=role, until=last_day)
    end_role(actor=bureau.stranger, role=role, until=date(2090, 12, 30))


@pytest.fixture(params=[people._MANY, 0], ids=["some", "very many"])
def number(request, monkeypatch):
    """Very many organisations are looked at in another way; both say the same."""
    monkeypatch.setattr(people, "_MANY", request.param)


@pytest.mark.usefixtures("number")
def test_the_acting_head_answers_and_is_printed_as_such():
    bureau = build_bureau()
    ids, during, after = [bureau.mine.pk, bureau.other.pk], date(2026, 4, 1), date(2026, 7, 1)
    grant(bureau, "acting_head", user=bureau.deputy, until=UNTIL, basis="澄教委〔2026〕7号")
    assert responsible_people(ids, during) == {
        bureau.mine.pk: [bureau.deputy],
        bureau.other.pk: [bureau.other_secretary],
    }
    assert head_label(ids, during) == {
        bureau.mine.pk: "deputy（主持工作）",
        bureau.other.pk: "other_secretary",
    }
    assert responsible_people(ids, after)[bureau.mine.pk] == [bureau.secretary]
    assert head_label(ids, after)[bureau.mine.pk] == "secretary"


@pytest.mark.usefixtures("number")
def test_deputies_answer_where_the_post_is_vacant_and_nobody_where_all_are():
    bureau = build_bureau()
    Role.objects.filter(kind="secretary").update(until=SINCE)
    ids = [bureau.mine.pk, bureau.other.pk]
    assert responsible_people(ids, UNTIL) == {
        bureau.mine.pk: [bureau.deputy],
        bureau.other.pk: [],
    }
    assert head_label(ids, UNTIL) == {bureau.mine.pk: "", bureau.other.pk: ""}


def test_reviewers_are_of_the_nearest_superior_else_the_organisation_office():
    bureau = build_bureau()
    ids = [bureau.mine.pk, bureau.other.pk, bureau.mine.parent_id]
    assert reviewers_of(ids, UNTIL) == {
        bureau.mine.pk: [bureau.reviewer],
        bureau.other.pk: [bureau.officer],
        bureau.mine.parent_id: [bureau.officer],
    }


def test_nobody_reviews_where_they_hold_a_school_role():
    bureau = build_bureau()
    RoleFactory(user=bureau.reviewer, organization=bureau.mine, kind="clerk")
    assert reviewers_of([bureau.mine.pk], UNTIL) == {bureau.mine.pk: [bureau.officer]}


def test_people_are_read_with_the_same_queries_for_1_and_3(django_assert_num_queries):
    bureau = build_bureau()
    for ids in ([bureau.mine.pk], [bureau.mine.pk, bureau.other.pk, bureau.root.pk]):
        with django_assert_num_queries(1):
            responsible_people(ids, UNTIL)
        with django_assert_num_queries(1):
            head_label(ids, UNTIL)
        with django_assert_num_queries(4):
            reviewers_of(ids, UNTIL)


# Withdrawing ------------------------------------------------------------------------------------


def test_a_role_granted_today_is_withdrawn_at_once_and_may_be_granted_again():
    bureau, today, at = build_bureau(), timezone.localdate(), timezone.now()
    role = grant(bureau, "clerk", since=today)
    assert Role.objects.current_of(bureau.stranger).count() == 1
    withdraw_role(actor=bureau.officer, role=role, at=at)
    assert not Role.objects.current_of(bureau.stranger).exists()
    assert Role.objects.get(pk=role.pk).state_on(today) == "withdrawn"
    entry = AuditEntry.objects.get(verb="organizations.withdraw_role")
    assert (entry.actor, entry.object_id) == (bureau.officer, str(role.pk))
    again = grant(bureau, "clerk", since=today)
    assert list(Role.objects.current_of(bureau.stranger)) == [again]


def test_a_withdrawn_role_counts_on_no_day():
    bureau = build_bureau()
    role = grant(bureau, "acting_head", until=UNTIL, basis="x", since=SINCE)
    withdraw_role(actor=bureau.officer, role=role, at=timezone.now())
    assert head_label([bureau.mine.pk], date(2026, 4, 1)) == {bureau.mine.pk: "secretary"}
    grant(bureau, "acting_head", until=UNTIL, basis="x", user=bureau.deputy)


def test_withdrawing_is_for_new_roles_and_conflicts_are_told():
    bureau, at = build_bureau(), timezone.now()
    old = grant(bureau, "clerk", since=SINCE)
    Role.objects.filter(pk=old.pk).update(created_at=at - timedelta(days=2))
    old.refresh_from_db()
    with pytest.raises(DomainError, match="请改为“结束角色”"):
        withdraw_role(actor=bureau.officer, role=old, at=at)
    coming = grant(bureau, "deputy", since=timezone.localdate() + timedelta(days=9))
    Role.objects.filter(pk=coming.pk).update(created_at=at - timedelta(days=2))
    coming.refresh_from_db()
    stale = Role.objects.get(pk=coming.pk)
    withdraw_role(actor=bureau.officer, role=coming, at=at)
    with pytest.raises(ConflictError, match="刚刚已被他人撤回"):
        withdraw_role(actor=bureau.officer, role=stale, at=at)
    with pytest.raises(DomainError, match="不必再结束"):
        end_role(actor=bureau.officer, role=coming, until=date(2090, 1, 1))
    with pytest.raises(ForbiddenError):
        withdraw_role(actor=bureau.leader, role=old, at=at)


def test_the_last_who_grants_is_not_withdrawn():
    bureau = build_bureau()
    role = grant(bureau, "officer", where=bureau.root, office=bureau.office)
    Role.objects.filter(user=bureau.officer).update(until=timezone.localdate())
    with pytest.raises(DomainError, match="最后一位可以授权"):
        withdraw_role(actor=bureau.officer, role=role, at=timezone.now())
