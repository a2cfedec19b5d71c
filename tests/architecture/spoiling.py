"""What can be wrong with the fields of a form, and the fields that a page really sends."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.files.uploadedfile import UploadedFile

# As bytes, since some of it is no text at all.
SPOILS: dict[str, bytes] = {
    "digits": b"9" * 5_000,
    "beyond 64 bit": b"99999999999999999999",
    "beyond 32 bit": b"2147483648",
    "no such choice": b"nonsense",
    "no utf-8": b"\xff\xfe\xed\xa0\x80\xc3",
    "rare": "𬭎👩‍👩‍👧e\u0301\u202e\u200b\ufeff\u0007\u2028²٣".encode(),
    "long": "长".encode() * 20_000,
    "blank": " \u3000\t\r\n".encode(),
    "negative": b"-1",
    "no day": b"0000-00-00",
    "last day": b"9999-12-31",
    "first day": b"0001-01-01",
    "no month": b"2025.13",
    "not a number": b"NaN",
    "signs": b"'\"<b>%s{{x}}\\../../etc/passwd",
    "json": b'{"a": [',
}
ENDLESS = "长".encode() * 200_000
# Tried in all fields of a form at once: the first two everywhere, the others in turn.
AT_ONCE = ("digits", "no such choice")
IN_TURN = ("beyond 64 bit", "rare", "long", "last day", "blank", "no utf-8")
# What a form sends only once it is chosen.
UNSENT = ("submit", "button", "file", "checkbox", "radio")
Fields = dict[str, list[bytes]]


@dataclass
class Forms(HTMLParser):
    """The fields of the forms on a page by the address they go to, and what its links ask."""

    address: str
    fields: dict[str, Fields] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    _target: str = ""
    _select: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.asked |= set(dict(parse_qsl(urlsplit(given.get("href", "")).query)))
        elif tag == "form":
            self._target = urlsplit(given.get("action", "")).path or self.address
        elif tag in ("input", "select", "textarea") and given.get("name"):
            self._add(tag, given)
        elif tag == "option" and "selected" in given:
            self._here(self._select).append(given.get("value", "").encode())

    def _add(self, tag: str, given: dict[str, str]) -> None:
        values = self._here(given["name"])
        kind = given.get("type", "")
        if tag == "select":
            self._select = given["name"]
        elif tag == "input" and (kind not in UNSENT or "checked" in given):
            values.append(given.get("value", "").encode())

    def _here(self, name: str) -> list[bytes]:
        return self.fields.setdefault(self._target, {}).setdefault(name, [])


def forms_of(html: str, address: str) -> Forms:
    """Read a page that was opened at an address."""
    found = Forms(urlsplit(address).path)
    found.feed(html)
    return found


def as_fields(body: Mapping[str, Any]) -> Fields:
    """Return a body as bytes by field; of a file only its name, as a text where it is expected."""
    fields: Fields = {}
    for name, value in body.items():
        values = value if isinstance(value, list | tuple) else [value]
        fields[name] = [
            str(each.name if isinstance(each, UploadedFile) else each).encode() for each in values
        ]
    return fields


def encoded(fields: Fields) -> bytes:
    """Return the body of a form; what is wrong with it stays wrong."""
    return b"&".join(
        _escaped(name.encode()) + b"=" + _escaped(value)
        for name, values in fields.items()
        for value in values
    )


def _escaped(value: bytes) -> bytes:
    plain = rb"[%&=+]" if len(value) > 100_000 else rb"[^0-9A-Za-z._-]"
    return re.sub(plain, lambda found: b"%%%02X" % found[0][0], value)


def spoilt(fields: Fields, turn: int) -> Iterator[tuple[str, Fields]]:
    """Give forms with something wrong in all fields or in one, and say what.

    Everything in every field of every form would take many minutes; ``turn``, the number of the
    form, deals the kinds out so that each meets many forms.
    """
    if not fields:
        return
    for label in (*AT_ONCE, IN_TURN[turn % len(IN_TURN)]):
        yield label, {name: [SPOILS[label]] for name in fields}
    if turn % 2:
        yield "lists", {f"{name}[]": values for name, values in fields.items()}
    else:
        wrong = SPOILS["beyond 64 bit"]
        yield "one more", {name: [*values, wrong] for name, values in fields.items()}
    names, labels = list(fields), list(SPOILS)
    for step in (0, 1):
        name, label = names[(turn + step) % len(names)], labels[(turn * 2 + step) % len(labels)]
        yield f"{name}: {label}", {**fields, name: [SPOILS[label]]}
    if turn % 8 == 0:
        longest = max(fields, key=lambda name: sum(map(len, fields[name])))
        yield f"{longest}: endless", {**fields, longest: [ENDLESS]}
