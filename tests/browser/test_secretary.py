"""The secretary's month on a phone: a task done, a text that is never lost."""

from calendar import monthrange

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from activities.models import Record
from calendar_events.models import Figure, FigureValue, Task
from organizations.models import HeadCount
from tests.browser.conftest import PHONE
from tests.calendar_events.builders import published_event, record_of, task_of
from tests.personas import build_bureau

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bureau(live_server):
    return build_bureau()


@pytest.fixture
def theme_day(bureau) -> Task:
    today = timezone.localdate()
    HeadCount.objects.create(organization=bureau.mine, on=today, full=30, probationary=4)
    event = published_event(
        "主题党日",
        year=today.year,
        month=today.month,
        due_on=today.replace(day=monthrange(today.year, today.month)[1]),
        record_kind="theme_day",
    )
    Figure.objects.create(event=event, name="亮牌岗位", unit="个")
    return task_of(bureau.mine, event)


def log_in(page: Page, path: str = "/", *, user: str = "secretary") -> None:
    page.goto(path)
    page.fill("[name=username]", user)
    page.fill("[name=password]", "pass-word-9")
    page.click("main form button")
    page.wait_for_load_state()


def flaws(page: Page) -> list[str]:
    """What axe has against the page, and whether it can be pushed sideways."""
    found = [f"{each['id']}: {each['help']}" for each in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]
    return [*found, *(["wider than the phone"] if wide else [])]


def saved(page: Page) -> None:
    expect(page.locator("[data-autosave-status]")).to_contain_text("已自动保存")


def test_a_theme_day_is_filed_from_a_phone(phone: Page, theme_day: Task):
    log_in(phone)
    expect(phone.locator("h1")).to_have_text(
        f"{timezone.localdate().month} 月 · 还剩 1 件，约 3 分钟"
    )
    assert flaws(phone) == []
    phone.click("text=主题党日")
    assert phone.input_value("[name=entitled]") == "34"
    phone.fill("[name=present]", "32")
    phone.click("text=保存并完成任务")
    expect(phone.locator("#form-errors")).to_contain_text("「亮牌岗位」还没有填，没有请填 0")
    assert (phone.input_value("[name=present]"), flaws(phone)) == ("32", [])
    phone.fill("[name^=figure_]", "0")
    phone.click("text=保存并完成任务")
    expect(phone.locator("h1")).to_have_text("已保存，完成 1 件任务")
    assert flaws(phone) == []
    assert phone.evaluate("localStorage.length") == 0
    assert (Record.objects.get().present, FigureValue.objects.get().value) == (32, 0)
    phone.click("text=回到本月")
    expect(phone.locator("h1")).to_contain_text("都办好了")
    assert flaws(phone) == []


def test_the_pages_of_records_have_no_flaws(phone: Page, bureau, theme_day: Task):
    long = "𪣻桥九年一贯制学校党总支第一党支部“党员先锋岗”亮牌行动暨主题党日" * 3
    record = record_of(bureau.mine, bureau.secretary, held_on=timezone.localdate())
    Record.objects.update(topic=long, summary=long * 3)
    log_in(phone)
    pages = ["/records/", "/records/new/", f"/records/{record.pk}/", f"/records/{record.pk}/edit/"]
    pages += [f"/records/{record.pk}/withdraw/", "/records/?q=无"]
    pages += [f"/tasks/{theme_day.pk}/{door}" for door in ("existing/", "not-applicable/")]
    found = {}
    for path in pages:
        phone.goto(path)
        found[path] = flaws(phone)
    phone.context.add_cookies([{"name": "portal_text", "value": "large", "url": phone.url}])
    for path in ("/month/", f"/records/{record.pk}/edit/"):
        phone.goto(path)
        found[f"{path} large"] = flaws(phone)
    assert found == {path: [] for path in found}


def test_a_second_device_gets_a_choice(phone: Page, browser, live_server, theme_day: Task):
    place = f"/tasks/{theme_day.pk}/"
    log_in(phone, place)
    desk = browser.new_context(base_url=live_server.url).new_page()
    log_in(desk, place)
    phone.fill("[name=topic]", "手机上写的")
    saved(phone)
    desk.fill("[name=topic]", "电脑上写的")
    expect(desk.locator(".conflict")).to_contain_text("手机上写的")
    desk.click("text=用另一台设备的")
    assert desk.input_value("[name=topic]") == "手机上写的"
    desk.context.close()


def test_after_the_login_ran_out_the_text_is_there(phone: Page, theme_day: Task):
    place = f"/tasks/{theme_day.pk}/"
    log_in(phone, place)
    Session.objects.all().delete()
    phone.fill("[name=topic]", "登录过期时写的")
    expect(phone.locator("[data-autosave-status]")).to_contain_text("内容已保存在本机")
    phone.click("text=保存并完成任务")
    log_in(phone, phone.url)
    choice = phone.locator("text=用本机的")
    if choice.count():
        choice.click()
    expect(phone.locator("[name=topic]")).to_have_value("登录过期时写的")
    saved(phone)
    phone.reload()
    assert phone.input_value("[name=topic]") == "登录过期时写的"
