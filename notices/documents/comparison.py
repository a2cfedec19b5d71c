"""Whether everything that stands in a file also stands in its print: no text may get lost."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from common import pdf
from notices.documents.lines import Line, split, visible

# A line may be parted by page breaks and repeated table heads, but not into crumbs.
_SHORTEST_PIECE = 4
# Signs that fonts draw with one glyph; in a PDF all of them carry the name of the first one used.
_SAME_GLYPH = str.maketrans({**dict.fromkeys("•・‧∙", "·"), "⋯": "…", "‒": "–", "‑": "-", "∼": "~"})
_PAGE_NUMBER = re.compile(r"^—\s*\d+\s*—$", re.MULTILINE)


def missing_lines(text: str, content: bytes, *, replaced: Mapping[int, str]) -> list[Line]:
    """The lines of the source `text` that aren't in the PDF `content`, white space aside.

    `replaced` gives for a line number what was printed instead, as the reader has announced.
    When every line is found, each character must also occur as often as in the source; otherwise
    the lines that it could come from are returned.
    """
    printed = _comparable("".join(_PAGE_NUMBER.sub("", page) for page in pdf.page_texts(content)))
    lines = [
        Line(line.number, replaced.get(line.number, line.text), line.first, line.indented)
        for line in split(text)
    ]
    absent = [line for line in lines if not _is_in(_cells(line), printed)]
    if absent:
        return absent
    lost = Counter(_comparable("".join(line.text for line in lines))) - Counter(printed)
    return [line for line in lines if lost.keys() & set(_comparable(line.text))]


def _cells(line: Line) -> list[str]:
    return [_comparable(cell) for cell in line.text.split("\t")]


def _is_in(cells: Sequence[str], printed: str) -> bool:
    return all(cell in printed or _in_pieces(cell, printed) for cell in cells)


def _in_pieces(text: str, printed: str) -> bool:
    """Whether `text` stands in `printed` in pieces, one after the other."""
    place = 0
    while text:
        size = _longest_start(text, printed[place:])
        if size < min(_SHORTEST_PIECE, len(text)):
            return False
        place = printed.index(text[:size], place) + size
        text = text[size:]
    return True


def _longest_start(text: str, printed: str) -> int:
    """How much of the start of `text` stands somewhere in `printed`."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text[:middle] in printed else (low, middle - 1)
    return low


def _comparable(text: str) -> str:
    """`text` without white space and accents, which a PDF may give back beside their letters."""
    letters = unicodedata.normalize("NFKD", text.translate(_SAME_GLYPH))
    return visible("".join(letter for letter in letters if unicodedata.category(letter) != "Mn"))
