"""What the lists about cadres share: who is meant in which row, and whose file the actor keeps."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from cadres.models import Cadre, Post
from common import cells
from common.imports import Column, Plan, Row, RowProblem
from common.resolving import NameResolver
from organizations.models import Organization
from people.facts import FactError
from people.finding import PersonFinder, Wanted
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User


def person_columns(resolver: NameResolver) -> tuple[Column, ...]:
    """Return the columns that say who is meant."""
    return (
        Column("name", "姓名", cells.person_name(), required=True, example="张三"),
        Column("organization", "单位", resolver, required=True, fill_down=True,
               synonyms=("党组织", "所在党组织", "所在单位", "学校", "单位名称"),
               example="芙蓉小学"),
        Column("id_number", "身份证号", cells.code(), default="", private=True,
               synonyms=("身份证号码", "公民身份号码", "身份证")),
        Column("mobile", "手机", cells.mobile(), default="", private=True,
               synonyms=("手机号", "手机号码", "联系电话")),
    )  # fmt: skip


def people_of(
    plan: Plan, rows: Sequence[Row], *, actor: "User | None", on: date
) -> tuple[dict[int, Person], list[RowProblem]]:
    """Return by row number who is meant, and what is wrong with the other rows.

    A name is looked for in the unit beside it, never guessed; in a unit that the actor doesn't see
    nobody is looked for, and whoever's file the actor doesn't keep is refused.
    """
    inside, problems = _inside(plan, rows, actor)
    wanted = {row.number: _wanted(row) for row in inside}
    finder = PersonFinder(list(wanted.values()), on=on, ties=Post.objects.current())
    found: dict[int, Person] = {}
    for row in inside:
        try:
            found[row.number] = finder.find(wanted[row.number])
        except FactError as error:
            problems.append(plan.problem(row, error.key, error.message))
    if actor is not None:
        kept = set(Cadre.objects.editable_by(actor).values_list("pk", flat=True))
        for row in inside:
            person = found.get(row.number)
            if person is not None and person.pk not in kept:
                del found[row.number]
                remedy = "没有登记任职，或不在您管理的范围内，请先在任职里登记。"
                problems.append(plan.problem(row, "name", remedy))
    return found, problems


def _inside(
    plan: Plan, rows: Sequence[Row], actor: "User | None"
) -> tuple[list[Row], list[RowProblem]]:
    """Part the rows into those whose unit ``actor`` sees, and what is wrong with the others."""
    if actor is None:
        return list(rows), []
    seen = set(Organization.objects.visible_to(actor).values_list("pk", flat=True))
    inside = [row for row in rows if row["organization"] in seen]
    remedy = "这个单位不在您管理的范围内，请删去这一行，或交给管理它的同事导入。"
    outside = [row for row in rows if row["organization"] not in seen]
    return inside, [plan.problem(row, "organization", remedy) for row in outside]


def _wanted(row: Row) -> Wanted:
    return Wanted(row["name"], row["organization"], row["id_number"].upper(), row["mobile"])
