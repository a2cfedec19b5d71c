"""The roster out of a spreadsheet: ten thousand people checked, encrypted and entered at once.

Who is meant says the ID number, else the mobile number, else the name within the organisation
(``people.matching``); the same file again changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from common import cells, imports
from common.errors import ForbiddenError
from common.imports import Column, Outcome, Plan, Row, Saved, Values
from common.resolving import NameResolver
from organizations.queries.names import closed_names, organization_names
from people.choices import Sex, StandingKind
from people.facts import FactError, Facts, check_since, checked_facts
from people.permissions import may_import_roster
from people.services import Entry, enter_standings

if TYPE_CHECKING:
    from accounts.models import User

TITLE = "党员名册"
_KINDS = {
    **{kind.label: kind for kind in StandingKind},
    "正式": StandingKind.FULL,
    "中共党员": StandingKind.FULL,
    "预备": StandingKind.PROBATIONARY,
    "中共预备党员": StandingKind.PROBATIONARY,
    "积极分子": StandingKind.ACTIVIST,
    "申请人": StandingKind.APPLICANT,
}
_SEXES = {Sex.MALE.label: Sex.MALE, Sex.FEMALE.label: Sex.FEMALE}
_SEXES |= {"男性": Sex.MALE, "女性": Sex.FEMALE}
# From which column the first day of a standing is taken where 身份起始 is empty.
_FIRST_DAY = {StandingKind.FULL: "confirmed", StandingKind.PROBATIONARY: "joined"}


def columns(resolver: NameResolver) -> tuple[Column, ...]:
    """Return the columns of the list; ``resolver`` knows the organisations.

    What an ID number says is checked with the row, against sex and birth.
    """
    day = cells.partial_date()
    return (
        Column("name", "姓名", cells.person_name(), required=True, example="张三"),
        Column(
            "organization",
            "党组织",
            resolver,
            synonyms=("所在党组织", "所在党支部", "党支部", "党组织全称", "单位", "学校"),
            required=True,
            fill_down=True,
            example="芙蓉小学党支部",
        ),
        Column(
            "kind",
            "人员类别",
            cells.choice(_KINDS),
            synonyms=("类别", "党员类别", "党员类型", "政治面貌", "身份"),
            required=True,
            example="正式党员",
        ),
        Column("sex", "性别", cells.choice(_SEXES), example="女"),
        Column("born_on", "出生年月", day, synonyms=("出生日期", "生日"), example="1985.07"),
        Column(
            "id_number",
            "身份证号",
            cells.code(),
            synonyms=("身份证号码", "公民身份号码", "身份证", "证件号码"),
            unique=True,
            private=True,
        ),
        Column(
            "mobile",
            "手机",
            cells.mobile(),
            synonyms=("手机号", "手机号码", "联系电话", "电话"),
            unique=True,
            private=True,
        ),
        Column("joined", "入党时间", day, synonyms=("入党日期", "加入党组织日期")),
        Column("confirmed", "转正时间", day, synonyms=("转正日期", "转为正式党员日期")),
        Column("since", "身份起始", day, synonyms=("起始日期", "起始时间", "列为时间")),
    )


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

    A row without a first day holds from the day ``on``. Raises `SheetError` (a `DomainError`) where
    there is no table, `ForbiddenError` for whoever may not import; ``actor`` None is the system.
    """
    if actor is not None and not may_import_roster(actor):
        raise ForbiddenError("只有局机关工作人员可以导入党员名册。")
    resolver = NameResolver("党组织", organization_names(on), gone=closed_names(on))
    reader = _Reader(on)
    plan = imports.read(data, columns(resolver), filename=filename, check=reader.check, tell=tell)
    save = partial(_save, plan, reader, actor=actor, at=at, filename=filename)
    return imports.apply(plan, save=save, dry_run=dry_run, only_clean=only_clean)


@dataclass(frozen=True)
class _Reader:
    """Turns a row into facts and a first day, as of the day ``on``."""

    on: date

    def check(self, values: Values) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a row as a whole."""
        try:
            facts, since = self.facts(values), self.since(values)
            check_since(since, born_on=facts.born_on, on=self.on)
        except FactError as error:
            key = self._source(values) if error.key == "since" else error.key
            yield key, error.message

    def facts(self, values: Values) -> Facts:
        """Return what the row says of the person."""
        born = values["born_on"]
        return checked_facts(
            name=values["name"],
            sex=values["sex"] or "",
            born_on=born.first if born else None,
            id_number=values["id_number"] or "",
            mobile=values["mobile"] or "",
            on=self.on,
        )

    def since(self, values: Values) -> date:
        """Return the first day of the standing; a month counts from its first."""
        day: Any = values[self._source(values)]
        return day.first if day else self.on

    def _source(self, values: Values) -> str:
        return "since" if values["since"] else _FIRST_DAY.get(values["kind"], "since")


def _save(
    plan: Plan,
    reader: _Reader,
    rows: Sequence[Row],
    *,
    actor: "User | None",
    at: datetime,
    filename: str,
) -> Saved:
    entries = [
        Entry(row["organization"], row["kind"], reader.since(row.values), reader.facts(row.values))
        for row in rows
    ]
    done = enter_standings(actor=actor, entries=entries, at=at, label=filename)
    problems = [plan.problem(rows[each.place], each.key, each.message) for each in done.refused]
    return Saved(len(done.created), len(done.changed), len(done.unchanged), problems=problems)
