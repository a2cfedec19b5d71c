"""Accounts out of the list of secretaries: person, user and role for each row.

A person is who has the mobile number: two rows with one number are two posts of one human being,
and the same file again changes nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import User
from common import audit, cells, imports
from common.errors import DomainError, ForbiddenError
from common.imports import Column, Outcome, Plan, Row, RowProblem, Saved
from common.resolving import NameResolver
from organizations.choices import RoleKind
from organizations.models import Organization, Role
from organizations.queries.names import closed_names, organization_names
from organizations.services import grant_role
from people import services
from people.models import Person
from people.permissions import may_import

TITLE = "书记名单"
_POSTS = {
    "书记": RoleKind.SECRETARY,
    "党支部书记": RoleKind.SECRETARY,
    "支部书记": RoleKind.SECRETARY,
    "党总支书记": RoleKind.SECRETARY,
    "总支书记": RoleKind.SECRETARY,
    "党委书记": RoleKind.SECRETARY,
    "副书记": RoleKind.DEPUTY,
    "党支部副书记": RoleKind.DEPUTY,
    "支部副书记": RoleKind.DEPUTY,
    "党总支副书记": RoleKind.DEPUTY,
    "总支副书记": RoleKind.DEPUTY,
    "党委副书记": RoleKind.DEPUTY,
    "主持工作": RoleKind.ACTING_HEAD,
    "副书记（主持工作）": RoleKind.ACTING_HEAD,
    "副书记主持工作": RoleKind.ACTING_HEAD,
    "党务干事": RoleKind.CLERK,
    "干事": RoleKind.CLERK,
    "党务工作者": RoleKind.CLERK,
}


def columns(resolver: NameResolver) -> tuple[Column, ...]:
    """Return the columns of the list; ``resolver`` knows the organisations."""
    return (
        Column("name", "姓名", cells.person_name(), required=True, example="张三"),
        Column(
            "organization",
            "党组织",
            resolver,
            synonyms=("党组织/学校", "学校", "单位", "学校名称", "党组织全称", "所在党组织"),
            required=True,
            fill_down=True,
            example="芙蓉小学党支部",
        ),
        Column(
            "post",
            "职务",
            cells.choice(_POSTS),
            synonyms=("党内职务", "党组织职务"),
            required=True,
            example="书记",
        ),
        Column(
            "mobile",
            "手机",
            cells.mobile(),
            synonyms=("手机号", "手机号码", "联系电话", "电话"),
            required=True,
            example="13800000000",
        ),
        Column(
            "since",
            "任职起",
            cells.partial_date(),
            synonyms=("任职时间", "任现职时间", "任职日期"),
            example="2025.09",
        ),
        Column("until", "任职至", cells.full_date(), synonyms=("任职止",)),
        Column("basis", "依据", cells.text(), synonyms=("依据文件", "任职文件", "文号")),
    )


def run(
    *,
    actor: User | None,
    data: bytes,
    filename: str,
    dry_run: bool,
    only_clean: bool = False,
    on: date,
    at: datetime,
    tell: imports.Tell | None = None,
) -> Outcome:
    """Read the list and save it, or find out what saving it would do.

    A row without a date holds from the day ``on``. Raises `SheetError` (a `DomainError`) where
    there is no table, `ForbiddenError` for whoever may not enter people; ``actor`` None is the
    system.
    """
    if actor is not None and not may_import(actor):
        raise ForbiddenError("只有组织科的工作人员可以导入书记名单。")
    resolver = NameResolver("党组织", organization_names(on), gone=closed_names(on))
    plan = imports.read(data, columns(resolver), filename=filename, check=_check, tell=tell)
    save = partial(_save, plan, actor=actor, on=on, at=at)
    with transaction.atomic():
        outcome = imports.apply(plan, save=save, dry_run=dry_run, only_clean=only_clean)
        if outcome.is_saved:
            _record(actor, filename, outcome, at=at)
    return outcome


def waiting(outcome: Outcome) -> list[int]:
    """Return the users of the list's numbers who have no password yet."""
    numbers = {row["mobile"] for row in outcome.plan.rows}
    people = Person.objects.with_mobile(*numbers).filter(user__isnull=False)
    users: Any = (person.user for person in people.select_related("user"))
    return sorted(user.pk for user in users if not user.has_usable_password())


def _record(actor: User | None, filename: str, outcome: Outcome, *, at: datetime) -> None:
    result = outcome.result
    after = {"created": result.created, "changed": result.changed, "unchanged": result.unchanged}
    audit.record(actor=actor, verb="people.import_secretaries", label=filename, after=after, at=at)


def _check(values: imports.Values) -> Iterator[tuple[str, str]]:
    if values["post"] == RoleKind.ACTING_HEAD:
        if values["until"] is None:
            yield "until", "主持工作须写明到哪一天，请补上，例如 2026-07-31。"
        if not values["basis"]:
            yield "basis", "主持工作须写明依据文件，打印时要用，请补上。"


def _save(plan: Plan, rows: Sequence[Row], *, actor: User | None, on: date, at: datetime) -> Saved:
    problems: list[RowProblem] = []
    done: Counter[str] = Counter()
    organizations = Organization.objects.in_bulk({row["organization"] for row in rows})
    people = _people_of(rows)
    for row in rows:
        organization = organizations[row["organization"]]
        known = people.get(row["mobile"])
        try:
            with transaction.atomic():
                person, how = _take(row, known, organization, actor=actor, on=on, at=at)
        except _RefusedError as refusal:
            problems.append(plan.problem(row, refusal.key, refusal.message))
        except DomainError as error:
            problems.append(plan.problem(row, "post", error.message))
        else:
            people[row["mobile"]] = person
            done[how] += 1
    return Saved(done["created"], done["changed"], done["unchanged"], problems=problems)


def _people_of(rows: Sequence[Row]) -> dict[str, Person]:
    """Return who is known already, by number."""
    found = Person.objects.with_mobile(*{row["mobile"] for row in rows}).select_related("user")
    return {person.mobile: person for person in found}


class _RefusedError(DomainError):
    """A row can't be taken; ``key`` names the column at fault."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def _take(
    row: Row,
    known: Person | None,
    organization: Organization,
    *,
    actor: User | None,
    on: date,
    at: datetime,
) -> tuple[Person, str]:
    """Save one row; say whether it made a person, added to one, or changed nothing."""
    if known is None:
        _refuse_namesake(row, organization)
        person = services.enter_person(actor=actor, name=row["name"], mobile=row["mobile"], at=at)
    elif known.name != row["name"]:
        raise _RefusedError("mobile", f"这个号码登记在{known}名下，请核对姓名和号码。")
    else:
        person = known
    given = person.user is None
    user = person.user or services.give_user(actor=actor, person=person, at=at)
    granted = _grant(row, user, organization, actor=actor, on=on)
    if known is None:
        return person, "created"
    return person, "changed" if given or granted else "unchanged"


def _refuse_namesake(row: Row, organization: Organization) -> None:
    """Ask about somebody of that name in that organisation: a new number, or somebody else?"""
    there = Person.objects.filter(name=row["name"], user__roles__organization=organization).first()
    if there:
        number = there.masked_mobile or "未登记"
        raise _RefusedError(
            "mobile",
            f"「{organization}」已有{there}（手机 {number}）。换了号码，请先在“人员”里改好再导入。",
        )


def _grant(
    row: Row, user: User, organization: Organization, *, actor: User | None, on: date
) -> bool:
    """Give the role of the row, unless it is held already; say whether it was given."""
    since = row["since"].first if row["since"] else on
    held = Role.objects.lasting(since).filter(
        user=user, organization=organization, kind=row["post"]
    )
    if held.exists():
        return False
    grant_role(
        actor=actor,
        user=user,
        organization=organization,
        kind=row["post"],
        since=since,
        until=row["until"] if row["post"] == RoleKind.ACTING_HEAD else None,
        basis=row["basis"] or "",
    )
    return True
