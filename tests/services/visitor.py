"""Somebody who uses the portal over HTTP as a browser does: follows pages, fills in their forms."""

from collections.abc import Mapping
from urllib.parse import urljoin

import requests
from lxml import html

Fields = list[tuple[str, str]]


def squeezed(element: html.HtmlElement) -> str:
    """The words of an element, without spaces between them."""
    return "".join(element.text_content().split())


class Page:
    """One answer, with its forms."""

    def __init__(self, answer: requests.Response) -> None:
        self.status = answer.status_code
        self.url = answer.url
        self.content = answer.content
        self.type = answer.headers.get("Content-Type", "")
        self.tree = html.fromstring(answer.content.decode()) if "html" in self.type else None

    @property
    def text(self) -> str:
        """All its words, without spaces between them."""
        return squeezed(self.tree) if self.tree is not None else ""

    def link(self, words: str) -> str:
        """Where the first link leads whose text holds ``words``."""
        return next(
            urljoin(self.url, a.get("href")) for a in self.tree.iter("a") if words in squeezed(a)
        )


class Visitor:
    """A browser with cookies of its own."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.session = requests.Session()

    def get(self, path: str) -> Page:
        """Open a page; a status of 400 or more is an error."""
        return self._page(self.session.get(urljoin(self.site, path), timeout=60))

    def press(
        self,
        page: Page,
        words: str,
        values: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Page:
        """Fill in ``values``, leave the rest as the page has it, press the button with ``words``."""
        return self._page(self.send(page, words, values, files))

    def send(
        self,
        page: Page,
        words: str,
        values: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> requests.Response:
        """Press a button, whatever comes of it; ``files`` are name, content and type by field."""
        button = next(b for b in page.tree.iter("button") if words in squeezed(b))
        named = button.get("form")
        form = page.tree.get_element_by_id(named) if named else next(button.iterancestors("form"))
        given = dict(values or {})
        fields: Fields = [(k, v) for k, v in form.form_values() if k not in given]
        if button.get("name"):
            fields.append((button.get("name"), button.get("value", "")))
        return self.session.post(
            urljoin(page.url, button.get("formaction") or form.get("action") or page.url),
            data=[*fields, *given.items()],
            files=files,
            headers={"Referer": page.url},
            timeout=60,
        )

    def log_in(self, user: str, password: str) -> Page:
        """Come in; fails where the log-in page comes back."""
        values = {"username": user, "password": password}
        after = self.press(self.get("/login/"), "登录", values)
        assert "/login/" not in after.url, after.text
        return after

    @staticmethod
    def _page(answer: requests.Response) -> Page:
        page = Page(answer)
        assert answer.status_code < 400, f"{answer.status_code} {answer.url}: {page.text[:400]}"
        return page
