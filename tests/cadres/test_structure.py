"""The structure of the ranks: bands, unknown by itself, held against the plan."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.models import Target
from cadres.queries.structure import people_behind, structure, years_before
from tests.cadres.ranks import DAY, cadre, state
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.postgres


@pytest.fixture
def bureau(db) -> Bureau:
    built = build_bureau()
    kun = cadre("王堃", built.mine, born_on=date(1991, 3, 3), sex="male", since=date(2025, 9, 1))
    jie = cadre("解喆", built.other, born_on=date(1991, 3, 2), sex="female", since=date(2016, 3, 2))
    cadre("查𬭎", built.mine, kind="deputy")
    cadre("仇㛃", built.mine, kind="group_leader")
    cadre("单文", built.mine, kind="member", until=date(2026, 1, 1), ended_as="moved")
    state(kun, "title", "senior", "2020")
    state(jie, "title", "first", "2010")
    state(jie, "degree", "master", None)
    return built


def bands(user, group="committees", on=DAY) -> dict[str, dict[str, int]]:
    found = structure(user, group, on)
    return {
        each.key: {band.key: band.count for band in each.bands if band.count}
        for each in found.dimensions
    }


def test_every_band_counts_and_unknown_stands_by_itself(bureau):
    assert structure(bureau.officer, "committees", DAY).total == 3
    assert bands(bureau.officer) == {
        "age": {"to_34": 1, "35_39": 1, "unknown": 1},
        "sex": {"male": 1, "female": 1, "unknown": 1},
        "degree": {"master": 1, "unknown": 2},
        "title": {"senior": 1, "first": 1, "unknown": 1},
        "subject": {"unknown": 3},
        "years": {"to_1": 1, "3_4": 1, "from_10": 1},
        "school": {"primary": 3},
    }


def test_the_past_is_counted_as_it_was(bureau):
    assert structure(bureau.officer, "committees", date(2025, 6, 1)).total == 3
    assert bands(bureau.officer, "secretaries", date(2015, 1, 1)) == {
        key: {} for key in ("age", "sex", "degree", "title", "subject", "years", "school")
    }
    assert bands(bureau.officer, "secretaries", date(2018, 1, 1))["title"] == {"first": 1}


def test_each_figure_opens_those_behind_it(bureau):
    found = structure(bureau.officer, "committees", DAY)
    for dimension in found.dimensions:
        for band in dimension.bands:
            behind = people_behind(bureau.officer, "committees", DAY, dimension.key, band.key)
            assert behind.count() == band.count, (dimension.key, band.key)
    assert people_behind(bureau.officer, "committees", DAY).count() == 3


def test_another_schools_cadres_are_not_counted(bureau):
    assert structure(bureau.reviewer, "committees", DAY).total == 2
    assert structure(bureau.auditor, "committees", DAY).total == 0


def held(user, **target):
    Target.objects.all().delete()
    Target.objects.create(group="committees", dimension="title", year=2028, **target)
    rows = [
        band.held for each in structure(user, "committees", DAY).dimensions for band in each.bands
    ]
    (found,) = [each for each in rows if each]
    return found.met, found.words


def test_targets_show_their_arithmetic_and_wait_for_what_is_not_known(bureau):
    at_least = {"band": "senior", "comparison": "at_least"}
    assert held(bureau.officer, **at_least, percent=30) == (
        True,
        "3 人 × 30%：至少 1 人，现有 1 人",
    )
    assert held(bureau.officer, **at_least, percent=60) == (
        None, "3 人 × 60%：至少 2 人，现有 1 人，另有 1 人未填，填齐后才能判断",
    )  # fmt: skip
    assert held(bureau.officer, **at_least, percent=90) == (
        False, "3 人 × 90%：至少 3 人，现有 1 人，还差 2 人",
    )  # fmt: skip
    at_most = {"band": "first", "comparison": "at_most"}
    assert held(bureau.officer, **at_most, percent=70)[0] is True
    assert held(bureau.officer, **at_most, percent=40)[0] is None
    assert held(bureau.officer, **at_most, percent=10) == (
        False, "3 人 × 10%：不超过 0 人，现有 1 人，超出 1 人",
    )  # fmt: skip


def test_a_target_of_a_year_gone_by_is_not_held_against(bureau):
    Target.objects.create(group="committees", dimension="title", band="senior", year=2025,
                          comparison="at_least", percent=50)  # fmt: skip
    rows = [
        band.held
        for each in structure(bureau.officer, "committees", DAY).dimensions
        for band in each.bands
    ]
    assert set(rows) == {None}


def test_nine_queries_whatever_the_number(bureau):
    with CaptureQueriesContext(connection) as queries:
        structure(bureau.officer, "committees", DAY)
    assert len(queries) <= 10
    assert years_before(date(2024, 2, 29), 35) == date(1989, 2, 28)
