"""The main pages in a real browser: nothing asked of another host, nothing against the policy."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from tests.architecture.work import NOW
from tests.architecture.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "secretary": [
        "bureau:month -",
        "bureau:inbox -",
        "calendar_events:calendar -",
        "calendar_events:task task",
        "calendar_events:records -",
        "calendar_events:record record",
        "calendar_events:edit_record record",
        "reports:report report",
        "reports:report approved",
        "notices:notice notice",
        "organizations:mine -",
        "organizations:tokens -",
    ],
    "officer": [
        "admin:index -",
        "admin:matrix -",
        "admin:review_report submitted",
        "admin:summary period",
        "admin:text group_text",
        "admin:calendar_events_calendar_change calendar",
        "admin:calendar_events_calendar_sort draft_calendar",
        "admin:calendar_events_event_add -",
        "admin:organizations_organization_changelist -",
        "admin:organizations_organization_change mine",
        "admin:organizations_role_add -",
        "admin:people_person_changelist -",
        "admin:notices_notice_change draft_notice",
    ],
    "auditor": ["admin:common_auditentry_changelist -"],
    "": ["accounts:login -", "accounts:link token"],
}


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(NOW):
        yield build_world(1)


class Watch:
    """Writes down whom a page asks for something, and what the browser complains of."""

    def __init__(self, page: Page) -> None:
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")


@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "anonymous")
def test_the_browser_asks_nobody_else_and_has_no_complaints(
    browser: Browser, live_server, world: World, who: str
):
    context = browser.new_context(base_url=live_server.url, locale="zh-CN")
    if who:
        client = Client()
        client.force_login(world.people[who])
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    watch = Watch(page)
    answers = {}
    for line in PAGES[who]:
        name, of = line.split()
        answer = page.goto(reverse(name, args=world.args(of)))
        answers[line] = answer.status
    page.wait_for_load_state("networkidle")
    context.close()
    assert answers == dict.fromkeys(PAGES[who], 200)
    assert watch.hosts - {"", urlsplit(live_server.url).netloc} == set()
    assert watch.complaints == []


# Its buttons, heads and labels, as far as they don't say a name out of the schema.
SWAGGERS_OWN = (
    "#swagger-ui button:not(.opblock-summary-control, .model-box-control), #swagger-ui label,"
    "#swagger-ui h4, #swagger-ui h5, #swagger-ui th, #swagger-ui td.col_header, #swagger-ui small"
)
CODE = re.compile("Accept|curl|OAS")


def test_swagger_draws_and_tries_the_api_under_the_strict_policy(
    browser: Browser, live_server, world: World
):
    context = browser.new_context(base_url=live_server.url, locale="zh-CN")
    client = Client()
    client.force_login(world.people["officer"])
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    watch = Watch(page)
    page.goto("/api/v1/docs/")
    page.locator("button.authorize").first.click()
    page.locator(".auth-container input").fill(world.tokens["officer"])
    page.locator(".auth-btn-wrapper button.authorize").click()
    page.locator(".btn-done").click()
    page.get_by_text("本人和令牌").last.click()
    page.locator(".try-out__btn").click()
    page.locator(".execute").click()
    answer = page.locator(".live-responses-table .highlight-code").first.inner_text()
    words = page.locator(SWAGGERS_OWN).all_inner_texts()
    context.close()
    assert [text for text in words if re.search("[A-Za-z]{2}", CODE.sub("", text))] == []
    assert world.people["officer"].name in answer
    assert watch.hosts - {"", urlsplit(live_server.url).netloc} == set()
    assert watch.complaints == []


def test_the_watch_hears_what_is_against_the_policy(phone: Page):
    watch = Watch(phone)
    phone.goto("/login/")
    assert watch.complaints == []
    phone.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">!</p>')")
    phone.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"//other.test/a.png\">')"
    )
    phone.wait_for_timeout(200)
    assert ["style-src" in watch.complaints[0], "img-src" in watch.complaints[1]] == [True, True]
