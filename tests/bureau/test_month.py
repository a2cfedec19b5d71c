"""本月: what a school has to do, its tasks and its report on one page."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendar_events.choices import Handling, TaskState
from calendar_events.models import Figure, Task
from organizations.choices import RoleKind
from organizations.models import Role
from reports.choices import PeriodState, ReportState
from reports.models import Comment, Period, Report
from tests.calendar_events.builders import NOW, done, published_event, record_of, task_of
from tests.calendar_events.pages import client_of
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bureau():
    return build_bureau()


def month(bureau, query="", who="secretary"):
    return client_of(getattr(bureau, who)).get(f"/month/{query}")


def report(bureau, number, *, due, state=ReportState.DRAFT, **fields):
    period = Period.objects.create(
        year=2026,
        first_month=number,
        last_month=number,
        starts_on=date(2026, number, 1),
        ends_on=date(2026, number, 28),
        due_on=due,
        state=PeriodState.OPEN,
    )
    return Report.objects.create(period=period, organization=bureau.mine, state=state, **fields)


def titles(rows):
    return [row["title"] for row in rows]


def headline(page):
    return page.content.decode().split("<h1>")[1].split("</h1>")[0]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("secretary", 200),
        ("deputy", 200),
        ("clerk", 200),
        ("officer", 403),
        ("leader", 403),
        ("auditor", 403),
        ("stranger", 403),
    ],
)
def test_the_month_is_for_who_fills_in(bureau, who, status):
    assert month(bureau, who=who).status_code == status


def test_without_login_the_month_leads_to_it(client, bureau):
    assert client.get("/month/")["Location"] == "/login/?next=/month/"
    assert client_of(bureau.secretary).post("/month/").status_code == 405


def test_school_people_arrive_at_the_month(bureau):
    assert client_of(bureau.clerk).get("/")["Location"] == "/month/"


def test_everything_stands_in_the_order_in_which_it_is_done(bureau):
    task_of(bureau.mine, published_event("月底", due_on=date(2026, 3, 31)))
    task_of(bureau.mine, published_event("快了", due_on=date(2026, 3, 12)))
    task_of(bureau.mine, published_event("逾期", due_on=date(2026, 3, 5)))
    task_of(bureau.mine, published_event("选报", due_on=TODAY, handling=Handling.OPTIONAL))
    task_of(bureau.mine, published_event("退回"), state=TaskState.RETURNED, comment="请核")
    done(bureau.mine, published_event("办过", due_on=TODAY), on=date(2026, 3, 11))
    task_of(bureau.other, published_event("别校"))
    page = month(bureau)
    context = page.context
    assert (titles(context["returned"]), titles(context["late"])) == (["退回"], ["逾期"])
    assert context["returned"][0]["note"] == "请核"
    assert context["late"][0]["note"] == "应于 3月5日（周四）前完成，已过 5 天"
    groups = [(each["label"], each["soon"], titles(each["items"])) for each in context["groups"]]
    assert groups == [
        ("12 日前", "即将到期", ["快了"]),
        ("31 日前", "", ["月底"]),
        ("选报（自愿）", "", ["选报"]),
    ]
    assert [(row["title"], row["note"], row["word"]) for row in context["finished"]] == [
        ("办过", "3月11日（周三）办结，晚 1 天", "已完成")
    ]
    assert headline(page) == "3 月 · 还剩 4 件，约 8 分钟"
    assert (context["summary"]["done"], context["summary"]["total"]) == (1, 5)


def test_the_reports_stand_where_they_are_due(bureau):
    back = report(bureau, 1, due=date(2026, 2, 4), state=ReportState.RETURNED, version=2)
    for version, text in ((1, "旧的意见"), (2, "应到18人、实到21人，请核")):
        Comment.objects.create(
            report=back, text=text, version=version, author=bureau.reviewer, at=NOW
        )
    report(bureau, 2, due=date(2026, 3, 4))
    report(bureau, 3, due=date(2026, 4, 3))
    record_of(bureau.mine, bureau.secretary)
    page = month(bureau)
    assert [(row["title"], row["note"]) for row in page.context["returned"]] == [
        ("2026年1月月报", "应到18人、实到21人，请核")
    ]
    assert [(row["title"], row["note"]) for row in page.context["late"]] == [
        ("2026年2月月报", "应于 3月4日（周三）前提交，已过 6 天")
    ]
    assert [(row["title"], row["note"]) for row in page.context["reports"]] == [
        (
            "2026年3月月报",
            "已自动汇总 1 条记录；3月28日（周六）后确认，4月3日（周五）前提交",
        )
    ]
    assert headline(page) == "3 月 · 还剩 2 件，约 10 分钟"


def test_a_report_that_is_ready_says_who_hands_it_in(bureau):
    report(bureau, 2, due=date(2026, 3, 12))
    rows = {who: month(bureau, who=who).context["reports"] for who in ("secretary", "clerk")}
    assert {who: (row["action"], row["note"]) for who, (row,) in rows.items()} == {
        "secretary": ("去提交", "3月12日（周四）前提交，数据已自动汇总，待您确认"),
        "clerk": ("去核对", "3月12日（周四）前提交；您可以先核对，请书记确认提交"),
    }


def test_when_all_is_done_the_page_says_so_calmly(bureau):
    done(bureau.mine, published_event("办过"), on=TODAY)
    report(bureau, 2, due=date(2026, 3, 4), state=ReportState.SUBMITTED)
    page = month(bureau)
    assert headline(page) == "3 月 · 都办好了"
    assert "3 月 的事都办好了" in page.content.decode()
    assert (page.context["summary"]["done"], page.context["summary"]["total"]) == (2, 2)
    assert [row["word"] for row in page.context["reports"]] == ["已提交"]


def test_an_empty_month_says_why(bureau):
    page = month(bureau, "?year=2026&month=8")
    assert headline(page) == "8 月"
    assert "8 月 没有要办的事" in page.content.decode()
    assert month(bureau, "?year=2027&month=1").context["month"]["label"] == "2027 年 1 月"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?year=2026&month=13",
        "?year=x&month=3",
        "?year=1&month=1",
        "?month=9",
        "?year=²&month=³",
    ],
)
def test_a_month_that_cannot_be_shows_this_one(bureau, query):
    page = month(bureau, query)
    assert (page.status_code, page.context["month"]["full_label"]) == (200, "2026年3月")


def test_what_earlier_months_left_open_is_carried_into_this_month_only(bureau):
    task_of(bureau.mine, published_event("二月的", month=2))
    task_of(bureau.mine, published_event("四月的", month=4))
    found = {
        number: [
            title
            for part in ("late", "returned", "finished")
            for title in titles(page.context[part])
        ]
        + [title for group in page.context["groups"] for title in titles(group["items"])]
        for number in (2, 3, 4)
        for page in [month(bureau, f"?year=2026&month={number}")]
    }
    assert found == {2: ["二月的"], 3: ["二月的"], 4: ["四月的"]}


def test_an_optional_task_of_an_earlier_month_is_carried_only_when_returned(bureau):
    optional = {"month": 2, "handling": Handling.OPTIONAL}
    task_of(bureau.mine, published_event("没报", **optional))
    task_of(bureau.mine, published_event("退回", **optional), state=TaskState.RETURNED)
    page = month(bureau)
    assert (titles(page.context["returned"]), page.context["groups"]) == (["退回"], [])


def test_months_turn_over_the_year(bureau):
    turning = month(bureau, "?year=2026&month=1").context["month"]
    assert (turning["previous_url"], turning["next_url"]) == (
        "/month/?year=2025&month=12",
        "/month/?year=2026&month=2",
    )
    assert (turning["previous_label"], turning["is_now"]) == ("12月", False)


def test_who_acts_for_the_secretary_is_named(bureau):
    Role.objects.filter(user=bureau.deputy).update(kind=RoleKind.ACTING_HEAD)
    assert month(bureau).context["filled_in_by"] == "deputy（主持工作）"
    Role.objects.filter(user=bureau.deputy).update(kind=RoleKind.DEPUTY)
    assert month(bureau).context["filled_in_by"] == ""


def test_the_month_asks_the_same_number_of_queries_for_one_task_and_three(bureau):
    client = client_of(bureau.secretary)
    client.get("/month/")
    counts = []
    for extra in (1, 2):
        for _ in range(extra):
            other = task_of(bureau.mine, published_event())
            Figure.objects.create(event=other.event, name="人数", unit="人")
            done(bureau.mine, published_event("办过"), on=TODAY)
        with CaptureQueriesContext(connection) as queries:
            client.get("/month/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Task.objects.count() == 6
