"""What a person reads on a page, and what it makes the browser fetch."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

READ_ALOUD = {"aria-label", "placeholder", "title", "alt", "aria-description", "data-busy"}
SILENT = {"script", "style", "template", "svg"}
EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
FETCHED = {"src", "href", "action", "formaction", "poster", "srcset", "data", "xlink:href"}
# Words that buttons carry as their value.
BUTTONS = {"submit", "button", "reset"}
# The letters in these elements name a picture of an icon font.
ICONS = "material-symbols"


@dataclass
class Reader(HTMLParser):
    """Collects the words of a page and the addresses in it."""

    words: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    _open: list[tuple[str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def _hidden(self) -> bool:
        return any(hidden for _, hidden in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        icon = ICONS in given.get("class", "")
        if not self._hidden:
            self.words += _spoken(tag, given)
        self.addresses += [value for name, value in given.items() if name in FETCHED]
        self.inline += _inline(tag, given)
        if tag not in EMPTY:
            self._open.append((tag, tag in SILENT or icon))

    def handle_endtag(self, tag: str) -> None:
        while any(each == tag for each, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._hidden:
            self.words.append(data.strip())


def _spoken(tag: str, given: dict[str, str]) -> Iterator[str]:
    yield from (given[name] for name in READ_ALOUD if given.get(name))
    if tag == "input" and given.get("type") in BUTTONS:
        yield given.get("value", "")


def _inline(tag: str, given: dict[str, str]) -> Iterator[str]:
    if tag == "style" or (tag == "script" and "src" not in given):
        yield f"<{tag}>" if given.get("type") != "application/json" else ""
    yield from (f"{tag} {name}" for name in given if name == "style" or name.startswith("on"))


def read(html: str) -> Reader:
    """Read a page."""
    reader = Reader()
    reader.feed(html)
    reader.inline = [each for each in reader.inline if each]
    return reader
