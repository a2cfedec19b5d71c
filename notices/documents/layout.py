"""A document as HTML for notice.css: what stands where on the page of GB/T 9704-2012.

Lengths are points unless said otherwise. The look lies in notice.css; here and in `heads`,
`signatures` and `tables` stands what depends on the text: how far the issuer's mark is condensed,
where the signature goes, how wide columns are.
"""

from collections.abc import Iterator
from html import escape

from notices.documents import patterns
from notices.documents.document import (
    Annex,
    Attendance,
    Block,
    Document,
    Imprint,
    Paragraph,
    Part,
    Table,
)
from notices.documents.forms import Signing
from notices.documents.heads import head
from notices.documents.markup import inline
from notices.documents.measures import TITLE_CHARACTERS
from notices.documents.patterns import Level
from notices.documents.signatures import signature
from notices.documents.tables import is_wide, table
from notices.documents.title_breaks import break_title

_LEAD_LENGTH = 30


def to_html(document: Document, *, imprint: str = "") -> str:
    """The whole document. `imprint` names how 版记 takes its page: as it comes, `even-page` for the
    next even page, or `even-page alone` for one without numbers.
    """
    first = document.parts[0] if document.parts else None
    issuers = first.signature.issuers if first and first.signature else ()
    signing = document.form.signing
    last_page = "wide" if document.annexes and _is_wide(document.annexes[-1]) else ""
    place = "new-page" if last_page else ""
    return "\n".join(
        (
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
            f"<title>{escape(document.title)}</title>",
            f'<meta name="author" content="{escape("、".join(issuers))}"></head>',
            f'<body class="{document.form.key}">',
            head(document.head, document.form),
            *(_part(part, signing, first=place == 0) for place, part in enumerate(document.parts)),
            *(_annex(annex) for annex in document.annexes),
            f'<div id="end" class="{last_page}"></div>',
            _imprint(document.imprint, imprint or place) if document.imprint else "",
            "</body></html>",
        )
    )


# 主体 ------------------------------------------------------------------------------------------
def _part(part: Part, signing: Signing, *, first: bool) -> str:
    classes = "" if first else "new-page"
    pieces = [_title(part.title, classes) if part.title else f'<div class="{classes}"></div>']
    if part.recipients:
        pieces.append(f'<p class="recipients">{inline(part.recipients)}：</p>')
    pieces += _blocks(part.blocks)
    pieces += _annex_note(part.annexes)
    pieces += _attendance(part.attendance)
    if part.signature:
        pieces.append(signature(part.signature, signing))
    pieces += [f'<p class="remark">{inline(remark)}</p>' for remark in part.remarks]
    return "\n".join(pieces)


def _title(title: str, classes: str = "") -> str:
    lines = break_title(title, most=TITLE_CHARACTERS)
    return f'<h1 class="{classes}">{"<br>".join(inline(line) for line in lines)}</h1>'


def _blocks(blocks: tuple[Block, ...], *, wide: bool = False) -> list[str]:
    levels = sorted({block.level for block in blocks if isinstance(block, Paragraph)})
    second = next((level for level in levels if level > Level.FIRST), None)
    return [
        _paragraph(block, second)
        if isinstance(block, Paragraph)
        else table(block, inline, wide=wide)
        for block in blocks
    ]


def _paragraph(paragraph: Paragraph, second: Level | None) -> str:
    """黑体 for the first level; 楷体 for the next one that this text uses, be it （一） or 1."""
    level, text = paragraph.level, paragraph.text
    face = "first" if level is Level.FIRST else "second" if level == second else ""
    if not face or level is Level.TEXT:
        return f"<p>{inline(text)}</p>"
    lead, rest = _lead(text)
    if not rest and not lead.endswith(tuple("。；")):
        return f'<p class="{face} heading">{inline(lead)}</p>'
    if not lead:
        return f"<p>{inline(rest)}</p>"
    return f'<p><span class="{face}">{inline(lead)}</span>{inline(rest)}</p>'


def _lead(text: str) -> tuple[str, str]:
    """The sentence that names the matter, when it is short, and what follows it."""
    end = text.find("。") + 1
    if not end:
        return (text, "") if not patterns.ends_sentence(text) else ("", text)
    return (text[:end], text[end:]) if end <= _LEAD_LENGTH else ("", text)


def _annex_note(names: tuple[str, ...]) -> Iterator[str]:
    if len(names) == 1:
        yield f'<p class="annex-note">附件：{inline(names[0])}</p>'
        return
    for number, name in enumerate(names, start=1):
        place, label = ("several", "附件：") if number == 1 else ("further", "")
        yield f'<p class="annex-note {place}">{label}{number}.{inline(name)}</p>'


def _attendance(present: tuple[Attendance, ...]) -> Iterator[str]:
    """Who was there: a blank line, then a line for each kind, names below each other (10.3)."""
    for place, each in enumerate(present):
        classes = "attendance" if place else "attendance first-of-all"
        yield f'<p class="{classes}"><span>{each.label}：</span>{inline(each.names)}</p>'


# 附件、版记 ------------------------------------------------------------------------------------
def _annex(annex: Annex) -> str:
    wide = _is_wide(annex)
    return "\n".join(
        (
            f'<div class="annex{" wide" if wide else ""}">',
            f'<div class="annex-label">{inline(annex.label)}</div>',
            _title(annex.title) if annex.title else "",
            *_blocks(annex.blocks, wide=wide),
            "</div>",
        )
    )


def _is_wide(annex: Annex) -> bool:
    """Whether an annex has a table that needs the page turned (8)."""
    return any(is_wide(block) for block in annex.blocks if isinstance(block, Table))


def _imprint(imprint: Imprint, place: str) -> str:
    copies = f'<div class="copies">抄送：{inline(imprint.copies)}。</div>' if imprint.copies else ""
    printed = f"{inline(imprint.printed)}印发" if imprint.printed else ""
    return (
        f'<div class="imprint-place {place}"><span class="imprint"><div class="imprint-frame">'
        f'{copies}<div class="printed"><span>{inline(imprint.printer)}</span>'
        f"<span>{printed}</span></div></div></span></div>"
    )
