"""Coverage: in which schools a Party organisation works, and where at least its work is done.

组织覆盖: an organisation of the school's own, or a joint one. 工作覆盖: besides these, schools to
which an instructor (党建指导员) is assigned. Everything as of a day, by the tree of that day; scope
and kinds of school are today's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from organizations.choices import KIND_GROUPS, SCHOOLS, SchoolKind
from organizations.models import (
    FormerSchoolLink,
    HeadCount,
    Organization,
    School,
    SchoolLink,
    SchoolMembers,
    SchoolQuerySet,
)
from people.models import Instructor
from rulebook import setup
from rulebook.checking import check
from rulebook.model import Finding, Verdict

# Figures of the table: key, what the head of its column says.
CELLS = (
    ("total", "学校（单位）"),
    ("own", "单独组建"),
    ("joint", "联合组建"),
    ("none", "未组建"),
    ("instructed", "未组建已派指导员"),
    ("uncovered", "工作未覆盖"),
    ("lacking", "应单独组建未组建"),
    ("unknown", "党员数未知"),
)
LABELS = dict(CELLS)


@dataclass(frozen=True, slots=True)
class SchoolCoverage:
    """One school on a day: who works there, how many full members are known to.

    ``full`` None is 'not known'. ``most`` is what the joint organisations have altogether: no
    school of theirs can have more.
    """

    school_id: int
    kind: str
    own: bool
    joint: bool
    instructed: bool
    full: int | None
    most: int | None

    @property
    def cells(self) -> tuple[str, ...]:
        """The figures in which it counts, without those that a rule decides."""
        if self.own or self.joint:
            return ("total", "own" if self.own else "joint")
        return ("total", "none", "instructed" if self.instructed else "uncovered")

    @property
    def word(self) -> str:
        """How it is covered."""
        if self.own or self.joint:
            return LABELS["own" if self.own else "joint"]
        return "派驻指导员" if self.instructed else "未覆盖"

    def finding(self, on: date) -> Finding | None:
        """What the rule on organisations of one's own says; None where it doesn't speak of it."""
        if self.kind not in SCHOOLS:
            return None
        return _judged(self.full if self.full is not None else self._bound, self.own, on)

    @property
    def _bound(self) -> int | None:
        """All members of the joint organisation, where they are so few that it decides."""
        few = int(setup.SCHOOL_ORGANIZATION.clauses[-1].figures[0].value)
        return self.most if self.most is not None and self.most < few else None


@lru_cache(maxsize=4096)
def _judged(full: int | None, own: bool, on: date) -> Finding:  # noqa: FBT001 - cached by place
    facts = setup.SchoolSetup(full=full, own_organization=own)
    return check(setup.SCHOOL_ORGANIZATION, facts, on=on)


@dataclass(frozen=True)
class Row:
    """The figures of a kind of school, or of several together."""

    label: str
    kind: str = ""
    is_sum: bool = False
    total: int = 0
    own: int = 0
    joint: int = 0
    none: int = 0
    instructed: int = 0
    uncovered: int = 0
    lacking: int = 0
    unknown: int = 0

    @property
    def covered(self) -> int:
        """Where an organisation works."""
        return self.own + self.joint

    @property
    def worked(self) -> int:
        """Where an organisation works or an instructor is."""
        return self.covered + self.instructed

    @property
    def rate(self) -> str:
        """组织覆盖率."""
        return percent(self.covered, self.total)

    @property
    def work_rate(self) -> str:
        """工作覆盖率."""
        return percent(self.worked, self.total)

    @property
    def sum_words(self) -> str:
        """(单独 20 + 联合 3) ÷ 学校 25 = 92.0%."""
        if not self.total:
            return ""
        return f"（单独 {self.own} + 联合 {self.joint}）÷ {self.total} = {self.rate}"

    @property
    def work_words(self) -> str:
        """The same with those to which an instructor is assigned."""
        if not self.total:
            return ""
        return (
            f"（已组建 {self.covered} + 指导员 {self.instructed}）÷ {self.total} = {self.work_rate}"
        )

    @property
    def cells(self) -> list[tuple[str, int]]:
        """The figures by the keys of their columns."""
        return [(key, getattr(self, key)) for key, _ in CELLS]


_FIGURES = [each.name for each in fields(Row)][3:]


def percent(part: int, whole: int) -> str:
    """85.5%, cut off and not rounded up; empty where there is nothing."""
    if not whole:
        return ""
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%"


def coverage(schools: SchoolQuerySet, on: date) -> list[SchoolCoverage]:
    """Return how each of ``schools`` that existed on the day ``on`` was covered; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(*statement(schools, on))
        return [_read(row) for row in cursor.fetchall()]


def _read(row: Sequence[Any]) -> SchoolCoverage:
    """A school out of a row of the statement; what was typed only where nobody counts for it."""
    pk, kind, own, joint, sent, own_full, typed, most = row
    full = typed if own_full is None else own_full
    return SchoolCoverage(pk, kind, bool(own), bool(joint), bool(sent), full, most)


def coverage_table(found: Iterable[SchoolCoverage], on: date) -> list[Row]:
    """Return a row for each kind that there is, the sum of each group of kinds, and of all."""
    counted: dict[str, dict[str, Any]] = {
        kind: dict.fromkeys(_FIGURES, 0) for kind in SchoolKind.values
    }
    for each in found:
        figures = counted[each.kind]
        for cell in cells_of(each, on):
            figures[cell] += 1
    rows: list[Row] = []
    for label, kinds in KIND_GROUPS:
        own = [
            replace(Row(str(kind.label), kind.value), **counted[kind])
            for kind in kinds
            if counted[kind]["total"]
        ]
        rows += [*own, *([_summed(f"{label}合计", own)] if len(own) > 1 else [])]
    return [*rows, _summed("总计", [row for row in rows if not row.is_sum])]


def _summed(label: str, rows: Sequence[Row]) -> Row:
    sums: dict[str, Any] = {name: sum(getattr(row, name) for row in rows) for name in _FIGURES}
    return replace(Row(label, is_sum=True), **sums)


def cells_of(each: SchoolCoverage, on: date) -> tuple[str, ...]:
    """Return all figures in which a school counts."""
    finding = None if each.own else each.finding(on)
    if finding is None or finding.verdict not in (Verdict.NOT_MET, Verdict.UNKNOWN):
        return each.cells
    return (*each.cells, "lacking" if finding.verdict == Verdict.NOT_MET else "unknown")


def schools_total(found: Iterable[SchoolCoverage], on: date) -> Row:
    """Return the sums over what is a school, for the leader's page."""
    table = coverage_table([each for each in found if each.kind in SCHOOLS], on)
    return table[-1]


# One pass over links, heads and instructors; the ORM has no words for the sums of a union. Names
# come from the models and are quoted; days and the values of the scope are parameters. A sum of
# which a part isn't known (own_open, joint_open) isn't known either.
_EXISTED = (
    "(o.founded_on IS NULL OR o.founded_on <= %s) AND (o.closed_on IS NULL OR o.closed_on > %s)"
)
_TAUGHT = "(s.opened_on IS NULL OR s.opened_on <= %s) AND (s.closed_on IS NULL OR s.closed_on > %s)"
_DAYS = 19
_STATEMENT = """
WITH links AS (
    SELECT l.organization_id, l.school_id FROM {link} l
    JOIN {organization} o ON o.id = l.organization_id
    JOIN {school} s ON s.id = l.school_id
    WHERE (l.since IS NULL OR l.since <= %s) AND {existed} AND {taught}
    UNION
    SELECT l.organization_id, l.school_id FROM {former} l
    JOIN {organization} o ON o.id = l.organization_id
    JOIN {school} s ON s.id = l.school_id
    WHERE (l.since IS NULL OR l.since <= %s) AND l.until > %s AND {existed} AND {taught}
), spans AS (
    SELECT organization_id, COUNT(*) AS schools FROM links GROUP BY organization_id
), heads AS (
    SELECT h.organization_id, h."full" AS counted FROM {heads} h
    WHERE h."on" <= %s AND NOT EXISTS (
        SELECT 1 FROM {heads} newer WHERE newer.organization_id = h.organization_id
        AND newer."on" > h."on" AND newer."on" <= %s)
), worked AS (
    SELECT links.school_id,
        MAX(CASE WHEN spans.schools = 1 THEN 1 ELSE 0 END) AS own,
        MAX(CASE WHEN spans.schools > 1 THEN 1 ELSE 0 END) AS joint,
        MAX(CASE WHEN spans.schools = 1 AND heads.counted IS NULL THEN 1 ELSE 0 END) AS own_open,
        MAX(CASE WHEN spans.schools > 1 AND heads.counted IS NULL THEN 1 ELSE 0 END) AS joint_open,
        SUM(CASE WHEN spans.schools = 1 THEN heads.counted END) AS own_full,
        SUM(CASE WHEN spans.schools > 1 THEN heads.counted END) AS most
    FROM links JOIN spans ON spans.organization_id = links.organization_id
    LEFT JOIN heads ON heads.organization_id = links.organization_id
    GROUP BY links.school_id
), typed AS (
    SELECT m.school_id, m."full" AS counted FROM {members} m
    WHERE m."on" <= %s AND NOT EXISTS (
        SELECT 1 FROM {members} newer WHERE newer.school_id = m.school_id
        AND newer."on" > m."on" AND newer."on" <= %s)
), sent AS (
    SELECT DISTINCT i.school_id FROM {instructor} i
    WHERE i.since <= %s AND (i.until IS NULL OR i.until > %s)
)
SELECT s.id, s.kind, COALESCE(worked.own, 0), COALESCE(worked.joint, 0),
    CASE WHEN sent.school_id IS NULL THEN 0 ELSE 1 END,
    CASE WHEN worked.own_open = 0 THEN worked.own_full END, typed.counted,
    CASE WHEN worked.joint_open = 0 THEN worked.most END
FROM {school} s
LEFT JOIN worked ON worked.school_id = s.id
LEFT JOIN typed ON typed.school_id = s.id
LEFT JOIN sent ON sent.school_id = s.id
WHERE {taught} AND s.id IN ({scope})
ORDER BY s."order", s.id
"""


def statement(schools: SchoolQuerySet, on: date) -> tuple[str, list[Any]]:
    """Return the statement and its values; the benchmark measures it by itself."""
    tables = {
        "link": SchoolLink,
        "former": FormerSchoolLink,
        "organization": Organization,
        "heads": HeadCount,
        "school": School,
        "members": SchoolMembers,
        "instructor": Instructor,
    }
    names = {
        name: connection.ops.quote_name(model._meta.db_table) for name, model in tables.items()
    }
    scope, bounds = schools.order_by().values("pk").query.sql_with_params()
    day = connection.ops.adapt_datefield_value(on)
    text = _STATEMENT.format(scope=scope, existed=_EXISTED, taught=_TAUGHT, **names)
    return text, [*[day] * _DAYS, *bounds]
