"""Text as people type it, folded into one shape for matching, with the way back.

Patterns look at the folded text (no spaces, half-width digits and brackets, one kind of dash);
titles are always cut out of the original, so that nothing in them changes.
"""

import unicodedata
from typing import NamedTuple

_DASHES = "-‐‑‒–—―−－~～〜﹣─"
_ASCII_FROM_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD: dict[int, int | str] = {**_ASCII_FROM_FULL, **{ord(dash): "-" for dash in _DASHES}}

OPENERS = "“‘《〈（([【「『〔{｛"
CLOSERS = "”’》〉）)]】」』〕}｝"
# What may close an item in a list; it is no part of the title.
CLOSING = "；;。.．，,、：:"


class Folded(NamedTuple):
    """`text` without white space; `origins[i]` is the place of its i-th character."""

    text: str
    origins: tuple[int, ...]
    source: str

    def rest(self, consumed: int) -> str:
        """The original text after the first `consumed` folded characters."""
        if consumed >= len(self.origins):
            return ""
        return self.source[self.origins[consumed] :]

    def head(self, consumed: int) -> str:
        """The original text of the first `consumed` folded characters."""
        if consumed <= 0:
            return ""
        return self.source[: self.origins[consumed - 1] + 1]


def fold(text: str) -> Folded:
    """Fold `text` for matching; every folded character stands for just one original one."""
    kept = [(place, char) for place, char in enumerate(text) if not char.isspace()]
    return Folded(
        text="".join(char.translate(_FOLD) for _, char in kept),
        origins=tuple(place for place, _ in kept),
        source=text,
    )


def squeeze(text: str) -> str:
    """`text` folded, for comparing two writings of the same words."""
    return fold(unicodedata.normalize("NFC", text)).text


def clean(text: str) -> str:
    """`text` without characters that cannot be seen; tabs and line breaks stay."""
    return "".join(char for char in text if char in "\t\n" or not _invisible(char))


def _invisible(char: str) -> bool:
    # Cf holds zero-width characters and the byte order mark, but also the joiner inside emoji.
    return char != "\u200d" and unicodedata.category(char) in ("Cc", "Cf", "Cs")


def trim(title: str) -> str:
    """A title without surrounding space and without the punctuation that closes a list item."""
    return title.strip().rstrip(CLOSING + " \u3000\t").strip()


def join(before: str, after: str) -> str:
    """Put a broken line together again; a space only between two Latin words or figures."""
    before, after = before.rstrip(), after.lstrip()
    if before and after and _latin(before[-1]) and _latin(after[0]):
        return f"{before} {after}"
    return before + after


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def depth_after(text: str, depth: int = 0) -> int:
    """How many brackets and quotes are still open after `text`."""
    for char in text:
        if char in OPENERS:
            depth += 1
        elif char in CLOSERS:
            depth = max(0, depth - 1)
    return depth


def parts_at(text: str, separators: str) -> list[str]:
    """Cut `text` at `separators` that stand outside brackets and quotes."""
    parts, depth, start = [], 0, 0
    straight = False
    for place, char in enumerate(text):
        if char == '"':
            straight = not straight
        depth = depth_after(char, depth)
        if char in separators and depth == 0 and not straight:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]
