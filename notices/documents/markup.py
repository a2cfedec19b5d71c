"""A document's text as HTML."""

from html import escape

from common.pdf_justify import breakable
from notices.documents.lines import printable


def inline(content: str) -> str:
    """`content` escaped, breakable beside quotation marks, without what no page can show."""
    return breakable(escape(printable(content), quote=False))
