"""Honours out of a spreadsheet: of people where a name stands, else of the organisation.

Who is meant says the name within the unit, or a number (``people.finding``); the same file again
changes nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from common import cells, imports
from common.errors import ForbiddenError
from common.imports import Column, Outcome, Plan, Row, RowProblem, Saved, Values
from common.resolving import NameResolver
from honours.choices import Level
from honours.permissions import may_keep
from honours.services import Entry, Facts, enter_honours
from honours.services.register import check_facts
from organizations.models import Organization
from organizations.queries.names import closed_names, organization_names
from people.facts import FactError
from people.finding import PersonFinder, Wanted
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

TITLE = "荣誉"
_LEVELS = {
    **{level.label: level for level in Level},
    "国家": Level.NATIONAL,
    "全国": Level.NATIONAL,
    "省": Level.PROVINCIAL,
    "省部级": Level.PROVINCIAL,
    "市": Level.CITY,
    "地市级": Level.CITY,
    "区": Level.DISTRICT,
    "区县级": Level.DISTRICT,
    "县级": Level.DISTRICT,
    "校": Level.SCHOOL,
}


def columns(resolver: NameResolver) -> tuple[Column, ...]:
    """Return the columns of the list; ``resolver`` knows the organisations."""
    return (
        Column("name", "姓名", cells.person_name(), synonyms=("获奖人", "姓名（集体）"), default="",
               example="张三"),
        Column("organization", "单位", resolver, required=True, fill_down=True,
               synonyms=("党组织", "所在党组织", "所在单位", "学校", "获奖单位", "单位（党组织）"),
               example="芙蓉小学"),
        Column("title", "荣誉名称", cells.text(), synonyms=("荣誉", "荣誉称号", "奖项", "奖项名称"),
               required=True, example="优秀教师"),
        Column("level", "级别", cells.choice(_LEVELS), synonyms=("荣誉级别", "奖项级别", "等级"),
               required=True, fill_down=True, example="区级"),
        Column("body", "授予单位", cells.text(), default="", fill_down=True,
               synonyms=("颁奖单位", "授奖单位", "表彰单位", "颁发单位")),
        Column("awarded", "授予时间", cells.loose_date(), required=True, fill_down=True,
               synonyms=("时间", "获奖时间", "表彰时间", "授予日期", "年月", "年度"),
               example="2024.09"),
        Column("document", "文号", cells.text(max_length=100), default="", fill_down=True,
               synonyms=("文件号", "发文字号", "证书号", "证书编号", "文号（证书号）")),
        Column("valid_until", "有效期至", cells.full_date(), synonyms=("有效期", "到期时间")),
        Column("work", "作品（项目）", cells.text(), default="",
               synonyms=("作品", "项目", "获奖作品", "获奖作品（项目）")),
        Column("basis", "来源", cells.text(), default="", synonyms=("依据", "备注")),
        Column("id_number", "身份证号", cells.code(), default="", private=True,
               synonyms=("身份证号码", "公民身份号码", "身份证")),
        Column("mobile", "手机", cells.mobile(), default="", private=True,
               synonyms=("手机号", "手机号码", "联系电话")),
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
    if actor is not None and not may_keep(actor):
        raise ForbiddenError("只有局机关工作人员可以导入荣誉。")
    resolver = NameResolver("党组织", organization_names(on), gone=closed_names(on))
    check = partial(_check, on=on)
    plan = imports.read(data, columns(resolver), filename=filename, check=check, tell=tell)
    save = partial(_save, plan, actor=actor, on=on, at=at, filename=filename)
    return imports.apply(plan, save=save, dry_run=dry_run, only_clean=only_clean)


def _facts(values: Values) -> Facts:
    names = ("title", "level", "awarded", "body", "document", "valid_until", "work", "basis")
    return Facts(**{name: values[name] for name in names})


def _check(values: Values, *, on: date) -> Iterator[tuple[str, str]]:
    try:
        check_facts(_facts(values), holder=None, on=on)
    except FactError as error:
        yield error.key, error.message


def _save(
    plan: Plan,
    rows: Sequence[Row],
    *,
    actor: "User | None",
    on: date,
    at: datetime,
    filename: str,
) -> Saved:
    problems = list(_outside(plan, rows, actor))
    outside = {problem.row for problem in problems}
    inside = [row for row in rows if row.number not in outside]
    places = Organization.objects.in_bulk({row["organization"] for row in inside})
    finder = PersonFinder([_wanted(row) for row in inside if row["name"]], on=on)
    taken, entries = [], []
    for row in inside:
        try:
            holder: Person | Organization = (
                finder.find(_wanted(row)) if row["name"] else places[row["organization"]]
            )
        except FactError as error:
            problems.append(plan.problem(row, error.key, error.message))
            continue
        taken.append(row)
        entries.append(Entry(holder, _facts(row.values)))
    done = enter_honours(actor=actor, entries=entries, at=at, label=filename)
    problems += [plan.problem(taken[each.place], each.key, each.message) for each in done.refused]
    warnings = [
        f"第 {taken[place].number} 行：{entries[place].holder}的「{entries[place].facts.title}」"
        f"可能重复，另有 {near.line}。"
        for place, near in done.repeated.items()
    ]
    return Saved(len(done.created), len(done.changed), len(done.unchanged), problems, warnings)


def _wanted(row: Row) -> Wanted:
    return Wanted(row["name"], row["organization"], row["id_number"].upper(), row["mobile"])


def _outside(plan: Plan, rows: Sequence[Row], actor: "User | None") -> Iterator[RowProblem]:
    """Refuse organisations that the officer has no say in."""
    if actor is None:
        return
    seen: Any = Organization.objects.visible_to(actor)
    known = set(seen.values_list("pk", flat=True))
    for row in rows:
        if row["organization"] not in known:
            yield plan.problem(row, "organization", "不在您分管的学校类别里，请去掉这一行。")
