"""Schools, campuses, groups and offices: plain rows, changed by the organisation office."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, transaction

from common import audit
from common.errors import ConflictError, DomainError
from organizations.models import (
    Campus,
    Office,
    Organization,
    Role,
    School,
    SchoolGroup,
    SchoolMembers,
)
from organizations.names import organization_search_text
from organizations.services.guards import check_may_manage

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)
MOST_MEMBERS = 99_999


def add_school(
    *,
    actor: "User | None",
    code: str,
    name: str,
    kind: str,
    ownership: str,
    short_name: str = "",
    order: int = 0,
    opened_on: date | None = None,
) -> School:
    """Add a school or another unit."""
    check_may_manage(actor)
    values: dict[str, Any] = {
        "code": code,
        "name": name,
        "kind": kind,
        "ownership": ownership,
        "short_name": short_name,
        "order": order,
        "opened_on": opened_on,
    }
    _check_school(values, besides=None)
    pinyin = organization_search_text(name, short_name)
    return _add(actor, School(pinyin=pinyin, **values), verb="organizations.add_school")


def change_school(*, actor: "User | None", school: School, values: Mapping[str, Any]) -> School:
    """Change the fields of ``school`` named in ``values``; closing has its own verb."""
    check_may_manage(actor)
    held = School.objects.get(pk=school.pk)
    full = {"code": held.code, "name": held.name, "short_name": held.short_name, **values}
    _check_school(full, besides=held)
    pinyin = organization_search_text(full["name"], full["short_name"])
    return _change(actor, held, {**values, "pinyin": pinyin}, verb="organizations.change_school")


def _check_school(values: Mapping[str, Any], *, besides: School | None) -> None:
    if not values["code"] or not values["name"]:
        raise DomainError("请填写单位代码和全称。")
    taken = School.objects.filter(code=values["code"]).first()
    if taken is not None and taken != besides:
        raise DomainError(f"单位代码“{values['code']}”已由「{taken}」使用，请核对。")


def close_school(*, actor: "User | None", school: School, on: date) -> School:
    """Close ``school``: the day ``on`` is the first on which it no longer exists.

    Its organisations must be closed first; a joint branch over other schools may go on.
    """
    check_may_manage(actor)
    left = Organization.objects.filter(schools=school).open_on(on)
    for organization in left:
        if organization.schools.exclude(pk=school.pk).filter(closed_on=None).exists():
            continue
        raise DomainError(f"「{school}」还有党组织「{organization}」，请先撤销或调整它。")
    with transaction.atomic():
        if not School.objects.filter(pk=school.pk, closed_on=None).update(closed_on=on):
            raise ConflictError(f"「{school}」已经撤并，请刷新后再看。")
        audit.record(
            actor=actor, verb="organizations.close_school", obj=school, after={"closed_on": on}
        )
    school.closed_on = on
    return school


def record_school_members(
    *, actor: "User | None", school: School, on: date, full: int
) -> SchoolMembers:
    """State how many full members work in ``school`` from the day ``on``.

    Of schools without an organisation of their own; a second statement for a day replaces the
    first, an equal one leaves no trace.
    """
    check_may_manage(actor)
    if not 0 <= full <= MOST_MEMBERS:
        raise DomainError(f"正式党员写的是“{full}”，应在 0–{MOST_MEMBERS} 之间。")
    if school.closed_on is not None and school.closed_on <= on:
        raise DomainError(f"「{school}」已于 {school.closed_on:%Y-%m-%d} 撤并，不再统计人数。")
    if school.opened_on is not None and school.opened_on > on:
        raise DomainError(f"「{school}」{school.opened_on:%Y-%m-%d} 才设立。")
    with transaction.atomic():
        before = SchoolMembers.objects.filter(school=school, on=on).first()
        if before is not None and before.full == full:
            return before
        held, _created = SchoolMembers.objects.update_or_create(
            school=school, on=on, defaults={"full": full}
        )
        audit.record(
            actor=actor,
            verb="organizations.count_school_members",
            obj=held,
            before={"full": before.full} if before else {},
            after={"full": full},
        )
    return held


def add_campus(
    *, actor: "User | None", school: School, name: str, opened_on: date | None = None
) -> Campus:
    """Add a campus to ``school``."""
    check_may_manage(actor)
    if Campus.objects.filter(school=school, name=name, closed_on=None).exists():
        raise DomainError(f"「{school}」已有校区「{name}」。")
    campus = Campus(school=school, name=name, opened_on=opened_on)
    return _add(actor, campus, verb="organizations.add_campus")


def change_campus(*, actor: "User | None", campus: Campus, values: Mapping[str, Any]) -> Campus:
    """Rename a campus or say when it was opened or given up."""
    check_may_manage(actor)
    held = Campus.objects.get(pk=campus.pk)
    return _change(actor, held, values, verb="organizations.change_campus")


def save_office(
    *, actor: "User | None", office: Office | None, name: str, order: int, grants_roles: bool
) -> Office:
    """Add an office, or change one. One office at least goes on granting roles."""
    check_may_manage(actor)
    values: dict[str, Any] = {"name": name, "order": order, "grants_roles": grants_roles}
    if office is None:
        return _add(actor, Office(**values), verb="organizations.add_office")
    held = Office.objects.get(pk=office.pk)
    if (
        held.grants_roles
        and not grants_roles
        and Role.objects.filter(office=held, withdrawn_at=None).exists()
    ):
        raise DomainError(f"「{held}」负责授权，且有人在岗，不能取消。")
    return _change(actor, held, values, verb="organizations.change_office")


def save_group(
    *,
    actor: "User | None",
    group: SchoolGroup | None,
    name: str,
    order: int,
    schools: Iterable[School],
) -> SchoolGroup:
    """Add a group of schools, or change its name, place in the order and members."""
    check_may_manage(actor)
    members = list(schools)
    values: dict[str, Any] = {"name": name, "order": order}
    with transaction.atomic():
        if group is None:
            held = _add(actor, SchoolGroup(**values), verb="organizations.add_group")
        else:
            stored = SchoolGroup.objects.get(pk=group.pk)
            held = _change(actor, stored, values, verb="organizations.change_group")
        before = set(held.schools.values_list("pk", flat=True))
        after = {school.pk for school in members}
        if before != after:
            held.schools.set(members)
            audit.record(
                actor=actor,
                verb="organizations.change_group",
                obj=held,
                before={"schools": sorted(before)},
                after={"schools": sorted(after)},
            )
    return held


def _add(actor: "User | None", row: M, *, verb: str) -> M:
    with transaction.atomic():
        row.save(force_insert=True)
        audit.record(actor=actor, verb=verb, obj=row)
    return row


def _change(actor: "User | None", held: M, values: Mapping[str, Any], *, verb: str) -> M:
    before, after = audit.changes(held, values)
    if after:
        with transaction.atomic():
            for name, value in after.items():
                setattr(held, name, value)
            held.save(update_fields=[*after])
            audit.record(actor=actor, verb=verb, obj=held, before=before, after=after)
    return held
