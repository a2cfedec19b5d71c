"""Founding many organisations at once: a statement for each level and batch, one audit entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Union

from django.db import connection, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, LPad

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
        for level in _levels(foundings):
            _create_level(level)
        founded = [each.organization for each in foundings if each.organization]
        _place_all(min(row.pk for row in founded), max(row.pk for row in founded))
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


def _levels(foundings: Sequence[Founding]) -> list[list[Founding]]:
    """Sort so that every superior comes in an earlier level than its subordinates."""
    waiting = list(foundings)
    placed: set[int] = set()
    levels: list[list[Founding]] = []
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
        levels.append(ready)
    return levels


def _create_level(level: Sequence[Founding]) -> None:
    rows = [_unsaved(each) for each in level]
    Organization.objects.bulk_create(rows)
    for founding, row in zip(level, rows, strict=True):
        row.path += f"{row.pk:0{STEP_LENGTH}}"
        founding.organization = row
    # New ids are only known after the insert, so the last step of each path is added by one UPDATE.
    step = LPad(Cast("pk", CharField()), STEP_LENGTH, Value("0"))
    created = Organization.objects.filter(pk__gte=rows[0].pk, pk__lte=rows[-1].pk)
    created.update(path=Concat("path", step))


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


def _unsaved(founding: Founding) -> Organization:
    parent = founding.parent
    above = parent.organization if isinstance(parent, Founding) else parent
    if above is not None and above.level + 1 >= MAX_LEVELS:
        raise DomainError(f"党组织最多 {MAX_LEVELS} 级，请检查「{founding.name}」的上级党组织。")
    return Organization(
        code=founding.code,
        name=founding.name,
        short_name=founding.short_name,
        pinyin=organization_search_text(founding.name, founding.short_name),
        kind=founding.kind,
        parent=above,
        path=above.path if above else "",
        order=founding.order,
        founded_on=founding.founded_on,
    )
