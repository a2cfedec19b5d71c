"""The file of a cadre: dated facts, hours by year, rotation, two-fold qualification."""

from datetime import date

import pytest

from cadres.forms.facts import state_step
from cadres.models import Cadre, Qualification
from cadres.queries.files import cadre_file, elapsed
from cadres.services import facts as services
from common.errors import ForbiddenError
from people.facts import FactError
from tests.cadres.ranks import DAY, TIME, cadre, elsewhere, state
from tests.people.roster import AT
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.postgres


@pytest.fixture
def bureau(db) -> Bureau:
    return build_bureau()


def file_of(person, user):
    return cadre_file(Cadre.objects.get(pk=person.pk), user=user, on=DAY)


def held(person) -> list[tuple[str, str, str]]:
    rows = Qualification.objects.on(DAY).filter(person=person).order_by("kind")
    return [(row.kind, row.label, str(row.began)) for row in rows]


def test_the_next_title_ends_the_one_before_and_a_second_time_changes_nothing(bureau):
    kun = cadre("王堃", bureau.mine)
    state(kun, "title", "first", "2012.12", actor=bureau.officer)
    assert state(kun, "title", "senior", "2019").created == [0]
    assert state(kun, "title", "senior", "2019").unchanged == [0]
    assert state(kun, "title", "senior", None).unchanged == [0]
    assert held(kun) == [("title", "高级教师", "2019")]
    former = Qualification.objects.on(date(2015, 1, 1)).get(person=kun)
    assert (former.label, former.until) == ("一级教师", date(2019, 1, 1))


def test_a_fact_withdrawn_lets_the_one_before_hold_again(bureau):
    kun = cadre("王堃", bureau.mine)
    state(kun, "title", "first", "2012.12")
    state(kun, "title", "senior", "2019")
    latest = Qualification.objects.get(value="senior")
    services.withdraw_fact(actor=bureau.officer, qualification=latest, reason="没有评上", at=AT)
    assert held(kun) == [("title", "一级教师", "2012.12")]
    first = Qualification.objects.get(value="first")
    services.correct_fact(
        actor=bureau.officer,
        qualification=first,
        value="second",
        since=TIME("2011"),
        basis="",
        at=AT,
    )
    assert held(kun) == [("title", "二级教师", "2011")]
    with pytest.raises(ForbiddenError):
        services.withdraw_fact(actor=bureau.secretary, qualification=first, reason="x", at=AT)


@pytest.mark.parametrize(
    ("kind", "value", "since", "key"),
    [
        ("title", "教授", "2015", "value"),
        ("load", "41", "2025", "value"),
        ("load", "-1", "2025", "value"),
        ("load", "²", "2025", "value"),
        ("title", "senior", "2027", "since"),
        ("title", "senior", "1970", "since"),
        ("backbone", " ", "2020", "value"),
    ],
)
def test_what_can_not_be_is_refused(bureau, kind, value, since, key):
    kun = cadre("王堃", bureau.mine, born_on=date(1985, 7, 1))
    done = state(kun, kind, value, since)
    assert ([each[1] for each in done.refused], Qualification.objects.count()) == ([key], 0)


def test_another_value_needs_a_later_day(bureau):
    kun = cadre("王堃", bureau.mine)
    state(kun, "degree", "bachelor", "2007")
    assert "写明取得时间" in state(kun, "degree", "master", None).refused[0][2]
    assert "应晚于它" in state(kun, "degree", "master", "2007").refused[0][2]


def test_several_backbone_names_hold_side_by_side_until_their_end(bureau):
    kun = cadre("王堃", bureau.mine)
    state(kun, "backbone", "区学科带头人", "2023")
    state(kun, "backbone", "市骨干教师", "2018", until=date(2022, 8, 31))
    found = file_of(kun, bureau.officer).facts[-1]
    assert ([each.label for each in found.now], [each.label for each in found.before]) == (
        ["区学科带头人"], ["市骨干教师"],
    )  # fmt: skip


def test_a_backbone_name_counts_on_its_last_valid_day_and_a_title_ends_with_the_next(bureau):
    kun = cadre("王堃", bureau.mine)
    state(kun, "backbone", "市骨干教师", "2023", until=DAY)
    state(kun, "title", "first", "2012.12")
    state(kun, "title", "senior", "2026-03-02")
    assert held(kun) == [("backbone", "市骨干教师", "2023"), ("title", "高级教师", "2026.03.02")]
    assert file_of(kun, bureau.officer).two_fold.label == "具备"
    after = date(2026, 3, 3)
    assert not Qualification.objects.on(after).filter(kind="backbone").exists()
    assert [each.holds_on(after) for each in kun.qualifications.filter(kind="backbone")] == [False]


def test_another_last_day_and_a_status_renewed_are_news_and_the_same_again_is_not(bureau):
    kun, name = cadre("王堃", bureau.mine), "市骨干教师"
    state(kun, "backbone", name, "2018")
    ended = date(2022, 8, 31)
    assert state(kun, "backbone", name, "2018", until=ended).created == [0]
    assert state(kun, "backbone", name, None, until=ended).unchanged == [0]
    assert state(kun, "backbone", name, "2018").unchanged == [0]
    assert held(kun) == []
    renewed = state(kun, "backbone", name, None, until=date(2028, 8, 31))
    assert (renewed.created, held(kun)) == ([0], [("backbone", name, "None")])
    early = state(kun, "backbone", name, "2018", until=date(2017, 8, 31))
    assert [each[1] for each in early.refused] == ["until"]


def test_the_page_says_where_nothing_was_stored(bureau):
    kun = Cadre.objects.get(pk=cadre("王堃", bureau.mine).pk)
    data = {"value": "senior", "since": "2019", "confirmed": "1"}
    said = []
    for basis in ("甲号", "乙号"):
        form = state_step("title")({**data, "basis": basis}, actor=bureau.officer, obj=kun)
        assert form.is_valid()
        said.append(form.perform())
    assert [words.split("，")[0] for words in said] == [
        "已登记王堃的职称。", "王堃的职称已经登记过了",
    ]  # fmt: skip


def test_another_first_day_moves_the_end_of_the_one_before(bureau):
    kun = cadre("王堃", bureau.mine)
    state(kun, "title", "first", "2012.12")
    state(kun, "title", "senior", "2019")

    def correct(since):
        services.correct_fact(
            actor=bureau.officer, qualification=Qualification.objects.get(value="senior"),
            value="senior", since=TIME(since) if since else None, basis="", at=AT,
        )  # fmt: skip

    for since, day in (("2018", date(2018, 1, 1)), ("2020.06", date(2020, 6, 1))):
        correct(since)
        rows = Qualification.objects.order_by("since").values_list("value", "since", "until")
        assert list(rows) == [("first", date(2012, 12, 1), day), ("senior", day, None)]
    for wrong in ("2012.12", "2011", None):
        with pytest.raises(FactError):
            correct(wrong)
    assert Qualification.objects.get(value="first").until == date(2020, 6, 1)
    assert Qualification.objects.get(value="senior").since == date(2020, 6, 1)


def test_hours_are_held_against_56_or_32_and_unknown_is_never_nought(bureau):
    kun = cadre("王堃", bureau.mine, since=date(2025, 2, 1))
    elsewhere(kun, date(2025, 10, 8), many=40)
    elsewhere(kun, date(2024, 10, 8), many=40)
    years = {each.year: each for each in file_of(kun, bureau.officer).years}
    assert [(each.label, each.finding.verdict) for each in years.values()] == [
        ("没有登记", "unknown"), ("40 学时", "not_met"), ("40 学时", "met"),
    ]  # fmt: skip
    assert years[2025].finding.words == "年度学时 40 学时，应至少 56 学时，还差 16 学时"
    assert years[2024].finding.words == "年度学时 40 学时，应至少 32 学时"
    assert "待核实" in years[2025].finding.reference


def test_rotation_counts_posts_without_a_gap_in_one_place(bureau):
    kun = cadre("王堃", bureau.mine, since=date(2022, 9, 1))
    for kind, since, until in (
        ("member", "2019-09-01", "2022-09-01"),
        ("deputy", "2010-01-01", "2015-01-01"),
    ):
        kun.posts.create(
            organization=bureau.mine, kind=kind, since=since, until=until, ended_as="moved"
        )
    (stay,) = file_of(kun, bureau.officer).stays
    assert stay.words == "芙蓉小学党支部：连续任职 6 年 6 个月，任现职 3 年 6 个月"
    assert (elapsed(date(2026, 1, 31), date(2026, 2, 28)), elapsed(date(2024, 2, 29), date(2026, 2, 28))) == (
        "不满 1 个月", "1 年 11 个月",
    )  # fmt: skip


def test_two_fold_needs_both_sides_and_knows_what_it_does_not_know(bureau):
    kun = cadre("王堃", bureau.mine)
    assert file_of(kun, bureau.officer).two_fold.label == "无法判断"
    state(kun, "backbone", "市骨干教师", "2018", until=date(2022, 8, 31))
    assert file_of(kun, bureau.officer).two_fold.label == "不具备"
    state(kun, "backbone", "区学科带头人", "2023")
    found = file_of(kun, bureau.officer).two_fold
    assert (found.label, found.party, found.teaching) == (
        "具备", "芙蓉小学党支部书记", "区学科带头人",
    )  # fmt: skip


def test_files_follow_the_scope(bureau):
    mine, other = cadre("王堃", bureau.mine), cadre("解喆", bureau.other)
    moved = cadre("查𬭎", bureau.mine, kind="member", until=date(2025, 1, 1), ended_as="moved")
    seen = {
        name: set(Cadre.objects.visible_to(getattr(bureau, name)).values_list("pk", flat=True))
        for name in ("officer", "reviewer", "secretary", "other_secretary", "auditor")
    }
    assert seen == {
        "officer": {mine.pk, other.pk, moved.pk},
        "reviewer": {mine.pk},
        "secretary": {mine.pk},
        "other_secretary": {other.pk},
        "auditor": set(),
    }


def test_dates_before_birth_are_refused_at_their_field(bureau):
    kun = cadre("王堃", bureau.mine, born_on=date(1985, 7, 1))
    said = services.Fact(kun, "title", "senior", TIME("1980"))
    with pytest.raises(FactError):
        services.check_fact(said, on=DAY)
