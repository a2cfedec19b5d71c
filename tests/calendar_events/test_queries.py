"""The month of a school, the year's lines, completion and who is late."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendar_events.choices import EventState, Handling, TaskState
from calendar_events.models import Figure, FigureValue
from calendar_events.queries import (
    completion_by_month,
    lateness,
    month_tasks,
)
from calendar_events.year import year_events
from tests.calendar_events.builders import done, more_schools, published_event, task_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def titles(organization, month: int, year: int = 2026) -> list[str]:
    return [task.event.title for task in month_tasks(organization, year, month)]


def test_a_month_has_its_own_tasks_and_what_still_waits_from_before(bureau):
    mine = bureau.mine
    task_of(mine, published_event("三月", month=3))
    task_of(mine, published_event("跨月", month=2, last_month=4, due_on=date(2026, 4, 30)))
    task_of(mine, published_event("二月未办", month=2))
    task_of(mine, published_event("去年退回", month=12, year=2025), state=TaskState.RETURNED)
    done(mine, published_event("二月已办", month=2), on=TODAY)
    done(mine, published_event("三月已办", month=3, due_on=date(2026, 3, 30)), on=TODAY)
    task_of(mine, published_event("四月", month=4))
    task_of(mine, published_event("三月取消", month=3), state=TaskState.CANCELLED)
    task_of(bureau.other, published_event("别人的", month=3))

    assert titles(mine, 3) == ["去年退回", "二月未办", "三月", "三月已办", "跨月"]
    assert titles(mine, 2) == ["去年退回", "二月未办", "二月已办", "跨月"]


def test_optional_tasks_of_months_before_are_dropped(bureau):
    event = published_event("选报", month=2, handling=Handling.OPTIONAL)
    task_of(bureau.mine, event)
    assert titles(bureau.mine, 2) == ["选报"]
    assert titles(bureau.mine, 3) == []


def test_a_month_takes_the_same_queries_for_one_task_and_for_three(bureau):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for task in month_tasks(bureau.mine, 2026, 3):
                assert [value.value for value in task.values.all()] == [3]
                assert [str(figure) for figure in task.event.figures.all()] == ["人数（人）"]
        return len(captured)

    def add(title: str) -> None:
        task = task_of(bureau.mine, published_event(title))
        figure = Figure.objects.create(event=task.event, name="人数", unit="人")
        FigureValue.objects.create(task=task, figure=figure, value=3)

    add("一")
    first = queries()
    add("二")
    add("三")
    assert queries() == first == 3


def test_the_year_shows_whole_lines_and_no_adhoc_tasks(bureau):
    whole = published_event("整行", month=5)
    published_event("拆出的", month=5, split_from=whole)
    published_event("一月", month=1)
    published_event("临时", calendar=None)
    published_event("草稿", state=EventState.DRAFT)
    published_event("取消的", month=6, state=EventState.CANCELLED)

    assert [e.title for e in year_events(bureau.secretary, 2026)] == ["一月", "整行", "取消的"]
    assert [e.title for e in year_events(bureau.officer, 2026)] == [
        "一月",
        "草稿",
        "整行",
        "取消的",
    ]
    assert year_events(bureau.auditor, 2026) == []
    assert year_events(bureau.stranger, 2026) == []


def test_completion_counts_compulsory_tasks_in_their_last_month(bureau):
    march = published_event("三月", month=2, last_month=3)
    done(bureau.mine, march, on=date(2026, 3, 26))
    task_of(bureau.other, march)
    other = published_event("另一件", month=3)
    task_of(bureau.mine, other, state=TaskState.NOT_APPLICABLE, completed_on=TODAY)
    task_of(bureau.other, other, state=TaskState.CANCELLED)
    task_of(bureau.mine, published_event("选报", month=3, handling=Handling.OPTIONAL))

    months = completion_by_month(bureau.officer, 2026)

    assert [each.month for each in months] == list(range(1, 13))
    found = months[2]
    assert (found.total, found.finished, found.late, found.percent) == (3, 2, 1, 66)
    assert {(each.total, each.percent) for each in months if each.month != 3} == {(0, None)}


@pytest.mark.parametrize(
    ("persona", "totals"),
    [
        ("officer", 2),
        ("leader", 2),
        ("reviewer", 1),
        ("secretary", 1),
        ("auditor", 0),
        ("stranger", 0),
    ],
)
def test_everybody_counts_what_they_may_see(bureau, persona, totals):
    event = published_event(due_on=date(2026, 3, 5))
    task_of(bureau.mine, event)
    task_of(bureau.other, event)
    user = getattr(bureau, persona)

    assert completion_by_month(user, 2026)[2].total == totals
    assert lateness(user, TODAY, most=5).organizations == totals


def test_late_organisations_come_with_number_and_since_when(bureau):
    for day, title in ((5, "一"), (3, "二")):
        task_of(bureau.mine, published_event(title, due_on=date(2026, 3, day)))
    task_of(bureau.other, published_event("三", due_on=date(2026, 3, 9)))
    task_of(bureau.other, published_event("今天", due_on=TODAY))
    done(bureau.other, published_event("已办", due_on=date(2026, 3, 1)), on=TODAY)

    late = lateness(bureau.officer, TODAY, most=5)
    assert (late.tasks, late.organizations) == (3, 2)
    assert [(each.label, each.tasks, each.since) for each in late.worst] == [
        ("芙蓉小学党支部", 2, date(2026, 3, 3)),
        ("荷花小学党支部", 1, date(2026, 3, 9)),
    ]
    assert [each.tasks for each in lateness(bureau.officer, TODAY, most=1).worst] == [2]


def test_figures_of_the_home_page_take_the_same_queries_for_one_school_and_for_three(bureau):
    def queries(schools) -> int:
        event = published_event(f"事项{len(schools)}", due_on=date(2026, 3, 5))
        for school in schools:
            task_of(school, event)
        with CaptureQueriesContext(connection) as captured:
            completion_by_month(bureau.officer, 2026)
            lateness(bureau.officer, TODAY, most=5)
        return len(captured)

    assert queries([bureau.mine]) == queries(more_schools(bureau.root, 3)) == 7
