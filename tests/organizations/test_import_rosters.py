"""Importing head counts where a roster is kept: staff come in, members are counted."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from organizations.imports import head_counts
from organizations.models import HeadCount
from organizations.services import start_roster
from tests.organizations.lists import xlsx
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAY = date(2026, 3, 2)
COUNTS = {"full": 2, "probationary": 1, "candidates": 0, "activists": 0}


@pytest.fixture
def bureau():
    built = build_bureau()
    start_roster(
        actor=None, organization=built.mine, since=date(2026, 2, 1),
        counts={built.mine.pk: {date(2026, 2, 1): COUNTS}},
        at=timezone.make_aware(datetime(2026, 3, 1)),
    )  # fmt: skip
    return built


def run(bureau, *rows):
    data = xlsx(["党组织", "正式党员", "教职工"], *rows)
    return head_counts.run(
        actor=bureau.officer, data=data, filename="人数.xlsx", dry_run=False, on=DAY
    )


def test_staff_alone_keep_what_the_roster_counts(bureau):
    assert run(bureau, [bureau.mine.name, None, 40]).is_saved
    row = HeadCount.objects.get(organization=bureau.mine, on=DAY)
    assert (row.full, row.probationary, row.staff) == (2, 1, 40)
    assert run(bureau, [bureau.mine.name, 2, 40]).result.unchanged == 1


def test_members_typed_otherwise_are_refused_with_the_counted_figure(bureau):
    outcome = run(bureau, [bureau.mine.name, 30, 40])
    assert [each.message for each in outcome.problems] == [
        "第 2 行「正式党员」写的是“30”，已启用名册，按名册是 2 人；请在名册里登记变动，这里留空。"
    ]
    assert not HeadCount.objects.filter(on=DAY).exists()
