"""The page of coverage: what was asked, its table, the schools behind a figure, file and paper."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from common import audit
from common.days import chinese_date
from common.exports import ExportColumn
from common.jobs import enqueue
from common.models import Job
from organizations.models import Organization, School, SchoolGroup, SchoolQuerySet
from organizations.queries.tree import school_links_on
from people.models import Instructor
from people.queries.coverage import (
    CELLS,
    LABELS,
    Row,
    SchoolCoverage,
    cells_of,
    coverage,
    coverage_table,
)
from rulebook import setup
from rulebook.model import Finding

if TYPE_CHECKING:
    from accounts.models import User

COVERAGE_JOB = "people.print_coverage"
# Lists that go with the table onto paper: whom something is to be done about.
PRINTED = ("lacking", "uncovered", "unknown")
DEFINITION = (
    "组织覆盖：有单独组建或联合组建的党组织的学校；工作覆盖：已组建党组织，或派驻党建指导员的学校。"
    "百分比不进位；按当日的组织设置、人数登记和派驻计算，党员数没有登记的算“未知”，不算 0"
)


@dataclass(frozen=True)
class Asked:
    """Which schools, as of which day."""

    on: date
    kind: str = ""
    ownership: str = ""
    group: int | None = None

    def schools(self, user: "User") -> SchoolQuerySet:
        """The schools asked for that ``user`` may see."""
        rows: SchoolQuerySet = School.objects.visible_to(user)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.ownership:
            rows = rows.filter(ownership=self.ownership)
        if self.group:
            rows = rows.filter(pk__in=SchoolGroup.schools.through.objects.filter(
                schoolgroup=self.group
            ).values("school"))  # fmt: skip
        return rows

    @property
    def params(self) -> dict[str, Any]:
        """The same for the row of a job."""
        return {**asdict(self), "on": self.on.isoformat()}


@dataclass(frozen=True)
class Line:
    """One school of a list: who works there, its members, what the rule says."""

    school: School
    found: SchoolCoverage
    organizations: str
    instructors: str
    finding: Finding | None

    @property
    def members(self) -> str:
        """Full members in words; unknown is never 0."""
        return "未知" if self.found.full is None else str(self.found.full)

    @property
    def rule(self) -> str:
        """What the rule says, with its article."""
        if self.found.own or self.finding is None:
            return ""
        cited = f"（{self.finding.clause.cited}）" if self.finding.clause else ""
        return f"{self.finding.words}{cited}"


def table_of(user: "User", asked: Asked) -> list[Row]:
    """Return the table as ``user`` may see it."""
    return coverage_table(coverage(asked.schools(user), asked.on), asked.on)


def found_in(user: "User", asked: Asked, cell: str) -> list[SchoolCoverage]:
    """Return the schools behind a figure, in customary order."""
    found = coverage(asked.schools(user), asked.on)
    if cell == "total":
        return found
    return [each for each in found if cell in cells_of(each, asked.on)]


def lines(found: Sequence[SchoolCoverage], on: date) -> list[Line]:
    """Return these schools with names, organisations and instructors; three queries."""
    ids = [each.school_id for each in found]
    schools = School.objects.in_bulk(ids)
    working: dict[int, list[str]] = {pk: [] for pk in ids}
    names = ("organization__path", "school", "organization__name", "organization__short_name")
    there = Organization.objects.open_on(on).order_by().values("pk")
    for _, pk, name, short in sorted(
        school_links_on(on, *names, school__in=ids, organization__in=there)
    ):
        working[pk].append(short or name)
    sent: dict[int, list[str]] = {pk: [] for pk in ids}
    for row in Instructor.objects.on(on).filter(school__in=ids).select_related("person"):
        sent[row.school_id].append(str(row.person))
    return [
        Line(
            schools[each.school_id],
            each,
            "、".join(working[each.school_id]),
            "、".join(sent[each.school_id]),
            each.finding(on),
        )
        for each in found
    ]


def rule_words(on: date) -> str:
    """What is asked of schools with their own members, and where that stands."""
    clause = setup.SCHOOL_ORGANIZATION.clause_on(on)
    return f"{clause.asks}（{clause.cited}）" if clause else ""


# Onto paper and into files ---------------------------------------------------------------------
def table_columns() -> list[ExportColumn[Row]]:
    """The table as a file."""
    return [
        ExportColumn("学校类别", lambda row: row.label, 22),
        *(_figure_column(key, label) for key, label in CELLS),
        ExportColumn("组织覆盖率", lambda row: row.rate, 12, "right"),
        ExportColumn("组织覆盖率算式", lambda row: row.sum_words, 36),
        ExportColumn("工作覆盖率", lambda row: row.work_rate, 12, "right"),
        ExportColumn("工作覆盖率算式", lambda row: row.work_words, 40),
    ]


def _figure_column(key: str, label: str) -> ExportColumn[Row]:
    return ExportColumn(label, lambda row: getattr(row, key), 11, "right")


def list_columns() -> list[ExportColumn[Line]]:
    """The schools behind a figure as a file."""
    return [
        ExportColumn("学校（单位）", lambda line: line.school.name, 30),
        ExportColumn("类别", lambda line: line.school.get_kind_display(), 14),
        ExportColumn("办学性质", lambda line: line.school.get_ownership_display(), 10),
        ExportColumn("覆盖方式", lambda line: line.found.word, 12),
        ExportColumn("党组织", lambda line: line.organizations, 36),
        ExportColumn("党建指导员", lambda line: line.instructors, 14),
        ExportColumn("正式党员", lambda line: line.members, 10, "right"),
        ExportColumn("说明", lambda line: line.rule, 44),
    ]


def order_print(*, actor: "User", asked: Asked, at: datetime) -> Job:
    """Have the table printed with the lists of whom something is to be done about."""
    audit.record(actor=actor, verb="people.print_coverage", after={"on": asked.on}, at=at)
    return enqueue(
        kind=COVERAGE_JOB, label="打印党组织覆盖情况", params={"asked": asked.params}, owner=actor
    )


def coverage_html(user: "User", params: dict[str, Any]) -> str:
    """Return the table and its lists on paper, as ``user`` may see them."""
    asked = Asked(**{**params, "on": date.fromisoformat(params["on"])})
    found = coverage(asked.schools(user), asked.on)
    root = Organization.objects.visible_to(user).order_by("path").first()
    context = {
        "title": "党组织覆盖情况统计表",
        "unit": root.name if root else "",
        "on": asked.on,
        "day": chinese_date(asked.on),
        "rows": coverage_table(found, asked.on),
        "cells": CELLS,
        "definition": DEFINITION,
        "rule": rule_words(asked.on),
        "lists": [
            (LABELS[cell], lines([e for e in found if cell in cells_of(e, asked.on)], asked.on))
            for cell in PRINTED
        ],
    }
    return render_to_string("people/print/coverage.html", context)
