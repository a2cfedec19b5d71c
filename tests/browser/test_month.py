"""A month, end to end, through the doors people use: a PC for the bureau, a phone for the school."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from calendar_events.models import Calendar, Task
from common import pdf
from common.jobs import execute, sweep
from common.models import AuditEntry, Job
from organizations.models import HeadCount
from reports.models import Period, Report
from reports.services import make_periods, open_period
from tests.browser.test_secretary import log_in
from tests.personas import build_bureau

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "党支部征集、党员教师认领学生“微心愿”活动"


@pytest.fixture
def desk(browser: Browser, live_server) -> Iterator[Page]:
    """A page of the size of a PC."""
    size = {"width": 1440, "height": 900}
    context = browser.new_context(base_url=live_server.url, viewport=size, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def last_month(today: date) -> date:
    """A day of the month before, in the period that can be reported now."""
    return today.replace(day=1) - timedelta(days=3)


@pytest.fixture
def bureau(live_server, today: date, last_month: date):
    made = build_bureau()
    HeadCount.objects.create(organization=made.mine, on=date(today.year - 1, 1, 1), full=30)
    at = timezone.now() - timedelta(days=31)
    make_periods(actor=None, year=last_month.year, at=at)
    period = Period.objects.get(year=last_month.year, first_month=last_month.month)
    open_period(actor=None, period=period, at=at)
    return made


def work_off_jobs() -> None:
    """What the worker does."""
    for job in sweep(at=timezone.now()):
        execute(job_id=job, at=timezone.now())


def publish_calendar(desk: Page, today: date) -> None:
    desk.goto("/admin/calendar_events/calendar/add/")
    desk.fill("[name=year]", str(today.year))
    desk.fill("[name=title]", f"{today.year}年度党建工作行事历")
    with desk.expect_navigation():
        desk.click(".desk-buttons button")
    calendar = Calendar.objects.get()
    desk.goto(f"/admin/calendar_events/calendar/{calendar.pk}/import/")
    line = f"{today.month}月\t1. {TITLE}；2. 校级干部岗位大练兵。"
    desk.fill("textarea", f"{today.year}年度党建工作行事历\n时间\t内容\n{line}")
    desk.click(".desk-buttons button")
    expect(desk.locator("body")).to_contain_text("2 个事项")
    desk.check(".form input[type=checkbox]")
    desk.click(".desk-buttons button")
    expect(desk).to_have_url(re.compile(f"/calendar/{calendar.pk}/change/$"))
    assert calendar.events.count() == 2
    desk.goto(f"/admin/calendar_events/calendar/{calendar.pk}/publish/")
    expect(desk.locator("body")).to_contain_text("还不能发布：2 个事项没有分类")
    desk.goto(f"/admin/calendar_events/calendar/{calendar.pk}/sort/")
    for row in desk.locator("tr", has=desk.locator("input[type=radio]")).all():
        choice = "校办" if TITLE in row.inner_text() else "局办"
        row.get_by_label(choice).check()
    with desk.expect_navigation():
        desk.get_by_role("button", name="保存").click()
    desk.goto(f"/admin/calendar_events/calendar/{calendar.pk}/publish/")
    expect(desk.locator("body")).to_contain_text(
        re.compile(r"1\s*个事项\s*→\s*2\s*个任务\s*→\s*2\s*个党组织")
    )
    desk.click(".desk-buttons button")
    expect(desk.locator("body")).to_contain_text("已发布")
    assert Task.objects.count() == 2


def file_the_task(phone: Page) -> None:
    log_in(phone)
    phone.click(f"text={TITLE}")
    for name in ("collected", "claimed", "fulfilled"):
        box = phone.locator(f"[name$={name}]")
        if box.count():
            box.fill("12")
    phone.fill("[name=topic]", "微心愿集中认领")
    phone.click("text=保存并完成任务")
    expect(phone.locator("h1")).to_have_text("已保存，完成 1 件任务")


def record_a_theme_day(phone: Page, day: date) -> None:
    phone.goto("/records/new/?kind=theme_day")
    phone.fill("[name=held_on]", day.isoformat())
    phone.fill("[name=topic]", "重温入党誓词")
    phone.fill("[name=entitled]", "30")
    phone.fill("[name=present]", "28")
    phone.locator(".action-bar button").click()
    expect(phone.locator("h1")).to_contain_text("已保存")


def submit_report(phone: Page, report: Report, *, plans: str) -> None:
    phone.goto(f"/reports/{report.pk}/")
    expect(phone.locator("body")).to_contain_text("主题党日")
    phone.fill("[name=plans]", plans)
    phone.locator(".action-bar button").click()
    expect(phone.locator("body")).to_contain_text("已提交")


def test_a_month_from_calendar_to_circular(
    desk: Page, phone: Page, bureau, today: date, last_month: date
):
    log_in(desk, user="officer")
    publish_calendar(desk, today)

    file_the_task(phone)
    record_a_theme_day(phone, last_month)
    report = Report.objects.get(organization=bureau.mine)
    submit_report(phone, report, plans="迎接党建考评")

    desk.goto("/admin/review/")
    desk.click(f"text={bureau.mine.name}")
    box = desk.locator('[name="comment:theme_day.present"]')
    desk.locator("details", has=box).locator("summary").click()
    desk.fill('[name="comment:theme_day.present"]', "应到 30 人、实到 28 人，请核。")
    with desk.expect_navigation():
        desk.get_by_role("button", name="退回修改").click()
    report.refresh_from_db()
    assert report.state == "returned"
    phone.goto(f"/reports/{report.pk}/")
    expect(phone.locator("body")).to_contain_text("应到 30 人、实到 28 人，请核。")
    submit_report(phone, report, plans="迎接党建考评，已核对")
    desk.goto(f"/admin/review/{report.pk}/")
    with desk.expect_navigation():
        desk.get_by_role("button", name=re.compile("^通过")).click()
    report.refresh_from_db()
    assert (report.state, report.version) == ("approved", 2)

    desk.goto(f"/admin/summary/{report.period_id}/?section=life")
    row = desk.locator("tr", has_text="芙蓉小学").first
    expect(row).to_contain_text("28")
    desk.check("main input[type=checkbox], .desk-page input[type=checkbox]")
    desk.get_by_role("button", name="定稿").click()
    expect(desk.locator("body")).to_contain_text("已定稿")

    calendar = Calendar.objects.get()
    desk.goto(f"/admin/calendar_events/calendar/{calendar.pk}/circular/")
    desk.click(".desk-buttons button")
    with desk.expect_navigation():
        desk.get_by_role("button", name="排版成 PDF").click()
    work_off_jobs()
    job = Job.objects.get(kind="notices.print")
    assert job.state == "done", job.message
    printed = desk.request.get(f"/jobs/{job.pk}/result/").body()
    assert pdf.page_count(printed) % 2 == 0
    assert TITLE in "".join(pdf.page_texts(printed)).replace("\n", "")
    assert AuditEntry.objects.filter(verb="reports.finalise").count() == 1
