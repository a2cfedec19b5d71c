"""The one door to printed pages: HTML goes in, a PDF comes out.

WeasyPrint is imported here, on first use (1.6 s), and nowhere else. A page asks nobody for
anything: only `data:` addresses are fetched, neither files nor the network. One render at a time in
a process, with one font configuration and stylesheets read once: fresh ones for every document took
617 MB instead of 248 MB, four threads at once 782 MB. Web processes don't call `render`:
a job does.
"""

import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from common import pdf_fonts, pdf_justify

# Forms and lists on A4, portrait and landscape; the words it understands are listed in its head.
PRINT_CSS = Path(__file__).parent / "print.css"

_INVISIBLE = re.compile("[\u200b\u00ad\ufeff\ufffe]")
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished document. `anchors` gives the page (from 1) of every element that has an id."""

    content: bytes
    page_count: int
    anchors: dict[str, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """A document laid out and not yet written. `anchors` as in `Pdf`."""

    page_count: int
    anchors: dict[str, int]


# Looks at a first layout: HTML that is to be laid out instead, or None where it will do.
Revision = Callable[[Layout], str | None]


def render(
    html: str,
    *,
    stylesheets: Sequence[Path] = (PRINT_CSS,),
    revise: Revision | None = None,
) -> Pdf:
    """Lay `html` out with our own `stylesheets` (files that are part of the program).

    `<title>` and `<meta name=author>` become the document's properties. What can't be fetched or
    understood is left out and logged, never raised. What `revise` refuses is never written: writing
    takes nearly as long as laying out.
    """
    with _lock:
        pages = _laid_out(html, stylesheets)
        layout = _layout(pages)
        other = revise(layout) if revise else None
        if other is not None:
            pages = _laid_out(other, stylesheets)
            layout = _layout(pages)
        return Pdf(pages.write_pdf(), layout.page_count, layout.anchors)


def _laid_out(html: str, stylesheets: Sequence[Path]) -> Any:
    engine = _engine()
    return engine.HTML(string=html, url_fetcher=_fetcher()).render(
        stylesheets=[_stylesheet(path) for path in stylesheets],
        font_config=_font_configuration(),
    )


def _layout(pages: Any) -> Layout:
    anchors = {
        name: number
        for number, page in reversed(list(enumerate(pages.pages, start=1)))
        for name in page.anchors
    }
    return Layout(len(pages.pages), anchors)


def page_texts(content: bytes) -> list[str]:
    """The text of each page of the PDF `content`, in reading order, without invisible marks."""
    import pypdfium2

    with _lock, pypdfium2.PdfDocument(content) as document:
        return [
            _INVISIBLE.sub("", page.get_textpage().get_text_range()).replace("\r\n", "\n")
            for page in document
        ]


def text_of(pdf: Pdf) -> str:
    """The text of all pages, one after the other."""
    return "\n".join(page_texts(pdf.content))


def page_count(content: bytes) -> int:
    """How many pages a PDF has that was written earlier or elsewhere."""
    import pypdfium2

    with _lock, pypdfium2.PdfDocument(content) as document:
        return len(document)


@cache
def _engine() -> Any:
    """WeasyPrint, with our fonts and our justification."""
    pdf_fonts.use_private_fonts()
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    import weasyprint
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import inline

    pdf_justify.install(version=weasyprint.__version__, inline=inline, boxes=boxes)
    return weasyprint


@cache
def _font_configuration() -> Any:
    _engine()
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _fetcher() -> Any:
    from weasyprint import URLFetcher

    return URLFetcher(allowed_protocols={"data"})


@cache
def _stylesheet(path: Path) -> Any:
    return _engine().CSS(
        string=path.read_text(encoding="utf-8"),
        font_config=_font_configuration(),
        url_fetcher=_fetcher(),
    )
