"""Rows out of a .docx: paragraphs and tables in order, with what Word shows but doesn't write.

Walks the XML itself, as python-docx leaves out content controls, nested tables and text boxes.
Automatic numbers are rendered here, since neither the text nor python-docx has them; merged cells
come as one area with a beginning. Deleted text of tracked changes is left out, inserted text kept.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docx
from docx.oxml.ns import qn

from calendar_events.reading.fold import clean
from calendar_events.reading.lines import looks_like_time
from calendar_events.reading.model import UnreadableError
from calendar_events.reading.rows import Cell, Piece, Row
from calendar_events.reading.wordnumbers import Numbering

_TEXT, _TAB, _BREAK, _RETURN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_HYPHEN, _PARAGRAPH, _TABLE = qn("w:noBreakHyphen"), qn("w:p"), qn("w:tbl")
_ROW, _CELL, _VALUE = qn("w:tr"), qn("w:tc"), qn("w:val")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {_FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:tblPr")}
_TYPED = {_TAB: "\t", _BREAK: "\n", _RETURN: "\n", _HYPHEN: "-"}

MAX_ROWS = 5000


def word_rows(data: bytes) -> list[Row]:
    """The rows of a .docx, numbered as if every paragraph and table row were one line.

    Raises UnreadableError for a file that is no .docx inside, or far too long.
    """
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:  # python-docx raises whatever zipfile, lxml or itself met
        raise UnreadableError(
            "这个 .docx 打不开，可能已损坏。请在 Word 里打开后另存一份。"
        ) from error
    reader = _Document(Numbering(document))
    rows = list(reader.rows(document.element.body))
    if len(rows) > MAX_ROWS:
        raise UnreadableError(f"文档超过 {MAX_ROWS} 行，不像是行事历。")
    return rows


class _Document:
    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._line = 0
        self._tables = 0

    def rows(self, parent: Any) -> Iterator[Row]:
        """Paragraphs and table rows under `parent`, in order."""
        for block in _blocks(parent):
            if block.tag == _TABLE:
                yield from self._table_rows(block)
            else:
                yield from self._paragraph_rows(block)

    def _paragraph_rows(self, paragraph: Any) -> Iterator[Row]:
        pieces = list(self._pieces(paragraph))
        self._line += 1
        place = f"第{self._line}段"
        for piece in pieces:
            here = replace(piece, line=self._line, place=place)
            tabbed = [cell for cell in piece.text.split("\t") if cell.strip()]
            if len(tabbed) > 1 and looks_like_time(tabbed[0]):
                cells = tuple(Cell((replace(here, text=cell.strip()),)) for cell in tabbed)
                yield Row(self._line, cells, "tabs", place)
            else:
                whole = replace(here, text=" ".join(part.strip() for part in tabbed))
                yield Row(self._line, (Cell((whole,)),), place=place)
        for inner in _boxed(paragraph):
            yield from self.rows(inner)

    def _pieces(self, paragraph: Any) -> Iterator[Piece]:
        """The lines of a paragraph; the first carries its automatic number."""
        text = clean("".join(_typed(paragraph)))
        marker, level = self._numbering.next(paragraph)
        if looks_like_time(marker):
            text, marker = f"{marker} {text}", ""
        parts = [part.strip() for part in text.split("\n") if part.strip()]
        for place, part in enumerate(parts):
            first = place == 0
            yield Piece(
                part, marker=marker if first else "", level=level, same=not first and bool(marker)
            )

    def _table_rows(self, table: Any) -> Iterator[Row]:
        self._tables += 1
        name = f"table {self._tables}"
        above: dict[int, Cell] = {}
        for number, element in enumerate(_children(table, _ROW), start=1):
            self._line += 1
            place = f"表格{self._tables}第{number}行"
            cells = list(self._cells(element, above, f"{name} row {number}", place))
            above = dict(enumerate(cells))
            yield Row(self._line, tuple(cells), name, place)

    def _cells(self, row: Any, above: dict[int, Cell], name: str, place: str) -> Iterator[Cell]:
        """The cells of a row by grid column; a merged area repeats its first cell's text."""
        column = _grid_before(row)
        yield from [Cell()] * column
        for element in _children(row, _CELL):
            width = max(1, int(element.grid_span))
            pieces = [
                replace(piece, line=self._line, place=place, text=piece.text.replace("\t", " "))
                for paragraph in _paragraphs(element)
                for piece in self._pieces(paragraph)
            ]
            cell = Cell(tuple(pieces), f"{name} {column}")
            if element.vMerge == "continue" and column in above:
                cell = replace(above[column], continued=True)
            yield cell
            for _ in range(1, width):
                yield replace(cell, continued=True)
            column += width


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables below `parent`, looking through content controls and the like."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _blocks(child)


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, those in content controls included."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in {*_SKIPPED, _TABLE, _PARAGRAPH}:
            yield from _children(child, tag)


def _paragraphs(cell: Any) -> Iterator[Any]:
    """The paragraphs of a cell, those of tables inside it included."""
    for block in _blocks(cell):
        if block.tag == _PARAGRAPH:
            yield block
        else:
            for row in _children(block, _ROW):
                for inner in _children(row, _CELL):
                    yield from _paragraphs(inner)


def _typed(element: Any) -> Iterator[str]:
    """The characters of a paragraph as typed, breaks and tabs included, boxes left out."""
    for child in element:
        if child.tag in _SKIPPED or child.tag == qn("w:txbxContent"):
            continue
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _TYPED:
            yield _TYPED[child.tag]
        elif isinstance(child.tag, str):
            yield from _typed(child)


def _boxed(paragraph: Any) -> Iterator[Any]:
    """The text boxes anchored in a paragraph, each once."""
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
            yield box


def _grid_before(row: Any) -> int:
    found = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    value = found.get(_VALUE) if found is not None else None
    return int(value) if value and re.fullmatch(r"\d{1,2}", value) else 0
