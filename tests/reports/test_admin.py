"""The bureau's pages about periods: who opens them, the preview before a change."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.choices import RoleKind
from reports.models import Period, PeriodPlan, Report
from reports.services import make_periods, open_due_periods
from tests.factories import RoleFactory, UserFactory
from tests.reports.builders import at

PERIODS = "/admin/reports/period/"
LISTS = {
    "/admin/reports/periodplan/": {"officer": 200, "leader": 404, "reviewer": 404, "auditor": 404},
    "/admin/reports/period/": {"officer": 200, "leader": 200, "reviewer": 200, "auditor": 404},
}
SETTINGS = {"first_day": "26", "joint": "7-8", "due_from": "period_end", "due_workday": "2"}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(at(2026, 6, 10), tick=False):
        yield


@pytest.fixture
def plan(bureau) -> PeriodPlan:
    make_periods(actor=None, year=2026, at=at(2026, 1, 1))
    open_due_periods(actor=None, at=at(2026, 6, 10))
    return PeriodPlan.objects.get(year=2026)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change_url(plan) -> str:
    return f"/admin/reports/periodplan/{plan.pk}/change/"


@pytest.mark.parametrize("address", LISTS)
def test_who_opens_the_lists(bureau, plan, address):
    seen = {who: client_of(getattr(bureau, who)).get(address).status_code for who in LISTS[address]}
    assert seen == LISTS[address]


@pytest.mark.parametrize(
    ("who", "cut", "due"),
    [
        ("leader", 404, 403),
        ("reviewer", 404, 403),
        ("auditor", 404, 404),
        ("secretary", 403, 403),
        ("stranger", 403, 403),
    ],
)
def test_only_officers_change_anything(bureau, plan, who, cut, due):
    client = client_of(getattr(bureau, who))
    period = Period.objects.get(first_month=5)
    for address, status in ((change_url(plan), cut), (f"{PERIODS}{period.pk}/due/", due)):
        assert client.get(address).status_code == status
        assert client.post(address, SETTINGS).status_code == status
    assert PeriodPlan.objects.get(pk=plan.pk).first_day == 1


def test_an_officer_of_some_kinds_of_school_looks_on(bureau, plan):
    user = UserFactory()
    RoleFactory(
        user=user, organization=bureau.root, kind=RoleKind.OFFICER, school_kinds=["primary"]
    )
    client = client_of(user)
    assert client.get("/admin/reports/periodplan/").status_code == 200
    assert client.post(change_url(plan), SETTINGS).status_code == 403
    page = client.get("/admin/reports/period/").content.decode()
    assert "调整截止日期" not in page


def test_the_page_shows_the_periods_as_they_are(bureau, plan):
    page = client_of(bureau.officer).get(change_url(plan))
    rows = page.context["rows"]
    assert (len(rows), rows[5].note, rows[6].note) == (12, "填报中，不变", "")
    assert rows[6].days == "2026年7月1日—7月31日"
    assert "按此保存" not in page.content.decode()


def test_a_change_is_previewed_before_it_is_kept(bureau, plan):
    client = client_of(bureau.officer)
    page = client.get(change_url(plan), SETTINGS)
    rows = [(row.months, row.days, row.due, row.note) for row in page.context["rows"]]
    assert rows[5:8] == [
        ("6月", "2026年6月1日—6月30日", "7月3日（周五）", "填报中，不变"),
        ("7—8月", "2026年7月1日—8月25日", "8月27日（周四）", "有变动"),
        ("9月", "2026年8月26日—9月25日", "9月29日（周二）", "有变动"),
    ]
    assert "按此保存" in page.content.decode()
    assert PeriodPlan.objects.get(pk=plan.pk).first_day == 1
    assert Period.objects.get(first_month=7).last_month == 7

    answer = client.post(change_url(plan), SETTINGS)

    assert answer.status_code == 302
    kept = Period.objects.get(first_month=7)
    assert (kept.last_month, kept.ends_on, kept.due_on) == (8, date(2026, 8, 25), date(2026, 8, 27))
    assert Period.objects.get(first_month=6).ends_on == date(2026, 6, 30)


def test_settings_that_cant_be_are_not_previewed(bureau, plan):
    page = client_of(bureau.officer).get(change_url(plan), {**SETTINGS, "joint": "7-9、9-10"})
    assert list(page.context["form"].errors) == ["joint"]
    assert "按此保存" not in page.content.decode()
    assert len(page.context["rows"]) == 12


def test_a_year_whose_days_off_are_not_published_says_so(bureau, plan):
    make_periods(actor=None, year=2039, at=at(2026, 6, 10))
    page = client_of(bureau.officer).get(change_url(PeriodPlan.objects.get(year=2039)))
    assert "2039 年的调休安排还没有公布" in page.content.decode()


def test_the_list_counts_reports_in_ones_scope(bureau, plan):
    Report.objects.filter(period__first_month=5, organization=bureau.mine).update(state="approved")
    page = client_of(bureau.officer).get("/admin/reports/period/?q=").content.decode()
    assert "1／2" in page
    page = client_of(bureau.reviewer).get("/admin/reports/period/").content.decode()
    assert "1／1" in page
    assert "／2" not in page


def test_the_list_asks_the_same_number_of_queries_for_one_period_and_thirteen(bureau):
    client = client_of(bureau.officer)

    def queries():
        client.get("/admin/reports/period/")
        with CaptureQueriesContext(connection) as found:
            client.get("/admin/reports/period/")
        return len(found)

    make_periods(actor=None, year=2026, at=at(2026, 12, 1))
    once = queries()
    make_periods(actor=None, year=2027, at=at(2026, 12, 1))
    assert queries() == once


def test_a_due_date_is_moved_on_a_page(bureau, plan):
    client = client_of(bureau.officer)
    period = Period.objects.get(first_month=5)
    address = f"/admin/reports/period/{period.pk}/due/"
    page = client.get(address).content.decode()
    assert "只提醒还没有报的 2 家" in page
    bad = client.post(address, {"due_on": "2026-05-30", "reason": "x"})
    assert "不能早于统计期的最后一天" in bad.content.decode()
    answer = client.post(address, {"due_on": "2026-06-12", "reason": "中考"})
    assert answer.status_code == 302
    period.refresh_from_db()
    assert period.due_on == date(2026, 6, 12)


def test_a_period_that_is_not_there_is_404(bureau, plan):
    assert client_of(bureau.officer).get("/admin/reports/period/99999/due/").status_code == 404
    assert client_of(bureau.officer).get("/admin/reports/periodplan/x/change/").status_code == 404
