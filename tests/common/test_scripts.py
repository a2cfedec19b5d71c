"""The portal's scripts in a real browser, against a small server that keeps to their contract."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = pytest.mark.browser

STATIC = Path(settings.BASE_DIR) / "static"
SCRIPTS = [
    "large-text",
    "menu",
    "double-submit",
    "copy",
    "wechat",
    "counter",
    "autosave-store",
    "autosave-conflict",
    "autosave",
]


class Draft:
    """What the server holds, and how it is told to behave."""

    def __init__(self) -> None:
        self.version = 0
        self.data: dict[str, list[str]] = {}
        self.posts: list[dict[str, Any]] = []
        self.submissions = 0
        self.behaviour = "answer"
        self.submission = "/thanks"
        self.saved = threading.Event()

    def take(self, *, version: int, data: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        self.posts.append({"version": version, "data": data})
        reply: dict[str, Any] = {"version": self.version, "saved_at": "2026-11-20T10:32:00+08:00"}
        if version != self.version:
            return 409, {**reply, "data": self.data, "device": "另一台电脑"}
        self.version, self.data = self.version + 1, data
        self.saved.set()
        return 200, {**reply, "version": self.version}


def page_for(draft: Draft) -> str:
    scripts = "".join(f'<script src="/static/portal/js/{n}.js" defer></script>' for n in SCRIPTS)
    text = "".join(draft.data.get("text", []))
    return f"""<!doctype html><html lang="zh-CN"><body><form id="f" method="post" action="/submit"
      data-autosave-url="/draft" data-autosave-key="r:1" data-autosave-version="{draft.version}">
      <input type="hidden" name="csrfmiddlewaretoken" value="token">
      <label for="t">内容<span>必填</span></label>
      <textarea id="t" name="text" data-limit="10">{text}</textarea>
      <fieldset><legend>还完成了</legend>
      <label><input type="checkbox" name="done" value="a">甲</label>
      <label><input type="checkbox" name="done" value="b">乙</label></fieldset>
      <button data-busy="正在提交…">提交</button></form>
      <p data-autosave-status="f"></p><button data-large-text>大字</button>
      <button data-copy="t">复制</button><span data-copy-status="t"></span>
      <p data-wechat-hint hidden>请在浏览器中打开</p>
      <details data-menu><summary>单位</summary>菜单</details>{scripts}</body></html>"""


THANKS = """<!doctype html><html lang="zh-CN"><body><h1>好了</h1><div data-autosave-clear="r:1"></div>
<script src="/static/portal/js/autosave-store.js" defer></script>
<script src="/static/portal/js/autosave-conflict.js" defer></script>
<script src="/static/portal/js/autosave.js" defer></script></body></html>"""


class Handler(BaseHTTPRequestHandler):
    draft: Draft

    def log_message(self, *args: Any) -> None:
        pass

    def answer(self, status: int, body: str, kind: str = "text/html", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": f"{kind}; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/static/"):
            script = (STATIC / path.removeprefix("/static/")).read_text(encoding="utf-8")
            self.answer(200, script, "text/javascript")
        else:
            self.answer(200, THANKS if path == "/thanks" else page_for(self.draft))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/submit":
            self.draft.submissions += 1
            self.answer(302, "", Location=self.draft.submission)
        elif self.draft.behaviour == "redirect":
            self.answer(302, "", Location="/login")
        elif self.draft.behaviour == "fail":
            self.answer(503, "")
        else:
            sent = {key: values[0] for key, values in parse_qs(body).items()}
            assert (sent["key"], self.headers["X-CSRFToken"]) == ("r:1", "token")
            status, reply = self.draft.take(
                version=int(sent["version"]), data=json.loads(sent["data"])
            )
            self.answer(status, json.dumps(reply), "application/json")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def draft() -> Draft:
    return Draft()


@pytest.fixture
def site(draft: Draft) -> Iterator[str]:
    handler = type("DraftHandler", (Handler,), {"draft": draft})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site)
    opened = context.new_page()
    opened.clock.install()
    opened.goto("/form")
    yield opened
    context.close()


def stop_typing(page: Page) -> None:
    """The pause after which what was typed is saved, without waiting for it."""
    page.clock.run_for(2000)


def status(page: Page) -> Any:
    return expect(page.locator("[data-autosave-status]"))


def held(page: Page) -> Any:
    return page.evaluate("JSON.parse(localStorage.getItem('autosave:r:1'))")


def test_typing_is_saved_by_itself_and_the_copy_here_goes(page: Page, draft: Draft):
    page.fill("#t", "开了支委会")
    assert held(page)["data"]["text"] == ["开了支委会"]
    stop_typing(page)
    status(page).to_contain_text("已自动保存")
    assert (draft.version, draft.data) == (1, {"text": ["开了支委会"], "done": []})
    assert held(page) is None
    draft.saved.clear()
    page.check("[value=b]")
    stop_typing(page)
    assert draft.saved.wait(30)
    assert (draft.version, draft.data["done"]) == (2, ["b"])


def test_what_the_form_was_shown_with_goes_along(page: Page, draft: Draft):
    page.evaluate("document.getElementById('f').dataset.autosaveSeen = 'abc'")
    page.fill("#t", "写")
    stop_typing(page)
    status(page).to_contain_text("已自动保存")
    assert draft.data == {"text": ["写"], "done": [], "_seen": ["abc"]}


def test_leaving_the_page_saves_at_once(page: Page, draft: Draft):
    page.fill("#t", "没等两秒")
    page.goto("/thanks")
    assert draft.saved.wait(3)
    assert draft.data["text"] == ["没等两秒"]


def test_a_failing_server_loses_nothing(page: Page, draft: Draft):
    draft.behaviour = "fail"
    page.fill("#t", "断网时写的")
    stop_typing(page)
    status(page).to_have_text("未保存，稍后重试")
    page.reload()
    assert page.input_value("#t") == "断网时写的"
    draft.behaviour = "answer"
    page.evaluate("window.dispatchEvent(new Event('online'))")
    status(page).to_contain_text("已自动保存")
    assert draft.data["text"] == ["断网时写的"]


def test_after_the_login_has_run_out_the_text_comes_back(page: Page, draft: Draft):
    draft.behaviour = "redirect"
    page.fill("#t", "登录过期时写的")
    stop_typing(page)
    status(page).to_contain_text("登录已过期，内容已保存在本机")
    draft.behaviour = "answer"
    page.click("[data-autosave-status] a")
    page.wait_for_function("document.querySelector('#t').value === '登录过期时写的'")
    stop_typing(page)
    status(page).to_contain_text("已自动保存")


@pytest.mark.parametrize(
    ("choice", "kept"), [("用这里的", "这里的内容"), ("用另一台设备的", "那里的内容")]
)
def test_two_devices_get_a_choice_with_both_texts(page: Page, draft: Draft, choice, kept):
    draft.version, draft.data = 3, {"text": ["那里的内容"], "done": ["a"]}
    page.fill("#t", "这里的内容")
    stop_typing(page)
    panel = page.locator(".conflict")
    expect(panel).to_contain_text("那里的内容")
    assert panel.locator(".conflict-name").all_text_contents() == ["内容", "还完成了"]
    assert panel.locator(".conflict-text").all_text_contents() == [
        "这里的内容",
        "那里的内容",
        "（未填）",
        "甲",
    ]
    page.click(f"text={choice}")
    expect(panel).to_have_count(0)
    page.wait_for_timeout(300)
    assert page.input_value("#t") == kept
    assert draft.data["text"] == [kept]
    assert held(page) is None


def test_an_accepted_form_leaves_nothing_behind(page: Page, draft: Draft):
    page.fill("#t", "马上提交")
    page.click("text=提交")
    page.wait_for_selector("text=好了")
    assert page.evaluate("localStorage.length") == 0
    assert (draft.submissions, draft.posts) == (1, [])


def test_a_submission_that_met_the_login_page_offers_the_text_again(page: Page, draft: Draft):
    draft.submission = "/form"
    page.fill("#t", "交到一半")
    page.click("text=提交")
    page.click("text=用本机的")
    assert page.input_value("#t") == "交到一半"
    stop_typing(page)
    status(page).to_contain_text("已自动保存")
    assert draft.data["text"] == ["交到一半"]


def test_a_second_tap_sends_nothing(page: Page, draft: Draft):
    page.evaluate("""() => {
        const sink = document.createElement('iframe');
        sink.name = 'sink';
        document.body.append(sink);
        document.querySelector('form').target = 'sink';
    }""")
    button = page.locator("form button")
    button.click()
    expect(button).to_have_text("正在提交…")
    assert button.get_attribute("aria-disabled") == "true"
    button.click(force=True)
    page.wait_for_timeout(300)
    assert draft.submissions == 1


def test_a_long_text_is_counted_as_it_is_typed(page: Page):
    count = page.locator(".field-count")
    expect(count).to_have_text("已写 0/10 字")
    page.fill("#t", "𪣻桥\n一二三四五六七八九")
    expect(count).to_have_text("已写 12 字，超出 2 字")


def test_large_text_is_switched_and_remembered(page: Page):
    page.click("[data-large-text]")
    assert page.evaluate("document.documentElement.className") == "large-text"
    page.reload()
    expect(page.locator("html")).to_have_class("large-text")
    expect(page.locator("[data-large-text]")).to_have_text("恢复普通字号")
    page.click("[data-large-text]")
    assert "portal_text" not in page.evaluate("document.cookie")


def test_a_text_is_copied_where_there_is_no_clipboard_too(page: Page):
    page.fill("#t", "请于25日前填报")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.click("[data-copy]")
    expect(page.locator("[data-copy-status]")).to_have_text("已复制，可粘贴到微信群")


def test_a_menu_closes_with_escape_and_elsewhere(page: Page):
    menu = page.locator("details")
    page.click("summary")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    page.click("summary")
    page.click("#t")
    expect(menu).not_to_have_attribute("open", "")


def test_wechat_is_told_to_open_another_browser(browser: Browser, site: str):
    agent = "Mozilla/5.0 (Linux; Android 10) Chrome/86.0 Mobile MicroMessenger/8.0"
    context = browser.new_context(base_url=site, user_agent=agent)
    page = context.new_page()
    page.goto("/form")
    expect(page.locator("[data-wechat-hint]")).to_be_visible()
    context.close()
