"""A task's page: filled in from a phone, by the right people, once."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from activities.models import Record
from calendar_events.choices import EventState, Handling, TaskState
from calendar_events.models import Figure, FigureValue, Task
from calendar_events.services import complete_task, mark_not_applicable, return_task
from common import drafts
from common.models import Draft
from organizations.models import HeadCount
from tests.calendar_events.builders import NOW, published_event, record_of, task_of
from tests.calendar_events.pages import TOKEN, client_of, errors_of, typed

TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def task(bureau) -> Task:
    event = published_event("主题党日", record_kind="theme_day", demand="学习两会精神")
    return task_of(bureau.mine, event)


def url(task, name="task"):
    return reverse(f"calendar_events:{name}", args=[task.pk])


def save_draft(user, key, **data):
    return drafts.save(owner=user, key=key, version=0, data=data, device="", at=NOW)


def meeting(**changes):
    return typed("theme_day", **{"entitled": "34", "present": "32", **changes})


def state(task):
    task.refresh_from_db()
    return task.state


# Who may ---------------------------------------------------------------------------------------

STATUS = {
    "secretary": (200, 302),
    "deputy": (200, 302),
    "clerk": (200, 302),
    "other_secretary": (404, 404),
    "officer": (403, 403),
    "reviewer": (403, 403),
    "leader": (403, 403),
    "auditor": (403, 403),
    "stranger": (403, 403),
}


@pytest.mark.parametrize("who", STATUS)
def test_who_opens_and_who_files(bureau, task, who):
    client = client_of(getattr(bureau, who))
    sent = client.get(url(task)).status_code, client.post(url(task), meeting()).status_code
    assert sent == STATUS[who]
    assert Record.objects.count() == (302 in sent)


@pytest.mark.parametrize("name", ["task", "existing", "not_applicable", "reopen"])
def test_without_login_every_door_leads_to_it(client, task, name):
    response = client.get(url(task, name))
    assert (response.status_code, response["Location"]) == (
        302,
        f"/login/?next={url(task, name)}",
    )


@pytest.mark.parametrize("name", ["task", "existing", "not_applicable", "reopen"])
def test_a_task_of_another_school_is_not_there(bureau, name):
    client = client_of(bureau.secretary)
    foreign = task_of(bureau.other)
    assert client.get(url(foreign, name)).status_code == 404
    assert client.post(url(foreign, name), typed(reason="无")).status_code == 404
    assert client.get(f"/tasks/{10**20}/").status_code == 404
    assert client.delete(url(foreign, name)).status_code == 405


def test_who_watches_over_a_school_reads_its_task_but_does_not_fill_it_in(bureau, task):
    from tests.factories import RoleFactory

    RoleFactory(user=bureau.officer, organization=bureau.other)
    client = client_of(bureau.officer)
    page = client.get(url(task))
    assert (page.status_code, page.templates[0].name) == (
        200,
        "calendar_events/task.html",
    )
    assert client.post(url(task), meeting()).status_code == 403
    assert client.get(url(task, "not_applicable")).status_code == 403


# The form --------------------------------------------------------------------------------------


def test_what_is_known_is_filled_in(bureau, task):
    HeadCount.objects.create(
        organization=bureau.mine, on=date(2026, 1, 1), full=30, probationary=4, candidates=9
    )
    page = client_of(bureau.secretary).get(url(task))
    form = page.context["form"]
    values = {name: form[name].value() for name in ("kind", "held_on", "topic", "entitled")}
    assert values == {"kind": "theme_day", "held_on": TODAY, "topic": "主题党日", "entitled": 34}
    assert form["present"].value() is None
    assert page.context["task"]["due_label"] == "请于 3月25日（周三）前完成"
    assert "学习两会精神" in page.content.decode()


def test_the_day_of_the_event_is_proposed_once_it_has_come(bureau):
    client = client_of(bureau.secretary)
    for day, proposed in ((date(2026, 3, 6), date(2026, 3, 6)), (date(2026, 3, 20), TODAY)):
        task = task_of(bureau.mine, published_event(starts_on=day, ends_on=day))
        assert client.get(url(task)).context["form"]["held_on"].value() == proposed


def test_what_was_typed_before_comes_back_with_its_version(bureau, task):
    key = f"record:{bureau.secretary.pk}:task:{task.pk}:theme_day"
    save_draft(bureau.secretary, key, topic=["手机上写的"], present=["三"], entitled=["34"])
    page = client_of(bureau.secretary).get(url(task))
    form, draft = page.context["form"], page.context["draft"]
    assert (form["topic"].value(), form["present"].value()) == ("手机上写的", "三")
    assert (draft["key"], draft["version"], draft["saved_at"]) == (key, 1, "10:00")
    assert client_of(bureau.deputy).get(url(task)).context["form"]["topic"].value() == "主题党日"


def test_one_may_begin_anew_without_losing_the_draft_before_typing(bureau, task):
    key = f"record:{bureau.secretary.pk}:task:{task.pk}:theme_day"
    save_draft(bureau.secretary, key, topic=["上个月写的"])
    client = client_of(bureau.secretary)
    assert client.get(url(task)).context["resumed"] == "10:00"
    page = client.get(url(task) + client.get(url(task)).context["anew_url"])
    assert (page.context["resumed"], page.context["form"]["topic"].value()) == ("", "主题党日")
    assert (page.context["draft"]["version"], Draft.objects.count()) == (1, 1)


def test_another_kind_takes_over_what_was_typed(bureau, task):
    stem = f"record:{bureau.secretary.pk}:task:{task.pk}"
    save_draft(bureau.secretary, f"{stem}:theme_day", topic=["写了一半"])
    page = client_of(bureau.secretary).get(url(task), {"kind": "party_lesson"})
    assert (page.context["form"]["topic"].value(), page.context["draft"]) == (
        "写了一半",
        {"url": "/drafts/", "key": f"{stem}:party_lesson", "version": 0, "saved_at": ""},
    )


def test_the_kind_typed_last_is_opened_again(bureau, task):
    stem = f"record:{bureau.secretary.pk}:task:{task.pk}"
    save_draft(bureau.secretary, f"{stem}:party_lesson", topic=["党课"])
    page = client_of(bureau.secretary).get(url(task))
    assert page.context["draft"]["key"] == f"{stem}:party_lesson"


def test_saving_does_the_task_and_forgets_the_draft(bureau, task):
    key = f"record:{bureau.secretary.pk}:task:{task.pk}:theme_day"
    save_draft(bureau.secretary, key, topic=["写了一半"])
    client = client_of(bureau.secretary)
    response = client.post(url(task), meeting())
    record = Record.objects.get()
    assert (record.created_by, record.present, state(task)) == (
        bureau.secretary,
        32,
        TaskState.DONE,
    )
    assert response["Location"] == f"/records/{record.pk}/saved/"
    assert Draft.objects.count() == 0
    page = client.get(response["Location"])
    assert page.context["autosave_clear"] == key
    assert [row["title"] for row in page.context["tasks"]] == ["主题党日"]
    assert client.get(response["Location"]).context["autosave_clear"] == ""


def test_the_same_form_sent_again_shows_the_same_result(bureau, task):
    client = client_of(bureau.secretary)
    first, again = (client.post(url(task), meeting()) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Record.objects.count() == 1


def test_what_was_typed_after_saving_becomes_a_change(bureau, task):
    client = client_of(bureau.secretary)
    client.post(url(task), meeting())
    page = client.post(url(task), meeting(topic="又改了几个字"))
    record = Record.objects.get()
    assert (page.status_code, record.topic) == (200, "开展活动")
    assert errors_of(page) == {
        "__all__": ["这条记录刚才已经保存过。下面是您后来改的内容，核对后再点保存。"]
    }
    form = page.context["form"]
    assert page.context["action"] == f"/records/{record.pk}/edit/"
    assert (form["topic"].value(), form["version"].value()) == ("又改了几个字", "1")


def test_a_task_done_by_a_colleague_keeps_the_text_as_a_record_of_its_own(bureau, task):
    record = record_of(bureau.mine, bureau.deputy)
    complete_task(actor=bureau.deputy, task=task, record=record, values={}, on=TODAY, at=NOW)
    client = client_of(bureau.secretary)
    page = client.post(url(task), meeting())
    assert (page.status_code, Record.objects.count()) == (200, 1)
    assert "「主题党日」刚刚已由 deputy标为“已完成”" in errors_of(page)["__all__"][0]
    form = page.context["form"]
    assert page.context["action"] == "/records/new/"
    assert (form["topic"].value(), form["token"].value() != TOKEN) == ("开展活动", True)
    saved = client.post("/records/new/", {**meeting(), "token": form["token"].value()})
    assert saved.status_code == 302
    assert Record.objects.count() == 2


def test_a_cancelled_task_keeps_the_text_too(bureau, task):
    Task.objects.update(state=TaskState.CANCELLED)
    page = client_of(bureau.secretary).post(url(task), meeting())
    assert page.context["form"]["topic"].value() == "开展活动"
    assert Record.objects.count() == 0


def test_a_closed_organisation_gets_a_message_and_keeps_the_text(bureau, task):
    from tests.factories import RoleFactory

    RoleFactory(user=bureau.secretary, organization=bureau.other)
    bureau.mine.closed_on = date(2026, 3, 10)
    bureau.mine.save()
    client = client_of(bureau.secretary)
    assert client.get(url(task)).context["is_closed"]
    page = client.post(url(task), meeting())
    assert errors_of(page) == {"__all__": ["“芙蓉小学党支部”已撤销，不能再填报。"]}
    assert page.context["form"]["topic"].value() == "开展活动"
    assert Record.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"present": ""}, {"present": ["「实到人数」还没有填，没有请填 0"]}),
        ({"entitled": "18", "present": "21"}, {"present": ["应到 18 人、实到 21 人，请核"]}),
        (
            {"held_on": "2025-01-01"},
            {"held_on": ["「日期」写的是2025年1月1日，太早了，请核对年份。"]},
        ),
        ({"token": ""}, {"token": ["页面不完整或已过期，请刷新后再填"]}),
        ({"topic": "字" * 300}, {"topic": ["「主题」最多 200 字，写了 300 字，请删减"]}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(bureau, task, changes, errors):
    page = client_of(bureau.secretary).post(url(task), {**meeting(summary="简况"), **changes})
    assert (page.status_code, errors_of(page)) == (200, errors)
    assert page.context["form"]["summary"].value() == "简况"
    assert "data-autosave-unsaved" in page.content.decode()
    assert (Record.objects.count(), state(task)) == (0, TaskState.OPEN)


def test_an_invented_kind_is_refused(bureau, task):
    page = client_of(bureau.secretary).post(url(task), typed("party"))
    assert errors_of(page) == {"kind": ["「类别」里没有“party”这一项，请重新选择"]}


# Figures, several tasks --------------------------------------------------------------------------


def test_a_blank_figure_is_named_and_zero_is_taken(bureau, task):
    figure = Figure.objects.create(event=task.event, name="完成率%", unit="%")
    client = client_of(bureau.secretary)
    page = client.post(url(task), meeting())
    assert errors_of(page) == {f"figure_{figure.pk}": ["「完成率%」还没有填，没有请填 0"]}
    assert client.post(url(task), meeting(**{f"figure_{figure.pk}": "0"})).status_code == 302
    assert FigureValue.objects.get().value == 0


def test_further_tasks_are_done_by_the_same_record(bureau, task):
    ticked, left = (task_of(bureau.mine, published_event(title)) for title in ("甲", "乙"))
    figure = Figure.objects.create(event=ticked.event, name="人数", unit="人")
    Figure.objects.create(event=left.event, name="场次", unit="次")
    client = client_of(bureau.secretary)
    page = client.post(url(task), meeting(tasks=[ticked.pk]))
    assert errors_of(page) == {f"figure_{figure.pk}": ["「人数」还没有填，没有请填 0"]}
    data = meeting(tasks=[ticked.pk], **{f"figure_{figure.pk}": "5"})
    assert client.post(url(task), data).status_code == 302
    assert [state(each) for each in (task, ticked, left)] == ["done", "done", "open"]
    assert FigureValue.objects.get().value == 5


def test_a_further_task_done_meanwhile_is_said(bureau, task):
    gone = task_of(bureau.mine, published_event("甲"), state=TaskState.CANCELLED)
    task_of(bureau.mine, published_event("乙"))
    foreign = task_of(bureau.other)
    client = client_of(bureau.secretary)
    for forged in (gone, foreign):
        page = client.post(url(task), meeting(tasks=[forged.pk]))
        assert errors_of(page) == {
            "tasks": ["有一项任务刚刚已办结或取消，已从下面去掉，请核对后再保存"]
        }
    assert (Record.objects.count(), state(task)) == (0, TaskState.OPEN)


def test_the_form_asks_the_same_number_of_queries_for_one_task_and_three(
    bureau, task, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(bureau.secretary)
    client.get(url(task))
    counts = []
    for extra in (1, 2):
        for _ in range(extra):
            other = task_of(bureau.mine, published_event())
            Figure.objects.create(event=other.event, name="人数", unit="人")
        with CaptureQueriesContext(connection) as queries:
            client.get(url(task))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Returned, existing, not applicable, opened again --------------------------------------------------


def test_a_returned_task_opens_its_record_with_the_comment(bureau, task):
    record = record_of(bureau.mine, bureau.secretary, entitled=18, present=18)
    complete_task(actor=bureau.secretary, task=task, record=record, values={}, on=TODAY, at=NOW)
    return_task(actor=bureau.reviewer, task=task, comment="应到18人、实到18人，请核", at=NOW)
    client = client_of(bureau.secretary)
    page = client.get(url(task), follow=True)
    assert page.redirect_chain == [(f"/records/{record.pk}/edit/", 302)]
    assert (page.context["task"]["comment"], page.context["button"]) == (
        "应到18人、实到18人，请核",
        "保存并重新提交任务",
    )
    data = {
        **meeting(entitled="18", present="16"),
        "version": page.context["form"]["version"].value(),
    }
    assert client.post(f"/records/{record.pk}/edit/", data).status_code == 302
    record.refresh_from_db()
    assert (state(task), record.present) == (TaskState.DONE, 16)


def test_an_existing_record_does_the_task(bureau, task):
    record = record_of(bureau.mine, bureau.secretary)
    record_of(bureau.other, bureau.other_secretary)
    figure = Figure.objects.create(event=task.event, name="人数", unit="人")
    client = client_of(bureau.secretary)
    page = client.get(url(task, "existing"))
    assert list(page.context["records"]) == [record]
    name = f"figure_{figure.pk}"
    page = client.post(url(task, "existing"), {"record": record.pk, name: ""})
    assert errors_of(page) == {name: ["「人数」还没有填，没有请填 0"]}
    done = client.post(url(task, "existing"), {"record": record.pk, name: "0"})
    assert done["Location"] == f"/records/{record.pk}/saved/"
    assert (state(task), task.record) == (TaskState.DONE, record)


def test_a_record_of_another_school_cannot_be_chosen(bureau, task):
    record_of(bureau.mine, bureau.secretary)
    foreign = record_of(bureau.other, bureau.other_secretary)
    page = client_of(bureau.secretary).post(url(task, "existing"), {"record": foreign.pk})
    assert errors_of(page) == {"record": ["这条记录已经撤回或不在列表里，请重新选择"]}


def test_not_applicable_needs_a_reason(bureau, task):
    client = client_of(bureau.clerk)
    page = client.post(url(task, "not_applicable"), {"reason": " "})
    assert errors_of(page) == {"reason": ["「不适用的理由」还没有填"]}
    page = client.post(url(task, "not_applicable"), {"reason": "字" * 201})
    assert errors_of(page) == {"reason": ["「不适用的理由」最多 200 字，写了 201 字，请删减"]}
    done = client.post(url(task, "not_applicable"), {"reason": "没有设党小组"}, follow=True)
    assert (state(task), task.reason) == (TaskState.NOT_APPLICABLE, "没有设党小组")
    assert done.redirect_chain == [(url(task), 302)]
    assert done.context["autosave_clear"].endswith(f":task:{task.pk}:reason")
    again = client.post(url(task, "not_applicable"), {"reason": "另一个"})
    assert again["Location"] == url(task)
    assert (state(task), task.reason) == (TaskState.NOT_APPLICABLE, "没有设党小组")


def test_the_reason_typed_before_comes_back(bureau, task):
    key = f"record:{bureau.clerk.pk}:task:{task.pk}:reason"
    save_draft(bureau.clerk, key, reason=["写了一半"])
    page = client_of(bureau.clerk).get(url(task, "not_applicable"))
    assert (page.context["form"]["reason"].value(), page.context["draft"]["version"]) == (
        "写了一半",
        1,
    )


def test_a_finished_task_shows_what_became_of_it_and_what_is_next(bureau, task):
    record = record_of(bureau.mine, bureau.secretary)
    figure = Figure.objects.create(event=task.event, name="人数", unit="人")
    complete_task(
        actor=bureau.secretary, task=task, record=record, values={figure.pk: 0}, on=TODAY, at=NOW
    )
    client = client_of(bureau.secretary)
    page = client.get(url(task))
    assert (page.context["note"], page.context["answers"]) == (
        "3月10日（周二）办结",
        [("人数", 0, "人")],
    )
    assert (page.context["record"]["title"], page.context["next"]) == ("学习活动", [])
    task_of(bureau.mine, published_event("选报", handling=Handling.OPTIONAL))
    task_of(bureau.mine, published_event("下一件"))
    assert [row["title"] for row in client.get(url(task)).context["next"]] == ["下一件"]


def test_a_finished_task_is_opened_again_after_asking(bureau, task):
    mark_not_applicable(actor=bureau.secretary, task=task, reason="误点", at=NOW)
    client = client_of(bureau.secretary)
    assert client.get(url(task, "reopen")).context["changes"] == [
        "「主题党日」将回到“待办”，要重新填报"
    ]
    assert state(task) == TaskState.NOT_APPLICABLE
    assert client.post(url(task, "reopen"))["Location"] == url(task)
    assert state(task) == TaskState.OPEN
    assert client.post(url(task, "reopen"))["Location"] == url(task)
    assert client.get(url(task, "reopen"))["Location"] == url(task)


def test_a_cancelled_task_says_so(bureau, task):
    Task.objects.update(state=TaskState.CANCELLED)
    task.event.state, task.event.cancelled_reason = EventState.CANCELLED, "合并到四月"
    task.event.save()
    page = client_of(bureau.secretary).get(url(task))
    assert "这项任务已取消，不用办了。合并到四月" in page.content.decode()
    assert page.context["reopen_url"] == ""
