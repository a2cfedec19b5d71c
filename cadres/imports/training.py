"""Hours of training out of a spreadsheet; the same file again changes nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from cadres.imports.people import people_of, person_columns
from cadres.permissions import may_keep_files
from cadres.services.hours import Hours, credit_hours
from cadres.services.training import MOST_HOURS
from common import cells, imports
from common.errors import ForbiddenError
from common.imports import Column, Outcome, Plan, Row, Saved
from common.resolving import NameResolver
from organizations.queries.names import closed_names, organization_names

if TYPE_CHECKING:
    from accounts.models import User

TITLE = "培训学时"


def columns(resolver: NameResolver) -> tuple[Column, ...]:
    """Return the columns of the list; ``resolver`` knows the organisations."""
    return (
        *person_columns(resolver),
        Column("title", "培训名称", cells.text(), required=True, fill_down=True,
               synonyms=("培训班", "培训项目", "培训内容", "项目"), example="省党务干部网络培训"),
        Column("held_on", "结束日期", cells.full_date(), required=True, fill_down=True,
               synonyms=("培训日期", "日期", "结业日期", "培训时间"), example="2026-03-25"),
        Column("hours", "学时", cells.integer(minimum=1, maximum=MOST_HOURS), required=True,
               fill_down=True, synonyms=("学时数", "培训学时", "课时"), example="8"),
        Column("organiser", "主办单位", cells.text(), default="", fill_down=True,
               synonyms=("培训单位", "举办单位")),
        Column("basis", "证明", cells.text(), default="",
               synonyms=("结业证号", "证书编号", "备注")),
    )  # fmt: skip


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
    if actor is not None and not may_keep_files(actor):
        raise ForbiddenError("只有局机关工作人员可以导入学时。")
    resolver = NameResolver("党组织", organization_names(on), gone=closed_names(on))
    plan = imports.read(data, columns(resolver), filename=filename, tell=tell)
    save = partial(_save, plan, actor=actor, on=on, at=at, filename=filename)
    return imports.apply(plan, save=save, dry_run=dry_run, only_clean=only_clean)


def _save(
    plan: Plan,
    rows: Sequence[Row],
    *,
    actor: "User | None",
    on: date,
    at: datetime,
    filename: str,
) -> Saved:
    people, problems = people_of(plan, rows, actor=actor, on=on)
    taken = [row for row in rows if row.number in people]
    entries = [
        Hours(
            people[row.number],
            **{key: row[key] for key in ("title", "held_on", "hours", "organiser", "basis")},
        )
        for row in taken
    ]
    if not entries:
        return Saved(problems=problems)
    done = credit_hours(actor=actor, entries=entries, at=at, label=filename)
    problems += [plan.problem(taken[place], key, words) for place, key, words in done.refused]
    return Saved(len(done.created), len(done.changed), len(done.unchanged), problems)
