"""Completing, not applicable, returning, opening again."""

from datetime import date, timedelta

import pytest
from django.db import connection

from calendar_events import services
from calendar_events.choices import Handling, TaskState
from calendar_events.models import Figure, FigureValue, Task
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from notifications.models import Due
from tests.calendar_events.builders import NOW, published_event, race, record_of, task_of
from tests.factories import OrganizationFactory
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def task(bureau):
    return task_of(bureau.mine)


@pytest.fixture
def record(bureau):
    return record_of(bureau.mine, bureau.secretary)


def complete(bureau, task, record, **fields):
    values = {"actor": bureau.secretary, "values": {}, "on": TODAY, "at": NOW}
    return services.complete_task(task=task, record=record, **{**values, **fields})


@pytest.mark.parametrize("persona", ["secretary", "deputy", "clerk"])
def test_everybody_who_files_may_complete(bureau, task, record, persona):
    done = complete(bureau, task, record, actor=getattr(bureau, persona))

    assert (done.state, done.record, done.completed_on) == (TaskState.DONE, record, TODAY)
    assert (done.completed_by, done.version) == (getattr(bureau, persona), 2)


@pytest.mark.parametrize(
    "persona", ["officer", "leader", "reviewer", "other_secretary", "auditor", "stranger"]
)
def test_nobody_else_may(bureau, task, record, persona):
    actor = getattr(bureau, persona)
    with pytest.raises(ForbiddenError):
        complete(bureau, task, record, actor=actor)
    with pytest.raises(ForbiddenError):
        services.mark_not_applicable(actor=actor, task=task, reason="无", at=NOW)
    task.refresh_from_db()
    assert (task.state, task.version) == (TaskState.OPEN, 1)
    assert AuditEntry.objects.count() == 0


def test_one_record_fulfils_several_tasks_with_one_log_entry(bureau, record):
    tasks = [task_of(bureau.mine, published_event(title)) for title in ("一", "二", "三")]

    services.complete_tasks(
        actor=bureau.secretary, tasks=tasks, record=record, values={}, on=TODAY, at=NOW
    )

    assert set(Task.objects.values_list("state", "record")) == {(TaskState.DONE, record.pk)}
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.object_ids) == (
        "calendar_events.complete_tasks",
        [task.pk for task in tasks],
    )


def test_all_of_them_or_none(bureau, record):
    first, second = (task_of(bureau.mine, published_event(title)) for title in ("一", "二"))
    Task.objects.filter(pk=second.pk).update(state=TaskState.CANCELLED)

    with pytest.raises(ConflictError, match="刚刚被他人处理过"):
        services.complete_tasks(
            actor=bureau.secretary,
            tasks=[first, second],
            record=record,
            values={},
            on=TODAY,
            at=NOW,
        )
    first.refresh_from_db()
    assert first.state == TaskState.OPEN


def test_completing_twice_is_a_conflict(bureau, task, record):
    complete(bureau, task, record)
    with pytest.raises(ConflictError):
        complete(bureau, task, record)
    assert AuditEntry.objects.count() == 1


def test_every_figure_is_answered_and_zero_is_an_answer(bureau, task, record):
    people = Figure.objects.create(event=task.event, name="参加人数", unit="人")
    wishes = Figure.objects.create(event=task.event, name="微心愿", unit="个")

    with pytest.raises(DomainError, match="请填写“微心愿”；没有的填 0。"):
        complete(bureau, task, record, values={people.pk: 12})
    complete(bureau, task, record, values={people.pk: 12, wishes.pk: 0})

    assert dict(FigureValue.objects.values_list("figure__name", "value")) == {
        "参加人数": 12,
        "微心愿": 0,
    }


def test_refuses_impossible_and_foreign_figures(bureau, task, record):
    people = Figure.objects.create(event=task.event, name="人数", unit="人")
    foreign = Figure.objects.create(event=published_event("别的"), name="人数", unit="人")

    with pytest.raises(DomainError, match="与任务不符"):
        complete(bureau, task, record, values={people.pk: 1, foreign.pk: 1})
    for value in (-1, 100_000_000):
        with pytest.raises(DomainError, match="应在 0–99999999 之间"):
            complete(bureau, task, record, values={people.pk: value})
    assert FigureValue.objects.count() == 0


def test_refuses_foreign_and_withdrawn_records(bureau, task, record):
    with pytest.raises(DomainError, match="不是“芙蓉小学党支部”的"):
        complete(bureau, task, record_of(bureau.other, bureau.other_secretary))
    record.withdrawn_at = NOW
    record.save()
    with pytest.raises(DomainError, match="已撤回"):
        complete(bureau, task, record)


def test_refuses_a_record_withdrawn_meanwhile(bureau, task, record):
    type(record).objects.filter(pk=record.pk).update(withdrawn_at=NOW)
    with pytest.raises(ConflictError, match="刚刚被撤回"):
        complete(bureau, task, record)
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


def test_a_record_of_a_branch_below_fulfils_the_task_above(bureau, task):
    below = OrganizationFactory(parent=bureau.mine)
    assert complete(bureau, task, record_of(below, bureau.clerk)).state == TaskState.DONE


def test_refuses_tasks_of_two_organisations_repeated_ones_and_none(bureau, task, record):
    foreign = task_of(bureau.other, task.event)
    for tasks in ([task, foreign], [task, task], []):
        with pytest.raises(DomainError):
            services.complete_tasks(
                actor=bureau.secretary, tasks=tasks, record=record, values={}, on=TODAY, at=NOW
            )


def test_refuses_closed_organisations_and_days_to_come(bureau, task, record):
    with pytest.raises(DomainError, match="不能晚于今天"):
        complete(bureau, task, record, on=TODAY + timedelta(days=1))
    bureau.mine.closed_on = TODAY
    bureau.mine.save()
    task.organization.refresh_from_db()
    with pytest.raises(DomainError, match="已撤销"):
        complete(bureau, task, record)


def test_late_is_reckoned_from_the_dates(bureau, record):
    task = task_of(bureau.mine, due_on=date(2026, 3, 9))
    assert complete(bureau, task, record).is_late(TODAY)

    optional = published_event("选报", handling=Handling.OPTIONAL)
    assert not task_of(bureau.mine, optional, due_on=date(2026, 3, 1)).is_late(TODAY)


def test_not_applicable_needs_a_reason(bureau, task):
    for reason in ("", "  \n"):
        with pytest.raises(DomainError, match="请填写不适用的理由"):
            services.mark_not_applicable(actor=bureau.clerk, task=task, reason=reason, at=NOW)
    with pytest.raises(DomainError, match="最多 200 字"):
        services.mark_not_applicable(actor=bureau.clerk, task=task, reason="长" * 201, at=NOW)

    services.mark_not_applicable(actor=bureau.clerk, task=task, reason="没有支委会", at=NOW)
    assert (task.state, task.reason) == (TaskState.NOT_APPLICABLE, "没有支委会")
    with pytest.raises(ConflictError):
        services.mark_not_applicable(actor=bureau.clerk, task=task, reason="再次", at=NOW)


def test_finishing_withdraws_reminders_that_wait(bureau, task, record):
    def due(pk: int) -> Due:
        return Due.objects.create(
            key=f"task:{pk}:on_day",
            recipient=bureau.secretary,
            room="calendar_events",
            subject="任务",
            stage="on_day",
            link=f"/tasks/{pk}/",
            due_at=NOW,
        )

    mine, other = due(task.pk), due(task.pk * 10 + 1)
    complete(bureau, task, record)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.withdrawn_at, other.withdrawn_at) == (NOW, None)


@pytest.mark.parametrize("persona", ["officer", "reviewer"])
def test_a_reviewer_returns_with_a_comment_and_the_school_is_told(bureau, task, record, persona):
    complete(bureau, task, record)

    services.return_task(actor=getattr(bureau, persona), task=task, comment="请补照片", at=NOW)

    assert (task.state, task.comment, task.record) == (TaskState.RETURNED, "请补照片", record)
    assert (task.completed_on, task.completed_by) == (None, None)
    told = Due.objects.get()
    assert (told.recipient, told.subject, told.stage) == (
        bureau.secretary,
        "「主题党日」已退回：请补照片",
        "returned",
    )
    complete(bureau, task, record)
    assert (task.state, task.comment) == (TaskState.DONE, "")


@pytest.mark.parametrize("persona", ["secretary", "clerk", "other_secretary", "leader", "auditor"])
def test_nobody_else_returns(bureau, task, record, persona):
    complete(bureau, task, record)
    with pytest.raises(ForbiddenError):
        services.return_task(actor=getattr(bureau, persona), task=task, comment="不行", at=NOW)


def test_only_finished_tasks_are_returned_and_a_comment_is_needed(bureau, task, record):
    with pytest.raises(ConflictError):
        services.return_task(actor=bureau.officer, task=task, comment="不行", at=NOW)
    complete(bureau, task, record)
    with pytest.raises(DomainError, match="请填写退回意见"):
        services.return_task(actor=bureau.officer, task=task, comment=" ", at=NOW)


@pytest.mark.parametrize("persona", ["clerk", "officer", "reviewer"])
def test_opening_again_lets_the_record_go(bureau, task, record, persona):
    complete(bureau, task, record)
    services.reopen_task(actor=getattr(bureau, persona), task=task, at=NOW)
    assert (task.state, task.record, task.completed_on) == (TaskState.OPEN, None, None)
    with pytest.raises(ConflictError):
        services.reopen_task(actor=bureau.clerk, task=task, at=NOW)


def test_strangers_do_not_open_again(bureau, task, record):
    complete(bureau, task, record)
    with pytest.raises(ForbiddenError):
        services.reopen_task(actor=bureau.other_secretary, task=task, at=NOW)


def test_tasks_of_a_withdrawn_record_open_again(bureau, task, record):
    complete(bureau, task, record)
    kept = complete(
        bureau, task_of(bureau.mine, published_event("别的")), record_of(bureau.mine, bureau.clerk)
    )
    type(record).objects.filter(pk=record.pk).update(withdrawn_at=NOW)

    assert services.reopen_withdrawn(at=NOW) == 1
    assert services.reopen_withdrawn(at=NOW) == 0

    task.refresh_from_db()
    kept.refresh_from_db()
    assert (task.state, task.record) == (TaskState.OPEN, None)
    assert kept.state == TaskState.DONE


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_give_one_result_and_one_clear_message():
    bureau = build_bureau()
    task = task_of(bureau.mine)
    records = [record_of(bureau.mine, user) for user in (bureau.secretary, bureau.deputy)]

    def completion(record):
        return lambda: services.complete_task(
            actor=record.created_by,
            task=Task.objects.get(pk=task.pk),
            record=record,
            values={},
            on=TODAY,
            at=NOW,
        )

    results = race([completion(record) for record in records])

    refused = [result for result in results if isinstance(result, ConflictError)]
    assert len(refused) == 1
    assert refused[0].message.startswith("该任务刚刚被他人处理过")
    task.refresh_from_db()
    assert (task.state, task.version) == (TaskState.DONE, 2)
    assert task.record == records[0 if results[1] is refused[0] else 1]
    assert AuditEntry.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_completing_and_returning_at_once_keep_one_state():
    bureau = build_bureau()
    record = record_of(bureau.mine, bureau.secretary)
    task = task_of(bureau.mine, state=TaskState.DONE, completed_on=TODAY, record=record)

    def returned():
        return services.return_task(
            actor=bureau.officer, task=Task.objects.get(pk=task.pk), comment="请补", at=NOW
        )

    def reopened():
        return services.reopen_task(
            actor=bureau.secretary, task=Task.objects.get(pk=task.pk), at=NOW
        )

    results = race([returned, reopened])

    assert sum(isinstance(result, ConflictError) for result in results) == 1
    task.refresh_from_db()
    assert task.version == 2
    assert connection.in_atomic_block is False


def test_what_waits_for_a_closed_organisation_is_cancelled(bureau):
    closed = OrganizationFactory(parent=bureau.root, closed_on=TODAY)
    waiting, other = task_of(closed), task_of(bureau.other)

    assert services.cancel_closed(at=NOW - timedelta(days=1)) == 0
    assert services.cancel_closed(at=NOW) == 1
    assert services.cancel_closed(at=NOW) == 0
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (waiting.state, other.state) == (TaskState.CANCELLED, TaskState.OPEN)
    assert AuditEntry.objects.get(verb="calendar_events.cancel_closed").object_ids == [waiting.pk]
