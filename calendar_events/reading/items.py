"""From the lines of one cell (or of one month) to its single items.

With numbers the numbers decide and nothing else cuts; lines without one continue the item
before. Without numbers every line is an item, unless closing punctuation or an open bracket shows
that lines were broken; a semicolon outside quotes and brackets separates items on one line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from calendar_events.reading.fold import (
    CLOSERS,
    CLOSING,
    depth_after,
    join,
    parts_at,
    squeeze,
    trim,
)
from calendar_events.reading.numbering import Cutter, Marker, Segment, bullet
from calendar_events.reading.rows import Piece

_NOTHING = {"", "/", "\\", "-", "--", "无", "暂无", "略", "空", "——", "…", "……"}
_HEADING_LENGTH = 20
_CLOSED = "；;。."
_BREAKS_BEFORE = "，。；、：,;:" + CLOSERS
_BREAKS_AFTER = "、，,：:—-和与及暨或并至" + "（(《“‘【"


@dataclass
class Item:
    """One item: its text as in the source, where it stands, what is odd about it."""

    text: str
    pieces: list[Piece]
    category: str = ""
    number: int | None = None
    doubts: list[str] = field(default_factory=list)
    style: str = ""

    @property
    def title(self) -> str:
        """The text without number and closing punctuation."""
        return trim(self.text)

    @property
    def closed(self) -> bool:
        """Whether punctuation closes it, so that the next line is something new."""
        return self.text.rstrip()[-1:] in tuple(_CLOSED)

    @property
    def source(self) -> str:
        """Its lines as they stand in the source."""
        return " ".join(piece.text for piece in self.pieces)


def split_items(pieces: Sequence[Piece], expected: int | None = None) -> list[Item]:
    """The items of some lines, in order; `expected` is the number that should come first.

    Every piece with text ends up in an item; what cannot be sure carries a doubt (a Chinese
    sentence). A piece that says nothing (/, 无) gives no item.
    """
    filled = [piece for piece in pieces if squeeze(piece.text) not in _NOTHING or piece.marker]
    numbered = _Numbered(expected)
    for piece in filled:
        numbered.add(piece)
    items = numbered.finish() if numbered.counted else _unnumbered(filled)
    return [item for item in items if squeeze(item.title) not in _NOTHING or item.number]


class _Numbered:
    """Builds the items of a numbered list line by line."""

    def __init__(self, expected: int | None) -> None:
        self.items: list[Item] = []
        self.counted = False
        self._cutter = Cutter(expected)
        self._lead: list[Piece] = []
        self._category = ""
        self._level: int | None = None

    def add(self, piece: Piece) -> None:
        """Take the next line."""
        if piece.marker:
            self._add_automatic(piece)
            return
        length = bullet(piece.text)
        if length:
            self._open(Segment(None, piece.text[length:], nested=False), piece)
            return
        for segment in self._cutter.cut(piece.text, heading_open=self._heading_open()):
            if segment.marker is None:
                self._loose(segment, piece)
            else:
                self._note_heading(segment.marker)
                self._open(segment, piece)
        if self.items:
            self.items[-1].doubts += self._cutter.take_doubts()

    def finish(self) -> list[Item]:
        """All items; text before the first number comes first."""
        if self._lead:
            self._place_lead()
        return self.items

    def _add_automatic(self, piece: Piece) -> None:
        """A paragraph with automatic numbering: its depth says whether it is an item."""
        if self._level is None or piece.level <= self._level or not self.items:
            self._level = piece.level if self._level is None else min(self._level, piece.level)
            self._open(Segment(None, piece.text, nested=False), piece)
            return
        current = self.items[-1]
        current.text = join(current.text, piece.marker + piece.text)
        current.pieces.append(piece)
        self._doubt_inner(current)

    def _heading_open(self) -> bool:
        if not self.items or len(self.items[-1].pieces) != 1 or self.items[-1].closed:
            return False
        return len(self.items[-1].title) <= _HEADING_LENGTH

    def _note_heading(self, marker: Marker) -> None:
        """一、组织建设 turns out to be a heading when 1. follows it."""
        inside = self._cutter.category and marker.style != self._cutter.category
        if inside and self.items and self.items[-1].style == self._cutter.category:
            heading = self.items.pop()
            self._category = heading.title

    def _open(self, segment: Segment, piece: Piece) -> None:
        if self._lead and not self.items:
            self._place_lead(before_list=True)
        self.counted = True
        item = Item(segment.text, [piece], self._category)
        if segment.marker is not None:
            self._number(item, segment.marker)
        if segment.nested:
            self._doubt_inner(item)
        self.items.append(item)

    def _number(self, item: Item, marker: Marker) -> None:
        item.number, item.style = marker.value, marker.style
        last = next((it.number for it in reversed(self.items) if it.style == marker.style), None)
        due = (last or 0) + 1
        if last is not None and marker.value != due and not item.category:
            item.doubts.append(f"编号 {last} 之后是 {marker.value}，请看是否漏了或重了")

    def _loose(self, segment: Segment, piece: Piece) -> None:
        if not self.items:
            self._lead.append(Piece(segment.text, piece.line, piece.place))
            return
        current = self.items[-1]
        if current.closed:
            doubt = "这一行没有编号，已单独作为一项"
            self.items.append(Item(segment.text, [piece], self._category, doubts=[doubt]))
            return
        if not (piece.same or self._surely_broken(current, segment.text)):
            current.doubts.append(f"“{segment.text}”没有编号，已接在上一行后面")
        current.text = join(current.text, segment.text)
        if piece not in current.pieces:
            current.pieces.append(piece)
        if segment.nested:
            self._doubt_inner(current)

    def _surely_broken(self, current: Item, text: str) -> bool:
        """Whether the line before was broken by its width, not ended."""
        if not current.title:
            return True
        if any(item.closed for item in self.items) or broken_between(current.text, text):
            return True
        last = current.pieces[-1].text
        return len(last) >= 12 and len(last) + 3 >= len(text)

    def _place_lead(self, *, before_list: bool = False) -> None:
        """Text before number 1: a heading when it ends in a colon, else an item of its own."""
        lead = self._lead
        self._lead = []
        if before_list and lead[-1].text.rstrip()[-1:] in ("：", ":"):
            self._category = trim("".join(piece.text for piece in lead))
            return
        for item in _unnumbered(lead):
            item.doubts.append("这一行在编号之前，没有编号")
            self.items.append(item)

    @staticmethod
    def _doubt_inner(item: Item) -> None:
        doubt = "一项里还有分项，按一件事项读入，需要时请拆分"
        if doubt not in item.doubts:
            item.doubts.append(doubt)


def broken_between(before: str, after: str) -> bool:
    """Whether punctuation shows that a line goes on in the next one."""
    return before.rstrip()[-1:] in tuple(_BREAKS_AFTER) or after.lstrip()[:1] in tuple(
        _BREAKS_BEFORE
    )


def _unnumbered(pieces: Sequence[Piece]) -> list[Item]:
    items: list[Item] = []
    for group in _lines_together(pieces):
        text = ""
        for piece in group:
            text = join(text, piece.text)
        parts = [part for part in parts_at(text, "；;。") if trim(part)]
        items += [Item(part, list(group)) for part in parts]
    _doubt_short_lines(items)
    return items


def _lines_together(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Lines grouped so that each group is one broken line."""
    closes = any(piece.text.rstrip()[-1:] in tuple(_CLOSED) for piece in pieces[:-1])
    groups: list[list[Piece]] = []
    for place, piece in enumerate(pieces):
        before = groups[-1][-1].text if groups else ""
        unclosed = closes and before.rstrip()[-1:] not in tuple(CLOSING)
        goes_on = unclosed or broken_between(before, piece.text)
        if groups and (goes_on or _bracket_closes_later(groups[-1], pieces[place : place + 3])):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _bracket_closes_later(group: list[Piece], following: Sequence[Piece]) -> bool:
    """Whether a bracket left open by `group` is closed in the few lines that follow."""
    depth = depth_after("".join(piece.text for piece in group))
    for piece in following:
        if depth == 0:
            return False
        after = depth_after(piece.text, depth)
        if after < depth:
            return True
    return False


def _doubt_short_lines(items: list[Item]) -> None:
    for before, item in pairwise(items):
        apart = before.pieces[-1] is not item.pieces[0]
        if apart and len(before.title) >= 20 and len(item.title) < 8:
            item.doubts.append("这一行很短，可能是上一行的续行")


def leftover(text: str) -> bool:
    """Whether a text says nothing: empty, / or 无."""
    return squeeze(trim(text)) in _NOTHING
