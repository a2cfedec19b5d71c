"""Posts and terms out of a spreadsheet: the ledger as it is printed, or a list of whole boards.

A row is a post; a row without a name tells of the term alone. What is here already is brought up
to date; the same file again changes nothing. Each new post goes through the same service as one
that is typed in.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from cadres.imports.columns import columns
from cadres.imports.desk import Desk
from cadres.permissions import may_import
from common import imports
from common.errors import ForbiddenError
from common.imports import Outcome, Plan, Row, Saved, Values
from common.resolving import NameResolver
from organizations.queries.names import closed_names, organization_names
from people.facts import FactError, Facts, checked_facts

if TYPE_CHECKING:
    from accounts.models import User

TITLE = "书记台账（任职和任期）"


def run(
    *,
    actor: "User | None",
    data: bytes,
    filename: str,
    dry_run: bool,
    only_clean: bool = False,
    on: date,
    at: datetime,
    tell: imports.Tell | None = None,
) -> Outcome:
    """Read the list and save it, or find out what saving it would do.

    Raises `SheetError` (a `DomainError`) where there is no table, `ForbiddenError` for whoever may
    not import; ``actor`` None is the system.
    """
    if actor is not None and not may_import(actor):
        raise ForbiddenError("只有组织科的工作人员可以导入任职和任期。")
    resolver = NameResolver("党组织", organization_names(on), gone=closed_names(on))
    check = partial(_check, on=on)
    plan = imports.read(data, columns(resolver), filename=filename, check=check, tell=tell)
    save = partial(_save, plan, actor=actor, at=at, on=on)
    return imports.apply(plan, save=save, dry_run=dry_run, only_clean=only_clean)


def _check(values: Values, *, on: date) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a row as a whole."""
    if not values["name"]:
        if not (values["due_on"] or values["term_since"]):
            yield "name", "没有填写，也没有写届满时间；空行请删去。"
        return
    for key in ("post", "since"):
        if values[key] is None:
            yield key, "没有填写，请补上。"
    try:
        facts_of_row(values, on=on)
    except FactError as error:
        yield error.key, error.message


def facts_of_row(values: Values, *, on: date) -> Facts:
    """Return what the row says of the person."""
    born = values["born_on"]
    return checked_facts(
        name=values["name"],
        sex=values["sex"] or "",
        born_on=born.first if born else None,
        id_number=values["id_number"] or "",
        mobile=values["mobile"] or "",
        on=on,
    )


def _save(
    plan: Plan, rows: Sequence[Row], *, actor: "User | None", at: datetime, on: date
) -> Saved:
    named = [(row, facts_of_row(row.values, on=on)) for row in rows if row["name"]]
    desk = Desk(rows, named, actor=actor, at=at, on=on)
    desk.take_all()
    problems = [plan.problem(row, key, message) for row, key, message in desk.refused]
    return Saved(desk.created, desk.changed, desk.unchanged, problems=problems)
