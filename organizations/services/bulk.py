"""Founding many organisations at once: one insert of all, one audit entry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Union

from django.db import connection, transaction

from common import audit
from common.errors import DomainError
from organizations.models import Organization, Placement, School, SchoolLink
from organizations.models.role import STEP_LENGTH
from organizations.names import organization_search_text
from organizations.services.guards import MAX_LEVELS, check_may_manage, lock_tree

if TYPE_CHECKING:
    from accounts.models import User

# The placement of an organisation whose day of founding nobody knows begins here.
LONG_AGO = date(1921, 7, 1)
# So many rows are written by one statement.
_PIECE = 1000


@dataclass(eq=False)
class Founding:
    """One organisation to be founded; ``parent`` may be one of the same batch."""

    name: str
    kind: str
    code: str
    parent: Union["Founding", Organization, None]
    schools: Sequence[School] = ()
    short_name: str = ""
    order: int = 0
    founded_on: date | None = None
    organization: Organization | None = None


def found_organizations(
    *, actor: "User | None", foundings: Sequence[Founding]
) -> list[Organization]:
    """Found all of them or none; return them in the order given.

    Refuses a circle and a depth that paths can't hold. Everything else that one may get wrong
    (names, codes, kinds of superiors) is the caller's to check, row by row: the importer does.
    """
    check_may_manage(actor)
    if not foundings:
        return []
    with transaction.atomic():
        lock_tree()
        ids = _reserved_ids(len(foundings))
        for each, pk in zip(_from_the_top(foundings), ids, strict=True):
            each.organization = _unsaved(each, pk)
        founded = [each.organization for each in foundings if each.organization]
        _insert(founded)
        _place_all(ids[0], ids[-1])
        SchoolLink.objects.bulk_create(
            SchoolLink(organization=each.organization, school=school)
            for each in foundings
            if each.organization
            for school in each.schools
        )
        audit.record(
            actor=actor,
            verb="organizations.found_many",
            model=Organization,
            label=f"{len(founded)} 个党组织",
            ids=[row.pk for row in founded],
        )
    return founded


def _from_the_top(foundings: Sequence[Founding]) -> Iterator[Founding]:
    """Yield every superior before its subordinates."""
    waiting = list(foundings)
    placed: set[int] = set()
    while waiting:
        ready = [
            each
            for each in waiting
            if not isinstance(each.parent, Founding) or id(each.parent) in placed
        ]
        if not ready:
            raise DomainError(f"「{waiting[0].name}」的上级党组织互相循环，请检查。")
        placed.update(map(id, ready))
        waiting = [each for each in waiting if id(each) not in placed]
        yield from ready


def _reserved_ids(count: int) -> list[int]:
    """Return ids that nobody else gets, ascending: with them paths are known before the insert.

    Paths written by an UPDATE afterwards cost as much as the rows themselves.
    """
    table = Organization._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            drawn = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(drawn, [table, count])
            return [pk for (pk,) in cursor.fetchall()]
        # One writer at a time: nobody draws an id until these rows are there.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    first = (last[0] if last else 0) + 1
    return list(range(first, first + count))


def _insert(rows: Sequence[Organization]) -> None:
    """Write the rows; on PostgreSQL without the ORM, which takes longer than the database."""
    if connection.vendor != "postgresql":
        Organization.objects.bulk_create(rows)
        return
    from psycopg2.extras import execute_values  # type: ignore[import-untyped]  # has no types

    fields = Organization._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values = ([field.pre_save(row, add=True) for field in fields] for row in rows)
    with connection.cursor() as cursor:
        # The names come from the model and are quoted; the values are parameters.
        statement = f"INSERT INTO {quote(Organization._meta.db_table)} ({columns}) VALUES %s"  # noqa: S608
        execute_values(cursor, statement, values, page_size=_PIECE)


def _place_all(first: int, last: int) -> None:
    """Give the organisations just created their first place, copied inside the database."""
    table, source = (
        connection.ops.quote_name(model._meta.db_table) for model in (Placement, Organization)
    )
    with connection.cursor() as cursor:
        # The names come from the models and are quoted; the values are parameters.
        cursor.execute(
            f"INSERT INTO {table} (organization_id, parent_id, path, since, basis) "  # noqa: S608
            f"SELECT id, parent_id, path, COALESCE(founded_on, %s), '' FROM {source} "
            "WHERE id BETWEEN %s AND %s",
            [LONG_AGO, first, last],
        )


def _unsaved(founding: Founding, pk: int) -> Organization:
    parent = founding.parent
    above = parent.organization if isinstance(parent, Founding) else parent
    if above is not None and above.level + 1 >= MAX_LEVELS:
        raise DomainError(f"党组织最多 {MAX_LEVELS} 级，请检查「{founding.name}」的上级党组织。")
    return Organization(
        pk=pk,
        code=founding.code,
        name=founding.name,
        short_name=founding.short_name,
        pinyin=organization_search_text(founding.name, founding.short_name),
        kind=founding.kind,
        parent=above,
        path=f"{above.path if above else ''}{pk:0{STEP_LENGTH}}",
        order=founding.order,
        founded_on=founding.founded_on,
    )
