"""A real Chromium against the real portal."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, at which Django's ORM would otherwise balk.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def phone(browser: Browser, live_server) -> Iterator[Page]:
    """A page of the size of a phone."""
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="zh-CN")
    yield context.new_page()
    context.close()
