"""A document as HTML for notice.css: what stands where on the page of GB/T 9704-2012.

Lengths are points unless said otherwise. The look lies in notice.css; here stands what depends on
the text: how far the issuer's mark is condensed, where the signature goes, how wide columns are.
"""

from collections.abc import Iterator
from html import escape

from common.pdf_justify import breakable
from notices.documents import patterns
from notices.documents.document import (
    Annex,
    Block,
    Document,
    Head,
    Imprint,
    Paragraph,
    Part,
    Signature,
)
from notices.documents.lines import printable
from notices.documents.patterns import Level
from notices.documents.tables import table
from notices.documents.title_breaks import break_title, width

MILLIMETRE = 72 / 25.4
LINE = 28.989
CHARACTER = 15.793
LETTER = 16.0
TYPE_AREA = 156 * MILLIMETRE
TITLE_CHARACTERS = 20  # of 22 pt in 156 mm

MARK_TOP = 35 * MILLIMETRE
MARK_SIZE = 41.0
MARK_PITCH = 50.0
# Where the ink of 小标宋 begins below the top of its em box.
MARK_BEARING = 0.078
RULE_GAP = 4 * MILLIMETRE
_LEAD_LENGTH = 30


def to_html(document: Document, *, imprint: str = "") -> str:
    """The whole document. `imprint` names how 版记 takes its page: as it comes, `even-page` for the
    next even page, or `even-page alone` for one without numbers.
    """
    first = document.parts[0] if document.parts else None
    issuers = first.signature.issuers if first and first.signature else ()
    return "\n".join(
        (
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
            f"<title>{escape(document.title)}</title>",
            f'<meta name="author" content="{escape("、".join(issuers))}"></head><body>',
            _head(document.head),
            *(_part(part, first=place == 0) for place, part in enumerate(document.parts)),
            *(_annex(annex) for annex in document.annexes),
            '<div id="end"></div>',
            _imprint(document.imprint, imprint) if document.imprint else "",
            "</body></html>",
        )
    )


def _text(text: str) -> str:
    return breakable(escape(printable(text), quote=False))


# 版头 ------------------------------------------------------------------------------------------
def _head(head: Head) -> str:
    if not (head.mark or head.number or head.labels):
        return ""
    mark_bottom = MARK_TOP + MARK_SIZE + MARK_PITCH * max(0, len(head.mark) - 1)
    number_top = mark_bottom + 2 * LINE
    # The text of the number ends half a line's slack above the line's bottom.
    rule_top = number_top + LINE - (LINE - LETTER) / 2 + RULE_GAP
    lines = 10 + -int(-MARK_PITCH * max(0, len(head.mark) - 1) // LINE)
    labels = "<br>".join(_text(label) for label in head.labels)
    return (
        f'<div class="head{" upward" if head.signer else ""}" style="height:{lines * LINE:.2f}pt">'
        f'<div class="labels">{labels}</div>'
        + "".join(_mark(line, place) for place, line in enumerate(head.mark))
        + f'<div class="number" style="top:{number_top:.2f}pt">{_text(head.number)}</div>'
        + _signer(head.signer, number_top)
        + f'<div class="rule" style="top:{rule_top:.2f}pt"></div></div>'
    )


def _mark(text: str, place: int) -> str:
    """One line of the issuer's mark; one too long is condensed to the width of the type area."""
    condensed = min(1.0, TYPE_AREA / (width(text) * MARK_SIZE))
    top = MARK_TOP - MARK_BEARING * MARK_SIZE + MARK_PITCH * place
    return (
        f'<div class="mark" style="top:{top:.2f}pt;font-size:{MARK_SIZE}pt;'
        f'line-height:{MARK_SIZE}pt;transform:scaleX({condensed:.4f})">{_text(text)}</div>'
    )


def _signer(name: str, top: float) -> str:
    if not name:
        return ""
    return f'<div class="signer" style="top:{top:.2f}pt">签发人：<span>{_text(name)}</span></div>'


# 主体 ------------------------------------------------------------------------------------------
def _part(part: Part, *, first: bool) -> str:
    classes = "" if first else "new-page"
    pieces = [_title(part.title, classes) if part.title else f'<div class="{classes}"></div>']
    if part.recipients:
        pieces.append(f'<p class="recipients">{_text(part.recipients)}：</p>')
    pieces += _blocks(part.blocks)
    pieces += _annex_note(part.annexes)
    if part.signature:
        pieces.append(_signature(part.signature))
    pieces += [f'<p class="remark">{_text(remark)}</p>' for remark in part.remarks]
    return "\n".join(pieces)


def _title(title: str, classes: str = "") -> str:
    lines = break_title(title, most=TITLE_CHARACTERS)
    return f'<h1 class="{classes}">{"<br>".join(_text(line) for line in lines)}</h1>'


def _blocks(blocks: tuple[Block, ...]) -> list[str]:
    levels = sorted({block.level for block in blocks if isinstance(block, Paragraph)})
    second = next((level for level in levels if level > Level.FIRST), None)
    return [
        _paragraph(block, second) if isinstance(block, Paragraph) else table(block, _text)
        for block in blocks
    ]


def _paragraph(paragraph: Paragraph, second: Level | None) -> str:
    """黑体 for the first level; 楷体 for the next one that this text uses, be it （一） or 1."""
    level, text = paragraph.level, paragraph.text
    face = "first" if level is Level.FIRST else "second" if level == second else ""
    if not face or level is Level.TEXT:
        return f"<p>{_text(text)}</p>"
    lead, rest = _lead(text)
    if not rest and not lead.endswith(tuple("。；")):
        return f'<p class="{face} heading">{_text(lead)}</p>'
    if not lead:
        return f"<p>{_text(rest)}</p>"
    return f'<p><span class="{face}">{_text(lead)}</span>{_text(rest)}</p>'


def _lead(text: str) -> tuple[str, str]:
    """The sentence that names the matter, when it is short, and what follows it."""
    end = text.find("。") + 1
    if not end:
        return (text, "") if not patterns.ends_sentence(text) else ("", text)
    return (text[:end], text[end:]) if end <= _LEAD_LENGTH else ("", text)


def _annex_note(names: tuple[str, ...]) -> Iterator[str]:
    if len(names) == 1:
        yield f'<p class="annex-note">附件：{_text(names[0])}</p>'
        return
    for number, name in enumerate(names, start=1):
        place, label = ("several", "附件：") if number == 1 else ("further", "")
        yield f'<p class="annex-note {place}">{label}{number}.{_text(name)}</p>'


def _signature(signature: Signature) -> str:
    """Issuers above the date; the date ends four characters from the right (7.3.5.1, sealed)."""
    issuers = [
        line for issuer in signature.issuers for line in break_title(issuer, most=TITLE_CHARACTERS)
    ]
    date_width = width(signature.date) * CHARACTER
    widest = max((width(issuer) for issuer in issuers), default=0.0) * CHARACTER
    right = max(4 * CHARACTER, (widest - date_width) / 2)
    pieces = []
    for place, text in enumerate([*issuers, signature.date]):
        shift = right + (date_width - width(text) * CHARACTER) / 2
        pieces.append(
            f'<div style="right:{shift:.2f}pt;top:{place * LINE:.3f}pt">{_text(text)}</div>'
        )
    return (
        f'<div class="signature" style="height:{len(pieces) * LINE:.3f}pt">{"".join(pieces)}</div>'
    )


# 附件、版记 ------------------------------------------------------------------------------------
def _annex(annex: Annex) -> str:
    return "\n".join(
        (
            f'<div class="new-page annex-label">{_text(annex.label)}</div>',
            _title(annex.title) if annex.title else "",
            *_blocks(annex.blocks),
        )
    )


def _imprint(imprint: Imprint, place: str) -> str:
    copies = f'<div class="copies">抄送：{_text(imprint.copies)}。</div>' if imprint.copies else ""
    printed = f"{_text(imprint.printed)}印发" if imprint.printed else ""
    return (
        f'<div class="imprint-place {place}"><span class="imprint"><div class="imprint-frame">'
        f'{copies}<div class="printed"><span>{_text(imprint.printer)}</span>'
        f"<span>{printed}</span></div></div></span></div>"
    )
