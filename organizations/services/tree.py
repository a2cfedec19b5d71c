"""The dated tree: founding and moving. Nothing here deletes a row.

Every change takes one lock on the roots first: two moves at once could otherwise make a circle.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max, Value
from django.db.models.functions import Concat, Length, Substr

from common import audit
from common.errors import ConflictError, DomainError
from organizations.models import Organization, Placement, School, SchoolLink
from organizations.models.organization import within
from organizations.models.role import LAST_STEP, STEP_LENGTH
from organizations.names import organization_search_text
from organizations.services.guards import (
    MAX_LEVELS,
    check_basis,
    check_code,
    check_may_manage,
    check_name,
    check_open,
    check_parent,
    lock_tree,
    tidy,
)

if TYPE_CHECKING:
    from accounts.models import User


def found_organization(
    *,
    actor: "User | None",
    name: str,
    kind: str,
    code: str,
    parent: Organization | None,
    on: date,
    schools: Iterable[School] = (),
    short_name: str = "",
    order: int | None = None,
    basis: str = "",
) -> Organization:
    """Found an organisation under ``parent`` from the day ``on``; without one it is the root.

    Without an ``order`` it stands behind its siblings. Several ``schools`` make a joint branch.
    """
    check_may_manage(actor)
    name, short_name = tidy(name), tidy(short_name)
    check_code(code)
    with transaction.atomic():
        lock_tree()
        above = Organization.objects.get(pk=parent.pk) if parent else None
        if above is None:
            _check_no_root()
        else:
            check_open(above, on)
            check_parent(above, kind=kind)
        check_name(name, parent=above)
        founded = Organization.objects.create(
            code=code,
            name=name,
            short_name=short_name,
            pinyin=organization_search_text(name, short_name),
            kind=kind,
            parent=above,
            order=_behind_siblings(above) if order is None else order,
            founded_on=on,
            basis=basis,
        )
        _place_first(founded, above, since=on)
        linked = [SchoolLink(organization=founded, school=school) for school in schools]
        SchoolLink.objects.bulk_create(linked)
        audit.record(
            actor=actor,
            verb="organizations.found",
            obj=founded,
            after={
                "name": name,
                "kind": kind,
                "code": code,
                "parent": above,
                "on": on,
                "schools": "、".join(str(link.school) for link in linked),
            },
        )
    return founded


def _place_first(founded: Organization, above: Organization | None, *, since: date) -> None:
    """Give it its path and the first of its dated places."""
    founded.path = (above.path if above else "") + str(founded.pk).zfill(STEP_LENGTH)
    Organization.objects.filter(pk=founded.pk).update(path=founded.path)
    Placement.objects.create(
        organization=founded,
        parent=above,
        path=founded.path,
        since=since,
        basis=founded.basis,
    )


def _behind_siblings(above: Organization | None) -> int:
    last = Organization.objects.filter(parent=above).aggregate(last=Max("order"))["last"]
    return (last or 0) + 10


def _check_no_root() -> None:
    if Organization.objects.filter(parent=None, closed_on=None).exists():
        raise DomainError("已有最上级党组织，请选择上级党组织。")


def move_organization(
    *, actor: "User | None", organization: Organization, parent: Organization, on: date, basis: str
) -> Organization:
    """Place ``organization`` with its whole subtree under ``parent`` from the day ``on``.

    The former places stay in ``Placement``. A constant number of statements, whatever the size.
    """
    check_may_manage(actor)
    check_basis(basis)
    with transaction.atomic():
        lock_tree()
        above = Organization.objects.get(pk=parent.pk)
        held = Organization.objects.get(pk=organization.pk)
        if held.parent_id != organization.parent_id:
            raise ConflictError(f"「{held}」刚刚已被他人调整了上级党组织，请刷新后再看。")
        check_open(held, on)
        check_open(above, on)
        check_parent(above, kind=held.kind)
        _check_move(held, above=above, on=on)
        check_name(held.name, parent=above, besides=held)
        before = held.parent
        _end_placements(held, parent=above, on=on, basis=basis)
        _rewrite_paths(held, parent=above)
        _begin_placements(above.path + held.path[-STEP_LENGTH:], on=on, basis=basis)
        audit.record(
            actor=actor,
            verb="organizations.move",
            obj=held,
            before={"parent": before},
            after={"parent": above, "on": on, "basis": basis},
        )
    organization.refresh_from_db()
    return organization


def _check_move(moved: Organization, *, above: Organization, on: date) -> None:
    if above.path.startswith(moved.path):
        raise DomainError(f"「{above}」就在「{moved}」之下，不能作为它的上级。")
    if moved.parent_id == above.pk:
        raise DomainError(f"「{moved}」已经隶属「{above}」，无需调整。")
    subtree = Organization.objects.filter(within(moved.path))
    deepest = subtree.aggregate(length=Max(Length("path")))["length"]
    if above.level + 1 + (deepest - len(moved.path)) // STEP_LENGTH >= MAX_LEVELS:
        raise DomainError(f"调整后超过 {MAX_LEVELS} 级，请检查上级党组织。")
    later = Placement.objects.filter(within(moved.path), until=None, since__gt=on).first()
    if later is not None:
        raise DomainError(
            f"「{later.organization}」自 {later.since:%Y-%m-%d} 起另有隶属变动，"
            f"调整日期不能早于这一天。"
        )


def _end_placements(moved: Organization, *, parent: Organization, on: date, basis: str) -> None:
    """End the current places of the subtree; those that began on the same day change instead."""
    current = Placement.objects.filter(within(moved.path), until=None)
    current.filter(since=on, organization=moved).update(parent=parent, basis=basis)
    current.filter(since=on).update(path=_moved_path(moved, parent))
    current.filter(since__lt=on).update(until=on)


def _begin_placements(path: str, *, on: date, basis: str) -> None:
    """Give whoever exists at or below ``path`` and has no place any more the one it has now."""
    table, source = (
        connection.ops.quote_name(model._meta.db_table) for model in (Placement, Organization)
    )
    with connection.cursor() as cursor:
        # The names come from the models and are quoted; the values are parameters.
        cursor.execute(
            f"INSERT INTO {table} (organization_id, parent_id, path, since, basis) "  # noqa: S608
            f"SELECT o.id, o.parent_id, o.path, %s, %s FROM {source} o "
            "WHERE o.path >= %s AND o.path <= %s AND o.closed_on IS NULL AND NOT EXISTS ("
            f"SELECT 1 FROM {table} p WHERE p.organization_id = o.id AND p.until IS NULL)",
            [connection.ops.adapt_datefield_value(on), basis, path, path + LAST_STEP],
        )


def _rewrite_paths(moved: Organization, *, parent: Organization) -> None:
    """Rewrite the paths of the subtree, closed ones included, in one statement."""
    Organization.objects.filter(pk=moved.pk).update(parent=parent)
    subtree = Organization.objects.filter(within(moved.path))
    subtree.update(path=_moved_path(moved, parent))


def _moved_path(moved: Organization, parent: Organization) -> Concat:
    kept = Substr("path", len(moved.path) - STEP_LENGTH + 1)
    return Concat(Value(parent.path), kept)
