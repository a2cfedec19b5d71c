"""Granting and ending roles: the only source of rights."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.choices import (
    ADMINISTRATORS,
    BUREAU_ROLES,
    TOP_ROLES,
    RoleKind,
    SchoolKind,
)
from organizations.models import Office, Organization, Role
from organizations.permissions import may_grant, may_grant_roles

# One person at a time holds these in an organisation.
_SINGLE = (RoleKind.SECRETARY, RoleKind.ACTING_HEAD)


class _Wanted(TypedDict):
    """What a role is to be; the arguments of :func:`grant_role` without who grants it."""

    user: User
    organization: Organization
    kind: str
    since: date
    until: date | None
    office: Office | None
    school_kinds: Sequence[str]
    basis: str


def grant_role(
    *,
    actor: User | None,
    user: User,
    organization: Organization,
    kind: str,
    since: date,
    until: date | None = None,
    office: Office | None = None,
    school_kinds: Sequence[str] = (),
    basis: str = "",
) -> Role:
    """Give ``user`` a role in ``organization`` from ``since`` to ``until``, both included.

    Who grants which kind says ``permissions.grantable_kinds``; nobody grants to themselves. Each of
    the three administrators has an account that holds no role of another kind at the same time.
    """
    wanted: _Wanted = {
        "user": user,
        "organization": organization,
        "kind": kind,
        "since": since,
        "until": until,
        "office": office,
        "school_kinds": school_kinds,
        "basis": basis,
    }
    _check_wanted(actor, **wanted)
    with transaction.atomic():
        # Serialises grants in one organisation, so that two at once can't both be the secretary.
        Organization.objects.select_for_update().get(pk=organization.pk)
        # And grants to one account, so that it can't become two kinds of administrator at once.
        User.objects.select_for_update().get(pk=user.pk)
        _check_overlap(user, organization, kind=kind, since=since, until=until)
        role = Role.objects.create(
            **{**wanted, "school_kinds": list(school_kinds)}, granted_by=actor
        )
        audit.record(
            actor=actor,
            verb="organizations.grant_role",
            obj=role,
            after={
                "since": since,
                "until": until,
                "office": office,
                "school_kinds": list(school_kinds),
                "basis": basis,
            },
        )
    return role


def check_grant(*, actor: User | None, **wanted: Unpack[_Wanted]) -> None:
    """Refuse what :func:`grant_role` would refuse, without granting: for a page that asks first."""
    _check_wanted(actor, **wanted)
    _check_overlap(
        wanted["user"],
        wanted["organization"],
        kind=wanted["kind"],
        since=wanted["since"],
        until=wanted["until"],
    )


def _check_wanted(actor: User | None, **wanted: Unpack[_Wanted]) -> None:
    user, organization, kind = wanted["user"], wanted["organization"], wanted["kind"]
    since, until = wanted["since"], wanted["until"]
    _check_may_grant(actor, user, kind)
    _check_period(kind, since=since, until=until, basis=wanted["basis"])
    _check_place(kind, organization=organization, since=since)
    _check_office(kind, office=wanted["office"], school_kinds=wanted["school_kinds"])
    if not user.is_active:
        raise DomainError(f"{user}的账号已停用，请先启用。")


def end_role(*, actor: User | None, role: Role, until: date) -> Role:
    """Make ``until`` the last day of ``role``. The last one who may grant roles stays."""
    _check_may_grant(actor, role.user, role.kind)
    if role.withdrawn_at is not None:
        raise DomainError("这一角色已撤回，不必再结束。")
    if until < role.since:
        raise DomainError(f"结束日期不能早于开始日期 {role.since:%Y-%m-%d}。")
    if role.until is not None and role.until <= until:
        raise DomainError(f"这一角色已定于 {role.until:%Y-%m-%d} 结束，只能提前，不能延后。")
    with transaction.atomic():
        if _grants(role):
            _check_somebody_left(role, after=until)
        standing = Role.objects.filter(pk=role.pk, until=role.until, withdrawn_at=None)
        done = standing.update(until=until)
        if not done:
            raise ConflictError("这一角色刚刚已被他人调整，请刷新后再看。")
        audit.record(
            actor=actor,
            verb="organizations.end_role",
            obj=role,
            before={"until": role.until},
            after={"until": until},
        )
    role.until = until
    return role


def may_be_withdrawn(role: Role, *, on: date) -> bool:
    """Whether ``role`` is so new that it may be taken back: granted ``on``, or not yet begun."""
    if role.withdrawn_at is not None:
        return False
    return timezone.localdate(role.created_at) == on or role.since > on


def check_withdrawal(*, actor: User | None, role: Role, on: date) -> None:
    """Refuse what :func:`withdraw_role` would refuse."""
    _check_may_grant(actor, role.user, role.kind)
    if role.withdrawn_at is not None:
        raise ConflictError("这一角色已经撤回。")
    if not may_be_withdrawn(role, on=on):
        raise DomainError(
            f"这一角色 {timezone.localdate(role.created_at):%Y-%m-%d} 授予，已经开始，"
            f"不能撤回，请改为“结束角色”。"
        )


def withdraw_role(*, actor: User | None, role: Role, at: datetime) -> Role:
    """Take back a role granted by mistake: it ends this moment, and counts as never held.

    Only on the day on which it was granted, or before it begins; later it is ended, as what was
    done under it has to be explained.
    """
    on = timezone.localdate(at)
    check_withdrawal(actor=actor, role=role, on=on)
    with transaction.atomic():
        if _grants(role):
            _check_somebody_left(role, after=on)
        if not Role.objects.filter(pk=role.pk, withdrawn_at=None).update(withdrawn_at=at):
            raise ConflictError("这一角色刚刚已被他人撤回。")
        audit.record(
            actor=actor,
            verb="organizations.withdraw_role",
            obj=role,
            before={"since": role.since, "until": role.until},
            after={"withdrawn_at": at},
            at=at,
        )
    role.withdrawn_at = at
    return role


def _check_may_grant(actor: User | None, user: User, kind: str) -> None:
    if actor is None:
        return
    if not may_grant(actor, kind):
        if not may_grant_roles(actor):
            raise ForbiddenError("只有组织科的工作人员和安全管理员可以授予和结束角色。")
        who = "安全管理员" if kind in TOP_ROLES else "组织科"
        raise ForbiddenError(f"{RoleKind(kind).label}的角色由{who}授予和结束。")
    if actor.pk == user.pk:
        raise ForbiddenError("不能给自己授予或结束角色，请由另一位同事办理。")


def _check_period(kind: str, *, since: date, until: date | None, basis: str) -> None:
    if until is not None and until < since:
        raise DomainError("结束日期不能早于开始日期。")
    if kind != RoleKind.ACTING_HEAD:
        return
    if until is None:
        raise DomainError("主持工作须写明起止日期，请填写结束日期。")
    if not basis.strip():
        raise DomainError("主持工作须写明依据文件，打印时要用。")


def _check_place(kind: str, *, organization: Organization, since: date) -> None:
    if organization.closed_on is not None and organization.closed_on <= since:
        raise DomainError(
            f"「{organization}」已于 {organization.closed_on:%Y-%m-%d} 撤销，不能再授予角色。"
        )
    if kind in TOP_ROLES and organization.parent_id is not None:
        label = RoleKind(kind).label
        raise DomainError(f"{label}属于局党委，请选择最上级党组织，不是「{organization}」。")


def _check_office(kind: str, *, office: Office | None, school_kinds: Sequence[str]) -> None:
    if kind == RoleKind.OFFICER and office is None:
        raise DomainError("局机关工作人员须选择所在科室。")
    if kind != RoleKind.OFFICER and office is not None:
        raise DomainError("只有局机关工作人员需要选择科室。")
    if school_kinds and kind not in BUREAU_ROLES:
        raise DomainError("只有局机关人员可以按学校类别分管。")
    unknown = sorted(set(school_kinds) - set(SchoolKind.values))
    if unknown:
        raise DomainError(f"没有“{unknown[0]}”这一学校类别。")


def _check_overlap(
    user: User, organization: Organization, *, kind: str, since: date, until: date | None
) -> None:
    then = Role.objects.lasting(since)
    if until is not None:
        then = then.filter(since__lte=until)
    label = RoleKind(kind).label
    same = Q(organization=organization, kind=kind)
    for held in then.filter(same | _kept_apart_from(kind), user=user):
        if held.kind == kind:
            raise DomainError(
                f"{user}在这段时间已是「{organization}」的{label}（{_period(held)}）。"
            )
        raise DomainError(
            f"{user}在这段时间是{held.get_kind_display()}（{_period(held)}）。系统、安全、审计管理员"
            f"不能由一个账号兼任，也不兼任其他角色，请换一个账号。"
        )
    if kind in _SINGLE:
        in_post = then.filter(organization=organization, kind=kind)
        for held in in_post.select_related("user"):
            raise DomainError(
                f"「{organization}」在这段时间已有{label}{held.user}（{_period(held)}），"
                f"请先结束其角色。"
            )


def _kept_apart_from(kind: str) -> Q:
    """Return the roles that nobody holds beside one of ``kind``."""
    others = ~Q(kind=kind)
    return others if kind in ADMINISTRATORS else others & Q(kind__in=ADMINISTRATORS)


def _period(role: Role) -> str:
    end = f"{role.until:%Y-%m-%d}" if role.until else "今"
    return f"{role.since:%Y-%m-%d} 至{end}"


def _grants(role: Role) -> bool:
    if role.kind == RoleKind.SECURITY_ADMIN:
        return True
    return role.kind == RoleKind.OFFICER and role.office is not None and role.office.grants_roles


def _check_somebody_left(role: Role, *, after: date) -> None:
    stay = Role.objects.select_for_update(of=("self",)).filter(
        Q(until=None) | Q(until__gt=after),
        withdrawn_at=None,
        kind=role.kind,
        since__lte=after,
        user__is_active=True,
    )
    if role.kind == RoleKind.OFFICER:
        stay = stay.filter(office__grants_roles=True)
    # All of them, always in one order: of two that end each other one waits, and then sees.
    if not [each for each in stay.order_by("pk") if each.pk != role.pk]:
        who = "可以授权的工作人员" if role.kind == RoleKind.OFFICER else "安全管理员"
        raise DomainError(f"这是最后一位{who}，请先给接任者授权。")
