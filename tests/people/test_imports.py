"""The list of secretaries: persons, accounts and roles out of a spreadsheet."""

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.choices import RoleKind
from organizations.models import FormerName, Role
from people.imports import secretaries as imports
from people.models import Person
from tests.factories import OrganizationFactory, SchoolFactory
from tests.people.lists import KUN, WANG, sheet

pytestmark = pytest.mark.postgres

AT = timezone.make_aware(datetime(2026, 3, 2, 9))


def run(bureau, *rows, dry_run=False, actor=None, **options):
    return imports.run(
        actor=actor or bureau.officer,
        data=sheet(*rows),
        filename="名单.xlsx",
        dry_run=dry_run,
        on=timezone.localdate(AT),
        at=AT,
        **options,
    )


def counts(imported) -> tuple[int, int, int]:
    result = imported.result
    return result.created, result.changed, result.unchanged


def problems(imported) -> list[str]:
    return [problem.message for problem in imported.problems]


def test_rows_become_persons_accounts_and_roles(bureau):
    imported = run(bureau, WANG, KUN)
    assert (counts(imported), problems(imported)) == ((2, 0, 0), [])
    wang = Person.objects.get(name="王小明")
    assert wang.mobile == "13800000001"
    role = Role.objects.get(user=wang.user)
    assert (role.organization, role.kind) == (bureau.other, RoleKind.CLERK)
    assert (role.since, role.granted_by) == (date(2025, 9, 1), bureau.officer)
    kun = Role.objects.get(user__username="yck01")
    assert kun.kind == RoleKind.DEPUTY
    assert set(imports.waiting(imported)) == {wang.user_id, kun.user_id}


def test_the_same_list_again_changes_nothing(bureau):
    run(bureau, WANG, KUN)
    before = AuditEntry.objects.exclude(verb="people.import_secretaries").count()
    imported = run(bureau, WANG, KUN)
    assert counts(imported) == (0, 0, 2)
    assert AuditEntry.objects.exclude(verb="people.import_secretaries").count() == before
    assert len(imports.waiting(imported)) == 2


def test_a_dry_run_says_the_same_and_keeps_nothing(bureau):
    held = (Person.objects.count(), User.objects.count(), AuditEntry.objects.count())
    imported = run(bureau, WANG, KUN, dry_run=True)
    assert counts(imported) == (2, 0, 0)
    assert not imported.is_saved
    assert (Person.objects.count(), User.objects.count(), AuditEntry.objects.count()) == held


def test_one_human_being_with_two_posts_is_one_person(bureau):
    second = OrganizationFactory(name="四园联合党支部", parent=bureau.root)
    imported = run(bureau, WANG, [3, "王小明", second.name, "书记", "13800000001", "2025.9"])
    assert counts(imported) == (1, 1, 0)
    assert Person.objects.filter(name="王小明").count() == 1
    assert Role.objects.filter(user__name="王小明").count() == 2


def test_an_existing_person_is_found_by_the_number(bureau):
    clerk = bureau.clerk.person
    imported = run(bureau, [1, "clerk", "荷花小学", "党务干事", clerk.mobile, ""])
    assert counts(imported) == (0, 1, 0)
    role = Role.objects.get(user=bureau.clerk, organization=bureau.other)
    assert role.since == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            [1, "李四", "荷花小学", "书记", "13900000003", ""],
            "第 3 行「联系电话」写的是“13900000003”，这个号码登记在clerk名下，请核对姓名和号码。",
        ),
        (
            [1, "李四", "荷花小学", "书记", "13800000001", "2025.13"],
            "第 3 行「任职时间」写的是“2025.13”，月份应在 1–12 之间。",
        ),
        (
            [1, "李四", "荷花小学", "书记", "1380000000", ""],
            "第 3 行「联系电话」写的是“1380000000”，手机号应为 11 位，现有 10 位，请核对。",
        ),
        (
            [1, "李四", "荷花小学", "校长", "13800000001", ""],
            "第 3 行「职务」写的是“校长”，应为 书记、副书记、主持工作、党务干事 之一。",
        ),
        (
            [1, "clerk", "芙蓉小学", "党务干事", "13800000001", ""],
            (
                "第 3 行「联系电话」写的是“13800000001”，「芙蓉小学党支部」已有clerk（手机 "
                "139****0003）。换了号码，请先在“人员”里改好再导入。"
            ),
        ),
        (
            [1, "李四", "荷花小学", "主持工作", "13800000001", "2025.9", "", ""],
            "第 3 行「任职至」主持工作须写明到哪一天，请补上，例如 2026-07-31。",
        ),
    ],
)
def test_every_problem_is_named_and_nothing_is_saved(bureau, row, message):
    held = Person.objects.count()
    imported = run(bureau, row, KUN)
    assert problems(imported)[0] == message
    assert not imported.is_saved
    assert Person.objects.count() == held


def test_a_post_that_is_taken_is_a_problem_of_the_row(bureau):
    [message] = problems(run(bureau, [1, "李四", "荷花小学", "书记", "13800000001", "2025.9"]))
    assert message.startswith("第 3 行「职务」写的是“书记”，「荷花小学党支部」在这段时间已有书记")


def test_an_ambiguous_name_shows_its_candidates(bureau):
    for name in ("青禾小学", "青禾学校"):
        OrganizationFactory(
            name=f"{name}党支部",
            parent=bureau.root,
            school=SchoolFactory(name=name, short_name="青禾"),
        )
    [message] = problems(run(bureau, [1, "李四", "青禾", "书记", "13800000001", ""]))
    assert "对应 2 个党组织：青禾小学党支部" in message
    assert "青禾学校党支部" in message


def test_former_names_and_codes_name_an_organisation(bureau):
    FormerName.objects.create(organization=bureau.other, name="荷塘小学党支部")
    imported = run(
        bureau,
        [1, "李四", "荷塘小学党支部", "党务干事", "13800000001", ""],
        [2, "王五", bureau.other.code, "副书记", "13800000002", ""],
    )
    assert counts(imported) == (2, 0, 0)


def test_only_the_rows_without_fault_when_chosen(bureau):
    wrong = [1, "李四", "没有这个学校", "书记", "13800000009", ""]
    imported = run(bureau, wrong, KUN, only_clean=True)
    assert imported.is_saved
    assert imported.rejected_rows == 1
    assert counts(imported) == (1, 0, 0)
    rejected = openpyxl.load_workbook(BytesIO(imported.rejected_file())).active
    cells = [cell.value for row in rejected.iter_rows() for cell in row]
    assert "没有这个学校" in cells


def test_acting_heads_carry_period_and_basis(bureau):
    basis = "澄教委〔2026〕3号"
    run(bureau, [1, "李四", "荷花小学", "主持工作", "13800000001", "2026.3", "2026-07-31", basis])
    role = Role.objects.get(kind=RoleKind.ACTING_HEAD)
    period = (date(2026, 3, 1), date(2026, 7, 31))
    assert (role.since, role.until, role.basis) == (*period, basis)


@pytest.mark.parametrize("who", ["leader", "reviewer", "secretary", "auditor"])
def test_only_who_grants_roles_imports(bureau, who):
    with pytest.raises(ForbiddenError):
        run(bureau, WANG, actor=getattr(bureau, who))


def test_a_file_that_is_no_table_is_refused(bureau):
    with pytest.raises(DomainError):
        imports.run(
            actor=bureau.officer,
            data=b"%PDF-1.4",
            filename="a.xlsx",
            dry_run=True,
            on=timezone.localdate(AT),
            at=AT,
        )


def test_numbers_of_the_list_stand_nowhere_in_clear(bureau):
    run(bureau, WANG, KUN)
    written = repr(list(AuditEntry.objects.values()))
    assert "13800000001" not in written
    assert "13800000002" not in written


def test_a_row_that_changes_nothing_costs_little(bureau):
    run(bureau, WANG, KUN)

    def cost(*rows) -> int:
        with CaptureQueriesContext(connection) as queries:
            run(bureau, *rows, dry_run=True)
        return len(queries)

    assert cost(WANG, KUN) - cost(WANG) <= 4


def test_a_new_row_costs_no_more_the_more_there_are(bureau):
    rows = [
        [n, f"新人{'甲乙丙丁'[n]}", "荷花小学", "副书记", f"1380000000{n}", ""] for n in range(4)
    ]

    def cost(number: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            run(bureau, *rows[:number], dry_run=True)
        return len(queries)

    each = cost(2) - cost(1)
    assert each <= 27
    assert cost(4) - cost(3) == each
