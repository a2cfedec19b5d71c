"""Tables of who gets which answer at which address, as text that people can read and check.

    name                     of        method  off lim lea rev sec dep cle oth aud str ano
    reports:report           report    GET     403 403 403 403 200 200 200 404 403 403 302

``of`` names the rows of the world that the address is about (``-`` none, ``record/file`` two). What
has no line answers 405.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

PERSONAS = {
    "off": "officer",
    "lim": "limited",
    "lea": "leader",
    "rev": "reviewer",
    "sec": "secretary",
    "dep": "deputy",
    "cle": "clerk",
    "oth": "other_secretary",
    "aud": "auditor",
    "sys": "system_admin",
    "gov": "security_admin",
    "str": "stranger",
    "ano": "anonymous",
}
METHODS = ("GET", "POST")
# Where a table leaves these out, as those of the admin do: nobody else comes in there.
OUTSIDERS = {"sec": 403, "dep": 403, "cle": 403, "oth": 403, "str": 403, "ano": 302}

# The other administrators get what the auditor gets, unless ``matrix.apart`` says otherwise.
APART = ("sys", "gov")

# What a word in the table of the admin's lists stands for.
PAGES = {
    "list": [("changelist", "GET"), ("changelist", "POST")],
    "add": [("add", "GET"), ("add", "POST")],
    "page": [("change", "GET")],
    "save": [("change", "POST")],
}
CLOSED = [
    ("delete", "GET", 403),
    ("delete", "POST", 403),
    ("history", "GET", 404),
    ("history", "POST", 404),
]


@dataclass(frozen=True)
class Line:
    """One line: what each persona gets for one method at one address about one row."""

    name: str
    of: str
    method: str
    expected: dict[str, int]

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.of}"

    @property
    def let_in(self) -> str | None:
        """A persona that gets the page; else one that is sent on by it, not to the log-in.

        Who prints a list is sent on to the job; a page says that there is nothing to print.
        """
        answers = {status: who for who, status in reversed(self.expected.items()) if status < 400}
        if self.method == "POST" and self.name.endswith("_print") and 302 in answers:
            return answers[302]
        return (
            answers.get(200)
            or answers.get(201)
            or (answers.get(302) if answers.get(302) != "ano" else None)
        )


def read_table(text: str) -> list[Line]:
    """Read a table; its first line names the columns, empty lines and comments are for people."""
    return [
        Line(name, of, method, expected) for name, of, method, expected in _rows(text, "method")
    ]


def read_sections(text: str) -> list[Line]:
    """Read the table of the admin's lists, and add what is the same in all of them."""
    lines = []
    for section, of, page, expected in _rows(text, "page"):
        for action, method in PAGES[page]:
            lines.append(Line(f"admin:{section}_{action}", of, method, expected))
        if page == "page":
            for action, method, status in CLOSED:
                shut = {who: OUTSIDERS.get(who, status) for who in PERSONAS}
                lines.append(Line(f"admin:{section}_{action}", of, method, shut))
    return lines


def _rows(text: str, third: str) -> Iterator[tuple[str, str, str, dict[str, int]]]:
    rows = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    columns = rows[0][3:]
    assert rows[0][2] == third, rows[0]
    assert {*columns, *OUTSIDERS, *APART} == {*PERSONAS}, columns
    for name, of, what, *statuses in rows[1:]:
        given = dict(zip(columns, map(int, statuses), strict=True))
        given |= dict.fromkeys(APART, given["aud"])
        yield name, of, what, {who: given.get(who) or OUTSIDERS[who] for who in PERSONAS}


def read_apart(text: str) -> dict[tuple[str, str, str], dict[str, int]]:
    """Read where the other administrators get something else than the auditor, by line."""
    rows = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    assert rows[0][3:] == [*APART], rows[0]
    return {
        (name, of, method): dict(zip(APART, map(int, statuses), strict=True))
        for name, of, method, *statuses in rows[1:]
    }


def named_addresses() -> set[str]:
    """Return every named address of the portal, ``namespace:name``."""
    return set(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}"
