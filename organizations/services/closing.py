"""Closing instead of deleting, and merging one school into another."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from common import audit
from common.errors import ConflictError, DomainError
from organizations.choices import MergedSchool, SuccessionKind
from organizations.models import Campus, Organization, Placement, Role, School, Succession
from organizations.queries.tree import closing_effects, links_gained, mergers_of
from organizations.services.guards import (
    check_basis,
    check_may_manage,
    check_name,
    check_open,
    lock_tree,
)
from organizations.services.naming import enter_schools, leave_schools
from organizations.services.schools import close_school

if TYPE_CHECKING:
    from accounts.models import User


def close_organization(
    *, actor: "User | None", organization: Organization, on: date, basis: str
) -> Organization:
    """Close ``organization``: the day ``on`` is the first on which it no longer exists.

    Its current roles end on the day before. Subordinates must be moved or closed first. Head
    counts, tasks and reports of the past stay as they are.
    """
    check_may_manage(actor)
    check_basis(basis)
    with transaction.atomic():
        lock_tree()
        held = Organization.objects.get(pk=organization.pk)
        check_open(held, on)
        effects = closing_effects(held, on)
        _check_closing(held, below=effects.subordinates, on=on)
        _end(held, on=on, basis=basis)
        audit.record(
            actor=actor,
            verb="organizations.close",
            obj=held,
            after={
                "closed_on": on,
                "basis": basis,
                "ended_roles": [str(role) for role in effects.roles],
            },
            ids=[role.pk for role in effects.roles],
        )
    organization.refresh_from_db()
    return organization


def _check_closing(closed: Organization, *, below: Sequence[Organization], on: date) -> None:
    if below:
        names = "、".join(each.label for each in below[:5])
        raise DomainError(
            f"「{closed}」还有 {len(below)} 个下级党组织（{names}），请先移走或撤销。"
        )
    later = Placement.objects.filter(organization=closed, since__gt=on).first()
    if later is not None:
        raise DomainError(
            f"「{closed}」自 {later.since:%Y-%m-%d} 起另有隶属变动，撤销日期不能早于这一天。"
        )


def _end(closed: Organization, *, on: date, basis: str) -> None:
    done = Organization.objects.filter(pk=closed.pk, closed_on=None).update(
        closed_on=on, basis=basis
    )
    if not done:
        raise ConflictError(f"「{closed}」刚刚已被他人撤销，请刷新后再看。")
    Placement.objects.filter(organization=closed, until=None).update(until=on)
    roles = Role.objects.lasting(on).filter(organization=closed)
    roles.update(until=Greatest("since", Value(on - timedelta(days=1))))


def reopen_organization(
    *, actor: "User | None", organization: Organization, basis: str
) -> Organization:
    """Take a mistaken closing back: ``organization`` never ended, in the place it had.

    Its schools that were closed on the same day are open again too; schools that stayed leave the
    one that it was merged into. The roles that ended stay ended: who holds the posts now is granted
    anew. A campus that a merger made stays, and so do head counts that were added up.
    """
    check_may_manage(actor)
    check_basis(basis)
    with transaction.atomic():
        lock_tree()
        held = Organization.objects.select_related("parent").get(pk=organization.pk)
        on = held.closed_on
        if on is None:
            raise ConflictError(f"「{held}」没有撤销，不用恢复。")
        if held.parent is not None and held.parent.closed_on is not None:
            raise DomainError(f"上级「{held.parent}」也已撤销，请先恢复上级。")
        check_name(held.name, parent=held.parent, besides=held)
        last = Placement.objects.filter(organization=held).latest("since", "pk")
        if last.path != held.path:
            raise DomainError(
                f"「{held}」撤销以后，上级的隶属关系有过调整，不能恢复原位，请重新成立。"
            )
        again = list(School.objects.filter(organizations=held, closed_on=on))
        Organization.objects.filter(pk=held.pk, closed_on=on).update(closed_on=None)
        Placement.objects.filter(pk=last.pk).update(until=None)
        School.objects.filter(pk__in=[school.pk for school in again]).update(closed_on=None)
        _take_merger_back(held, on=on, basis=basis)
        audit.record(
            actor=actor,
            verb="organizations.reopen",
            obj=held,
            before={"closed_on": on},
            after={"closed_on": None, "basis": basis, "schools": [str(each) for each in again]},
        )
    organization.refresh_from_db()
    return organization


def _take_merger_back(held: Organization, *, on: date, basis: str) -> None:
    links = links_gained(held, on)
    leave_schools(list(links.select_related("organization", "school")), on=on, basis=basis)
    mergers_of(held, on).update(taken_back=True)


def merge_organization(
    *,
    actor: "User | None",
    organization: Organization,
    into: Organization,
    on: date,
    basis: str,
    campus: str = "",
    school: str = MergedSchool.CAMPUS,
) -> Campus | None:
    """Close ``organization``, which goes into ``into`` on the day ``on``; return the new campus.

    ``school`` says what becomes of its schools (`MergedSchool`): its one school is closed and lives
    on as a campus of the school of ``into`` called ``campus``, is closed, or stays and is worked in
    by ``into`` from then on. Doesn't touch head counts and rosters: the rooms above do.
    """
    if organization.pk == into.pk:
        raise DomainError("不能并入自己，请另选并入的党组织。")
    with transaction.atomic():
        lock_tree()
        receiving = Organization.objects.get(pk=into.pk)
        check_open(receiving, on)
        source = _merged_school(organization, school)
        target = _receiving_school(receiving) if school == MergedSchool.CAMPUS else None
        close_organization(actor=actor, organization=organization, on=on, basis=basis)
        gained = None
        if source is not None:
            close_school(actor=actor, school=source, on=on)
        else:
            enter_schools(receiving, _new_schools(organization, receiving), on=on)
        if source is not None and target is not None:
            gained = Campus.objects.create(school=target, name=campus or source.name, opened_on=on)
        Succession.objects.create(
            predecessor=organization,
            successor=receiving,
            kind=SuccessionKind.MERGED,
            on=on,
            basis=basis,
        )
        audit.record(
            actor=actor,
            verb="organizations.merge",
            obj=organization,
            after={
                "into": into,
                "school": MergedSchool(school).label,
                "campus": gained.name if gained else "",
                "on": on,
                "basis": basis,
            },
        )
    return gained


def _merged_school(merged: Organization, fate: str) -> School | None:
    """The school that is closed with ``merged``; None where schools stay."""
    if fate == MergedSchool.STAYS:
        return None
    schools = list(School.objects.filter(organizations=merged, closed_on=None)[:2])
    if not schools:
        raise DomainError(
            f"「{merged}」没有对应的学校，无法并入学校；只合并党组织的，请选“学校保留”。"
        )
    if len(schools) > 1:
        raise DomainError(
            f"「{merged}」覆盖几所学校，不能一并撤并；请选“学校保留”，要撤并的学校另行办理。"
        )
    return schools[0]


def _receiving_school(into: Organization) -> School:
    schools = list(School.objects.filter(organizations=into, closed_on=None)[:2])
    if not schools:
        raise DomainError(f"「{into}」没有对应的学校，无法并入。")
    if len(schools) > 1:
        raise DomainError(f"「{into}」覆盖几所学校，不知道校区归哪一所；请选“不设校区”。")
    return schools[0]


def _new_schools(merged: Organization, into: Organization) -> list[School]:
    schools = School.objects.filter(organizations=merged, closed_on=None)
    return list(schools.exclude(organizations=into).order_by("order", "pk"))
