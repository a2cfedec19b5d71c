"""署名 and 成文日期 below a text (7.3.5), each line placed from the right edge of the type area."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from notices.documents.document import Signature
from notices.documents.forms import Signing
from notices.documents.markup import inline
from notices.documents.measures import (
    CHARACTER,
    LETTER,
    LINE,
    MILLIMETRE,
    SPACING,
    TYPE_AREA,
)
from notices.documents.title_breaks import break_title, width

# A seal of a county's bureau is 42 mm across; so many stand in the type area side by side, and the
# next row of them begins five lines (51 mm) below.
_SEALS_IN_A_ROW = 3
_ROW = 5
# Half a seal and a little more: what the first of several has to the left of its centre.
_HALF_SEAL = 23 * MILLIMETRE
# Blank lines between text and signature. A seal around issuer and date begins within a line below
# the text then (7.3.5.1); 7.3.5.2 and 7.3.5.3 name one and two.
_GAPS = {Signing.SEALED: 2, Signing.UNSEALED: 1, Signing.STAMPED: 2}
_PLACE = re.compile(r"^((?:[^省市县区]{1,6}[省市县区])+)(.{2,})$")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line of the block: where it ends, in points from the right edge, and on which line."""

    content: str
    right: float
    line: int
    style: str = ""


def signature(content: Signature, signing: Signing) -> str:
    """The block as HTML; it stays on the page of the text's last line."""
    lines = list(_ways[signing](content))
    height = max(line.line for line in lines) + 1
    pieces = "".join(
        f'<div class="{line.style}" style="right:{line.right:.2f}pt;top:{line.line * LINE:.3f}pt">'
        f"{inline(line.content)}</div>"
        for line in lines
    )
    return (
        f'<div class="signature" style="margin-top:{_GAPS[signing] * LINE:.3f}pt;'
        f'height:{height * LINE:.3f}pt">{pieces}</div>'
    )


def _length(content: str) -> float:
    return width(content) * LETTER + len(content) * SPACING


# 加盖印章 (7.3.5.1) -----------------------------------------------------------------------------
def _sealed(content: Signature) -> Iterator[_Placed]:
    """The date ends four characters from the right, the issuer is centred above it.

    The standard asks of several seals that they don't touch and stay within the type area; three
    in a row at most is how the edition of 1999 said it. The date stands below the last issuer.
    """
    date = _length(content.date)
    if len(content.issuers) <= 1:
        issuers = [line for each in content.issuers for line in break_title(each, most=20)]
        widest = max(map(_length, issuers), default=0.0)
        middle = max(4 * CHARACTER + date / 2, widest / 2)
        yield from _centred(issuers, middle, 0)
        yield from _centred([content.date], middle, len(issuers))
        return
    middle = 4 * CHARACTER + date / 2
    count = len(content.issuers)
    columns = 2 if count in {2, 4} else _SEALS_IN_A_ROW
    pitch = min(TYPE_AREA - 2 * middle, (TYPE_AREA - middle - _HALF_SEAL) / (columns - 1))
    line = 0
    for place, issuer in enumerate(content.issuers):
        row, column = divmod(place, columns)
        in_row = min(columns, count - row * columns)
        names = _name_lines(issuer, most=pitch // CHARACTER)
        line = row * _ROW + len(names)
        yield from _centred(names, middle + (in_row - 1 - column) * pitch, row * _ROW)
    yield from _centred([content.date], middle, line)


def _name_lines(issuer: str, *, most: float) -> list[str]:
    """A name too long for its place, broken after the place that it names: 栖江市澄岚区｜教育局."""
    found = _PLACE.match(issuer)
    if width(issuer) > most and found and max(width(found[1]), width(found[2])) <= most:
        return [found[1], found[2]]
    return break_title(issuer, most=most)


def _centred(lines: list[str], middle: float, first: int) -> Iterator[_Placed]:
    for place, content in enumerate(lines):
        yield _Placed(content, middle - _length(content) / 2, first + place)


# 不加盖印章 (7.3.5.2) ---------------------------------------------------------------------------
def _unsealed(content: Signature) -> Iterator[_Placed]:
    """The issuer ends two characters from the right, the date begins two characters after it.

    A date longer than the issuer ends two characters from the right itself, and the issuer moves.
    Several issuers stand one below the other.
    """
    issuers = [line for each in content.issuers for line in break_title(each, most=24)]
    last = _length(issuers[-1]) if issuers else 0.0
    date = _length(content.date)
    shift = date - last + 2 * CHARACTER if date > last else 0.0
    issuer_right = 2 * CHARACTER + (shift if issuers else 0.0)
    for place, issuer in enumerate(issuers):
        yield _Placed(issuer, issuer_right, place)
    yield _Placed(content.date, issuer_right + last - 2 * CHARACTER - date, len(issuers))


# 加盖签发人签名章 (7.3.5.3) ---------------------------------------------------------------------
def _stamped(content: Signature) -> Iterator[_Placed]:
    """The name ends four characters from the right, the post two characters before it.

    Several persons stand one below the other; the date follows after a blank line, four characters
    from the right. The name is printed where the stamp of it goes.
    """
    signers = [issuer.rpartition(" ")[::2] for issuer in content.issuers]
    longest = max((_length(name) for _, name in signers), default=0.0)
    for place, (post, name) in enumerate(signers):
        yield _Placed(name, 4 * CHARACTER + longest - _length(name), place, "signed")
        if post:
            yield _Placed(post.replace(" ", ""), 6 * CHARACTER + longest, place)
    yield _Placed(content.date, 4 * CHARACTER, len(signers) + 1)


_ways: dict[Signing, Callable[[Signature], Iterator[_Placed]]] = {
    Signing.SEALED: _sealed,
    Signing.UNSEALED: _unsealed,
    Signing.STAMPED: _stamped,
}
