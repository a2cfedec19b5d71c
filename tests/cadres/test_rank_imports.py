"""Hours and qualifications out of spreadsheets: nobody guessed, a second run changes nothing."""

import pytest

from cadres.forms.training import _found
from cadres.imports import facts, training
from cadres.models import Cadre, Post, Qualification, TrainingRecord
from cadres.queries.hours import hours_of
from common.errors import ForbiddenError
from organizations.choices import RoleKind
from people.models import Person
from tests.cadres.ranks import cadre
from tests.common.test_grids import one_sheet
from tests.factories import RoleFactory, UserFactory
from tests.people.roster import AT, TODAY
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.postgres
HOURS = ("姓名", "单位", "培训班", "培训日期", "学时数")
FACTS = (
    "姓名",
    "单位",
    "学历",
    "毕业时间",
    "职称",
    "职称时间",
    "学科",
    "周课时",
    "骨干称号",
    "称号时间",
)


@pytest.fixture
def bureau(db) -> Bureau:
    built = build_bureau()
    user = UserFactory(name="王堃")
    RoleFactory(user=user, organization=built.mine, kind=RoleKind.CLERK)
    kun = cadre("王堃", built.mine)
    kun.user = user
    kun.save()
    return built


def run(module, bureau, *rows, actor=None, **options):
    return module.run(
        actor=actor or bureau.officer, data=one_sheet(("标题",), *rows), filename="表.xlsx",
        dry_run=False, on=TODAY, at=AT, **options,
    )  # fmt: skip


def counts(outcome) -> tuple[int, int, int]:
    return outcome.result.created, outcome.result.changed, outcome.result.unchanged


def told(outcome) -> str:
    return "\n".join(each.message for each in outcome.problems)


def test_hours_come_in_once(bureau):
    row = ("王 堃", "芙蓉小学", "省网络培训", "2025年10月8日", "8")
    assert counts(run(training, bureau, HOURS, row)) == (1, 0, 0)
    assert counts(run(training, bureau, HOURS, row)) == (0, 0, 1)
    assert counts(run(training, bureau, HOURS, (*row[:4], 12))) == (0, 1, 0)
    (record,) = TrainingRecord.objects.all()
    assert hours_of([record.person_id], 2025) == {record.person_id: 12}


def test_faults_are_told_and_nothing_is_half_saved(bureau):
    good = ("王堃", "芙蓉小学", "省网络培训", "2025-10-08", 8)
    for row, words in (
        (("王坤", *good[1:]), "读音相同的有：王堃"),
        ((*good[:3], "2025.10", 8), "只写到了月"),
        ((*good[:4], 0), "不能小于 1"),
        ((*good[:3], "2026-12-01", 8), "还没有到"),
    ):
        assert words in told(run(training, bureau, HOURS, good, row)), words
    assert TrainingRecord.objects.count() == 0


def test_qualifications_come_in_and_empty_cells_change_nothing(bureau):
    row = ("王堃", "芙蓉小学", "本科", "2007.6", "高级", "2019", "思政", 0, "区骨干教师", "2023.9")
    assert counts(run(facts, bureau, FACTS, row)) == (1, 0, 0)
    assert counts(run(facts, bureau, FACTS, row)) == (0, 0, 1)
    held = {each.kind: (each.label, str(each.began)) for each in Qualification.objects.all()}
    assert held == {
        "degree": ("大学本科", "2007.06"),
        "title": ("高级教师", "2019"),
        "subject": ("道德与法治（思政）", "None"),
        "load": ("0 节", "None"),
        "backbone": ("区骨干教师", "2023.09"),
    }
    assert counts(run(facts, bureau, FACTS, (*row[:2], *[None] * 8))) == (0, 0, 1)
    other = (*row[:2], "硕士", None, *[None] * 6)
    assert "改为别的请写明取得时间" in told(run(facts, bureau, FACTS, other))


def test_only_officers_import(bureau):
    for module in (training, facts):
        for actor in (bureau.leader, bureau.secretary, bureau.reviewer):
            with pytest.raises(ForbiddenError):
                run(module, bureau, HOURS, actor=actor)


def test_a_limited_officer_learns_and_writes_nothing_about_other_schools(bureau):
    bureau.other.schools.update(kind="senior")
    kun, xie = Person.objects.get(name="王堃"), cadre("解喆", bureau.other)
    kun.posts.create(organization=bureau.other, kind="member", since="2022-01-01")
    Post.objects.create(
        person=xie, organization=bureau.mine, kind="member", since="2015-01-01",
        until="2019-01-01", ended_as="moved",
    )  # fmt: skip
    role = bureau.officer.roles.get()
    role.school_kinds = ["primary"]
    role.save()
    words = told(run(training, bureau, HOURS, ("谢哲", "荷花小学", "省网络培训", "2025-10-08", 8)))
    assert ("不在您管理的范围内" in words, "解喆" in words) == (True, False)
    kept = Cadre.objects.editable_by(bureau.officer)
    assert [each.name for each in kept] == ["王堃"]


def test_a_post_alone_is_enough_to_be_found_by_name(bureau):
    cadre("解喆", bureau.other)
    row = ("解喆", "荷花小学", "省网络培训", "2025-10-08", 8)
    assert counts(run(training, bureau, HOURS, row)) == (1, 0, 0)
    people, faults = _found([(1, "解喆", "荷花小学")], actor=bureau.officer)
    assert ([each.name for each in people], faults) == (["解喆"], [])
