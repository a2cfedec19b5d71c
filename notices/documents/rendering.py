"""A document as PDF, its imprint at the foot of the last page, which is an even one (7.4)."""

from pathlib import Path

from common import pdf
from notices.documents.document import Document
from notices.documents.layout import to_html

NOTICE_CSS = Path(__file__).parent / "notice.css"


def render(document: Document) -> pdf.Pdf:
    """Print `document`; lays out a second time where the last page came out odd."""

    def revise(first: pdf.Layout) -> str | None:
        if document.imprint is None or first.page_count % 2 == 0:
            return None
        # On a page of its own already? Then the even one leaves an empty page, and neither is
        # numbered.
        alone = first.anchors["end"] < first.page_count
        return to_html(document, imprint="even-page alone" if alone else "even-page")

    return pdf.render(to_html(document), stylesheets=[NOTICE_CSS], revise=revise)
