"""A form of the admin, filled in and sent after the log-in has run out: nothing typed is lost."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from people.models import Person
from tests.personas import build_bureau

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW_PERSON = "/admin/people/person/add/"


@pytest.fixture
def context(browser, live_server) -> Iterator[BrowserContext]:
    build_bureau()
    desk = browser.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="zh-CN"
    )
    yield desk
    desk.close()


@pytest.fixture
def form(context) -> Page:
    """The form for a new person, filled in, after half an hour without a request."""
    page = context.new_page()
    page.goto(NEW_PERSON)
    log_in(page, "officer")
    page.fill("#id_name", "尉迟堃")
    Session.objects.all().delete()
    page.click("button[name=_save]")
    expect(page.get_by_role("dialog")).to_contain_text("登录已过期")
    return page


def log_in(page: Page, who: str) -> None:
    page.fill("#id_username", who)
    page.fill("#id_password", "pass-word-9")
    page.click("form button.button-primary")
    page.wait_for_load_state()


def log_in_elsewhere(context: BrowserContext, form: Page, who: str) -> None:
    with context.expect_page() as opened:
        form.get_by_text("打开登录页").click()
    tab = opened.value
    log_in(tab, who)
    expect(tab.locator("body")).to_contain_text("回到刚才填写的页面")
    tab.close()
    form.bring_to_front()
    form.evaluate("window.dispatchEvent(new Event('focus'))")


def test_it_is_sent_after_logging_in_in_another_tab(context, form):
    assert form.url.endswith(NEW_PERSON)
    log_in_elsewhere(context, form, "officer")
    expect(form.get_by_role("dialog")).to_contain_text("可以继续提交了")
    expect(form.locator("#id_name")).to_have_value("尉迟堃")
    form.get_by_role("button", name="继续提交").click()
    expect(form.locator("body")).to_contain_text("已登记尉迟堃")
    assert Person.objects.filter(name="尉迟堃").count() == 1


def test_it_is_not_sent_under_another_name(context, form):
    log_in_elsewhere(context, form, "leader")
    expect(form.get_by_role("dialog")).to_contain_text("另一个账号")
    form.get_by_text("回到表单").click()
    expect(form.locator("#id_name")).to_have_value("尉迟堃")
    assert not Person.objects.filter(name="尉迟堃").exists()


def test_whoever_is_still_logged_in_notices_nothing(context):
    page = context.new_page()
    page.goto(NEW_PERSON)
    log_in(page, "officer")
    page.fill("#id_name", "尉迟堃")
    page.click("button[name=_save]")
    expect(page.locator("body")).to_contain_text("已登记尉迟堃")
    assert Person.objects.filter(name="尉迟堃").count() == 1


def test_without_the_server_the_form_stays(context):
    page = context.new_page()
    page.goto(NEW_PERSON)
    log_in(page, "officer")
    page.fill("#id_name", "尉迟堃")
    page.route("**/session/", lambda route: route.abort())
    page.click("button[name=_save]")
    expect(page.get_by_role("dialog")).to_contain_text("连不上服务器")
    page.unroute("**/session/")
    page.get_by_text("再试一次").click()
    page.get_by_role("button", name="继续提交").click()
    expect(page.locator("body")).to_contain_text("已登记尉迟堃")
