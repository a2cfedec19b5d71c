"""Deadline moved, event cancelled, more time for one: who is told what."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendar_events import services
from calendar_events.choices import Handling, TaskState
from calendar_events.models import Event, Task
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from notifications.models import Due, GroupText
from organizations.models import Role
from tests.calendar_events.builders import (
    NOW,
    done,
    more_schools,
    published_event,
    task_of,
)

pytestmark = pytest.mark.django_db
LATER = date(2026, 3, 31)


@pytest.fixture
def event(bureau):
    return published_event()


def move(bureau, event, due_on=LATER, **fields):
    values = {"actor": bureau.officer, "reason": "会议顺延", "at": NOW}
    return services.move_deadline(event=event, due_on=due_on, **{**values, **fields})


def cancel(bureau, event, **fields):
    values = {"actor": bureau.officer, "reason": "上级统一安排", "at": NOW}
    return services.cancel_event(event=event, **{**values, **fields})


def test_only_those_not_finished_are_told_old_and_new_with_the_reason(bureau, event):
    waiting = task_of(bureau.mine, event)
    done(bureau.other, event, on=date(2026, 3, 9))

    assert move(bureau, event) == 1

    told = Due.objects.get()
    assert (told.recipient, told.stage, told.unit, told.due_at) == (
        bureau.secretary,
        "change",
        "芙蓉小学党支部",
        NOW,
    )
    assert told.subject == (
        "「主题党日」截止日期由3月25日（周三）改为3月31日（周二），原因：会议顺延"
    )
    assert told.key.startswith(f"task:{waiting.pk}:moved:")
    text = GroupText.objects.get()
    assert text.kind == "change"
    assert "芙蓉小学党支部" in text.named
    assert "荷花" not in text.named
    assert "党支部" not in text.unnamed
    assert text.calls == [
        {
            "unit": "芙蓉小学党支部",
            "user_id": bureau.secretary.pk,
            "name": "secretary",
            "what": told.subject,
        }
    ]


def test_where_nobody_is_responsible_the_superior_is_told(bureau, event):
    Role.objects.filter(organization=bureau.mine, kind__in=("secretary", "deputy")).delete()
    task = task_of(bureau.mine, event)
    move(bureau, event)

    told = Due.objects.get(unit=bureau.mine.label)
    assert (told.recipient, told.stage) == (bureau.reviewer, "change")
    assert told.link == f"/admin/calendar_events/task/{task.pk}/change/"


def test_moving_is_logged_with_old_and_new(bureau, event):
    task = task_of(bureau.mine, event)
    move(bureau, event)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.object_ids) == ("calendar_events.move_deadline", [task.pk])
    assert (entry.before, entry.after) == (
        {"due_on": "2026-03-25"},
        {"due_on": "2026-03-31", "reason": "会议顺延"},
    )


def test_a_later_date_frees_who_finished_late_but_an_earlier_one_makes_nobody_late(bureau):
    event = published_event(due_on=date(2026, 3, 5))
    task = done(bureau.mine, event, on=date(2026, 3, 9))
    assert task.is_late(LATER)

    move(bureau, event)
    task.refresh_from_db()
    assert not task.is_late(LATER)

    on_time = done(bureau.other, event, on=date(2026, 3, 28))
    move(bureau, event, date(2026, 3, 20))
    on_time.refresh_from_db()
    assert not on_time.is_late(LATER)


def test_an_extension_beyond_the_new_date_stands(bureau, event):
    longer = task_of(bureau.mine, event, due_on=date(2026, 4, 10), extended_reason="换届")
    shorter = task_of(bureau.other, event, due_on=date(2026, 3, 27), extended_reason="换届")

    assert move(bureau, event) == 1

    longer.refresh_from_db()
    shorter.refresh_from_db()
    assert (longer.due_on, shorter.due_on) == (date(2026, 4, 10), LATER)


def test_moving_withdraws_reminders_of_the_old_date(bureau, event):
    task = task_of(bureau.mine, event)
    old = Due.objects.create(
        key=f"task:{task.pk}:on_day",
        recipient=bureau.secretary,
        room="calendar_events",
        subject="任务",
        stage="on_day",
        link=f"/tasks/{task.pk}/",
        due_at=NOW,
    )
    move(bureau, event)
    old.refresh_from_db()
    assert old.withdrawn_at == NOW


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reason": " "}, "请填写调整原因"),
        ({"due_on": date(2026, 3, 25)}, "没有变化"),
        ({"due_on": date(2026, 3, 9)}, "已经过去"),
    ],
)
def test_refuses_a_move_that_cannot_be(bureau, event, fields, message):
    task_of(bureau.mine, event)
    with pytest.raises(DomainError, match=message):
        move(bureau, event, **fields)
    assert (Due.objects.count(), GroupText.objects.count()) == (0, 0)


def test_refuses_to_move_what_has_no_tasks_of_its_own(bureau, event):
    with pytest.raises(DomainError, match="没有任务"):
        move(bureau, published_event("局里的", handling=Handling.BUREAU))
    published_event("拆出的", split_from=event)
    with pytest.raises(DomainError, match="已拆分"):
        move(bureau, event)


def test_a_move_from_an_old_page_is_refused(bureau, event):
    stale = Event.objects.get(pk=event.pk)
    move(bureau, event)
    with pytest.raises(ConflictError):
        move(bureau, stale, date(2026, 3, 30))


def test_cancelling_tells_who_waits_and_leaves_what_is_finished(bureau, event):
    waiting = task_of(bureau.mine, event)
    finished = done(bureau.other, event, on=date(2026, 3, 9))

    assert cancel(bureau, event) == 1

    waiting.refresh_from_db()
    finished.refresh_from_db()
    assert (waiting.state, finished.state) == (TaskState.CANCELLED, TaskState.DONE)
    assert (event.state, event.cancelled_reason) == ("cancelled", "上级统一安排")
    assert [(due.recipient, due.subject) for due in Due.objects.all()] == [
        (bureau.secretary, "「主题党日」已取消，不再填报，原因：上级统一安排")
    ]
    with pytest.raises(ConflictError, match="目前是“已取消”"):
        cancel(bureau, event)


def test_cancelling_the_whole_cancels_its_parts(bureau, event):
    parts = [published_event(title, split_from=event) for title in ("一", "二")]
    for part in parts:
        task_of(bureau.mine, part)
    assert cancel(bureau, event) == 2
    assert set(Event.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_draft_is_not_cancelled(bureau):
    with pytest.raises(ConflictError, match="目前是“草稿”"):
        cancel(bureau, published_event(state="draft"))


def test_an_extension_tells_the_one_it_is_for(bureau, event):
    task = task_of(bureau.mine, event)
    task_of(bureau.other, event)

    services.extend_task(actor=bureau.officer, task=task, due_on=LATER, reason="书记生病", at=NOW)

    assert (task.due_on, task.extended_reason) == (LATER, "书记生病")
    assert [due.subject for due in Due.objects.all()] == [
        "「主题党日」同意延期，截止日期由3月25日（周三）改为3月31日（周二），原因：书记生病"
    ]
    assert GroupText.objects.count() == 1
    event.refresh_from_db()
    assert event.due_on == date(2026, 3, 25)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"reason": ""}, DomainError),
        ({"due_on": date(2026, 3, 25)}, DomainError),
        ({"due_on": date(2026, 3, 1)}, DomainError),
    ],
)
def test_refuses_an_extension_that_cannot_be(bureau, event, fields, error):
    task = task_of(bureau.mine, event)
    values = {"due_on": LATER, "reason": "有事"}
    with pytest.raises(error):
        services.extend_task(actor=bureau.officer, task=task, at=NOW, **{**values, **fields})
    task.refresh_from_db()
    assert (task.due_on, task.extended_reason) == (date(2026, 3, 25), "")


def test_finished_tasks_get_no_more_time(bureau, event):
    task = done(bureau.mine, event, on=date(2026, 3, 9))
    with pytest.raises(ConflictError):
        services.extend_task(actor=bureau.officer, task=task, due_on=LATER, reason="有事", at=NOW)


@pytest.mark.parametrize("persona", ["leader", "reviewer", "secretary", "clerk", "auditor"])
def test_only_officers_change(bureau, event, persona):
    actor = getattr(bureau, persona)
    task = task_of(bureau.mine, event)
    for act in (
        lambda: move(bureau, event, actor=actor),
        lambda: cancel(bureau, event, actor=actor),
        lambda: services.extend_task(actor=actor, task=task, due_on=LATER, reason="有事", at=NOW),
    ):
        with pytest.raises(ForbiddenError):
            act()
    assert (Due.objects.count(), Task.objects.get().due_on) == (0, date(2026, 3, 25))


def test_moving_takes_as_many_queries_for_one_school_as_for_three(bureau):
    def queries(schools) -> int:
        event = published_event(f"事项{len(schools)}")
        for school in schools:
            task_of(school, event)
        with CaptureQueriesContext(connection) as captured:
            assert move(bureau, event) == len(schools)
        return len(captured)

    assert queries([bureau.mine]) == queries(more_schools(bureau.root, 3))
