"""Instructors (党建指导员) at schools that can't have an organisation yet."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.models import Organization, School
from organizations.permissions import may_manage_organizations
from people.models import Instructor, Person

if TYPE_CHECKING:
    from accounts.models import User


def assign_instructor(
    *,
    actor: "User | None",
    person: Person,
    school: School,
    sent_by: Organization | None,
    since: date,
    basis: str,
    at: datetime,
) -> Instructor:
    """Send ``person`` to ``school`` from the day ``since``; several schools for one are allowed."""
    _check_may(actor)
    _check_basis(basis)
    if school.closed_on is not None and school.closed_on <= since:
        raise DomainError(f"「{school}」已于 {school.closed_on:%Y-%m-%d} 撤并。")
    if school.opened_on is not None and school.opened_on > since:
        raise DomainError(f"「{school}」{school.opened_on:%Y-%m-%d} 才设立，日期不能早于这一天。")
    earlier = Instructor.objects.filter(person=person, school=school, until__gt=since).first()
    if earlier is not None and earlier.since != earlier.until:
        raise DomainError(
            f"{person}在「{school}」的上一次派驻到 {earlier.until:%Y-%m-%d} 为止，"
            "起始日期不能更早。"
        )
    try:
        with transaction.atomic():
            held = Instructor.objects.create(
                person=person, school=school, sent_by=sent_by, since=since, basis=basis.strip()
            )
            audit.record(
                actor=actor,
                verb="people.assign_instructor",
                obj=held,
                after={"since": since, "sent_by": sent_by, "basis": basis},
                at=at,
            )
    except IntegrityError:
        raise ConflictError(f"{person}已经派驻「{school}」，不用再派。") from None
    return held


def end_instructor(
    *, actor: "User | None", instructor: Instructor, on: date, basis: str, at: datetime
) -> Instructor:
    """End it before the day ``on``; ended on its first day it counts on none."""
    _check_may(actor)
    _check_basis(basis)
    if on < instructor.since:
        raise DomainError(f"派驻从 {instructor.since:%Y-%m-%d} 起，结束日期不能更早。")
    with transaction.atomic():
        held = Instructor.objects.filter(pk=instructor.pk, until=None)
        if not held.update(until=on, end_basis=basis.strip(), updated_at=at):
            raise ConflictError(f"{instructor}的派驻刚刚已经结束，请刷新后再看。")
        audit.record(
            actor=actor,
            verb="people.end_instructor",
            obj=instructor,
            before={"until": None},
            after={"until": on, "basis": basis},
            at=at,
        )
    instructor.until, instructor.end_basis = on, basis.strip()
    return instructor


def _check_may(actor: "User | None") -> None:
    if actor is not None and not may_manage_organizations(actor):
        raise ForbiddenError("只有组织科的工作人员可以派驻党建指导员。")


def _check_basis(basis: str) -> None:
    if not basis.strip():
        raise DomainError("请写明依据文件，如“澄教委〔2026〕3号”。")
