"""What stands on the pages: Chinese, nothing from another host, no inline code in the portal."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from tests.architecture.pages import PAGES, Page
from tests.architecture.reading import Reader, read
from tests.architecture.test_house import tracked
from tests.architecture.world import World

pytestmark = pytest.mark.django_db
Open = Callable[[Page], Reader]

# Latin letters that people in Chinese offices use themselves.
ALLOWED = {
    "Chrome": "a browser",
    "Edge": "a browser",
    "Word": "a program",
    "Excel": "a program",
    "Outlook": "a program",
    "iPhone": "a phone",
    "WPS": "a program",
    "SQLite": "a database",
    "PostgreSQL": "a database",
    "Redis": "a queue",
    "Microsoft": "whose program it is",
    "Authenticator": "a program",
    "PDF": "a kind of file",
    "OFD": "a kind of file",
    "CSV": "a kind of file",
    "MB": "a size",
}
# Data that people typed, or that is made of signs: endings of files, addresses, codes, user names,
# tokens, secrets of a second factor, recovery codes.
DATA = re.compile(
    r"\S*\.(jpg|pdf|xlsx|docx|csv|txt)\b|https?://\S+|\b[OS]\d+\b|\buser\d+\b|\bdjt_\S+"
    r"|\b[A-Z2-7]{4}( [A-Z2-7]{4})+\b|\b[a-z2-9]{5}-[a-z2-9]{5}\b"
)
WORD = re.compile(r"[A-Za-z][A-Za-z'_-]*")
OTHER_HOST = re.compile(r"^\s*(https?:)?//|^\s*javascript:", re.I)


@pytest.fixture(scope="module")
def open_page(world: World, clients: dict[str, Client]) -> Open:
    """Open a page once for all tests that look at it."""
    opened: dict[str, Reader] = {}

    def reading(page: Page) -> Reader:
        if str(page) not in opened:
            answer = page.open(world, clients[page.who])
            assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
            opened[str(page)] = read(answer.content.decode())
        return opened[str(page)]

    return reading


def english(words: list[str], names: set[str]) -> list[str]:
    """Return what is left of Latin letters once data and allowed words are taken out."""
    found: set[str] = set()
    for text in words:
        found |= set(WORD.findall(DATA.sub(" ", text)))
    return sorted(found - set(ALLOWED) - names)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_english_is_left(open_page, world, page):
    names = {user.username for user in world.people.values()}
    assert english(open_page(page).words, names) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_nothing_comes_from_another_host(open_page, page):
    assert [each for each in open_page(page).addresses if OTHER_HOST.match(each)] == []


@pytest.mark.parametrize(
    "page", [page for page in PAGES if not page.line.name.startswith("admin:")], ids=str
)
def test_no_script_and_no_style_stands_inside_a_portal_page(open_page, page):
    assert open_page(page).inline == []


@dataclass(frozen=True)
class Refusal:
    """A page that says no."""

    who: str
    address: str
    status: int


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal("off", "/month/", 403),
        Refusal("sec", "/admin/", 403),
        Refusal("sec", "/records/999999/", 404),
        Refusal("off", "/admin/organizations/organization/999999/change/", 404),
        Refusal("ano", "/nowhere/", 404),
        Refusal("ano", "/link/invented/", 404),
    ],
    ids=str,
)
def test_refusals_are_chinese_pages_of_our_own(clients, refusal):
    answer = clients[refusal.who].get(refusal.address)
    reading = read(answer.content.decode())
    assert answer.status_code == refusal.status
    # The number of the request is no word.
    words = [each for each in reading.words if "请报这个编号" not in each]
    assert (english(words, set()), reading.inline) == ([], [])
    assert "党建工作平台" in "".join(reading.words)


def test_our_styles_and_scripts_name_no_other_host():
    named = [
        f"{path.name}: {found}"
        for path in tracked("static/*.css", "static/*.js")
        for found in re.findall(
            r"(?:url\(|@import|fetch\(|import)\s*['\"]?((?:https?:)?//[^'\")]+)",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert named == []


def test_the_reader_sees_what_it_should():
    html = """<html><title>Title</title><style>x</style><p title="Hint" onclick="f()">Text
      <span class="material-symbols-outlined">home</span></p><img src="//cdn.example/x.png" alt="Alt">
      <input type="submit" value="Send"><input value="typed" placeholder="Type"><script>x</script>"""
    reading = read(html)
    assert reading.words == ["Title", "Hint", "Text", "Alt", "Send", "Type"]
    assert reading.inline == ["<style>", "p onclick", "<script>"]
    assert [each for each in reading.addresses if OTHER_HOST.match(each)] == ["//cdn.example/x.png"]
