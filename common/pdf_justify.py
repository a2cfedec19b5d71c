"""Flush right edges for Chinese: the one place that replaces a function of WeasyPrint.

WeasyPrint justifies a line by stretching its spaces, and Chinese has none, so its lines stay
ragged. Here the rest of a line is spread over its characters as letter-spacing instead, up to the
width of the column. Lines without a Chinese character keep WeasyPrint's own justification.

The replaced function is private to WeasyPrint, so the version is pinned and `install` refuses any
other; a test measures the right edge of printed lines. See docs/adr/0002-printed-pages.md.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

TESTED_VERSION = "70.0"
ZERO_WIDTH_SPACE = "\u200b"

_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_OPENING = "（《〈「『【〔〖“‘"
_CLOSING_QUOTES = "”’"
# Unicode forbids a break on either side of a quotation mark, since elsewhere the same sign opens
# and closes. In Chinese “ opens and ” closes: a line may end before the one and after the other.
_BEFORE_QUOTE = re.compile(
    f"(?<=[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef”’])(?<![{_OPENING}])(?=[“‘])"
)
_AFTER_QUOTE = re.compile(f"(?<=[{_CLOSING_QUOTES}])(?=[\u3400-\u9fff（《〈【〔0-9A-Za-z])")


def breakable(text: str) -> str:
    """`text` with zero-width spaces where a line may end beside a quotation mark."""
    text = _BEFORE_QUOTE.sub(ZERO_WIDTH_SPACE, text)
    return _AFTER_QUOTE.sub(ZERO_WIDTH_SPACE, text)


def install(*, version: str, inline: Any, boxes: Any) -> None:
    """Replace `justify_line` in WeasyPrint's module `inline`.

    Raises RuntimeError for any version but the tested one. Calling it again changes nothing.
    """
    if version != TESTED_VERSION:
        raise RuntimeError(
            f"Justification is written for WeasyPrint {TESTED_VERSION}, installed is {version}."
        )
    if not hasattr(inline, "portal_original_justify_line"):
        inline.portal_original_justify_line = inline.justify_line
        inline.justify_line = _Justifier(inline, boxes).justify_line


class _Justifier:
    """WeasyPrint's modules, kept so that this file needn't import them."""

    def __init__(self, inline: Any, boxes: Any) -> None:
        self.inline = inline
        self.boxes = boxes

    def justify_line(self, context: Any, line: Any, extra_width: float) -> None:
        """Spread `extra_width` (CSS pixels) over the gaps between the characters of `line`."""
        text = "".join(box.text for box in self._text_boxes(line))
        visible = text.replace(ZERO_WIDTH_SPACE, "")
        if len(visible) < 2 or not _CHINESE.search(visible):
            self.inline.portal_original_justify_line(context, line, extra_width)
            return
        spacing = _spacing(line.style)
        # Marks of no width carry letter-spacing too; it is given back with them. So is the spacing
        # that WeasyPrint counts after the last character.
        room = extra_width + (len(text) - len(visible) + 1) * spacing
        self._spread(context, line, room / (len(visible) - 1), 0.0)

    def _text_boxes(self, box: Any) -> Iterator[Any]:
        if isinstance(box, self.boxes.TextBox):
            yield box
        elif isinstance(box, (self.boxes.LineBox, self.boxes.InlineBox)):
            for child in box.children:
                if child.is_in_normal_flow():
                    yield from self._text_boxes(child)

    def _spread(self, context: Any, box: Any, gap: float, shift: float) -> float:
        """Move `box` by `shift`, widen every gap inside it by `gap`; the shift of what follows."""
        if isinstance(box, self.boxes.TextBox):
            box.position_x += shift
            return shift + self._widen(context, box, gap)
        if not isinstance(box, (self.boxes.LineBox, self.boxes.InlineBox)):
            box.translate(shift, 0)
            return shift
        start = shift
        if isinstance(box, self.boxes.InlineBox):
            box.position_x += shift
        for child in box.children:
            if child.is_in_normal_flow():
                shift = self._spread(context, child, gap, shift)
        box.width += shift - start
        return shift

    def _widen(self, context: Any, box: Any, gap: float) -> float:
        """Lay the text of `box` out again with wider gaps; by how much it grew."""
        spacing = _spacing(box.style)
        visible = box.text.replace(ZERO_WIDTH_SPACE, "")
        wider = _printable_spacing(spacing + gap, box.style["font_size"])
        growth = wider * len(visible) - spacing * len(box.text)
        if not visible:
            return growth
        style = box.style.copy()
        style["letter_spacing"] = wider
        layout = self.inline.create_layout(visible, style, context, None, 0)
        layout.deactivate()
        box.text, box.style, box.pango_layout = visible, style, layout
        box.width += growth
        return growth


def _printable_spacing(spacing: float, font_size: float) -> float:
    """The nearest spacing that the PDF can hold.

    WeasyPrint writes positions in whole thousandths of an em and cuts off the rest, which over a
    line would add up to a quarter of a millimetre; the small surplus keeps the whole number whole.
    """
    thousandths = round(spacing * 1000 / font_size)
    return (thousandths + math.copysign(0.1, thousandths)) * font_size / 1000


def _spacing(style: Any) -> float:
    spacing = style["letter_spacing"]
    return 0.0 if spacing == "normal" else float(spacing)
