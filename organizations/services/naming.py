"""What an organisation is called and where it works: name, code, kind, order, schools."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from common import audit
from common.errors import DomainError
from organizations.models import FormerName, Organization, School, SchoolLink
from organizations.names import organization_search_text
from organizations.services.guards import (
    check_code,
    check_may_lead,
    check_may_manage,
    check_name,
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
) -> Organization:
    """Give ``organization`` a new name from the day ``on``; the old ones stay searchable."""
    check_may_manage(actor)
    new = {"name": tidy(name), "short_name": tidy(short_name)}
    with transaction.atomic():
        lock_tree()
        held = Organization.objects.get(pk=organization.pk)
        before, after = audit.changes(held, new)
        if not after:
            raise DomainError(f"名称没有变化，仍是「{held}」。")
        if "name" in after:
            check_name(new["name"], parent=held.parent, besides=held)
        FormerName.objects.bulk_create(
            FormerName(organization=held, name=old, until=on) for old in before.values() if old
        )
        former = held.former_names.values_list("name", flat=True)
        pinyin = organization_search_text(new["name"], new["short_name"], *former)
        Organization.objects.filter(pk=held.pk).update(**new, pinyin=pinyin)
        audit.record(
            actor=actor,
            verb="organizations.rename",
            obj=held,
            before=before,
            after={**after, "on": on},
        )
    organization.refresh_from_db()
    return organization


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
    *, actor: "User | None", organization: Organization, schools: Iterable[School]
) -> Organization:
    """Say in which schools ``organization`` works; links that go are history in the audit log."""
    check_may_manage(actor)
    wanted = {school.pk: school for school in schools}
    with transaction.atomic():
        lock_tree()
        links = SchoolLink.objects.filter(organization=organization)
        before = list(links.values_list("school__name", flat=True))
        links.exclude(school__in=wanted).delete()
        kept = set(links.values_list("school", flat=True))
        added = [school for pk, school in wanted.items() if pk not in kept]
        SchoolLink.objects.bulk_create(
            SchoolLink(organization=organization, school=school) for school in added
        )
        after = [school.name for school in wanted.values()]
        if sorted(before) != sorted(after):
            audit.record(
                actor=actor,
                verb="organizations.link_schools",
                obj=organization,
                before={"schools": before},
                after={"schools": after},
            )
    return organization
