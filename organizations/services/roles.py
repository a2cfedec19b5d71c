"""Granting and ending roles: the only source of rights."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.choices import BUREAU_ROLES, SCHOOL_ROLES, RoleKind, SchoolKind
from organizations.models import Office, Organization, Role
from organizations.permissions import may_grant_roles

if TYPE_CHECKING:
    from accounts.models import User

# One person at a time holds these in an organisation.
_SINGLE = (RoleKind.SECRETARY, RoleKind.ACTING_HEAD)
_AT_THE_TOP = (*BUREAU_ROLES, RoleKind.AUDITOR)


def grant_role(
    *,
    actor: "User | None",
    user: "User",
    organization: Organization,
    kind: str,
    since: date,
    until: date | None = None,
    office: Office | None = None,
    school_kinds: Sequence[str] = (),
    basis: str = "",
) -> Role:
    """Give ``user`` a role in ``organization`` from ``since`` to ``until``, both included.

    Only officers of the organisation office grant, and never to themselves. Who reads the audit log
    holds no role in the bureau's work, and the other way round.
    """
    _check_may_grant(actor, user)
    _check_period(kind, since=since, until=until, basis=basis)
    _check_place(kind, organization=organization, since=since)
    _check_office(kind, office=office, school_kinds=school_kinds)
    if not user.is_active:
        raise DomainError(f"{user}的账号已停用，请先启用。")
    with transaction.atomic():
        # Serialises grants in one organisation, so that two at once can't both be the secretary.
        Organization.objects.select_for_update().get(pk=organization.pk)
        _check_overlap(user, organization, kind=kind, since=since, until=until)
        role = Role.objects.create(
            user=user,
            organization=organization,
            kind=kind,
            office=office,
            school_kinds=list(school_kinds),
            since=since,
            until=until,
            basis=basis,
            granted_by=actor,
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


def end_role(*, actor: "User | None", role: Role, until: date) -> Role:
    """Make ``until`` the last day of ``role``. The last one who may grant roles stays."""
    _check_may_grant(actor, role.user)
    if until < role.since:
        raise DomainError(f"结束日期不能早于开始日期 {role.since:%Y-%m-%d}。")
    if role.until is not None and role.until <= until:
        raise DomainError(f"这一角色已定于 {role.until:%Y-%m-%d} 结束，只能提前，不能延后。")
    with transaction.atomic():
        if _grants(role):
            _check_somebody_left(role, after=until)
        done = Role.objects.filter(pk=role.pk, until=role.until).update(until=until)
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


def _check_may_grant(actor: "User | None", user: "User") -> None:
    if actor is None:
        return
    if not may_grant_roles(actor):
        raise ForbiddenError("只有组织科的工作人员可以授予和结束角色。")
    if actor.pk == user.pk:
        raise ForbiddenError("不能给自己授予或结束角色，请由组织科另一位同事办理。")


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
    if kind in _AT_THE_TOP and organization.parent_id is not None:
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
    user: "User", organization: Organization, *, kind: str, since: date, until: date | None
) -> None:
    then = Q(until=None) | Q(until__gte=since)
    if until is not None:
        then &= Q(since__lte=until)
    label = RoleKind(kind).label
    for held in Role.objects.filter(then, user=user, organization=organization, kind=kind):
        raise DomainError(f"{user}在这段时间已是「{organization}」的{label}（{_period(held)}）。")
    if kind in _SINGLE:
        in_post = Role.objects.filter(then, organization=organization, kind=kind)
        for held in in_post.select_related("user"):
            raise DomainError(
                f"「{organization}」在这段时间已有{label}{held.user}（{_period(held)}），"
                f"请先结束其角色。"
            )
    apart = (*BUREAU_ROLES, *SCHOOL_ROLES, RoleKind.REVIEWER)
    others = apart if kind == RoleKind.AUDITOR else (RoleKind.AUDITOR,)
    if Role.objects.filter(then, user=user, kind__in=others).exists():
        raise DomainError("审计员不能兼任其他角色，请换一个账号。")


def _period(role: Role) -> str:
    end = f"{role.until:%Y-%m-%d}" if role.until else "今"
    return f"{role.since:%Y-%m-%d} 至{end}"


def _grants(role: Role) -> bool:
    return role.kind == RoleKind.OFFICER and role.office is not None and role.office.grants_roles


def _check_somebody_left(role: Role, *, after: date) -> None:
    stay = Role.objects.select_for_update().filter(
        Q(until=None) | Q(until__gt=after),
        kind=RoleKind.OFFICER,
        office__grants_roles=True,
        since__lte=after,
        user__is_active=True,
    )
    if not stay.exclude(pk=role.pk).exists():
        raise DomainError("这是最后一位可以授权的工作人员，请先给接任者授权。")
