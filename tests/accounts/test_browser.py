"""In a real browser: what was typed survives a log-in that has run out, however it is noticed."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from common.models import Draft
from tests.personas import build_bureau

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = "/records/new/?kind=theme_day"


@pytest.fixture
def context(monkeypatch) -> Iterator[BrowserContext]:
    # The driver keeps an event loop in this thread, in which Django would refuse its database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        phone = browser.new_context(viewport={"width": 390, "height": 844})
        phone.set_default_timeout(15_000)
        yield phone
        browser.close()


@pytest.fixture
def page(context, live_server) -> Page:
    build_bureau()
    opened = context.new_page()
    opened.goto(live_server.url + FORM)
    log_in(opened)
    expect(opened.locator("#record-form")).to_be_visible()
    return opened


def log_in(page: Page) -> None:
    page.fill("#id_username", "secretary")
    page.fill("#id_password", "pass-word-9")
    page.click("button:has-text('登录')")


def end_session() -> None:
    """What half an hour without a request comes to."""
    Session.objects.all().delete()


def test_typing_goes_on_after_the_session_has_ended(page):
    page.fill("#id_topic", "三月主题党日")
    expect(page.locator("[data-autosave-status]")).to_contain_text("已自动保存")
    end_session()
    page.fill("#id_topic", "三月主题党日，植树")
    expect(page.locator("[data-autosave-status]")).to_contain_text("登录已过期，内容已保存在本机")
    page.click("text=重新登录")
    expect(page.locator("text=刚才填写的内容都还在")).to_be_visible()
    log_in(page)
    expect(page.locator("#id_topic")).to_have_value("三月主题党日，植树")
    expect(page.locator("[data-autosave-status]")).to_contain_text("已自动保存")
    assert Draft.objects.get().data["topic"] == ["三月主题党日，植树"]


def test_a_form_sent_too_late_comes_back_with_its_text(page):
    page.fill("#id_topic", "四月主题党日")
    end_session()
    page.click("button:has-text('保存')")
    expect(page.locator("#id_username")).to_be_visible()
    log_in(page)
    expect(page.locator("#record-form")).to_be_visible()
    page.click("button:has-text('用本机的')")
    expect(page.locator("#id_topic")).to_have_value("四月主题党日")
