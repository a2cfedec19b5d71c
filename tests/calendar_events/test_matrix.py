"""The matrix: columns, cells, filters, sorting, pages, scope and its price."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendar_events.choices import EventState, Handling, TaskState
from calendar_events.matrix import MatrixFilters, matrix
from organizations.choices import SchoolKind
from organizations.models import SchoolGroup
from tests.calendar_events.builders import done, more_schools, published_event, task_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 27)


def look(user, **fields):
    return matrix(user, 2026, 3, on=TODAY, **fields)


def labels(found) -> list[str]:
    return [row.organization.name for row in found.rows]


@pytest.fixture
def march(bureau):
    """Two events: mine late with one and done late with the other, other done in time."""
    first = published_event("一", position=1)
    second = published_event("二", position=2, due_on=date(2026, 3, 31))
    task_of(bureau.mine, first)
    done(bureau.mine, second, on=date(2026, 3, 9))
    done(bureau.other, first, on=date(2026, 3, 26))
    return first, second


def test_columns_are_the_months_tasks_cells_their_states(bureau, march):
    published_event("局办", handling=Handling.BUREAU)
    published_event("草稿", state=EventState.DRAFT)
    published_event("取消", state=EventState.CANCELLED)
    published_event("四月", month=4)
    whole = published_event("整行", position=3)
    published_event("部分", position=3, split_from=whole)

    found = look(bureau.officer)

    assert [event.title for event in found.events] == ["一", "二", "部分"]
    assert labels(found) == ["芙蓉小学党支部", "荷花小学党支部"]
    assert [[cell and cell.label for cell in row.cells] for row in found.rows] == [
        ["已逾期", "已完成", None],
        ["已完成（逾期）", None, None],
    ]
    assert [(row.finished, row.total, row.late) for row in found.rows] == [(1, 2, 1), (1, 1, 0)]
    assert [[cell and cell.code for cell in row.cells] for row in found.rows] == [
        ["late", "done", None],
        ["done", None, None],
    ]


def test_a_returned_task_past_its_day_says_both(bureau):
    task_of(bureau.mine, state=TaskState.RETURNED)
    cell = look(bureau.officer).rows[0].cells[0]
    assert (cell.code, cell.label) == ("late", "已退回（逾期）")


def test_optional_tasks_are_shown_but_not_counted(bureau):
    task_of(bureau.mine, published_event(handling=Handling.OPTIONAL))
    row = look(bureau.officer).rows[0]
    assert (row.cells[0].label, row.total, row.late) == ("待办", 0, 0)


@pytest.mark.parametrize(
    ("persona", "seen"),
    [
        ("officer", ["芙蓉小学党支部", "荷花小学党支部"]),
        ("leader", ["芙蓉小学党支部", "荷花小学党支部"]),
        ("reviewer", ["芙蓉小学党支部"]),
        ("secretary", ["芙蓉小学党支部"]),
        ("auditor", []),
        ("stranger", []),
    ],
)
def test_everybody_sees_their_own_rows(bureau, march, persona, seen):
    assert labels(look(getattr(bureau, persona))) == seen


@pytest.mark.parametrize(
    ("filters", "seen"),
    [
        (MatrixFilters(state="late"), ["芙蓉小学党支部"]),
        (MatrixFilters(state="done"), ["芙蓉小学党支部", "荷花小学党支部"]),
        (MatrixFilters(state="returned"), []),
        (MatrixFilters(search="荷花"), ["荷花小学党支部"]),
        (MatrixFilters(kind="branch"), ["芙蓉小学党支部", "荷花小学党支部"]),
        (MatrixFilters(kind="committee"), []),
        (MatrixFilters(school_kind=SchoolKind.SENIOR), ["荷花小学党支部"]),
        (MatrixFilters(above=0), []),
    ],
)
def test_filters_narrow_the_rows(bureau, march, filters, seen):
    school = bureau.other.schools.get()
    school.kind = SchoolKind.SENIOR
    school.save()
    assert labels(look(bureau.officer, filters=filters)) == seen


def test_filters_by_group_superior_and_event(bureau, march):
    group = SchoolGroup.objects.create(name="集团")
    group.schools.add(bureau.other.schools.get())

    def seen(**filters) -> list[str]:
        return labels(look(bureau.officer, filters=MatrixFilters(**filters)))

    assert seen(group=group.pk) == ["荷花小学党支部"]
    assert seen(above=bureau.mine.parent_id) == ["芙蓉小学党支部"]
    assert seen(event=march[1].pk) == ["芙蓉小学党支部"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [("order", "芙蓉"), ("-late", "芙蓉"), ("-open", "芙蓉"), ("nonsense", "芙蓉")],
)
def test_sorts(bureau, march, sort, first):
    assert labels(look(bureau.officer, sort=sort))[0].startswith(first)


def test_sorts_by_what_is_counted_in_one_query_for_all(bureau, march):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            look(bureau.officer, sort="-late")
        return len(captured)

    before = queries()
    worse = more_schools(bureau.root, 3)[2]
    for event in (march[0], published_event("三", position=3)):
        task_of(worse, event)
    assert queries() == before
    found = look(bureau.officer, sort="-late")
    assert (found.rows[0].organization.pk, found.rows[0].late) == (worse.pk, 2)


def test_those_with_none_follow_in_customary_order_over_pages(bureau):
    event = published_event("一")
    schools = more_schools(bureau.root, 55)
    for school in schools:
        if school in schools[:3]:
            done(school, event, on=date(2026, 3, 9))
        else:
            task_of(school, event)
    task_of(schools[9], published_event("二"))

    first, second = (look(bureau.officer, sort="-open", page=page) for page in (1, 2))
    shown = [row.organization for row in (*first.rows, *second.rows)]
    order = [schools[9], *schools[3:9], *schools[10:], *schools[:3]]
    assert shown == order
    assert first.count == second.count == 55
    assert [row.organization for row in second.rows] == order[50:]


def test_fifty_a_page_and_a_page_too_far_is_the_last(bureau):
    event = published_event()
    for school in more_schools(bureau.root, 51):
        task_of(school, event)

    first, far = look(bureau.officer), look(bureau.officer, page=9)

    assert (first.count, first.pages, len(first.rows)) == (51, 2, 50)
    assert (far.page, len(far.rows)) == (2, 1)


def test_an_empty_month_is_an_empty_matrix(bureau):
    found = look(bureau.officer)
    assert (found.events, found.rows, found.count, found.pages) == ((), (), 0, 1)


def test_as_many_queries_for_three_schools_and_events_as_for_one(bureau):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = look(bureau.officer, filters=MatrixFilters(search="小学"))
            assert [cell.label for row in found.rows for cell in row.cells if cell]
        return len(captured)

    task_of(bureau.mine, published_event("一"))
    first = queries()
    schools = more_schools(bureau.root, 2)
    for title in ("二", "三"):
        event = published_event(title)
        for school in schools:
            task_of(school, event)
    assert queries() == first
