"""The roster out of a spreadsheet: every problem told, nothing half-saved, a second run changes nothing."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import ForbiddenError
from common.models import AuditEntry
from organizations.queries import head_counts
from people import services
from people.imports import roster
from people.models import Person, Standing
from tests.people.numbers import id_number
from tests.people.roster import AT, TODAY, register

pytestmark = pytest.mark.postgres
HEAD = [
    "序号",
    "姓名",
    "所在党支部",
    "人员类别",
    "性别",
    "出生年月",
    "身份证号码",
    "手机",
    "入党时间",
    "转正时间",
]
ID, OTHER = id_number("19850712", 3), id_number("19900101", 8)
WANG = [
    1,
    "王 堃",
    "芙蓉小学党支部",
    "正式党员",
    "男",
    "1985.07",
    ID,
    "13800000001",
    "2006.6",
    "2007.6",
]
LI = [2, "查𬭎", "芙蓉小学党支部", "预备", "女", None, OTHER, None, 45474, None]


def xlsx(*rows, merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["芙蓉小学党支部党员名册"])
    for row in (HEAD, *rows):
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def run(bureau, *rows, dry_run=False, actor=None, data=None, filename="名册.xlsx", **options):
    return roster.run(
        actor=actor or bureau.officer, data=data or xlsx(*rows), filename=filename,
        dry_run=dry_run, on=TODAY, at=AT, **options,
    )  # fmt: skip


def counts(outcome) -> tuple[int, int, int]:
    return outcome.result.created, outcome.result.changed, outcome.result.unchanged


def problems(outcome) -> list[str]:
    return [each.message for each in outcome.problems]


def standings() -> list[tuple]:
    rows = Standing.objects.order_by("person__name", "since")
    return list(rows.values_list("person__name", "kind", "since", "organization__name"))


def test_rows_become_persons_with_standings(bureau):
    outcome = run(bureau, WANG, LI)
    assert (counts(outcome), problems(outcome)) == ((2, 0, 0), [])
    assert standings() == [
        ("查𬭎", "probationary", date(2024, 7, 1), "芙蓉小学党支部"),
        ("王堃", "full", date(2007, 6, 1), "芙蓉小学党支部"),
    ]
    li = Person.objects.with_id_number(OTHER).get()
    assert (li.sex, li.born_on, li.pinyin) == ("female", date(1990, 1, 1), "zhahong zh")


def test_a_dry_run_says_the_same_and_keeps_nothing(bureau):
    outcome = run(bureau, WANG, LI, dry_run=True)
    assert (counts(outcome), standings(), outcome.is_saved) == ((2, 0, 0), [], False)


def test_the_same_list_again_changes_nothing_and_leaves_no_trace(bureau):
    run(bureau, WANG, LI)
    log = AuditEntry.objects.count()
    assert counts(run(bureau, WANG, LI)) == (0, 0, 2)
    assert AuditEntry.objects.count() == log


def test_gbk_text_and_merged_cells_are_read(bureau):
    lines = ["姓名,党组织,类别,身份起始", "王堃,芙蓉小学党支部,正式党员,2007年6月1日"]
    run(bureau, data="\n".join(lines).encode("gbk"), filename="名册.csv")
    assert standings() == [("王堃", "full", date(2007, 6, 1), "芙蓉小学党支部")]
    blank = [2, "李四", None, "正式党员", None, None, None, None, None, None]
    run(bureau, WANG, blank, data=xlsx(WANG, blank, merge="C3:C4"))
    assert [row[3] for row in standings()] == ["芙蓉小学党支部"] * 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({6: ID[:-1] + "0"}, "第 3 行「身份证号码」身份证号的校验码不对，多半有一位写错了，请对照证件核对。"),
        ({6: "110105850712001"}, "第 3 行「身份证号码」身份证号是 15 位的旧号，请填 18 位的现号。"),
        ({6: id_number("19850231")}, "第 3 行「身份证号码」身份证号第 7–14 位不是一个日期，请核对。"),
        ({6: 110105198507120000}, "第 3 行「身份证号码」位数太多，已被表格软件改动；请把这一列设为“文本”后重新填写。"),
        ({4: "女"}, "第 3 行「性别」写的是“女”，身份证号是男性的，性别填的是女，请核对是哪个错了。"),
        ({5: "1985.08"}, "第 3 行「出生年月」写的是“1985.08”，身份证号里的出生日期是 1985-07-12，填的是 1985.08，请核对。"),
        ({7: "138"}, "第 3 行「手机」手机号应为 11 位，现有 3 位，请核对。"),
        ({9: "2000.1"}, "第 3 行「转正时间」写的是“2000.1”，1985.07 出生，到 2000-01-01 不满 18 周岁，请核对两个日期。"),
        ({3: "群众"}, "第 3 行「人员类别」写的是“群众”，应为 正式党员、预备党员、发展对象、入党积极分子、入党申请人 之一。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_row_and_field_and_nothing_is_kept(bureau, changes, told):
    row = list(WANG)
    for place, value in changes.items():
        row[place] = value
    outcome = run(bureau, row, LI)
    assert (problems(outcome), standings()) == ([told], [])
    assert counts(run(bureau, row, LI, only_clean=True)) == (1, 0, 0)


def test_a_person_twice_in_the_list_is_told(bureau):
    double = [*WANG[:6], None, None, *WANG[8:]]
    assert problems(run(bureau, WANG, double)) == [
        "第 4 行「姓名」写的是“王 堃”，王堃在名单里出现了两次，请只留一行。"
    ]
    same = [*LI[:6], ID, *LI[7:]]
    assert len(problems(run(bureau, [*WANG[:4], *WANG[4:]], [*same[:4], "男", *same[5:]]))) == 2


def test_two_spellings_of_one_person_are_told(bureau):
    register(bureau.mine, "王坤", id_number=ID)
    assert problems(run(bureau, WANG)) == [
        "第 3 行「身份证号码」这个身份证号登记在王坤名下，姓名或其他信息不同，请核对是不是同一人。"
    ]


def test_who_is_on_the_roster_is_completed_and_steps_on(bureau):
    register(bureau.mine, "王堃", kind="probationary", since=date(2006, 6, 1))
    outcome = run(bureau, WANG)
    assert (counts(outcome), problems(outcome)) == ((0, 1, 0), [])
    assert [row[1:3] for row in standings()] == [
        ("probationary", date(2006, 6, 1)),
        ("full", date(2007, 6, 1)),
    ]
    assert Person.objects.get(name="王堃").id_number == ID


def test_a_step_back_and_another_roster_are_told(bureau):
    register(bureau.mine, "王堃", id_number=ID)
    register(bureau.other, "查𬭎", id_number=OTHER)
    assert problems(run(bureau, [*WANG[:3], "发展对象", *WANG[4:8], None, None], LI)) == [
        "第 3 行「人员类别」写的是“发展对象”，名册里是正式党员，不能直接改为发展对象。",
        "第 4 行「姓名」写的是“查𬭎”，查𬭎已在「荷花小学党支部」的名册里（预备党员），不用再登记；调到别处的，请先办转出。".replace(
            "预备党员", "正式党员"
        ),
    ]


def test_a_started_roster_counts_what_is_imported(bureau):
    register(bureau.mine, "李四")
    services.start_roster(actor=None, organization=bureau.mine, since=date(2026, 1, 1), at=AT)
    run(bureau, WANG, LI)
    row = head_counts([bureau.mine.pk], TODAY)[bureau.mine.pk]
    assert (row.full, row.probationary) == (2, 1)


def test_only_officers_import_and_only_within_their_kinds(bureau):
    with pytest.raises(ForbiddenError):
        run(bureau, WANG, actor=bureau.secretary)


def test_the_log_holds_no_number_and_many_rows_cost_no_more(bureau):
    def rows(first: int, how_many: int) -> list[list]:
        return [
            [n, f"人{'甲乙丙丁戊己庚辛'[n]}", "芙蓉小学党支部", "正式党员", None, None,
             id_number(serial=n + 1), f"1380000{n:04}", None, "2007.6"]
            for n in range(first, first + how_many)
        ]  # fmt: skip

    def cost(*entries: list) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert not run(bureau, *entries).problems
        return len(queries)

    assert cost(*rows(0, 1)) == cost(*rows(1, 5))
    said = "".join(f"{e.before}{e.after}{e.object_label}" for e in AuditEntry.objects.all())
    assert [n for n in (id_number(), "13800000001") if n in said] == []
