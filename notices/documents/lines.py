"""From the bytes of a text file to its lines, cleaned of what word processors and OCR leave."""

import re
from dataclasses import dataclass

from notices.documents.patterns import CHINESE

MAX_CHARACTERS = 300_000
_SPACE = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000]+")
_BESIDE = f"{CHINESE}“”‘’（）《》〔〕"
_BESIDE_FIGURES = re.compile(
    rf"(?<=[{_BESIDE}]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%％]) (?=[{_BESIDE}，。；：、])"
)
_AFTER_NUMBER = re.compile(r"(^|\t|[；。;] ?)(\d{1,2}[.．、]) (?=[^\d\s])")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")


class UnreadableError(Exception):
    """The file is no plain text. The message is Chinese and for the user."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that isn't blank. `number` counts from 1.

    `first` says that a blank line is above it, `indented` that it begins with space.
    """

    number: int
    text: str
    first: bool
    indented: bool


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 or GB 18030; raises UnreadableError for anything else."""
    if b"\0" in content or content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise UnreadableError("不是纯文本文件，请另存为 .txt 后再试")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise UnreadableError("文字编码无法识别，请另存为 UTF-8 的 .txt 后再试")
    if not text.strip():
        raise UnreadableError("文件是空的")
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"文字超过 {MAX_CHARACTERS} 字，请拆分后再试")
    return text


def split(text: str) -> list[Line]:
    """The lines of `text` that aren't blank, each cleaned; tabs part the cells of a table row."""
    lines: list[Line] = []
    first = True
    for number, raw in enumerate(re.split("\r\n|[\n\r\x0b\x0c\x85]", text), start=1):
        cleaned = clean(raw)
        below_a_row = not first and lines and "\t" in lines[-1].text
        if "\t" not in cleaned.strip("\t") and not below_a_row:
            cleaned = cleaned.strip("\t")  # an indented line, not a row with an empty cell
        if cleaned:
            lines.append(Line(number, cleaned, first, raw.startswith((" ", "\u3000", "\t"))))
        first = not cleaned
    return lines


def clean(raw: str) -> str:
    """One line without stray spaces: around it, beside figures, doubled, after 1."""
    text = _SPACE.sub(" ", _INVISIBLE.sub("", raw))
    text = re.sub(" *\t *", "\t", text).strip(" ")
    return _BESIDE_FIGURES.sub("", _AFTER_NUMBER.sub(r"\1\2", text))


def printable(text: str) -> str:
    """`text` without control characters, which no page can show."""
    return _CONTROL.sub("", text)


def visible(text: str) -> str:
    """`text` without white space and marks of no width: what has to be found again in the print."""
    return re.sub(r"\s", "", _INVISIBLE.sub("", printable(text)))
