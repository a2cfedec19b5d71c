"""Dated head counts: carried forward, unknown is not 0, subordinates apart."""

from datetime import date

import pytest

from common.errors import DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.models import HeadCount
from organizations.queries import head_counts, heads, subtree_head_counts
from organizations.services import close_organization, move_organization, record_head_count
from tests.factories import RoleFactory, UserFactory
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


def count(organization, on, actor=None, **counts):
    return record_head_count(actor=actor, organization=organization, on=on, counts=counts)


def test_the_latest_count_is_carried_forward():
    bureau = build_bureau()
    count(bureau.mine, MARCH, full=20, probationary=1)
    count(bureau.mine, MAY, full=21)
    held = {
        day: head_counts([bureau.mine.pk], day).get(bureau.mine.pk)
        for day in (date(2026, 2, 28), date(2026, 4, 30), date(2026, 12, 31))
    }
    figures = [(row.full, row.probationary, row.staff) if row else None for row in held.values()]
    assert figures == [None, (20, 1, None), (21, 1, None)]


def test_a_second_count_for_a_day_replaces_and_an_equal_one_leaves_no_trace():
    bureau = build_bureau()
    for full in (20, 22, 22):
        count(bureau.mine, MARCH, full=full)
    assert HeadCount.objects.get().full == 22
    assert AuditEntry.objects.filter(verb="organizations.count_heads").count() == 2


def test_none_says_not_known_again():
    bureau = build_bureau()
    count(bureau.mine, MARCH, full=20, staff=80)
    count(bureau.mine, MAY, staff=None)
    row = head_counts([bureau.mine.pk], MAY)[bureau.mine.pk]
    assert (row.full, row.staff) == (20, None)


@pytest.mark.parametrize("figure", [-1, 100_000])
def test_impossible_figures_are_refused(figure):
    bureau = build_bureau()
    with pytest.raises(DomainError, match=f"正式党员写的是“{figure}”，应在 0–99999 之间"):
        count(bureau.mine, MARCH, full=figure)


def test_who_may_count():
    bureau = build_bureau()
    narrow = UserFactory()
    RoleFactory(
        user=narrow,
        organization=bureau.root,
        kind="officer",
        office=bureau.office,
        school_kinds=["senior"],
    )
    for actor in (bureau.officer, bureau.secretary, bureau.deputy):
        count(bureau.mine, MARCH, actor=actor, full=1)
    for actor in (narrow, bureau.leader, bureau.clerk, bureau.other_secretary, bureau.auditor):
        with pytest.raises(ForbiddenError):
            count(bureau.mine, MARCH, actor=actor, full=2)


@pytest.fixture(params=[heads._MANY, 0], ids=["some", "very many"])
def number(request, monkeypatch):
    """Very many organisations are looked at in another way; both say the same."""
    monkeypatch.setattr(heads, "_MANY", request.param)


@pytest.mark.usefixtures("number")
def test_sums_take_what_is_known_and_stay_unknown_where_nothing_is():
    bureau = build_bureau()
    count(bureau.root, MARCH, full=3)
    count(bureau.mine, MARCH, full=20, probationary=0)
    ids = [bureau.root.pk, bureau.mine.parent_id, bureau.other.pk]
    totals = subtree_head_counts(ids, MAY)
    assert [(totals[pk]["full"], totals[pk]["probationary"]) for pk in ids] == [
        (23, 0),
        (20, 0),
        (None, None),
    ]


@pytest.mark.usefixtures("number")
def test_sums_take_as_many_queries_for_1_and_3_and_30(django_assert_num_queries):
    bureau = build_bureau()
    count(bureau.mine, MARCH, full=20)
    every = [bureau.root.pk, bureau.mine.pk, bureau.other.pk]
    for ids in (every[:1], every, every + list(range(10_000, 10_030))):
        with django_assert_num_queries(2 if heads._MANY else 1):
            subtree_head_counts(ids, MAY)


@pytest.mark.usefixtures("number")
def test_sums_follow_the_tree_of_their_day():
    bureau = build_bureau()
    count(bureau.root, MARCH, full=1)
    for number, where in enumerate((bureau.mine, bureau.other), start=1):
        count(where, MARCH, full=number * 10)
        count(where, MAY, full=number * 100)
    above = bureau.mine.parent
    move_organization(
        actor=None, organization=bureau.other, parent=above, on=MAY, basis="澄教委〔2026〕3号"
    )
    for day, sums in ((date(2026, 4, 30), [31, 10]), (MAY, [301, 300])):
        totals = subtree_head_counts([bureau.root.pk, above.pk], day)
        assert [totals[each.pk]["full"] for each in (bureau.root, above)] == sums
    close_organization(actor=None, organization=bureau.other, on=date(2026, 6, 1), basis="同上")
    assert subtree_head_counts([above.pk], date(2026, 6, 1))[above.pk]["full"] == 100
    assert subtree_head_counts([], MAY) == {}
