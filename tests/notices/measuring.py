"""Millimetres, lines and characters out of a printed PDF, as a ruler would find them."""

import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pdfplumber
import pypdfium2
from PIL import Image, ImageChops
from pypdfium2 import raw

MM = 25.4 / 72
_DPI = 300


@dataclass(frozen=True)
class Printed:
    """One printed line: its characters from left to right, its edges in millimetres."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    fonts: frozenset[str]

    @property
    def ems(self) -> float:
        """Its length in characters, figures counting half."""
        return sum(0.5 if ord(character) < 128 else 1 for character in self.text)


def lines(content: bytes, *, size: float | None = None) -> list[list[Printed]]:
    """The lines of every page from top to bottom, of letters of `size` points if given."""
    with pdfplumber.open(io.BytesIO(content)) as document:
        return [[_printed(row) for row in _rows(page.chars, size)] for page in document.pages]


def _rows(chars: list[dict[str, Any]], size: float | None) -> Iterator[list[dict[str, Any]]]:
    """Characters by line; faces that stand on one line differ by a point or two in height."""
    row: list[dict[str, Any]] = []
    for char in sorted(chars, key=lambda char: char["bottom"]):
        if not char["text"].strip() or (size is not None and abs(char["size"] - size) > 0.2):
            continue
        if row and char["bottom"] - row[0]["bottom"] > 4:
            yield row
            row = []
        row.append(char)
    if row:
        yield row


def _printed(row: list[dict[str, Any]]) -> Printed:
    row = sorted(row, key=lambda char: char["x0"])
    return Printed(
        text="".join(char["text"] for char in row),
        left=row[0]["x0"] * MM,
        right=row[-1]["x1"] * MM,
        top=min(char["top"] for char in row) * MM,
        bottom=max(char["bottom"] for char in row) * MM,
        size=round(row[0]["size"], 1),
        fonts=frozenset(char["fontname"].partition("+")[2] for char in row),
    )


def size(content: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in whole millimetres."""
    with pdfplumber.open(io.BytesIO(content)) as document:
        return [(round(page.width * MM), round(page.height * MM)) for page in document.pages]


def bars(content: bytes, page: int) -> list[tuple[float, float, float, float]]:
    """Filled bars and strokes of a page (from 1): left, top, width, thickness in millimetres."""
    with pdfplumber.open(io.BytesIO(content)) as document:
        found = document.pages[page - 1]
        shapes = [*found.rects, *found.lines]
    return sorted(
        (
            round(shape["x0"] * MM, 2),
            round(shape["top"] * MM, 2),
            round((shape["x1"] - shape["x0"]) * MM, 2),
            round((shape["bottom"] - shape["top"]) * MM, 2),
        )
        for shape in shapes
    )


def images(content: bytes) -> int:
    """How many pictures a PDF holds."""
    with pdfplumber.open(io.BytesIO(content)) as document:
        return sum(len(page.images) for page in document.pages)


def fonts(content: bytes) -> dict[str, bool]:
    """The names of the fonts in a PDF, and whether each is embedded."""
    found: dict[str, bool] = {}
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                font = raw.FPDFTextObj_GetFont(item.raw)
                name = ctypes.create_string_buffer(raw.FPDFFont_GetBaseFontName(font, None, 0))
                raw.FPDFFont_GetBaseFontName(font, name, len(name))
                found[name.value.decode().partition("+")[2]] = bool(
                    raw.FPDFFont_GetIsEmbedded(font)
                )
    return found


def red_ink(content: bytes, page: int) -> tuple[float, ...]:
    """Edges (left, top, right, bottom) in millimetres of the red ink on a page."""
    red, green, _ = _picture(content, page, _DPI).split()
    redness: Image.Image = ImageChops.subtract(red, green).point(lambda v: 255 if v > 90 else 0)
    return tuple(round(edge * 25.4 / _DPI, 2) for edge in redness.getbbox() or ())


def ink_top(content: bytes, page: int) -> float:
    """Where the first ink of a page begins, in millimetres from its top edge."""
    dark = _picture(content, page, _DPI).convert("L").point(lambda v: 255 if v < 128 else 0)
    return round((dark.getbbox() or (0, 0))[1] * 25.4 / _DPI, 2)


def wide_rules(content: bytes, page: int) -> list[tuple[float, float]]:
    """Dark rules across the type area of a page: top and thickness in millimetres."""
    dpi = 900
    left, right = (round(edge / 25.4 * dpi) for edge in (30, 182))
    picture = _picture(content, page, dpi).convert("L")
    strip = picture.crop((left, 0, right, picture.height))
    rows = strip.resize((1, strip.height), Image.Resampling.BOX).tobytes()
    found: list[list[int]] = []
    for place, brightness in enumerate(rows):
        if brightness > 100:
            continue
        if found and found[-1][-1] == place - 1:
            found[-1].append(place)
        else:
            found.append([place])
    return [(run[0] * 25.4 / dpi, len(run) * 25.4 / dpi) for run in found]


def _picture(content: bytes, page: int, dpi: int) -> Image.Image:
    with pypdfium2.PdfDocument(content) as document:
        return document[page - 1].render(scale=dpi / 72).to_pil().convert("RGB")
