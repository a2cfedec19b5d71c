"""Honours out of a spreadsheet: nobody guessed, nothing half-saved, a second run changes nothing."""

from datetime import date

import pytest

from common.errors import ForbiddenError
from common.models import AuditEntry
from honours import imports
from honours.models import Honour
from tests.common.test_grids import one_sheet
from tests.honours.register import enter, person
from tests.people.numbers import id_number
from tests.people.roster import AT, TODAY, register

pytestmark = pytest.mark.postgres
HEAD = (
    "序号",
    "姓名",
    "单位",
    "荣誉名称",
    "级别",
    "授予单位",
    "获奖时间",
    "文号",
    "有效期至",
    "作品",
)
KUN = (
    1,
    "王 堃",
    "芙蓉小学",
    "优秀教师",
    "区级",
    "区教育局",
    "2024.9",
    "澄教〔2024〕9号",
    None,
    None,
)
HONG = (2, "查𬭎", "芙蓉小学党支部", "教坛新秀", "市", "市教育局", 45474, None, "2027-08-31", None)
BRANCH = (3, None, "荷花小学", "先进基层党组织", "国家级", None, "2021年", None, None, None)


def run(bureau, *rows, dry_run=False, actor=None, data=None, filename="荣誉.xlsx", **options):
    title = ("澄岚区教育系统荣誉登记表",)
    return imports.run(
        actor=actor or bureau.officer, data=data or one_sheet(title, HEAD, *rows),
        filename=filename, dry_run=dry_run, on=TODAY, at=AT, **options,
    )  # fmt: skip


def counts(outcome) -> tuple[int, int, int]:
    return outcome.result.created, outcome.result.changed, outcome.result.unchanged


def told(outcome) -> str:
    return "\n".join(each.message for each in outcome.problems)


def namesakes(bureau) -> None:
    for day, mobile in (("19850712", "13800000001"), ("19900101", "13800000002")):
        register(bureau.mine, "陈明", id_number=id_number(day), mobile=mobile)


def test_a_list_is_entered_once_and_its_dates_stay_as_known(bureau):
    assert counts(run(bureau, KUN, HONG, BRANCH, dry_run=True)) == (3, 0, 0)
    assert Honour.objects.count() == 0
    assert counts(run(bureau, KUN, HONG, BRANCH)) == (3, 0, 0)
    rows = {str(each.holder): each for each in Honour.objects.confirmed()}
    assert {name: (str(row.awarded), row.level) for name, row in rows.items()} == {
        "王堃": ("2024.09", "district"),
        "查𬭎": ("2024.07.01", "city"),
        "荷花小学党支部": ("2021", "national"),
    }
    assert rows["查𬭎"].valid_until == date(2027, 8, 31)
    entries = AuditEntry.objects.filter(verb="honours.import").count()
    assert counts(run(bureau, KUN, HONG, BRANCH)) == (0, 0, 3)
    assert AuditEntry.objects.filter(verb="honours.import").count() == entries == 1


def test_a_later_list_completes_and_an_empty_cell_takes_nothing_away(bureau):
    waiting = enter(person("王堃"), actor=bureau.secretary, awarded="2024", document="旧号")
    assert counts(run(bureau, (*KUN[:7], None, None, "《背影》"))) == (0, 1, 0)
    waiting.refresh_from_db()
    assert (str(waiting.awarded), waiting.document, waiting.body, waiting.work, waiting.state) == (
        "2024.09", "旧号", "区教育局", "《背影》", "confirmed",
    )  # fmt: skip


def test_namesakes_and_other_spellings_are_shown_and_never_guessed(bureau):
    namesakes(bureau)
    rows = [(n, name, "芙蓉小学", *KUN[3:]) for n, name in enumerate(("陈明", "王坤", "解喆"), 1)]
    outcome = run(bureau, *rows)
    assert Honour.objects.count() == 0
    assert "有 2 人同名：陈明（1985.07）、陈明（1990.01）" in told(outcome)
    assert "没有叫“王坤”的人；读音相同的有：王堃（出生年月未填）" in told(outcome)
    assert "没有叫“解喆”的人。" in told(outcome)


def test_a_number_tells_namesakes_apart_and_is_not_repeated(bureau):
    namesakes(bureau)
    head = ("姓名", "单位", "荣誉名称", "级别", "获奖时间", "手机")
    row = ("陈明", "芙蓉小学", "优秀教师", "区级", 2024, "13800000002")
    wrong = ("陈亮", "芙蓉小学", "优秀教师", "区级", 2024, "13800000001")
    assert counts(run(bureau, data=one_sheet(head, row))) == (1, 0, 0)
    assert Honour.objects.get().person.born_on == date(1990, 1, 1)
    refused = told(run(bureau, data=one_sheet(head, wrong)))
    assert ("这个号码登记在别的姓名或单位下" in refused, "138000" in refused) == (True, False)


def test_a_row_that_fits_several_is_shown_with_them(bureau):
    enter(person("王堃"), awarded="2024.09.01", work="甲")
    enter(person("王堃"), awarded="2024.09.02", work="乙")
    outcome = run(bureau, KUN)
    assert "有 2 条对得上" in told(outcome)
    assert Honour.objects.count() == 2


def test_what_looks_like_a_repetition_is_said_and_kept(bureau):
    enter(person("王堃"), title="栖江市优秀教师", level="city", awarded="2024")
    outcome = run(bureau, KUN)
    assert counts(outcome) == (1, 0, 0)
    (warning,) = outcome.result.warnings
    assert warning.startswith(
        "第 3 行：王堃的「优秀教师」可能重复，另有 栖江市优秀教师（市级，2024）"
    )


def test_csv_in_gbk_with_merged_meaning_is_read(bureau):
    lines = [",".join(HEAD[:7]), "1,王堃,芙蓉小学,优秀教师,区级,区教育局,2024年9月"]
    data = "\n".join(lines).encode("gb18030")
    assert counts(run(bureau, data=data, filename="荣誉.csv")) == (1, 0, 0)


def test_faults_are_told_by_row_and_nothing_is_half_saved(bureau):
    late = (*KUN[:6], "2027.1", *KUN[7:])
    level = (2, "查𬭎", "芙蓉小学", "教坛新秀", "街道级", *HONG[5:])
    outcome = run(bureau, KUN, late, level)
    assert Honour.objects.count() == 0
    assert "第 4 行「获奖时间」写的是“2027.1”，授予时间 2027.01 还没有到" in told(outcome)
    assert "第 5 行「级别」写的是“街道级”，应为 国家级、省级、市级、区级、校级 之一。" in told(
        outcome
    )


def test_only_officers_import_and_only_within_their_scope(bureau):
    for actor in (bureau.leader, bureau.reviewer, bureau.secretary):
        with pytest.raises(ForbiddenError):
            run(bureau, KUN, actor=actor)
    role = bureau.officer.roles.get()
    role.school_kinds = ["kindergarten"]
    role.save()
    assert "不在您分管的学校类别里" in told(run(bureau, KUN))
    assert Honour.objects.count() == 0
