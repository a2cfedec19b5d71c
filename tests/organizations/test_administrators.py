"""The three administrators: who grants them, never in one account, never locked out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError, ForbiddenError
from organizations.choices import ADMINISTRATORS, SCHOOL_ROLES, TOP_ROLES, RoleKind
from organizations.models import Organization, Role
from organizations.permissions import grantable_kinds, holds
from organizations.services import end_role, grant_role, withdraw_role
from people.scope import users_to_help
from tests.factories import RoleFactory, UserFactory
from tests.personas import Bureau, build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SYSTEM, SECURITY, AUDITOR = ADMINISTRATORS


@pytest.fixture
def bureau() -> Bureau:
    return build_bureau()


def holder(bureau: Bureau, kind: str, **extra) -> User:
    return RoleFactory(organization=bureau.root, kind=kind, **extra).user


def grant(bureau, actor, kind, user=None, **extra):
    extra.setdefault("since", date(2026, 3, 1))
    return grant_role(
        actor=actor,
        user=user or bureau.stranger,
        organization=bureau.root if kind in TOP_ROLES else bureau.mine,
        kind=kind,
        office=bureau.office if kind == RoleKind.OFFICER else None,
        **extra,
    )


# Who grants --------------------------------------------------------------------------------------
def test_without_a_security_administrator_the_organisation_office_grants_everything(bureau):
    assert set(grantable_kinds(bureau.officer)) == set(RoleKind)


def test_with_one_each_grants_its_part_and_nobody_both(bureau):
    security = holder(bureau, SECURITY)
    assert set(grantable_kinds(security)) == set(TOP_ROLES)
    assert set(grantable_kinds(bureau.officer)) == {*SCHOOL_ROLES, RoleKind.REVIEWER}
    with pytest.raises(ForbiddenError, match="由安全管理员授予"):
        grant(bureau, bureau.officer, SYSTEM)
    with pytest.raises(ForbiddenError, match="由组织科授予"):
        grant(bureau, security, RoleKind.CLERK)
    assert grant(bureau, security, SYSTEM).granted_by == security


@pytest.mark.parametrize("kind", [SYSTEM, AUDITOR])
@pytest.mark.parametrize("wanted", [RoleKind.CLERK, RoleKind.OFFICER, SECURITY])
def test_the_other_two_grant_nothing(bureau, kind, wanted):
    with pytest.raises(ForbiddenError):
        grant(bureau, holder(bureau, kind), wanted)
    assert not bureau.stranger.roles.exists()


def test_a_security_administrator_who_is_switched_off_or_past_gives_the_right_back(bureau):
    security = holder(bureau, SECURITY)
    User.objects.filter(pk=security.pk).update(is_active=False)
    assert SYSTEM in grantable_kinds(bureau.officer)
    User.objects.filter(pk=security.pk).update(is_active=True)
    assert SYSTEM not in grantable_kinds(bureau.officer)
    Role.objects.filter(user=security).update(until=timezone.localdate() - timedelta(days=1))
    assert SYSTEM in grantable_kinds(bureau.officer)


def test_nobody_makes_themselves_more(bureau):
    security = holder(bureau, SECURITY)
    with pytest.raises(ForbiddenError, match="不能给自己"):
        grant(bureau, security, SYSTEM, user=security)


def test_the_last_security_administrator_stays(bureau):
    first, second = holder(bureau, SECURITY), holder(bureau, SECURITY)
    today = timezone.localdate()
    end_role(actor=first, role=second.roles.get(), until=today)
    with pytest.raises(DomainError, match="最后一位安全管理员"):
        end_role(actor=None, role=first.roles.get(), until=today)
    with pytest.raises(DomainError, match="最后一位安全管理员"):
        withdraw_role(actor=None, role=first.roles.get(), at=timezone.now())
    assert first.roles.get().until is None


def test_who_runs_machines_helps_with_no_account_and_the_office_with_no_administrators(bureau):
    system, security = holder(bureau, SYSTEM), holder(bureau, SECURITY)
    assert not users_to_help(system).exists()
    helped = set(users_to_help(bureau.officer))
    assert bureau.secretary in helped
    assert helped.isdisjoint({system, security, bureau.auditor})
    assert set(users_to_help(security)) == set(User.objects.exclude(pk=security.pk))


@pytest.mark.parametrize("kind", ADMINISTRATORS)
def test_no_administrator_sees_business_data(bureau, kind):
    assert not Organization.objects.visible_to(holder(bureau, kind)).exists()


# Never in one account ----------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ADMINISTRATORS)
def test_the_service_refuses_any_other_kind_beside_an_administrator(bureau, kind):
    administrator = holder(bureau, kind)
    Role.objects.filter(user=bureau.secretary).update(withdrawn_at=timezone.now())
    for other in (each for each in RoleKind if each != kind):
        extra = {"until": date(2026, 9, 1), "basis": "澄教委〔2026〕3号"}
        with pytest.raises(DomainError, match="不能由一个账号兼任"):
            grant(bureau, None, other, user=administrator, **extra)
    assert administrator.roles.count() == 1


def test_one_after_the_other_is_allowed_and_a_day_in_common_is_not(bureau):
    user = holder(bureau, AUDITOR, since=date(2026, 1, 1), until=date(2026, 3, 31))
    with pytest.raises(DomainError, match="2026-01-01 至2026-03-31"):
        grant(bureau, None, RoleKind.CLERK, user=user, since=date(2026, 3, 31))
    grant(bureau, None, RoleKind.CLERK, user=user, since=date(2026, 4, 1))
    grant(bureau, None, SYSTEM, user=user, since=date(2025, 1, 1), until=date(2025, 12, 31))
    assert user.roles.count() == 3


@pytest.mark.parametrize("held", ADMINISTRATORS)
@pytest.mark.parametrize("added", [*ADMINISTRATORS, RoleKind.OFFICER, RoleKind.SECRETARY])
def test_the_database_refuses_it_too(bureau, held, added):
    user = holder(bureau, held)
    if held == added:
        return
    for kind, other in ((added, user), (held, bureau.clerk)):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleFactory(user=other, organization=bureau.root, kind=kind)


def test_the_database_refuses_a_change_that_makes_them_meet(bureau):
    user = holder(bureau, AUDITOR, since=date(2026, 1, 1), until=date(2026, 3, 31))
    later = RoleFactory(user=user, organization=bureau.root, kind=SYSTEM, since=date(2026, 4, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.filter(pk=later.pk).update(since=date(2026, 3, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.filter(user=user, kind=AUDITOR).update(until=None)
    Role.objects.filter(pk=later.pk).update(withdrawn_at=timezone.now())
    Role.objects.filter(user=user, kind=AUDITOR).update(until=None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_service", [True, False])
def test_two_grants_at_once_leave_one_kind(by_service):
    bureau = build_bureau()
    user = UserFactory()

    def one(kind: str) -> bool:
        try:
            if by_service:
                grant(bureau, None, kind, user=user)
            else:
                where = bureau.root if kind == AUDITOR else bureau.mine
                with transaction.atomic():
                    RoleFactory(user=user, organization=where, kind=kind)
        except (DomainError, IntegrityError):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(one, [AUDITOR, RoleKind.CLERK]))
    assert sorted(done) == [False, True]
    assert len({role.kind for role in user.roles.all()}) == 1
    assert holds(user, AUDITOR) != holds(user, RoleKind.CLERK)
