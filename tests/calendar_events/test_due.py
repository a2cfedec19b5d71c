"""Which reminders tasks owe, when, to whom, and once only."""

from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from calendar_events import services
from calendar_events.choices import Handling, TaskState
from calendar_events.due import write_dues
from common.models import WorkdayOverride
from notifications.models import Due
from organizations.choices import RoleKind
from organizations.models import Role
from tests.calendar_events.builders import NOW, at, more_schools, published_event, task_of
from tests.factories import RoleFactory
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db

# March 2026: the 2nd a Monday, the due date (25th) a Wednesday, no holidays until Qingming.
STAGES = [
    ("month_start", at(2026, 3, 2, 9)),
    ("three_before", at(2026, 3, 20, 9)),
    ("on_day", at(2026, 3, 25, 9)),
    ("one_after", at(2026, 3, 26, 9)),
    ("three_after", at(2026, 3, 30, 9)),
]
SUPERIOR = at(2026, 4, 1, 9)


def written() -> list[tuple[str, str]]:
    rows = Due.objects.order_by("id").values_list("stage", "recipient__username")
    return list(rows)


@pytest.mark.parametrize(("stage", "moment"), STAGES)
def test_each_stage_begins_at_nine_of_its_day(bureau, stage, moment):
    task = task_of(bureau.mine)

    write_dues(at=moment - timedelta(minutes=1))
    assert stage not in dict(written())
    write_dues(at=moment)

    due = Due.objects.latest("id")
    assert (due.stage, due.recipient, due.due_at) == (stage, bureau.secretary, moment)
    assert (due.subject, due.unit, due.deadline, due.link) == (
        "主题党日",
        "芙蓉小学党支部",
        date(2026, 3, 25),
        f"/tasks/{task.pk}/",
    )
    assert due.key.startswith(f"task:{task.pk}:{stage}:")


def test_every_stage_comes_once_however_often_one_looks(bureau):
    task_of(bureau.mine)
    day = at(2026, 3, 1)
    while day < at(2026, 4, 30):
        write_dues(at=day)
        write_dues(at=day)
        day += timedelta(hours=7)

    assert written() == [
        *((stage, "secretary") for stage, _ in STAGES),
        ("superior", "reviewer"),
    ]


def test_what_was_missed_is_made_up_for_by_the_latest_stage_only(bureau):
    task_of(bureau.mine)
    assert write_dues(at=at(2026, 3, 27)) == 1
    assert written() == [("one_after", "secretary")]


def test_after_a_long_rest_both_hear_once(bureau):
    task_of(bureau.mine)
    assert write_dues(at=SUPERIOR) == 2
    assert written() == [("three_after", "secretary"), ("superior", "reviewer")]


def test_without_a_reviewer_above_the_organisation_office_hears(bureau):
    task_of(bureau.other)
    write_dues(at=SUPERIOR)
    assert written() == [("three_after", "other_secretary"), ("superior", "officer")]


def test_the_acting_head_is_told_instead_of_the_secretary(bureau):
    acting = RoleFactory(organization=bureau.mine, kind=RoleKind.ACTING_HEAD).user
    task_of(bureau.mine)
    write_dues(at=at(2026, 3, 2, 9))
    assert written() == [("month_start", acting.username)]


def test_who_takes_over_is_told_the_stage_that_stands(bureau):
    task_of(bureau.mine)
    write_dues(at=at(2026, 3, 20))
    Role.objects.filter(user=bureau.secretary).update(until=date(2026, 3, 20))
    new = RoleFactory(organization=bureau.mine, since=date(2026, 3, 21)).user

    write_dues(at=at(2026, 3, 23))
    assert written() == [("three_before", "secretary"), ("three_before", new.username)]


def test_own_workdays_count(bureau):
    """With the 24th free, three workdays before the 25th is the 19th."""
    WorkdayOverride.objects.create(date=date(2026, 3, 24), is_workday=False)
    task_of(bureau.mine)
    write_dues(at=at(2026, 3, 19, 9))
    assert written() == [("three_before", "secretary")]


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.NOT_APPLICABLE, TaskState.CANCELLED])
def test_what_does_not_wait_owes_nothing(bureau, state):
    task_of(bureau.mine, state=state, completed_on=date(2026, 3, 1))
    assert write_dues(at=SUPERIOR) == 0


def test_closed_organisations_owe_nothing(bureau):
    task_of(bureau.mine)
    bureau.mine.closed_on = date(2026, 3, 1)
    bureau.mine.save()
    assert write_dues(at=SUPERIOR) == 0


def test_a_returned_task_is_reminded_of(bureau):
    task_of(bureau.mine, state=TaskState.RETURNED)
    write_dues(at=at(2026, 3, 25))
    assert written() == [("on_day", "secretary")]


def test_optional_tasks_are_never_overdue(bureau):
    task_of(bureau.mine, published_event(handling=Handling.OPTIONAL))
    write_dues(at=SUPERIOR)
    assert written() == [("on_day", "secretary")]


def test_tasks_of_months_to_come_wait(bureau):
    task_of(bureau.mine, published_event(month=4, due_on=date(2026, 4, 25)))
    assert write_dues(at=at(2026, 3, 31)) == 0


def test_a_deadline_early_in_a_month_is_reminded_of_in_the_month_before(bureau):
    task_of(bureau.mine, published_event(month=6, due_on=date(2026, 6, 2)))
    write_dues(at=at(2026, 5, 28))
    assert written() == [("three_before", "secretary")]


def test_a_long_event_starts_in_each_of_its_months(bureau):
    task_of(bureau.mine, published_event(month=2, last_month=3, due_on=date(2026, 3, 25)))
    for moment in (at(2026, 2, 2), at(2026, 2, 27), at(2026, 3, 2)):
        write_dues(at=moment)
    assert written() == [("month_start", "secretary")] * 2


def test_a_moved_deadline_has_stages_of_its_own(bureau):
    event = published_event()
    task_of(bureau.mine, event)
    write_dues(at=at(2026, 3, 2))
    write_dues(at=at(2026, 3, 20))
    services.move_deadline(
        actor=bureau.officer,
        event=event,
        due_on=date(2026, 3, 31),
        reason="顺延",
        at=at(2026, 3, 24),
    )

    assert write_dues(at=at(2026, 3, 25)) == 0
    assert write_dues(at=at(2026, 3, 26)) == 1
    assert [stage for stage, _ in written()] == [
        "month_start",
        "three_before",
        "change",
        "three_before",
    ]


def test_as_many_queries_for_three_schools_as_for_one(bureau):
    def queries(schools) -> int:
        event = published_event(f"事项{len(schools)}")
        for school in schools:
            task_of(school, event)
        with CaptureQueriesContext(connection) as captured:
            assert write_dues(at=at(2026, 3, 20)) == len(schools)
        return len(captured)

    assert queries([bureau.other]) == queries(more_schools(bureau.root, 3))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_write_each_row_once():
    bureau = build_bureau()
    event = published_event()
    for school in [bureau.mine, *more_schools(bureau.root, 20)]:
        task_of(school, event)

    def run() -> None:
        try:
            write_dues(at=NOW)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Due.objects.count() == 21
