"""What comes in from outside, before anything is done with it: text and numbers a row can hold."""

import json
import re
from typing import Any

# Numbers of rows, and the versions that forms carry, fit into 64 bit with a sign.
_LARGEST = 2**63 - 1
_DIGITS = re.compile(r"[0-9]{1,19}")
# NUL, which PostgreSQL keeps in no text, and halves of surrogate pairs, which are no text at all.
_BROKEN = re.compile("[\x00\ud800-\udfff]")


def row_number(text: object) -> int | None:
    """Return what stands in ``text`` as the number of a row; None where no row can have it."""
    digits = str(text)
    if not _DIGITS.fullmatch(digits) or int(digits) > _LARGEST:
        return None
    return int(digits)


def is_broken(text: str) -> bool:
    """Whether ``text`` holds characters that no database keeps and nobody can type."""
    return _BROKEN.search(text) is not None


def mended(text: str) -> str:
    """Return ``text`` without the characters that `is_broken` finds."""
    return _BROKEN.sub("", text)


def typed_fields(text: str) -> dict[str, str | list[str]] | None:
    """Read the fields of a form from JSON, each a text or a list of texts; None where it is else.

    Scripts may cut a character outside the first plane in two; such halves are left out here, as a
    browser does when it sends the form itself.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not all(_is_typed(value) for value in data.values()):
        return None
    return {mended(name): _mended_field(value) for name, value in data.items()}


def _is_typed(value: Any) -> bool:
    parts = value if isinstance(value, list) else [value]
    return all(isinstance(part, str) for part in parts)


def _mended_field(value: str | list[str]) -> str | list[str]:
    return mended(value) if isinstance(value, str) else [mended(part) for part in value]
