"""Takes the pictures of README and handbook from a running demonstration bureau.

    .venv/bin/python scripts/screenshots.py http://127.0.0.1:8000

make docs-shots builds a bureau for it. Writes into docs/images; the bureau is relative to the day,
so the pictures change with it.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).resolve().parent.parent / "docs" / "images"
PASSWORD = "chenglan-2026"  # noqa: S105 - the demonstration bureau's, printed by make run
CHINA = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
PHONE = {"width": 390, "height": 844}
PC = {"width": 1440, "height": 900}


def log_in(browser: Browser, base: str, user: str, size: dict[str, int]) -> Page:
    """Return a page of somebody who has logged in."""
    page = browser.new_context(base_url=base, viewport=size, **CHINA).new_page()
    page.goto("/login/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_load_state()
    return page


def take(page: Page, name: str) -> None:
    """Save what the window shows."""
    page.wait_for_timeout(500)
    page.screenshot(path=OUT / f"{name}.png")
    sys.stdout.write(f"{name}.png\n")


def phone(browser: Browser, base: str) -> None:
    """The secretary's side."""
    page = log_in(browser, base, "furong", PHONE)
    page.goto("/month/")
    take(page, "month-phone")
    page.goto("/records/new/?kind=theme_day")
    take(page, "record-phone")
    page.goto("/reports/")
    page.locator("main a.row", has_text="已退回").first.click()
    page.wait_for_load_state()
    take(page, "report-phone")
    page.goto("/roster/")
    take(page, "roster-phone")
    page.goto("/mine/calendar/")
    take(page, "subscription-phone")
    page.goto("/factor/")
    page.locator("form button", has_text="开始设置").click()
    page.wait_for_load_state()
    take(page, "factor-phone")


def leader(browser: Browser, base: str) -> None:
    """The leader's one page."""
    page = log_in(browser, base, "lingdao", PHONE)
    page.goto("/brief/")
    take(page, "brief-phone")


def desk(browser: Browser, base: str) -> None:
    """The bureau's side."""
    page = log_in(browser, base, "zuzhi", PC)
    for name, path in (
        ("desk", "/admin/"),
        ("matrix", "/admin/matrix/"),
        ("import", "/admin/organizations/organization/import/"),
        ("role", "/admin/organizations/role/add/"),
        ("roster", "/admin/people/standing/"),
        ("tree", "/admin/tree/"),
        ("coverage", "/admin/coverage/"),
        ("ledger", "/admin/cadres/ledgerrow/"),
        ("findings", "/admin/cadres/finding/"),
        ("structure", "/admin/cadres/cadre/structure/"),
        ("rulebook", "/admin/rulebook/?field=development"),
    ):
        page.goto(path)
        take(page, name)
    page.goto("/admin/review/")
    page.locator("table.sheet a").first.click()
    page.wait_for_load_state()
    take(page, "review")
    page.goto("/admin/calendar_events/calendar/")
    page.locator("table tbody a").first.click()
    page.wait_for_load_state()
    take(page, "sorting")
    page.goto("/admin/notices/notice/")
    page.locator("table tbody a").first.click()
    page.wait_for_load_state()
    take(page, "notice")


def main() -> None:
    """Take all pictures."""
    base = sys.argv[1]
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        phone(browser, base)
        leader(browser, base)
        desk(browser, base)
        browser.close()


if __name__ == "__main__":
    main()
