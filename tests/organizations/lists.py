"""Lists as the rooms' tests import them."""

from io import BytesIO

from openpyxl import Workbook


def xlsx(*rows) -> bytes:
    """A workbook with one sheet of these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
