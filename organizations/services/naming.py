"""What an organisation is called and where it works: name, code, kind, order, schools."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from common import audit
from common.errors import DomainError
from organizations.models import (
    FormerName,
    FormerSchoolLink,
    Organization,
    School,
    SchoolLink,
)
from organizations.names import organization_search_text
from organizations.services.guards import (
    check_basis,
    check_code,
    check_may_lead,
    check_may_manage,
    check_name,
    check_open,
    check_parent,
    lock_tree,
    tidy,
)

if TYPE_CHECKING:
    from accounts.models import User


def rename_organization(
    *,
    actor: "User | None",
    organization: Organization,
    name: str,
    short_name: str,
    on: date,
    basis: str,
) -> Organization:
    """Give ``organization`` a new name from the day ``on``; the old ones stay searchable."""
    check_may_manage(actor)
    check_basis(basis)
    new = {"name": tidy(name), "short_name": tidy(short_name)}
    with transaction.atomic():
        lock_tree()
        held = Organization.objects.get(pk=organization.pk)
        check_open(held, on)
        before, after = audit.changes(held, new)
        if not after:
            raise DomainError(f"名称没有变化，仍是「{held}」。")
        _check_last_name(held, on)
        if "name" in after:
            check_name(new["name"], parent=held.parent, besides=held)
        FormerName.objects.bulk_create(
            FormerName(
                organization=held, name=old, until=on, is_short=field == "short_name", basis=basis
            )
            for field, old in before.items()
            if old
        )
        former = held.former_names.values_list("name", flat=True)
        pinyin = organization_search_text(new["name"], new["short_name"], *former)
        Organization.objects.filter(pk=held.pk).update(**new, pinyin=pinyin)
        audit.record(
            actor=actor,
            verb="organizations.rename",
            obj=held,
            before=before,
            after={**after, "on": on, "basis": basis},
        )
    organization.refresh_from_db()
    return organization


def _check_last_name(held: Organization, on: date) -> None:
    last = held.former_names.filter(until__gt=on).order_by("-until").first()
    if last is not None:
        raise DomainError(
            f"「{held}」自 {last.until:%Y-%m-%d} 起才用现在的名称，改名日期不能早于这一天。"
        )


def change_organization(
    *, actor: "User | None", organization: Organization, code: str, kind: str, order: int
) -> Organization:
    """Correct code, kind and place in the customary order. Name and superior have their own verbs.

    The kind is changed without a date: it names what the organisation is called today.
    """
    check_may_manage(actor)
    with transaction.atomic():
        lock_tree()
        held = Organization.objects.get(pk=organization.pk)
        new: dict[str, Any] = {"code": code, "kind": kind, "order": order}
        before, after = audit.changes(held, new)
        if "code" in after:
            check_code(code)
        if "kind" in after:
            check_parent(held.parent, kind=kind)
            check_may_lead(held, kind=kind)
        if after:
            Organization.objects.filter(pk=held.pk).update(**after)
            audit.record(
                actor=actor,
                verb="organizations.change",
                obj=held,
                before=before,
                after=after,
            )
    organization.refresh_from_db()
    return organization


def link_schools(
    *,
    actor: "User | None",
    organization: Organization,
    schools: Iterable[School],
    on: date,
    basis: str = "",
) -> Organization:
    """Say in which schools ``organization`` works from the day ``on``; who goes is remembered."""
    check_may_manage(actor)
    wanted = {school.pk: school for school in schools}
    with transaction.atomic():
        lock_tree()
        check_open(organization, on)
        links = SchoolLink.objects.filter(organization=organization).select_related("school")
        held = {link.school_id: link for link in links}
        leave_schools([held[pk] for pk in held if pk not in wanted], on=on, basis=basis)
        added = [school for pk, school in wanted.items() if pk not in held]
        enter_schools(organization, added, on=on)
        before = [link.school.name for link in held.values()]
        after = [school.name for school in wanted.values()]
        if sorted(before) != sorted(after):
            audit.record(
                actor=actor,
                verb="organizations.link_schools",
                obj=organization,
                before={"schools": before},
                after={"schools": after, "on": on, "basis": basis},
            )
    return organization


def enter_schools(organization: Organization, schools: Iterable[School], *, on: date) -> None:
    """Let ``organization`` work in further schools from the day ``on``."""
    SchoolLink.objects.bulk_create(
        SchoolLink(organization=organization, school=school, since=on) for school in schools
    )


def leave_schools(links: Sequence[SchoolLink], *, on: date, basis: str) -> None:
    """End links before the day ``on``, and remember them; one of that same day never held."""
    late = next((link for link in links if link.since is not None and link.since > on), None)
    if late is not None:
        raise DomainError(
            f"「{late.organization}」自 {late.since:%Y-%m-%d} 起才在「{late.school}」，"
            "日期不能早于这一天。"
        )
    FormerSchoolLink.objects.bulk_create(
        FormerSchoolLink(
            organization_id=link.organization_id,
            school_id=link.school_id,
            campus_id=link.campus_id,
            since=link.since,
            until=on,
            basis=basis,
        )
        for link in links
        if link.since != on
    )
    SchoolLink.objects.filter(pk__in=[link.pk for link in links]).delete()
