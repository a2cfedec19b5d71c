"""The pages of records: filed, found, shown, changed, withdrawn, with their files."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from activities.models import Record
from activities.services import withdraw_record
from attachments.models import Attachment
from calendar_events.choices import TaskState
from calendar_events.models import Figure, FigureValue
from calendar_events.services import complete_task
from common import drafts
from common.models import Draft
from tests.calendar_events.builders import NOW, record_of, task_of
from tests.calendar_events.pages import client_of, errors_of, typed
from tests.factories import OrganizationFactory, RoleFactory

TODAY = date(2026, 3, 10)
DOORS = ["record", "record_saved", "edit_record", "withdraw_record"]


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def record(bureau) -> Record:
    return record_of(bureau.mine, bureau.secretary, entitled=34, present=32)


def url(record, name="record"):
    return reverse(f"calendar_events:{name}", args=[record.pk])


def change(record, **changes):
    data = typed("theme_day", topic=record.topic, entitled="34", present="32", version="1")
    return {**data, **changes}


def photo(name="现场.png"):
    held = BytesIO()
    Image.new("RGB", (4, 4), "white").save(held, "PNG")
    return SimpleUploadedFile(name, held.getvalue(), content_type="image/png")


def titles(page):
    return [row["title"] for group in page.context["groups"] for row in group["records"]]


# Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOORS)
def test_a_record_of_another_school_is_not_there(bureau, name):
    foreign = record_of(bureau.other, bureau.other_secretary)
    client = client_of(bureau.secretary)
    assert client.get(url(foreign, name)).status_code == 404
    assert client.post(url(foreign, name), change(foreign, reason="无")).status_code in (404, 405)
    assert Record.objects.filter(version=1, withdrawn_at=None).count() == 1


@pytest.mark.parametrize("name", DOORS)
def test_without_login_every_door_leads_to_it(client, record, name):
    response = client.get(url(record, name))
    assert response["Location"] == f"/login/?next={url(record, name)}"


@pytest.mark.parametrize("who", ["officer", "leader", "reviewer", "auditor", "stranger"])
def test_who_holds_no_school_role_is_told_so(bureau, record, who):
    client = client_of(getattr(bureau, who))
    assert {client.get(url(record, name)).status_code for name in DOORS} == {403}
    assert client.get("/records/").status_code == 403
    assert client.post("/records/new/", typed()).status_code == 403


def test_who_only_watches_over_a_school_reads_and_does_not_change(bureau, record):
    RoleFactory(user=bureau.officer, organization=bureau.other)
    client = client_of(bureau.officer)
    page = client.get(url(record))
    assert (page.context["edit_url"], page.context["withdraw_url"]) == ("", "")
    statuses = [
        client.get(url(record, "edit_record")).status_code,
        client.post(url(record, "edit_record"), change(record)).status_code,
        client.post(url(record, "withdraw_record"), {"reason": "无"}).status_code,
    ]
    assert statuses == [403, 403, 403]


# New -------------------------------------------------------------------------------------------


def test_a_kind_is_chosen_first_and_what_was_begun_is_offered(bureau):
    stem = f"record:{bureau.secretary.pk}:new:{bureau.mine.pk}"
    drafts.save(
        owner=bureau.secretary,
        key=f"{stem}:home_visit",
        version=0,
        data={"topic": ["大家访"]},
        device="",
        at=NOW,
    )
    page = client_of(bureau.secretary).get("/records/new/")
    kinds = [kind["label"] for group in page.context["groups"] for kind in group["kinds"]]
    assert (len(kinds), kinds[0]) == (21, "主题党日")
    assert page.context["drafts"] == [
        {
            "title": "大家访",
            "note": "家访 · 已自动保存 10:00",
            "url": "/records/new/?kind=home_visit",
            "action": "继续填",
        }
    ]


def test_another_kind_for_a_task_leads_back_to_the_task(bureau, record):
    task = task_of(bureau.mine)
    client = client_of(bureau.secretary)
    for query, place in (
        (f"task={task.pk}", f"/tasks/{task.pk}/"),
        (f"record={record.pk}", url(record, "edit_record")),
    ):
        page = client.get(f"/records/new/?{query}")
        assert page.context["groups"][0]["kinds"][0]["url"] == f"{place}?kind=theme_day"
    foreign = task_of(bureau.other)
    assert client.get(f"/records/new/?task={foreign.pk}").status_code == 404


def test_a_record_is_filed_with_its_counters_and_files(bureau):
    client = client_of(bureau.clerk)
    data = typed(
        "home_visit", counter_households="0", attachments=[photo("一.png"), photo("二.png")]
    )
    response = client.post("/records/new/", data)
    record = Record.objects.get()
    assert response["Location"] == url(record, "record_saved")
    assert (record.organization, record.counters.get().value) == (bureau.mine, 0)
    assert [each.name for each in record.attachments.all()] == ["一.png", "二.png"]
    page = client.get(response["Location"])
    assert (page.context["tasks"], page.context["next"]) == ([], [])


def test_a_refused_file_is_named_and_the_text_kept(bureau):
    program = SimpleUploadedFile("照片.png", b"MZ\x90\x00")
    page = client_of(bureau.clerk).post("/records/new/", typed(attachments=[photo(), program]))
    assert list(errors_of(page)) == ["attachments"]
    assert page.context["form"]["topic"].value() == "开展活动"
    assert "请重新选择附件" in page.content.decode()
    assert (Record.objects.count(), Attachment.objects.count()) == (0, 0)


def test_the_same_form_sent_twice_makes_one_record(bureau):
    client = client_of(bureau.secretary)
    first, again = (client.post("/records/new/", typed()) for _ in range(2))
    assert (first["Location"], Record.objects.count()) == (again["Location"], 1)


def test_a_page_opened_for_one_organisation_files_for_it(bureau):
    RoleFactory(user=bureau.secretary, organization=bureau.other)
    client = client_of(bureau.secretary)
    client.post("/mine/switch/", {"organization": bureau.mine.pk})
    client.post("/records/new/", typed(organization=bureau.other.pk))
    assert Record.objects.get().organization == bureau.other
    foreign = OrganizationFactory()
    forged = client.post("/records/new/", typed(organization=foreign.pk, token="u" * 32))
    assert (forged.status_code, Record.objects.count()) == (404, 1)


def test_two_users_may_not_share_a_token(bureau):
    client_of(bureau.secretary).post("/records/new/", typed())
    page = client_of(bureau.other_secretary).post("/records/new/", typed())
    assert errors_of(page) == {"__all__": ["没有保存成功，请再点一次「保存」。"]}
    assert Record.objects.count() == 1


# Shown, changed, withdrawn -------------------------------------------------------------------------


def test_a_record_shows_what_it_says_does_and_went_through(bureau, record):
    task = task_of(bureau.mine)
    complete_task(actor=bureau.secretary, task=task, record=record, values={}, on=TODAY, at=NOW)
    client_of(bureau.deputy).post(url(record, "edit_record"), change(record, present="30"))
    page = client_of(bureau.secretary).get(url(record))
    assert page.context["lines"] == [
        ("类别", "主题党日"),
        ("日期", "2026年3月9日（周一）"),
        ("应到人数", "34 人"),
        ("实到人数", "30 人"),
    ]
    assert [row["title"] for row in page.context["tasks"]] == ["主题党日"]
    assert [(entry["what"], entry["who"], entry["note"]) for entry in page.context["entries"]] == [
        ("修改", "deputy", "改了：实到人数")
    ]


def test_what_was_typed_into_a_change_comes_back(bureau, record):
    key = f"record:{bureau.secretary.pk}:edit:{record.pk}:theme_day"
    drafts.save(
        owner=bureau.secretary, key=key, version=0, data={"topic": ["改到一半"]}, device="", at=NOW
    )
    client = client_of(bureau.secretary)
    page = client.get(url(record, "edit_record"))
    form = page.context["form"]
    assert (form["topic"].value(), form["present"].value()) == ("改到一半", 32)
    assert not page.context["changed_since"]
    with time_machine.travel(NOW.replace(minute=20), tick=False):
        client_of(bureau.deputy).post(url(record, "edit_record"), change(record, present="30"))
        assert client.get(url(record, "edit_record")).context["changed_since"]


def test_of_two_changes_the_second_sees_the_first_and_may_still_be_saved(bureau, record):
    client = client_of(bureau.secretary)
    client_of(bureau.deputy).post(url(record, "edit_record"), change(record, topic="副书记改的"))
    page = client.post(url(record, "edit_record"), change(record, topic="书记改的"))
    assert errors_of(page)["__all__"] == [
        "这条记录刚刚被别人修改过，请核对；再点一次保存，就以您填的为准。",
        "「主题」现在是“副书记改的”，您填的是“书记改的”",
    ]
    version = page.context["form"]["version"].value()
    again = client.post(
        url(record, "edit_record"), change(record, topic="书记改的", version=version)
    )
    record.refresh_from_db()
    assert (again.status_code, record.topic, record.version) == (302, "书记改的", 3)
    assert Draft.objects.count() == 0


def test_a_change_corrects_the_figures_of_its_tasks(bureau, record):
    task = task_of(bureau.mine)
    figure = Figure.objects.create(event=task.event, name="人数", unit="人")
    complete_task(
        actor=bureau.secretary, task=task, record=record, values={figure.pk: 40}, on=TODAY, at=NOW
    )
    client = client_of(bureau.secretary)
    name = f"figure_{figure.pk}"
    page = client.get(url(record, "edit_record"))
    assert (page.context["form"][name].value(), page.context["button"]) == (40, "保存修改")
    client.post(url(record, "edit_record"), change(record, **{name: "0"}))
    assert FigureValue.objects.get().value == 0


def test_files_are_added_and_taken_away(bureau, record):
    client = client_of(bureau.secretary)
    client.post(url(record, "edit_record"), change(record, attachments=[photo("一.png")]))
    first = record.attachments.get()
    page = client.get(url(record, "edit_record"))
    assert [file["name"] for file in page.context["files"]] == ["一.png"]
    bad = change(record, version="2", present="", **{f"remove_{first.pk}": "1"})
    page = client.post(url(record, "edit_record"), bad)
    assert [file["removed"] for file in page.context["files"]] == [True]
    client.post(
        url(record, "edit_record"),
        change(record, version="2", attachments=[photo("二.png")], **{f"remove_{first.pk}": "1"}),
    )
    assert [each.name for each in record.attachments.all()] == ["二.png"]


def test_withdrawing_says_what_it_changes_and_opens_the_task(bureau, record):
    task = task_of(bureau.mine)
    complete_task(actor=bureau.secretary, task=task, record=record, values={}, on=TODAY, at=NOW)
    client = client_of(bureau.secretary)
    page = client.get(url(record, "withdraw_record"))
    assert page.context["changes"] == ["任务「主题党日」回到“待办”，要重新填报"]
    page = client.post(url(record, "withdraw_record"), {"reason": ""})
    assert errors_of(page) == {"reason": ["「撤回原因」还没有填"]}
    assert client.post(url(record, "withdraw_record"), {"reason": "重复"})["Location"] == url(
        record
    )
    task.refresh_from_db()
    record.refresh_from_db()
    assert (task.state, record.withdrawn_reason) == (TaskState.OPEN, "重复")
    again = client.post(url(record, "withdraw_record"), {"reason": "再撤"})
    assert again["Location"] == url(record)
    assert client.get(url(record, "edit_record"))["Location"] == url(record)
    assert "这条记录已撤回，不再计入月报。原因：重复" in client.get(url(record)).content.decode()


def test_a_record_withdrawn_while_it_was_changed_keeps_the_text(bureau, record):
    withdraw_record(actor=bureau.deputy, record=record, reason="重复", at=NOW)
    page = client_of(bureau.secretary).post(
        url(record, "edit_record"), change(record, topic="改过的")
    )
    assert errors_of(page) == {
        "__all__": ["这条记录已经撤回；您填写的内容还在，可以另存为新记录。"]
    }
    form = page.context["form"]
    assert (form["topic"].value(), len(form["token"].value())) == ("改过的", 32)
    assert page.context["action"] == "/records/new/"


# Files -----------------------------------------------------------------------------------------


def test_files_go_to_whoever_sees_the_record(bureau, record):
    client_of(bureau.secretary).post(
        url(record, "edit_record"), change(record, attachments=[photo()])
    )
    file = record.attachments.get()
    place = reverse("calendar_events:record_file", args=[record.pk, file.pk])
    statuses = {
        who: client_of(getattr(bureau, who)).get(place).status_code
        for who in ("clerk", "reviewer", "officer", "other_secretary", "auditor", "stranger")
    }
    assert statuses == {
        "clerk": 200,
        "reviewer": 200,
        "officer": 200,
        "other_secretary": 404,
        "auditor": 404,
        "stranger": 404,
    }
    response = client_of(bureau.clerk).get(place)
    assert "attachment" in response["Content-Disposition"]
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")


def test_a_file_is_not_reached_through_another_record(bureau, record):
    client = client_of(bureau.secretary)
    client.post(url(record, "edit_record"), change(record, attachments=[photo()]))
    mine = record_of(bureau.mine, bureau.secretary)
    place = reverse("calendar_events:record_file", args=[mine.pk, record.attachments.get().pk])
    assert client.get(place).status_code == 404


def test_a_file_whose_bytes_are_gone_says_so(bureau, record, settings):
    client = client_of(bureau.secretary)
    client.post(url(record, "edit_record"), change(record, attachments=[photo()]))
    file = record.attachments.get()
    Attachment.objects.update(path="attachments/none")
    page = client.get(reverse("calendar_events:record_file", args=[record.pk, file.pk]))
    assert page.status_code == 404
    assert "文件找不到了" in page.content.decode()


# The list --------------------------------------------------------------------------------------


def test_the_list_shows_ones_own_records_by_month(bureau, record):
    record_of(bureau.other, bureau.other_secretary)
    record_of(bureau.mine, bureau.deputy, held_on=date(2026, 2, 3))
    page = client_of(bureau.secretary).get("/records/")
    assert [group["label"] for group in page.context["groups"]] == ["2026年3月", "2026年2月"]
    assert page.context["groups"][0]["records"] == [
        {
            "title": "学习活动",
            "note": "3月9日（周一） · 主题党日 · 应到 34 实到 32",
            "word": "",
            "url": url(record),
        }
    ]


def test_an_organisation_shows_what_is_below_it_too(bureau):
    below = OrganizationFactory(name="芙蓉二支部", short_name="二支部", parent=bureau.mine)
    record_of(below, bureau.secretary)
    page = client_of(bureau.secretary).get("/records/")
    assert page.context["groups"][0]["records"][0]["note"] == "3月9日（周一） · 主题党日 · 二支部"


def test_the_list_is_narrowed_by_month_kind_and_words(bureau, record):
    record_of(bureau.mine, bureau.deputy, held_on=date(2026, 2, 3))
    Record.objects.filter(held_on=date(2026, 2, 3)).update(
        kind="talk", topic="谈心", summary="青年"
    )
    client = client_of(bureau.secretary)
    found = {
        query: titles(client.get(f"/records/?{query}"))
        for query in ("month=2026-02", "kind=theme_day", "q=青年", "q=%25", "month=2026-13&kind=x")
    }
    assert found == {
        "month=2026-02": ["谈心"],
        "kind=theme_day": ["学习活动"],
        "q=青年": ["谈心"],
        "q=%25": [],
        "month=2026-13&kind=x": ["学习活动", "谈心"],
    }
    page = client.get("/records/?month=2026-02&q=谈")
    assert (page.context["previous"], page.context["following"]["label"]) == (None, "2026年3月")
    assert page.context["following"]["url"] == "?month=2026-03&q=%E8%B0%88"


def test_the_list_is_narrowed_to_the_days_of_a_period(bureau, record):
    record_of(bureau.mine, bureau.deputy, held_on=date(2026, 2, 26))
    client = client_of(bureau.secretary)
    found = {
        query: len(titles(client.get(f"/records/?{query}")))
        for query in (
            "from=2026-02-26&to=2026-03-08",
            "from=2026-02-27&to=2026-03-09",
            "from=2026-03-10",
            "from=2026-02-30&to=2026-03-09",
        )
    }
    assert found == {
        "from=2026-02-26&to=2026-03-08": 1,
        "from=2026-02-27&to=2026-03-09": 1,
        "from=2026-03-10": 0,
        "from=2026-02-30&to=2026-03-09": 2,
    }
    page = client.get("/records/?kind=theme_day&from=2026-02-26&to=2026-03-25")
    assert "2026年2月26日—2026年3月25日，共 2 条" in page.content.decode()
    assert page.context["query"] == "kind=theme_day&from=2026-02-26&to=2026-03-25"


def test_empty_lists_say_what_to_do(bureau):
    client = client_of(bureau.secretary)
    assert "记第一笔" in client.get("/records/").content.decode()
    assert "看全部记录" in client.get("/records/?q=无").content.decode()


def test_the_list_asks_the_same_number_of_queries_for_one_record_and_three(bureau, record):
    client = client_of(bureau.secretary)
    client.get("/records/")
    counts = []
    for extra in (0, 2):
        for _ in range(extra):
            record_of(bureau.mine, bureau.secretary)
        with CaptureQueriesContext(connection) as queries:
            client.get("/records/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_turns_pages(bureau):
    for _ in range(31):
        record_of(bureau.mine, bureau.secretary)
    client = client_of(bureau.secretary)
    assert [len(titles(client.get(f"/records/?page={page}"))) for page in (1, 2, "x")] == [
        30,
        1,
        30,
    ]
