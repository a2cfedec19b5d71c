"""A record and its tasks in one step: all of it or nothing, and safe to send twice."""

from datetime import date, timedelta

import pytest

from activities.models import Record
from activities.services import Content, withdraw_record
from calendar_events.choices import TaskState
from calendar_events.models import Figure, FigureValue, Task
from calendar_events.services import (
    complete_task,
    file_record,
    refile_record,
    return_task,
    withdraw_filed,
)
from calendar_events.services.checks import TASK_CHANGED
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.choices import RoleKind
from tests.calendar_events.builders import NOW, published_event, race, record_of, task_of
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.personas import build_bureau

DAY = date(2026, 3, 9)
CONTENT = Content("other", DAY, "开展活动", present=30)


def asked(task, name="参加人数"):
    return Figure.objects.create(event=task.event, name=name, unit="人")


def file(bureau, tasks=(), values=None, *, token="one", actor=None, content=CONTENT):
    return file_record(
        actor=actor or bureau.secretary,
        organization=bureau.mine,
        content=content,
        token=token,
        tasks=tasks,
        values=values or {},
        at=NOW,
    )


def refile(bureau, record, tasks, values=None, *, version=1, content=CONTENT):
    return refile_record(
        actor=bureau.secretary,
        record=record,
        version=version,
        content=content,
        tasks=tasks,
        values=values or {},
        at=NOW,
    )


def states():
    return list(Task.objects.order_by("pk").values_list("state", "record"))


def answers():
    return dict(FigureValue.objects.values_list("figure", "value"))


def test_one_record_does_several_tasks_with_their_figures(bureau):
    tasks = [task_of(bureau.mine, published_event(title)) for title in ("甲", "乙")]
    figure = asked(tasks[1])
    record = file(bureau, tasks, {figure.pk: 0})
    assert states() == [(TaskState.DONE, record.pk)] * 2
    assert answers() == {figure.pk: 0}


def test_a_record_may_stand_alone(bureau):
    record = file(bureau)
    assert (record.topic, list(record.tasks.all())) == ("开展活动", [])


def test_sent_again_it_makes_no_second_record(bureau):
    task = task_of(bureau.mine)
    figure = asked(task)
    first = file(bureau, [task], {figure.pk: 3})
    again = file(bureau, [Task.objects.get()], {figure.pk: 3})
    assert again == first
    assert (Record.objects.count(), states()) == (1, [(TaskState.DONE, first.pk)])
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["activities.add_record", "calendar_events.complete_tasks"]


def test_when_a_task_cannot_be_done_no_record_is_left(bureau):
    mine, taken = (task_of(bureau.mine, published_event(title)) for title in ("甲", "乙"))
    other = record_of(bureau.mine, bureau.deputy)
    complete_task(actor=bureau.deputy, task=taken, record=other, values={}, on=DAY, at=NOW)
    with pytest.raises(ConflictError, match="刚刚被他人处理过"):
        file(bureau, [mine, taken])
    assert (Record.objects.count(), states()[0]) == (1, (TaskState.OPEN, None))


def test_a_missing_figure_saves_nothing(bureau):
    task = task_of(bureau.mine)
    asked(task)
    with pytest.raises(DomainError, match="请填写“参加人数”；没有的填 0"):
        file(bureau, [task])
    assert (Record.objects.count(), states()) == (0, [(TaskState.OPEN, None)])


def test_a_foreign_task_is_not_done(bureau):
    foreign = task_of(bureau.other)
    with pytest.raises(ForbiddenError):
        file(bureau, [foreign])
    assert (Record.objects.count(), states()) == (0, [(TaskState.OPEN, None)])


def test_a_change_completes_what_was_returned_and_corrects_what_is_done(bureau):
    back, fine = (task_of(bureau.mine, published_event(title)) for title in ("退回", "办结"))
    figure, kept = asked(back), asked(fine, "场次")
    record = file(bureau, [back, fine], {figure.pk: 40, kept.pk: 1})
    return_task(actor=bureau.reviewer, task=back, comment="应到18人、实到40人，请核", at=NOW)
    tasks = list(Task.objects.order_by("pk"))
    refile(bureau, record, tasks, {figure.pk: 18, kept.pk: 2})
    assert states() == [(TaskState.DONE, record.pk)] * 2
    assert answers() == {figure.pk: 18, kept.pk: 2}
    entry = AuditEntry.objects.get(verb="calendar_events.change_answers")
    assert (entry.before, entry.after) == (
        {"values": {str(kept.pk): 1}},
        {"values": {str(kept.pk): 2}},
    )


def test_unchanged_answers_leave_no_trace(bureau):
    task = task_of(bureau.mine)
    figure = asked(task)
    record = file(bureau, [task], {figure.pk: 3})
    refile(bureau, record, [task], {figure.pk: 3})
    assert not AuditEntry.objects.filter(verb="calendar_events.change_answers").exists()


def test_a_change_of_an_older_version_writes_nothing(bureau):
    task = task_of(bureau.mine)
    figure = asked(task)
    record = file(bureau, [task], {figure.pk: 3})
    refile(bureau, record, [task], {figure.pk: 4})
    with pytest.raises(ConflictError, match="刚刚被别人修改过"):
        refile(bureau, record, [task], {figure.pk: 5})
    assert answers() == {figure.pk: 4}


def test_withdrawing_opens_the_tasks_again(bureau):
    tasks = [task_of(bureau.mine, published_event(title)) for title in ("甲", "乙")]
    record = file(bureau, tasks)
    reopened = withdraw_filed(actor=bureau.secretary, record=record, reason="重复", at=NOW)
    assert sorted(task.event.title for task in reopened) == ["乙", "甲"]
    assert states() == [(TaskState.OPEN, None)] * 2


def test_a_record_that_did_a_task_above_is_not_withdrawn_from_below(bureau):
    below = OrganizationFactory(name="芙蓉二支部", parent=bureau.mine)
    secretary = UserFactory()
    RoleFactory(user=secretary, organization=below, kind=RoleKind.SECRETARY)
    record = record_of(below, secretary)
    task = task_of(bureau.mine)
    complete_task(actor=bureau.secretary, task=task, record=record, values={}, on=DAY, at=NOW)
    with pytest.raises(DomainError, match="已用来完成“芙蓉小学党支部”的任务"):
        withdraw_filed(actor=secretary, record=record, reason="重复", at=NOW)
    assert (Record.objects.standing().count(), states()) == (1, [(TaskState.DONE, record.pk)])


def test_a_withdrawn_record_is_not_filed_again(bureau):
    record = file(bureau)
    withdraw_record(actor=bureau.secretary, record=record, reason="重复", at=NOW)
    with pytest.raises(DomainError, match="这条记录已撤回"):
        file(bureau, [task_of(bureau.mine)])
    assert states() == [(TaskState.OPEN, None)]


def test_late_filing_counts_from_the_day_of_filing(bureau):
    task = task_of(bureau.mine)
    file_record(
        actor=bureau.secretary,
        organization=bureau.mine,
        content=CONTENT,
        token="late",
        tasks=[task],
        values={},
        at=NOW + timedelta(days=20),
    )
    task.refresh_from_db()
    assert (task.completed_on, task.is_late(date(2026, 4, 1))) == (date(2026, 3, 30), True)


def at_once(bureau, people_and_tokens):
    task = task_of(bureau.mine)

    def filing(actor, token):
        return lambda: file(bureau, [Task.objects.get(pk=task.pk)], actor=actor, token=token)

    return race([filing(actor, token) for actor, token in people_and_tokens])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_double_tap_makes_one_record():
    bureau = build_bureau()
    results = at_once(bureau, [(bureau.secretary, "same"), (bureau.secretary, "same")])
    record = Record.objects.get()
    assert results == [record, record]
    assert states() == [(TaskState.DONE, record.pk)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_leave_one_record_and_one_message():
    bureau = build_bureau()
    results = at_once(bureau, [(bureau.secretary, "one"), (bureau.deputy, "two")])
    refused = [result for result in results if isinstance(result, ConflictError)]
    assert [error.message for error in refused] == [TASK_CHANGED]
    assert states() == [(TaskState.DONE, Record.objects.get().pk)]
