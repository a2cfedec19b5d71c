"""Millimetres, lines and characters out of a printed PDF, as a ruler would find them."""

import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pdfplumber
import pypdfium2
from pdfminer.layout import LTChar, LTComponent, LTContainer
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
        return [
            [_printed(row) for row in _rows(_letters_on(page), size)] for page in document.pages
        ]


def _letters_on(page: pdfplumber.page.Page) -> list[dict[str, Any]]:
    """What is measured of each letter; pdfplumber's own `chars` cost twice as much, with colours."""
    return [
        {
            "text": letter.get_text(),
            "x0": letter.x0,
            "x1": letter.x1,
            "top": page.height - letter.y1,
            "bottom": page.height - letter.y0,
            "size": letter.size,
            "fontname": letter.fontname,
        }
        for letter in _leaves(page.layout)
        if isinstance(letter, LTChar)
    ]


def _leaves(item: LTComponent) -> Iterator[LTComponent]:
    """The parts of a layout that hold no further ones."""
    if isinstance(item, LTContainer):
        for part in item:
            yield from _leaves(part)
    else:
        yield item


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


def letters(
    content: bytes, page: int, *, size: float, least: float | None = None
) -> list[tuple[str, float, float, float]]:
    """Each letter from `least` (or exactly `size`) to `size` points high: text, left, top, size.

    Condensed letters and those of a turned page too, which `lines` doesn't tell apart.
    """
    with pdfplumber.open(io.BytesIO(content)) as document:
        return [
            (char["text"], char["x0"] * MM, char["top"] * MM, char["size"])
            for char in document.pages[page - 1].chars
            if (least or size) - 0.2 <= char["size"] <= size + 0.2 and char["text"].strip()
        ]


def letters_by_line(content: bytes, *, size: float) -> list[list[tuple[str, float, float, float]]]:
    """Runs of letters that stand together: text, left, right, middle in mm, for each page."""
    pages = []
    for page in lines_of_letters(content, size):
        runs: list[list[dict[str, Any]]] = []
        for row in page:
            for place, char in enumerate(row):
                apart = place == 0 or char["x0"] - row[place - 1]["x1"] > size / 2
                if apart:
                    runs.append([])
                runs[-1].append(char)
        pages.append(
            [
                (
                    "".join(char["text"] for char in run),
                    run[0]["x0"] * MM,
                    run[-1]["x1"] * MM,
                    round((run[0]["top"] + run[0]["bottom"]) / 2 * MM, 2),
                )
                for run in runs
            ]
        )
    return pages


def lines_of_letters(content: bytes, size: float) -> list[list[list[dict[str, Any]]]]:
    """The characters of each line of each page, from left to right."""
    with pdfplumber.open(io.BytesIO(content)) as document:
        return [
            [sorted(row, key=lambda char: char["x0"]) for row in _rows(_letters_on(page), size)]
            for page in document.pages
        ]


def red_rules(content: bytes, page: int) -> list[tuple[float, float, float, float]]:
    """The double rules of a letter: left, top, width, height over both, from top to bottom."""
    found = [bar for bar in bars(content, page) if bar[2] > 160]
    tops = sorted(found, key=lambda bar: bar[1])
    return [
        (upper[0], upper[1], upper[2], round(lower[1] + lower[3] - upper[1], 2))
        for upper, lower in zip(tops[::2], tops[1::2], strict=True)
    ]


def ink_bottom(content: bytes, page: int, *, until: float) -> float:
    """Where the ink above `until` ends, in millimetres from the page's top edge."""
    picture = _picture(content, page, _DPI).convert("L")
    above = picture.crop((0, 0, picture.width, round(until * _DPI / 25.4) - 3))
    ink = above.point(lambda v: 255 if v < 200 else 0)
    return round((ink.getbbox() or (0, 0, 0, 0))[3] * 25.4 / _DPI, 2)


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
