"""The common shape of every source: rows of cells, cells of pieces.

A plain line is a row with one cell and no table. Line breaks inside a cell, and paragraphs,
make pieces; automatic numbering comes along as a piece's marker, as it isn't in the text.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Piece:
    """One line of text, with its automatic number (already rendered) and its depth.

    `same` marks a line after Shift+Enter in a numbered paragraph: it belongs to the line before.
    """

    text: str
    line: int = 0
    place: str = ""
    marker: str = ""
    level: int = 0
    same: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell; `merge` names the merged area it belongs to, `continued` marks all but its first."""

    pieces: tuple[Piece, ...] = ()
    merge: str = ""
    continued: bool = False

    @property
    def text(self) -> str:
        """All its lines, broken as in the source."""
        return "\n".join(piece.text for piece in self.pieces)

    @property
    def words(self) -> str:
        """Its text in one line, for heads, offices and months (一/月/份 written downwards)."""
        return "".join(piece.text.strip() for piece in self.pieces)


@dataclass(frozen=True)
class Row:
    """One row of a table (`table` names it) or one plain line (`table` is empty)."""

    line: int
    cells: tuple[Cell, ...]
    table: str = ""
    place: str = ""

    @property
    def text(self) -> str:
        """What a person finds again in the source: the cells, one after the other."""
        seen = [cell for cell in self.cells if not cell.continued and cell.text.strip()]
        return " ".join(" ".join(cell.text.split("\n")).strip() for cell in seen)

    @property
    def filled(self) -> list[int]:
        """The columns with text; a merged area counts once, where it begins."""
        return [
            column
            for column, cell in enumerate(self.cells)
            if not cell.continued and cell.text.strip()
        ]

    def goes_on(self, column: int) -> bool:
        """Whether the cell belongs to one that began in a row above."""
        cell = self.cell(column)
        return cell.continued and not any(
            other.merge == cell.merge and not other.continued for other in self.cells
        )

    def cell(self, column: int) -> Cell:
        """The cell of a column, an empty one beyond the last."""
        return self.cells[column] if column < len(self.cells) else Cell()


def plain(line: int, text: str, place: str = "") -> Row:
    """A plain line as a row."""
    return Row(line, (cell_of(text, line=line, place=place),), place=place)


def cell_of(text: str, *, line: int, place: str = "") -> Cell:
    """A cell out of text with line breaks; empty lines fall away."""
    pieces = (Piece(part.strip(), line, place) for part in text.split("\n"))
    return Cell(tuple(piece for piece in pieces if piece.text))


def with_cell(row: Row, column: int, cell: Cell) -> Row:
    """`row` with one cell exchanged."""
    cells = list(row.cells)
    cells[column] = cell
    return replace(row, cells=tuple(cells))
