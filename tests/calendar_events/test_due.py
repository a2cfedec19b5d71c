"""Which reminders tasks owe, when, to whom, and once only."""

from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from calendar_events import services
from calendar_events.choices import Handling, TaskState
from calendar_events.due import outdated, write_dues
from calendar_events.models import Task
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
    ("month_start", at(2026, 3, 2, 8, 30)),
    ("three_before", at(2026, 3, 20, 8, 30)),
    ("on_day", at(2026, 3, 25, 8, 30)),
    ("one_after", at(2026, 3, 26, 8, 30)),
    ("three_after", at(2026, 3, 30, 8, 30)),
]
SUPERIOR = at(2026, 4, 1, 8, 30)


def written() -> list[tuple[str, str]]:
    rows = Due.objects.order_by("id").values_list("stage", "recipient__username")
    return list(rows)


@pytest.mark.parametrize(("stage", "moment"), STAGES)
def test_each_stage_begins_when_the_office_opens(bureau, stage, moment):
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


def test_where_nobody_is_responsible_the_superior_hears_of_that_once(bureau):
    Role.objects.filter(organization=bureau.mine, kind__in=("secretary", "deputy")).delete()
    task = task_of(bureau.mine)
    for _, moment in STAGES:
        write_dues(at=moment)

    assert written() == [("vacant", "reviewer")]
    assert Due.objects.get().link == f"/admin/calendar_events/task/{task.pk}/change/"


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


def stale(moment) -> set[str]:
    rows = list(Due.objects.order_by("id"))
    ids = outdated(rows, moment)
    return {row.stage for row in rows if row.pk in ids}


def test_what_stands_is_not_outdated(bureau):
    task_of(bureau.mine)
    write_dues(at=SUPERIOR)
    assert stale(SUPERIOR) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"state": TaskState.DONE},
        {"state": TaskState.NOT_APPLICABLE},
        {"state": TaskState.CANCELLED},
        {"due_on": date(2026, 4, 10)},
    ],
)
def test_a_task_that_needs_nothing_any_more_is_outdated(bureau, change):
    task = task_of(bureau.mine)
    write_dues(at=SUPERIOR)
    Task.objects.filter(pk=task.pk).update(**change)
    assert stale(SUPERIOR) == {"three_after", "superior"}


def test_what_a_closed_organisation_owed_is_outdated(bureau):
    task_of(bureau.mine)
    write_dues(at=SUPERIOR)
    bureau.mine.closed_on = date(2026, 4, 1)
    bureau.mine.save()
    assert stale(SUPERIOR) == {"three_after", "superior"}


def test_reminders_of_a_former_head_are_outdated(bureau):
    task_of(bureau.mine)
    write_dues(at=SUPERIOR)
    RoleFactory(organization=bureau.mine, kind=RoleKind.ACTING_HEAD)
    assert stale(SUPERIOR) == {"three_after"}


def test_a_filled_post_outdates_the_word_of_its_vacancy(bureau):
    Role.objects.filter(organization=bureau.mine, kind__in=("secretary", "deputy")).delete()
    task_of(bureau.mine)
    write_dues(at=at(2026, 3, 20))
    assert stale(at(2026, 3, 20)) == set()
    RoleFactory(organization=bureau.mine)
    assert stale(at(2026, 3, 20)) == {"vacant"}


def test_a_cancellation_is_told_but_not_to_who_has_finished(bureau):
    event = published_event()
    task = task_of(bureau.mine, event)
    services.cancel_event(actor=bureau.officer, event=event, reason="会议取消", at=NOW)
    assert stale(NOW) == set()
    Task.objects.filter(pk=task.pk).update(state=TaskState.DONE)
    assert stale(NOW) == {"change"}


def test_rows_of_other_rooms_are_nobody_elses_business(bureau):
    Due.objects.create(
        key="report:1:on_day:0:1",
        recipient=bureau.secretary,
        room="reports",
        subject="月报",
        stage="on_day",
        due_at=NOW,
    )
    assert stale(NOW) == set()


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
