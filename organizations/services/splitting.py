"""Splitting (分设): a part of an organisation becomes one of its own, beside it or below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from common import audit
from common.errors import DomainError
from organizations.choices import SuccessionKind
from organizations.models import Campus, Organization, School, SchoolLink, Succession
from organizations.services.guards import check_basis, check_may_manage, check_open, lock_tree
from organizations.services.naming import enter_schools, leave_schools
from organizations.services.tree import found_organization, move_organization

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Part:
    """What is to become an organisation of its own.

    ``schools`` are worked in by the part alone from then on; ``campuses`` belong to schools that
    the old one goes on working in. ``branches`` are its direct subordinates that go along. Without
    a ``parent`` the part stands beside the old one, under the same superior.
    """

    name: str
    kind: str
    code: str
    short_name: str = ""
    parent: Organization | None = None
    schools: Sequence[School] = ()
    campuses: Sequence[Campus] = ()
    branches: Sequence[Organization] = ()


def split_organization(
    *,
    actor: "User | None",
    organization: Organization,
    parts: Sequence[Part],
    on: date,
    basis: str,
) -> list[Organization]:
    """Found each of ``parts`` on the day ``on`` out of ``organization``, which goes on.

    Who wants the old one to end closes it or merges it afterwards. Doesn't touch rosters, head
    counts and roles: the rooms above do.
    """
    check_may_manage(actor)
    check_basis(basis)
    if not parts:
        raise DomainError("请写明分设出哪个党组织。")
    with transaction.atomic():
        lock_tree()
        held = Organization.objects.select_related("parent").get(pk=organization.pk)
        check_open(held, on)
        made = [_split_off(actor, held, part, on=on, basis=basis) for part in parts]
        audit.record(
            actor=actor,
            verb="organizations.split",
            obj=held,
            after={"parts": [str(each) for each in made], "on": on, "basis": basis},
            ids=[each.pk for each in made],
        )
    return made


def _split_off(
    actor: "User | None", held: Organization, part: Part, *, on: date, basis: str
) -> Organization:
    links = _links(held, part.schools)
    stray = next((each for each in part.campuses if each.school_id not in _school_ids(held)), None)
    if stray is not None:
        raise DomainError(f"校区「{stray}」不在「{held}」的学校里，请重新选择。")
    foreign = next((each for each in part.branches if each.parent_id != held.pk), None)
    if foreign is not None:
        raise DomainError(f"「{foreign}」不是「{held}」的下级，不能随同分设。")
    chosen = [*(each.pk for each in part.schools), *(each.school_id for each in part.campuses)]
    if len(set(chosen)) < len(chosen):
        raise DomainError("同一所学校只能选一个校区，或选整所学校。")
    made = found_organization(
        actor=actor,
        name=part.name,
        short_name=part.short_name,
        kind=part.kind,
        code=part.code,
        parent=part.parent or held.parent or held,
        on=on,
        basis=basis,
    )
    leave_schools(links, on=on, basis=basis)
    enter_schools(made, part.schools, on=on)
    SchoolLink.objects.bulk_create(
        SchoolLink(organization=made, school_id=each.school_id, campus=each, since=on)
        for each in part.campuses
    )
    for branch in part.branches:
        move_organization(actor=actor, organization=branch, parent=made, on=on, basis=basis)
    Succession.objects.create(
        predecessor=held, successor=made, kind=SuccessionKind.SPLIT, on=on, basis=basis
    )
    return made


def _school_ids(held: Organization) -> set[int]:
    return set(SchoolLink.objects.filter(organization=held).values_list("school", flat=True))


def _links(held: Organization, schools: Sequence[School]) -> list[SchoolLink]:
    """The links of ``held`` to ``schools``; one school at least stays with it, if it has any."""
    links = list(SchoolLink.objects.filter(organization=held).select_related("school"))
    wanted = {each.pk for each in schools}
    known = {link.school_id for link in links}
    foreign = next((each for each in schools if each.pk not in known), None)
    if foreign is not None:
        raise DomainError(f"「{held}」不在「{foreign}」，请重新选择学校。")
    if wanted and wanted == known:
        raise DomainError(f"「{held}」的学校不能全部分出去；要整体改设的，请用“改名”或“调整上级”。")
    return [link for link in links if link.school_id in wanted]
