"""Calendars, events, tasks and records at the API: the same rules as on the pages, by version."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from activities.models import Record
from calendar_events.choices import EventState, Handling, TaskState
from calendar_events.models import Calendar, Event, Figure, FigureValue, Task
from common.models import AuditEntry
from tests.calendar_events.builders import (
    NOW,
    done,
    draft_calendar,
    published_event,
    record_of,
    task_of,
)
from tests.doors import Program


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(NOW, tick=False):
        yield


CONTENT = {
    "kind": "theme_day",
    "held_on": "2026-03-09",
    "topic": "学习活动",
    "entitled": 12,
    "present": 0,
}


def test_a_change_needs_the_version_that_was_seen(bureau):
    task, secretary = task_of(bureau.mine), Program(bureau.secretary)
    path, reason = f"tasks/{task.pk}/", {"reason": "没有党小组"}
    missing = secretary.post(f"{path}not-applicable/", reason)
    assert (missing.status_code, missing.json()["code"]) == (428, "version_needed")
    seen = secretary.get(path)["ETag"]
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 4, 1))
    stale = secretary.post(f"{path}not-applicable/", reason, seen=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_changed")
    assert "重新读取" in stale.json()["message"]
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
def test_the_version_may_come_as_http_has_it(bureau, shape):
    task, secretary = task_of(bureau.mine), Program(bureau.secretary)
    seen = secretary.get(f"tasks/{task.pk}/")["ETag"]
    answer = secretary.post(
        f"tasks/{task.pk}/not-applicable/", {"reason": "没有"}, seen=shape.format(seen)
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "not_applicable")
    assert answer["ETag"] == secretary.get(f"tasks/{task.pk}/")["ETag"] != seen


def test_answers_alone_are_another_version(bureau):
    event = published_event()
    figure = Figure.objects.create(event=event, name="参加人数", unit="人")
    task, secretary = task_of(bureau.mine, event), Program(bureau.secretary)
    before = secretary.get(f"tasks/{task.pk}/")["ETag"]
    FigureValue.objects.create(task=task, figure=figure, value=0)
    after = secretary.get(f"tasks/{task.pk}/")
    assert after["ETag"] != before
    assert after.json()["values"] == [
        {"figure_id": figure.pk, "name": "参加人数", "unit": "人", "value": 0}
    ]


def test_a_record_does_its_tasks_in_one_step_and_once(bureau):
    event = published_event()
    figure = Figure.objects.create(event=event, name="参加人数", unit="人")
    task, clerk = task_of(bureau.mine, event), Program(bureau.clerk)
    body = {
        **CONTENT,
        "organization_id": bureau.mine.pk,
        "task_ids": [task.pk],
        "values": [{"figure_id": figure.pk, "value": 0}],
        "submission_key": "2026-0309-1",
    }
    first, second = clerk.post("records/", body), clerk.post("records/", body)
    assert [first.status_code, second.status_code] == [201, 201]
    assert first.json() == second.json()
    assert first.json()["present"] == 0
    task.refresh_from_db()
    assert (task.state, task.record_id) == (TaskState.DONE, first.json()["id"])
    assert Record.objects.count() == 1
    entry = AuditEntry.objects.get(verb="activities.add_record")
    assert (entry.actor, entry.agent.startswith("接口令牌“程序”")) == (bureau.clerk, True)


def test_a_record_with_a_task_that_fails_is_not_kept(bureau):
    event = published_event()
    Figure.objects.create(event=event, name="参加人数", unit="人")
    task = task_of(bureau.mine, event)
    body = {**CONTENT, "organization_id": bureau.mine.pk, "task_ids": [task.pk]}
    answer = Program(bureau.secretary).post("records/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "refused")
    assert answer.json()["message"] == "请填写“参加人数”；没有的填 0。"
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": "1999-12-31"}, "held_on"),
        ({"topic": ""}, "topic"),
        ({"topic": "a\x00"}, "topic"),
        ({"kind": "party"}, "kind"),
        ({"present": -1}, "present"),
        ({"counters": {"persons": "x"}}, "counters.persons"),
        ({"values": [{"figure_id": 1}]}, "values.0.value"),
        ({"task_ids": [999999]}, "task_ids"),
    ],
)
def test_what_is_wrong_is_said_by_field(bureau, change, field):
    body = {**CONTENT, "organization_id": bureau.mine.pk, **change}
    answer = Program(bureau.secretary).post("records/", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_what_is_wrong_is_said_in_chinese(bureau):
    body = {"kind": "x", "held_on": 5, "topic": [], "present": -1, "counters": [], "values": [1]}
    answer = Program(bureau.secretary).post("records/", body)
    words = [word for each in answer.json()["fields"].values() for word in each]
    assert len(words) == 7
    assert [word for word in words if not re.search("[一-龥]{4}", word)] == []


def test_anothers_rows_are_not_there_even_in_a_body(bureau):
    secretary = Program(bureau.secretary)
    theirs = task_of(bureau.other)
    assert secretary.get(f"tasks/{theirs.pk}/").status_code == 404
    body = {**CONTENT, "organization_id": bureau.other.pk}
    answer = secretary.post("records/", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["organization_id"])
    mine = task_of(bureau.mine, theirs.event)
    record = record_of(bureau.other, bureau.other_secretary)
    answer = secretary.verb(f"tasks/{mine.pk}/", "complete", {"record_id": record.pk})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["record_id"])


def test_a_record_is_written_anew_and_withdrawn(bureau):
    record, secretary = record_of(bureau.mine, bureau.secretary), Program(bureau.secretary)
    path = f"records/{record.pk}/"
    changed = secretary.verb(path, "change", {**CONTENT, "topic": "改过的主题"})
    assert (changed.status_code, changed.json()["topic"]) == (200, "改过的主题")
    withdrawn = secretary.verb(path, "withdraw", {"reason": "重复"})
    assert withdrawn.json()["withdrawn_reason"] == "重复"
    again = secretary.verb(path, "withdraw", {"reason": "重复"})
    assert (again.status_code, again.json()["code"]) == (403, "forbidden")


def test_who_reviews_returns_and_extends_and_nudges(bureau):
    task = done(bureau.mine, published_event(), on=date(2026, 3, 9))
    path, reviewer = f"tasks/{task.pk}/", Program(bureau.reviewer)
    assert reviewer.verb(path, "return", {"comment": "请补照片"}).json()["comment"] == "请补照片"
    extended = Program(bureau.officer).verb(
        path, "extend", {"due_on": "2026-04-10", "reason": "病假"}
    )
    assert extended.json()["due_on"] == "2026-04-10"
    text = reviewer.post("tasks/nudge/", {"task_ids": [task.pk]})
    assert (text.status_code, bureau.mine.name in text.json()["named"]) == (200, True)


def test_reading_is_no_writing(bureau):
    task, reading = task_of(bureau.mine), Program(bureau.secretary, tasks="read")
    answer = reading.verb(f"tasks/{task.pk}/", "not-applicable", {"reason": "没有"})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert "可读写" in answer.json()["message"]


def test_lists_are_narrowed_down(bureau):
    officer = Program(bureau.officer)
    late = task_of(bureau.mine, published_event("早到期的", due_on=date(2026, 3, 2)))
    april = task_of(bureau.other, published_event("四月的", month=4))

    def found(**query):
        return [row["id"] for row in officer.get("tasks/", **query).json()["results"]]

    assert found() == [april.pk, late.pk]
    assert found(overdue="true") == [late.pk]
    assert found(overdue="false") == [april.pk]
    assert found(year=2026, month=4) == [april.pk]
    assert found(organization_id=bureau.mine.pk) == [late.pk]
    assert found(due_from="2026-03-03", due_to="2026-04-30") == [april.pk]
    assert found(state="done") == []
    assert officer.get(f"tasks/{late.pk}/").json()["late"] is True


def test_an_ad_hoc_task_goes_out_to_those_chosen(bureau):
    body = {
        "title": "报送名单",
        "due_on": "2026-03-20",
        "audience": {"kind": "chosen", "organization_ids": [bureau.mine.pk]},
        "figures": [{"name": "人数", "unit": "人"}],
    }
    answer = Program(bureau.officer).post("events/", body)
    assert (answer.status_code, answer.json()["calendar_id"]) == (201, None)
    assert [task.organization for task in Task.objects.all()] == [bureau.mine]
    twice = Program(bureau.officer).post("events/", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "conflict")


def test_a_calendar_is_published_as_it_was_seen(bureau):
    calendar, officer = draft_calendar(titles={"主题党日": 3}), Program(bureau.officer)
    seen = officer.get(f"calendars/{calendar.pk}/")["ETag"]
    Event.objects.update(handling=Handling.SCHOOL, updated_at=NOW + timedelta(minutes=1))
    assert officer.post(f"calendars/{calendar.pk}/publish/", seen=seen).status_code == 412
    answer = officer.verb(f"calendars/{calendar.pk}/", "publish")
    assert (answer.status_code, answer.json()["state"]) == (200, "published")
    assert Event.objects.get().state == EventState.PUBLISHED
    assert Calendar.objects.get().published_at is not None


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_is_overwritten_or_deleted(bureau, verb):
    task, secretary = task_of(bureau.mine), Program(bureau.secretary)
    answer = secretary.client.generic(verb, f"/api/v1/tasks/{task.pk}/", headers=secretary.headers)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("sent", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "parse_error"),
        ("[" * 100_000, "application/json", 400, "parse_error"),
        ("NaN", "application/json", 400, "parse_error"),
        ("[]", "application/json", 400, "invalid"),
        ("a=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("x" * 6_000_000, "application/json", 413, "too_large"),
    ],
)
def test_a_body_that_is_none(bureau, sent, kind, status, code):
    secretary = Program(bureau.secretary)
    answer = secretary.client.post(
        "/api/v1/records/", sent, content_type=kind, headers=secretary.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
