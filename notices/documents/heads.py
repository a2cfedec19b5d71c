"""版头: mark, number and red rules of each form, placed so that the text below stands on the grid.

Lengths are points from the top of the type area.
"""

import math
import re
from collections.abc import Iterator

from notices.documents.document import Head
from notices.documents.forms import Form, Rules
from notices.documents.markup import inline
from notices.documents.measures import (
    LETTER,
    LINE,
    MILLIMETRE,
    PAGE_HEIGHT,
    SLACK,
    TYPE_AREA,
    TYPE_AREA_TOP,
)
from notices.documents.title_breaks import width

# Where the ink of 小标宋 begins below the top of its em box, and how high it is.
_BEARING = 0.078
_INK = 0.94
# From one joint issuer to the next. How far letters are condensed before they shrink.
_PITCH = 50 / 41
_LEAST_CONDENSED = 0.6
_OFFICE = "文件"
_SIGNING = "签发人："
_NAMES_A_ROW = 2
_COMMAS = re.compile(r"[、，,；;]")
_RULE_GAP = 4 * MILLIMETRE
# The double rule: 0.55 mm and 0.2 mm with 0.25 mm between. Its thickness is ours.
_DOUBLE = 1.0 * MILLIMETRE
_DOUBLE_FOOT = 20 * MILLIMETRE
# 7/8 of a character between the double rules and the lines beside them (10.1).
_BESIDE_RULE = 7 / 8 * LETTER


def head(content: Head, form: Form) -> str:
    """The head as HTML: a box as high as what it takes, with everything in it placed."""
    if not (content.mark or content.number or content.labels):
        return ""
    if form.rules is Rules.DOUBLE:
        return _letter(content, form)
    below = 2 * LINE  # two lines between number and text (10.2)
    if form.rules is Rules.SINGLE:  # the rule below the number, then two lines (7.2.7, 7.3.1)
        below = _RULE_GAP - SLACK + 2 * LINE
    further = max(0, len(_signer_rows(content.signer)) - 1) * LINE
    number_bottom = _mark_bottom(content, form) + 3 * LINE + further
    # The rest of a line goes between mark and number, so that all below stands on the grid.
    height = _up(number_bottom + below)
    number_top = height - below - LINE
    pieces = [
        f'<div class="labels">{_labels(content)}</div>',
        _mark(content, form),
        f'<div class="number" style="top:{number_top:.2f}pt">{inline(content.number)}</div>',
        *_signers(content.signer, number_top),
    ]
    if form.rules is Rules.SINGLE:
        pieces.append(f'<div class="rule" style="top:{height - 2 * LINE:.2f}pt"></div>')
    return _box(pieces, height, "upward" if content.signer else "")


def _letter(content: Head, form: Form) -> str:
    """Of a letter (10.1): labels left and number right, 7/8 of a character below the upper rule.

    The title stands two lines below the last of them; where the mark is smaller than usual or has
    several lines, the rest of a line is added there, so that the last line of the page ends 7/8 of
    a character above the lower rule.
    """
    upper = _mark_bottom(content, form) + _RULE_GAP
    lower = PAGE_HEIGHT - TYPE_AREA_TOP - _DOUBLE_FOOT - _DOUBLE
    number_top = upper + _DOUBLE + _BESIDE_RULE - SLACK
    last_line = lower - _BESIDE_RULE + SLACK
    signed = len(_signer_rows(content.signer))
    lines = max(1 + signed, len(content.labels)) + 2
    height = last_line - _down(last_line - number_top - lines * LINE + 0.5)
    pieces = [
        _mark(content, form),
        _double("", upper),
        f'<div class="labels" style="top:{number_top:.2f}pt">{_labels(content)}</div>',
        f'<div class="number" style="top:{number_top:.2f}pt">{inline(content.number)}</div>',
        *_signers(content.signer, number_top + signed * LINE),
        _double("foot", lower),
    ]
    return _box(pieces, height, "")


def _box(pieces: list[str], height: float, extra: str) -> str:
    return f'<div class="head {extra}" style="height:{height:.2f}pt">{"".join(pieces)}</div>'


def _double(place: str, top: float) -> str:
    """A double rule, the thick one outside."""
    rules = '<div class="thick"></div><div class="thin"></div>'
    return f'<div class="double {place}" style="top:{top:.2f}pt">{rules}</div>'


def _labels(content: Head) -> str:
    return "<br>".join(inline(label) for label in content.labels)


def _up(length: float) -> float:
    return math.ceil(length / LINE - 0.01) * LINE


def _down(length: float) -> float:
    return math.floor(length / LINE) * LINE


# 发文机关标志 ------------------------------------------------------------------------------------
def _mark_bottom(content: Head, form: Form) -> float:
    """Where the ink of the mark ends."""
    size = _size(content, form)
    further = max(0, len(_issuers(content)) - 1) * size * _PITCH
    return form.mark_top * MILLIMETRE + size * _INK + further


def _issuers(content: Head) -> tuple[str, ...]:
    """The lines of the mark without the 文件 that stands beside several of them."""
    if len(content.mark) < 2 or not content.mark[-1].endswith(_OFFICE):
        return content.mark
    last = content.mark[-1].removesuffix(_OFFICE)
    return (*content.mark[:-1], last) if last else content.mark[:-1]


def _beside(content: Head) -> str:
    return _OFFICE if _issuers(content) != content.mark else ""


def _length(content: Head) -> float:
    """The length of the mark in characters, as it would be uncondensed."""
    beside = width(_beside(content))
    return max(map(width, _issuers(content)), default=1.0) + (beside + 0.5 if beside else 0)


def _size(content: Head, form: Form) -> float:
    return min(form.mark_size, TYPE_AREA / _LEAST_CONDENSED / _length(content))


def _mark(content: Head, form: Form) -> str:
    """The mark, condensed to the width of the type area where it is longer (7.2.4).

    Joint issuers stand one above the other, all spread to one length; 文件 stands to the right of
    them, halfway up.
    """
    issuers, beside = _issuers(content), _beside(content)
    if not issuers:
        return ""
    size = _size(content, form)
    pitch = size * _PITCH
    longest = max(map(width, issuers))
    left = (TYPE_AREA - _length(content) * size) / 2
    top = form.mark_top * MILLIMETRE - _BEARING * size
    lines = [
        _mark_line(issuer, left, place * pitch, spread=_spread(issuer, longest) * size)
        for place, issuer in enumerate(issuers)
    ]
    if beside:
        start = left + (longest + 0.5) * size
        lines.append(_mark_line(beside, start, (len(issuers) - 1) / 2 * pitch, spread=0.0))
    condensed = min(1.0, TYPE_AREA / (_length(content) * size))
    return (
        f'<div class="mark" style="top:{top:.2f}pt;transform:scaleX({condensed:.4f});'
        f'font-size:{size:.2f}pt;line-height:{size:.2f}pt">{"".join(lines)}</div>'
    )


def _mark_line(content: str, left: float, top: float, *, spread: float) -> str:
    style = f"left:{left:.2f}pt;top:{top:.2f}pt"
    if spread:
        style += f";letter-spacing:{spread:.3f}pt"
    return f'<div style="{style}">{inline(content)}</div>'


def _spread(issuer: str, longest: float) -> float:
    """What goes between the characters of a shorter issuer, in characters."""
    return (longest - width(issuer)) / max(1, len(issuer) - 1)


# 签发人 ------------------------------------------------------------------------------------------
def _signer_rows(signer: str) -> list[list[str]]:
    """The names as they stand one row below the other, two in each (7.2.6).

    Blanks part names only where a comma doesn't, and never a name of two characters (王　伟).
    """
    names = [name.strip() for name in _COMMAS.split(signer) if name.strip()]
    pieces = signer.split()
    if len(names) == 1 and all(len(piece) > 1 for piece in pieces):
        names = pieces
    return [names[at : at + _NAMES_A_ROW] for at in range(0, len(names), _NAMES_A_ROW)]


def _signers(signer: str, last_top: float) -> Iterator[str]:
    """签发人： and the names, one character from the right; the last row at ``last_top``.

    Rows begin below the first name, columns stand one character apart.
    """
    rows = _signer_rows(signer)
    columns = [max(map(width, column)) for column in _columns(rows)]
    left = TYPE_AREA - (sum(columns) + len(columns)) * LETTER
    top = last_top - (len(rows) - 1) * LINE
    if rows:
        yield _placed("signing", left - width(_SIGNING) * LETTER, top, _SIGNING)
    for number, row in enumerate(rows):
        for place, name in enumerate(row):
            start = left + (sum(columns[:place]) + place) * LETTER
            yield _placed("signer", start, top + number * LINE, inline(name))


def _columns(rows: list[list[str]]) -> list[list[str]]:
    longest = max(map(len, rows), default=0)
    return [[row[place] for row in rows if place < len(row)] for place in range(longest)]


def _placed(kind: str, left: float, top: float, content: str) -> str:
    return f'<div class="{kind}" style="left:{left:.2f}pt;top:{top:.2f}pt">{content}</div>'
