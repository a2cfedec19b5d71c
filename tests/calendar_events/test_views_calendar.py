"""The year on a phone."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendar_events.choices import CalendarState, EventState, Handling, TaskState
from calendar_events.models import Calendar
from tests.calendar_events.builders import draft_calendar, published_event, task_of

pytestmark = pytest.mark.django_db
URL = reverse("calendar_events:calendar")


@pytest.fixture
def secretary(client, bureau):
    client.force_login(bureau.secretary)
    return client


def lines(response) -> list[tuple[str, str, list[str]]]:
    return [
        (line["title"], line["note"], [task["word"] for task in line["tasks"]])
        for month in response.context["months"]
        for line in month["lines"]
    ]


def test_shows_every_published_line_with_ones_own_state(secretary, bureau):
    whole = published_event("整行", month=3)
    for title, state in (("第一件", TaskState.DONE), ("第二件", TaskState.RETURNED)):
        part = published_event(title, month=3, split_from=whole, due_on=date(2099, 3, 1))
        task_of(bureau.mine, part, state=state, completed_on=None)
    task_of(bureau.mine, published_event("逾期的", month=1, due_on=date(2026, 1, 30)))
    published_event("局里办", month=2, handling=Handling.BUREAU)
    published_event("两个月", month=4, last_month=5, handling=Handling.INFORM)
    published_event("不办了", month=6, state=EventState.CANCELLED)
    published_event("还没发", month=7, state=EventState.DRAFT)
    task_of(bureau.mine, published_event("临时的", calendar=None))

    page = secretary.get(f"{URL}?year=2026")

    assert lines(page) == [
        ("逾期的", "", ["已逾期"]),
        ("局里办", "不用填报", []),
        ("整行", "分 2 件办", ["已完成", "已退回"]),
        ("两个月", "4—5月 · 不用填报", []),
        ("不办了", "已取消", []),
    ]


def test_tasks_of_others_are_not_shown(secretary, bureau):
    task_of(bureau.other, published_event())
    assert lines(secretary.get(f"{URL}?year=2026")) == [("主题党日", "不用填报", [])]


def test_the_newest_year_stands_for_this_one_and_drafts_stay_hidden(secretary):
    Calendar.objects.create(year=2020, title="二〇", state=CalendarState.PUBLISHED)
    Calendar.objects.create(year=2021, title="二一", state=CalendarState.PUBLISHED)
    draft_calendar(2022, {"草稿": 1})
    page = secretary.get(URL)
    assert (page.context["year"], page.context["years"]) == (2021, [2020])


@pytest.mark.parametrize("year", ["1999", "abc", "2022", "９９"])
def test_a_year_that_is_not_there_is_not_found(secretary, year):
    draft_calendar(2022)
    assert secretary.get(URL, {"year": year}).status_code == 404


def test_without_a_calendar_the_page_says_so(secretary):
    assert "还没有行事历" in secretary.get(URL).content.decode()


def test_only_school_people_come_in_and_only_to_read(client, bureau):
    assert client.get(URL).status_code == 302
    for who in ("officer", "leader", "reviewer", "auditor", "stranger"):
        client.force_login(getattr(bureau, who))
        assert client.get(URL).status_code == 403
    for who in ("secretary", "deputy", "clerk"):
        client.force_login(getattr(bureau, who))
        assert client.get(URL).status_code == 200
        assert client.post(URL).status_code == 405


def test_no_inline_script_or_style(secretary, bureau):
    task_of(bureau.mine, published_event())
    page = secretary.get(f"{URL}?year=2026").content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", page) == []


def test_takes_as_many_queries_for_three_lines_as_for_one(secretary, bureau):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert secretary.get(f"{URL}?year=2026").status_code == 200
        return len(captured)

    task_of(bureau.mine, published_event("一", month=1))
    queries()
    first = queries()
    for month, title in ((2, "二"), (3, "三")):
        task_of(bureau.mine, published_event(title, month=month))
    assert queries() == first
