"""The import engine: all problems at once, one path for dry and real runs, all or nothing."""

import datetime
import io

import pytest
from python_calamine import CalamineWorkbook

from common import cells, imports
from common.imports import (
    Column,
    Prepared,
    RowProblem,
    Saved,
    SheetError,
    apply,
    apply_prepared,
    read,
)
from common.models import WorkdayOverride
from common.resolving import NameResolver
from tests.common.test_grids import one_sheet

COLUMNS = [
    Column("date", "日期", cells.full_date(), required=True, unique=True, example="2026-03-25"),
    Column("name", "说明", cells.text(max_length=10), synonyms=["名称"], default=""),
    Column("works", "上班", cells.yes_no(), required=True),
    Column("count", "人数", cells.integer()),
]
HEAD = ("日期", "名称", "上班", "人数")


def plan_of(*rows, columns=COLUMNS, check=None):
    return read(one_sheet(*rows), columns, filename="调休.xlsx", check=check)


def messages(problems) -> list[str]:
    return [problem.message for problem in problems]


def save(rows) -> Saved:
    made = changed = 0
    for row in rows:
        _, created = WorkdayOverride.objects.update_or_create(
            date=row["date"], defaults={"name": row["name"], "is_workday": row["works"]}
        )
        made += created
        changed += not created
    return Saved(created=made, changed=changed)


def held() -> list[str]:
    return list(WorkdayOverride.objects.values_list("name", flat=True))


GOOD = ("2026-02-14", "补班", "是", 5)
ALSO_GOOD = ("2026-02-28", "调休", "否", "")
BAD = ("2026.13", "一个长长长长长长长长的说明", "", "十")


# Reading -----------------------------------------------------------------------------------------
def test_rows_become_values_by_key():
    plan = plan_of(HEAD, GOOD, ALSO_GOOD)
    assert [(row.number, row.values) for row in plan.rows] == [
        (2, {"date": datetime.date(2026, 2, 14), "name": "补班", "works": True, "count": 5}),
        (3, {"date": datetime.date(2026, 2, 28), "name": "调休", "works": False, "count": None}),
    ]
    assert (plan.problems, plan.notes) == ([], [])


def test_all_problems_of_all_rows_are_found_with_row_column_value_and_remedy():
    plan = plan_of(("调休安排",), HEAD, BAD, GOOD, ("", "x", "大概", -1))
    assert messages(plan.problems) == [
        "第 3 行「日期」写的是“2026.13”，月份应在 1–12 之间。",
        "第 3 行「名称」写的是“一个长长长长长长长长的说明”，有 13 个字，最多 10 个，请精简。",
        "第 3 行「上班」没有填写，请补上。",
        "第 3 行「人数」写的是“十”，应填数字。",
        "第 5 行「日期」没有填写，请补上。",
        "第 5 行「上班」写的是“大概”，应为 是、否 之一。",
        "第 5 行「人数」写的是“-1”，不能小于 0。",
    ]
    assert [row.number for row in plan.rows] == [4]


def test_marks_for_nothing_are_empty_cells_but_nought_is_a_figure():
    plan = plan_of(HEAD, ("2026-02-14", "/", "是", "——"), ("2026-02-15", "无", "是", 0))
    assert [(row["name"], row["count"]) for row in plan.rows] == [("", None), ("无", 0)]


def test_every_row_that_shares_a_value_meant_to_be_single_is_named():
    plan = plan_of(HEAD, GOOD, ALSO_GOOD, ("2026年2月14日", "又一次", "否", ""))
    assert messages(plan.problems) == [
        "第 2 行「日期」写的是“2026-02-14”，与第 4 行重复，请只留一行或改正。",
        "第 4 行「日期」写的是“2026年2月14日”，与第 2 行重复，请只留一行或改正。",
    ]
    assert [row.number for row in plan.rows] == [3]


def test_a_rule_over_several_columns():
    def check(values):
        if values["works"] and not values["count"]:
            yield "count", "上班的日子要写人数。"
        if values["name"] == "x":
            yield "", "这一行写得太短。"

    plan = plan_of(HEAD, GOOD, ("2026-02-15", "x", "是", ""), check=check)
    assert messages(plan.problems) == [
        "第 3 行「人数」上班的日子要写人数。",
        "第 3 行：这一行写得太短。",
    ]


def test_equal_cells_of_different_types_arent_mixed_up():
    columns = [Column("flag", "上班", cells.yes_no()), Column("code", "代码", cells.code())]
    rows = [("上班", "代码"), (True, 1), (1, True), (True, "1"), (1.0, True)]
    plan = plan_of(*rows, columns=columns)
    assert messages(plan.problems) == [
        "第 3 行「上班」写的是“1”，应为 是、否 之一。",
        "第 5 行「上班」写的是“1”，应为 是、否 之一。",
    ]
    assert [row.values for row in plan.rows] == [{"flag": True, "code": "1"}] * 2


def test_an_ambiguous_name_shows_its_candidates():
    resolver = NameResolver("党组织", [("青禾", 1, "青禾小学"), ("青禾", 2, "青禾学校")])
    columns = [Column("date", "日期", cells.full_date()), Column("org", "党组织", resolver)]
    plan = plan_of(("日期", "党组织"), ("2026-02-14", "青禾"), columns=columns)
    assert messages(plan.problems) == [
        "第 2 行「党组织」写的是“青禾”，对应 2 个党组织：青禾小学、青禾学校；请改写能区分的全称或代码。"
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("日期", "人数"), ("2026-02-14", 1)], "缺少「上班」这1列，请对照模板补上。"),
        ([("日期", "上班", "说明", "名称"), GOOD], "「名称」这样的列有两个，请只留一个。"),
        ([HEAD, ("合计", "", "", 5)], "表头下面没有数据，请填写后再传。"),
    ],
)
def test_a_wrong_head_is_refused_as_a_whole(rows, message):
    with pytest.raises(SheetError) as caught:
        plan_of(*rows)
    assert caught.value.message == message


def test_what_was_left_out_is_noted():
    plan = plan_of(("序号", *HEAD, "心得"), (1, *GOOD, ""), ("合计", "", "", "", 5))
    assert plan.notes == ["第 3 行（合计：合计 5）没有读取。", "没有用到的列：心得。"]


def test_two_columns_cant_answer_to_one_label():
    with pytest.raises(ValueError, match="名称"):
        plan_of(HEAD, columns=[*COLUMNS, Column("other", "名称", cells.text())])


def test_a_long_value_is_cut_in_the_message():
    assert RowProblem(2, "说明", "长" * 50, "请精简。").message == (
        f"第 2 行「说明」写的是“{'长' * 40}…”，请精简。"
    )


# Saving ------------------------------------------------------------------------------------------
@pytest.mark.postgres
@pytest.mark.django_db
def test_a_real_run_saves_and_a_dry_run_says_what_it_would_do():
    plan = plan_of(HEAD, GOOD, ALSO_GOOD)
    dry = apply(plan, save=save, dry_run=True)
    assert (dry.result.created, dry.is_saved, dry.is_dry_run, held()) == (2, False, True, [])
    real = apply(plan, save=save, dry_run=False)
    assert (real.result, real.is_saved, held()) == (Saved(created=2), True, ["补班", "调休"])
    again = apply(plan, save=save, dry_run=False)
    assert (again.result, len(held())) == (Saved(changed=2), 2)


@pytest.mark.django_db
def test_with_any_problem_nothing_is_saved():
    outcome = apply(plan_of(HEAD, GOOD, BAD), save=save, dry_run=False)
    assert (outcome.is_saved, outcome.rejected_rows, held()) == (False, 1, [])
    assert outcome.result.created == 1


@pytest.mark.django_db
def test_only_the_clean_rows_are_saved_where_that_was_chosen():
    outcome = apply(plan_of(HEAD, GOOD, BAD), save=save, dry_run=False, only_clean=True)
    assert (outcome.is_saved, outcome.result.created, held()) == (True, 1, ["补班"])
    assert len(outcome.problems) == 4


def saving_refuses(plan, name):
    def refusing(rows) -> Saved:
        result = save(rows)
        problems = [plan.problem(r, "name", "与已有的不符。") for r in rows if r["name"] == name]
        return Saved(created=result.created, changed=result.changed, problems=problems)

    return refusing


@pytest.mark.django_db
def test_a_problem_met_while_saving_takes_everything_back():
    plan = plan_of(HEAD, GOOD, ALSO_GOOD)
    outcome = apply(plan, save=saving_refuses(plan, "调休"), dry_run=False)
    assert messages(outcome.problems) == ["第 3 行「名称」写的是“调休”，与已有的不符。"]
    assert (outcome.is_saved, held()) == (False, [])


@pytest.mark.postgres
@pytest.mark.django_db
def test_rows_refused_while_saving_are_left_out_of_the_clean_ones():
    plan = plan_of(HEAD, GOOD, ALSO_GOOD, BAD)
    outcome = apply(plan, save=saving_refuses(plan, "调休"), dry_run=False, only_clean=True)
    assert (outcome.is_saved, outcome.result, held()) == (True, Saved(created=1), ["补班"])
    assert [problem.row for problem in outcome.problems] == [3, 4, 4, 4, 4]


@pytest.mark.django_db
def test_a_dry_run_finds_the_problems_of_saving_too():
    plan = plan_of(HEAD, GOOD, ALSO_GOOD, BAD)
    outcome = apply(plan, save=saving_refuses(plan, "补班"), dry_run=True)
    assert [problem.row for problem in outcome.problems] == [2, 4, 4, 4, 4]
    assert held() == []


@pytest.mark.django_db
def test_nothing_is_called_saved_when_no_row_is_left():
    outcome = apply(plan_of(HEAD, BAD), save=save, dry_run=False, only_clean=True)
    assert (outcome.is_saved, outcome.result, held()) == (False, Saved(), [])


@pytest.mark.django_db
def test_a_defect_in_saving_isnt_taken_for_a_problem_of_the_file():
    plan = plan_of(HEAD, GOOD)
    foreign = RowProblem(99, "名称", "", "别处的行。")
    with pytest.raises(ValueError, match="not given"):
        apply(plan, save=lambda rows: Saved(problems=[foreign]), dry_run=True, only_clean=True)


def preparing(plan, *, refused=()):
    def prepare(rows) -> Prepared:
        problems = [plan.problem(r, "name", "与已有的不符。") for r in rows if r["name"] in refused]
        return Prepared(Saved(created=len(rows), problems=problems), lambda: save(rows))

    return prepare


@pytest.mark.postgres
@pytest.mark.django_db
def test_what_is_prepared_is_written_by_a_real_run_alone(django_assert_num_queries):
    plan = plan_of(HEAD, GOOD, ALSO_GOOD)
    with django_assert_num_queries(0):
        dry = apply_prepared(plan, prepare=preparing(plan), dry_run=True)
    assert (dry.result, dry.is_saved, dry.is_dry_run, held()) == (Saved(2), False, True, [])
    real = apply_prepared(plan, prepare=preparing(plan), dry_run=False)
    assert (real.result, real.is_saved, held()) == (Saved(2), True, ["补班", "调休"])


@pytest.mark.django_db
def test_nothing_is_written_where_preparing_finds_a_problem():
    plan = plan_of(HEAD, GOOD, ALSO_GOOD)
    outcome = apply_prepared(plan, prepare=preparing(plan, refused=["调休"]), dry_run=False)
    assert messages(outcome.problems) == ["第 3 行「名称」写的是“调休”，与已有的不符。"]
    assert (outcome.is_saved, held()) == (False, [])


@pytest.mark.django_db
def test_rows_refused_while_preparing_are_left_out_of_the_clean_ones():
    plan = plan_of(HEAD, GOOD, ALSO_GOOD, BAD)
    prepare = preparing(plan, refused=["调休"])
    outcome = apply_prepared(plan, prepare=prepare, dry_run=False, only_clean=True)
    assert (outcome.is_saved, outcome.result, held()) == (True, Saved(1), ["补班"])


# Files given out ---------------------------------------------------------------------------------
def cells_of(data: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.django_db
def test_the_other_rows_come_back_with_their_problems_and_can_be_read_again():
    rows = [("序号", *HEAD), (1, *GOOD), (2, *BAD), (3, "", "好", "是", "")]
    outcome = apply(plan_of(*rows), save=save, dry_run=False, only_clean=True)
    file = outcome.rejected_file()
    remark = (
        "「日期」写的是“2026.13”，月份应在 1–12 之间。\n"
        "「名称」写的是“一个长长长长长长长长的说明”，有 13 个字，最多 10 个，请精简。\n"
        "「上班」没有填写，请补上。\n"
        "「人数」写的是“十”，应填数字。"
    )
    assert cells_of(file) == [
        ["序号", "日期", "说明", "上班", "人数", "问题"],
        [
            2.0,
            "2026.13",
            "一个长长长长长长长长的说明",
            "",
            "十",
            remark,
        ],
        [3.0, "", "好", "是", "", "「日期」没有填写，请补上。"],
    ]
    again = read(file, COLUMNS, filename="未导入的行.xlsx")
    assert [problem.row for problem in again.problems] == [2, 2, 2, 2, 3]
    assert again.notes == []


def test_the_template_can_be_read_by_the_import_it_is_for():
    plan = read(imports.template(COLUMNS, title="调休"), COLUMNS, filename="模板.xlsx")
    assert messages(plan.problems) == ["第 2 行「上班*」没有填写，请补上。"]
