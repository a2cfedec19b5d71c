"""What scripts add to the pages of the admin, which no answer of the server shows, is Chinese."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tests.personas import build_bureau

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# All that is read or read aloud; icons are letters that a font draws as pictures.
SPOKEN = """() => {
  const shown = (element) => !element.closest("script, style, template, [class*=material-symbols]");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    if (shown(walker.currentNode.parentElement)) { words.push(walker.currentNode.data.trim()); }
  }
  ["aria-label", "placeholder", "title", "alt"].forEach((name) => {
    document.querySelectorAll(`[${name}]`).forEach((each) => words.push(each.getAttribute(name)));
  });
  return words;
}"""
# User names of the bureau in the tests, and formats of files.
KNOWN = re.compile(r"officer|Excel|CSV")


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/accounts/user/?q=officer", "/admin/organizations/role/add/"]
)
def test_nothing_in_english(browser: Browser, live_server, address: str):
    client = Client()
    client.force_login(build_bureau().officer)
    context = browser.new_context(base_url=live_server.url, locale="en-US")
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".simplebar-content-wrapper", state="attached")
    words = page.evaluate(SPOKEN)
    context.close()
    assert "可滚动的内容" in words
    assert [word for word in words if re.search("[A-Za-z]{3}", KNOWN.sub("", word))] == []
