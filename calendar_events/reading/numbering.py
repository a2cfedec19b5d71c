"""Item numbers inside a text: which of the things that look like one really are.

1. 1． 1、 （1） (1) 1） ① 一、 （一） are all taken, at a line's start and in its middle. A figure
in a title ("第 38 个教师节", "2、3 年级", "3.15") is told from a number by its place, by the
punctuation before it and by whether it is the next one to come.
"""

import re
from typing import NamedTuple

from calendar_events.reading.points import chinese_number


class Marker(NamedTuple):
    """A possible item number: where it stands, how it is written, what it counts."""

    start: int
    end: int
    style: str
    value: int


_CN = r"[一二三四五六七八九十]{1,3}"
_STYLES = (
    ("paren", re.compile(r"[（(]\s*(\d{1,2})\s*[)）]")),
    ("chinese paren", re.compile(rf"[（(]\s*({_CN})\s*[)）]")),
    ("half paren", re.compile(r"(?<![\d（(])(\d{1,2})\s*[)）]")),
    ("dot", re.compile(r"(?<![\d.．])(\d{1,2})\s*[.．]")),
    ("comma", re.compile(r"(?<!\d)(\d{1,2})\s*、")),
    ("chinese", re.compile(rf"(?<![第一二三四五六七八九十])({_CN})\s*[、.．]")),
)
_RINGS = {
    **{chr(0x2460 + n): n + 1 for n in range(20)},  # ①
    **{chr(0x2474 + n): n + 1 for n in range(20)},  # ⑴
    **{chr(0x2488 + n): n + 1 for n in range(20)},  # ⒈
    **{chr(0x2776 + n): n + 1 for n in range(10)},  # ❶
    **{chr(0x3220 + n): n + 1 for n in range(10)},  # ㈠
}
_CHINESE_STYLES = ("chinese", "chinese paren")
_BULLET = re.compile(r"[·•●○■□◆◇★☆▪▫▶►➢➤✓√※*\uf000-\uf0ff]+\s*|[-—–]+\s+")
_UNITS = r"(?:年级|季度|月|日|号|批|轮|期|级|次|班|学期|届|楼|点)"
_ARABIC_RUN = re.compile(rf"\s*(\d{{1,2}})\s*(?:[、,，]\s*\d{{1,2}}\s*){{0,12}}{_UNITS}")
_CHINESE_RUN = re.compile(rf"\s*({_CN})(?:、{_CN}){{0,12}}{_UNITS}")
_NOT_DECIMAL = re.compile(r"(?:19|20)\d\d(?!\d)|\d{1,2}\s*[月日]")
ENDS = "；;。！!？?"
# How many candidates ahead a better place for the same number is looked for.
_AHEAD = 60


def markers(text: str) -> list[Marker]:
    """Everything in `text` that looks like an item number, in order."""
    found = [
        Marker(place, place + 1, "ring", _RINGS[char])
        for place, char in enumerate(text)
        if char in _RINGS
    ]
    for style, pattern in _STYLES:
        for match in pattern.finditer(text):
            value = chinese_number(match[1])
            if value is not None:
                found.append(Marker(match.start(), match.end(), style, value))
    return sorted(found)


def bullet(text: str) -> int:
    """How many characters of a bullet stand at the start of `text`, 0 for none."""
    found = _BULLET.match(text)
    return found.end() if found else 0


def leading(text: str) -> Marker | None:
    """The item number at the very start of `text`, if any."""
    return next((marker for marker in markers(text) if not text[: marker.start].strip()), None)


class Segment(NamedTuple):
    """A stretch of a line: the number before it (None for loose text) and what follows."""

    marker: Marker | None
    text: str
    nested: bool


class Cutter:
    """Cuts the lines of one list at its numbers and remembers where the counting stands."""

    def __init__(self, expected: int | None = None) -> None:
        self.expected = expected
        self.styles: set[str] = set()
        self.category = ""
        self._inner: tuple[str, int] | None = None
        self._saw_inner = False
        self._doubts: list[str] = []

    def take_doubts(self) -> list[str]:
        """What could have been a number but was left in the text, as sentences; given once."""
        doubts, self._doubts = self._doubts, []
        return doubts

    def cut(self, text: str, *, heading_open: bool = False) -> list[Segment]:
        """Cut one line.

        `heading_open` says that the item being read is a short line of its own and may turn out
        to be a heading (一、组织建设) for the numbers that follow.
        """
        segments: list[Segment] = []
        taken: Marker | None = None
        start = done = 0
        self._saw_inner = False
        candidates = markers(text)
        for place, marker in enumerate(candidates):
            if marker.start < done:
                continue
            if self._is_inner(text, marker, heading_open=heading_open):
                done = marker.end
            elif self._takes(text, marker, candidates[place + 1 : place + _AHEAD]):
                self._push(segments, taken, text[start : marker.start])
                taken, start, done = marker, marker.end, marker.end
                self._count(marker)
        self._push(segments, taken, text[start:])
        return segments

    def _push(self, segments: list[Segment], marker: Marker | None, text: str) -> None:
        if marker is not None or text.strip():
            segments.append(Segment(marker, text.strip(), self._saw_inner))
        self._saw_inner = False

    def _count(self, marker: Marker) -> None:
        if marker.style == self.category:
            self.styles = set()
        self.styles.add(marker.style)
        self.expected = marker.value + 1
        self._inner = None

    def _is_inner(self, text: str, marker: Marker, *, heading_open: bool) -> bool:
        """Whether the number belongs to a list inside the item: （1）（2） under 1."""
        if self._inner is not None and (marker.style, marker.value) == self._inner:
            self._inner = (marker.style, marker.value + 1)
            self._saw_inner = True  # a single （1） is no list yet
            return True
        foreign = bool(self.styles) and marker.style not in self.styles
        if marker.value != 1 or not foreign or marker.style == self.category:
            return False
        if heading_open and not text[: marker.start].strip() and self._only_chinese():
            self.category, self.styles = next(iter(self.styles)), set()
            return False
        if not _at_boundary(text, marker):
            return False
        self._inner = (marker.style, 2)
        return True

    def _only_chinese(self) -> bool:
        return len(self.styles) == 1 and self.styles <= set(_CHINESE_STYLES)

    def _takes(self, text: str, marker: Marker, later: list[Marker]) -> bool:
        """Whether the number opens the next item of the list."""
        if _in_a_run(text, marker) or self._decimal(text, marker):
            return False
        fits = marker.value == self.expected or (self.expected is None)
        known = marker.style in self.styles or not self.styles or marker.style == self.category
        before = text[: marker.start].rstrip()
        if not before:
            return known or fits
        if before[-1] in ENDS:
            return fits or (known and marker.value > (self.expected or 0))
        return self._takes_midway(text, marker, later)

    def _takes_midway(self, text: str, marker: Marker, later: list[Marker]) -> bool:
        """A number in the middle of a sentence: only the very one that must come next."""
        if marker.style in _CHINESE_STYLES or text[: marker.start].rstrip()[-1] == "第":
            return False
        same = [other for other in later if other.style == marker.style]
        if not self.styles:
            return marker.value == 1 and any(other.value == 2 for other in same)
        better = any(
            other.value == marker.value and text[: other.start].rstrip()[-1:] in ENDS
            for other in same
        )
        return marker.style in self.styles and marker.value == self.expected and not better

    def _decimal(self, text: str, marker: Marker) -> bool:
        """3.15 and 1.5 are figures; 2.2022年 and 1.5月 are an item number and a title."""
        if marker.style != "dot" or not text[marker.end : marker.end + 1].isdigit():
            return False
        before = text[: marker.start]
        if before.strip() and before[-1] not in ENDS and not before[-1].isspace():
            return True
        if marker.value != (self.expected or 1):
            return True
        if _NOT_DECIMAL.match(text, marker.end):
            return False
        if self.styles:
            figure = text[marker.start : marker.end + 2]
            self._doubts.append(f"“{figure}”像编号也像数字，已留在标题里")
        return True


def _at_boundary(text: str, marker: Marker) -> bool:
    before = text[: marker.start].rstrip()
    return not before or not before[-1].isalnum() or marker.style != "comma"


def _in_a_run(text: str, marker: Marker) -> bool:
    """Whether it is the first figure of 2、3年级 or 一、二季度."""
    if marker.style not in ("comma", "chinese"):
        return False
    pattern = _ARABIC_RUN if marker.style == "comma" else _CHINESE_RUN
    found = pattern.match(text, marker.end)
    return found is not None and chinese_number(found[1]) == marker.value + 1
