"""Qualifications out of a spreadsheet: one row for each person, empty cells change nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from cadres.imports.people import people_of, person_columns
from cadres.permissions import may_keep_files
from cadres.qualities import MOST_LESSONS, Degree, FactKind, Subject, TeacherTitle
from cadres.services.facts import Fact, state_facts
from common import cells, imports
from common.errors import ForbiddenError
from common.imports import Column, Outcome, Plan, Row, Saved
from common.resolving import NameResolver
from organizations.queries.names import closed_names, organization_names
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

TITLE = "任职资格"
_DEGREES = {
    **{each.label: each.value for each in Degree},
    "博士研究生": Degree.DOCTOR.value, "硕士研究生": Degree.MASTER.value,
    "研究生": Degree.MASTER.value, "本科": Degree.BACHELOR.value,
    "大学": Degree.BACHELOR.value, "学士": Degree.BACHELOR.value,
    "大专": Degree.COLLEGE.value, "专科": Degree.COLLEGE.value, "中专": Degree.SECONDARY.value,
}  # fmt: skip
_TITLES = {
    **{each.label: each.value for each in TeacherTitle},
    "正高级": TeacherTitle.PROFESSOR.value, "正高": TeacherTitle.PROFESSOR.value,
    "高级": TeacherTitle.SENIOR.value, "副高级": TeacherTitle.SENIOR.value,
    "中学高级": TeacherTitle.SENIOR.value, "一级": TeacherTitle.FIRST.value,
    "中级": TeacherTitle.FIRST.value, "小学高级": TeacherTitle.FIRST.value,
    "二级": TeacherTitle.SECOND.value, "三级": TeacherTitle.THIRD.value,
    "未评": TeacherTitle.NONE.value,
}  # fmt: skip
_SUBJECTS = {
    **{each.label: each.value for each in Subject},
    "思政": Subject.MORALS.value, "道德与法治": Subject.MORALS.value, "政治": Subject.MORALS.value,
    "信息技术": Subject.TECHNOLOGY.value, "劳动": Subject.LABOUR.value,
    "综合实践": Subject.LABOUR.value, "心理": Subject.MIND.value, "学前": Subject.PRESCHOOL.value,
    "体育与健康": Subject.SPORTS.value, "无": Subject.NONE.value,
}  # fmt: skip
# Column of the value, of the time that belongs to it.
_PAIRS = (
    (FactKind.DEGREE, "degree", "degree_since"),
    (FactKind.TITLE, "title", "title_since"),
    (FactKind.SUBJECT, "subject", ""),
    (FactKind.LOAD, "load", "load_since"),
    (FactKind.BACKBONE, "backbone", "backbone_since"),
)


def columns(resolver: NameResolver) -> tuple[Column, ...]:
    """Return the columns of the list; ``resolver`` knows the organisations."""
    time = cells.loose_date()
    return (
        *person_columns(resolver),
        Column("degree", "学历学位", cells.choice(_DEGREES), synonyms=("学历", "最高学历"),
               example="大学本科"),
        Column("degree_since", "毕业时间", time, synonyms=("学历取得时间",), example="2007.06"),
        Column("title", "职称", cells.choice(_TITLES), synonyms=("专业技术职务",),
               example="高级教师"),
        Column("title_since", "职称取得时间", time, synonyms=("职称时间", "评聘时间"),
               example="2019.12"),
        Column("subject", "任教学科", cells.choice(_SUBJECTS), synonyms=("学科",), example="语文"),
        Column("load", "周课时", cells.integer(maximum=MOST_LESSONS), synonyms=("周课时数",),
               example="8"),
        Column("load_since", "课时起算", time, synonyms=("课时学年",), example="2025.09"),
        Column("backbone", "骨干称号", cells.text(max_length=100), synonyms=("骨干教师称号",)),
        Column("backbone_since", "骨干称号时间", time, synonyms=("称号时间",)),
        Column("backbone_until", "称号有效期至", cells.full_date()),
        Column("basis", "依据", cells.text(), default="", synonyms=("备注",)),
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
    """Read the list and save it, or find out what saving it would do; as lists of hours do."""
    if actor is not None and not may_keep_files(actor):
        raise ForbiddenError("只有局机关工作人员可以导入任职资格。")
    resolver = NameResolver("党组织", organization_names(on), gone=closed_names(on))
    plan = imports.read(data, columns(resolver), filename=filename, tell=tell)
    save = partial(_save, plan, actor=actor, on=on, at=at, filename=filename)
    return imports.apply(plan, save=save, dry_run=dry_run, only_clean=only_clean)


def _facts(row: Row, person: Person) -> Iterator[tuple[str, Fact]]:
    """Yield what a row says, with the column where it stands; empty cells say nothing."""
    for kind, column, since in _PAIRS:
        if row[column] is not None:
            until = row["backbone_until"] if kind == FactKind.BACKBONE else None
            began = row[since] if since else None
            yield column, Fact(person, kind, str(row[column]), began, until, row["basis"])


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
    taken = [
        (row, column, fact)
        for row in rows
        if row.number in people
        for column, fact in _facts(row, people[row.number])
    ]
    if not taken:
        return Saved(unchanged=len(people), problems=problems)
    said = [fact for _row, _column, fact in taken]
    done = state_facts(actor=actor, facts=said, at=at, label=filename)
    problems += [
        plan.problem(taken[place][0], taken[place][1], words) for place, _key, words in done.refused
    ]
    changed = {taken[place][0].number for place in done.created}
    return Saved(len(changed), 0, len(people) - len(changed), problems)
