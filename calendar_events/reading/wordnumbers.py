"""Automatic numbering of Word, rendered: the number that a reader sees before a paragraph."""

import re
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

_VALUE = qn("w:val")
_DIGITS = "〇一二三四五六七八九"
_CHINESE_FORMATS = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
)
_RING_FORMATS = ("decimalEnclosedCircle", "decimalEnclosedCircleChinese")
_MAX_LEVEL = 8


class Numbering:
    """Counts along as the paragraphs of a document are read in order."""

    def __init__(self, document: Document) -> None:
        self._lists: dict[str, str] = {}
        self._levels: dict[tuple[str, int], Any] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._seen: set[str] = set()
        self._styles = _style_numbering(document)
        root = _numbering_root(document)
        for abstract in root.iter(qn("w:abstractNum")):
            for level in abstract.iter(qn("w:lvl")):
                key = (abstract.get(qn("w:abstractNumId")), _integer(level.get(qn("w:ilvl"))))
                self._levels[key] = level
        for number in root.iter(qn("w:num")):
            name = number.get(qn("w:numId"))
            self._lists[name] = _child_value(number, "w:abstractNumId")
            for override in number.iter(qn("w:lvlOverride")):
                start = _child_value(override, "w:startOverride")
                if start:
                    place = _integer(override.get(qn("w:ilvl")))
                    self._starts[(name, place)] = _integer(start)

    def next(self, paragraph: Any) -> tuple[str, int]:
        """The number of a paragraph as shown, with its depth; ("", 0) for one without.

        A bullet gives "•". Must be called once for each paragraph, in the document's order.
        """
        name, depth = self._of(paragraph)
        abstract = self._lists.get(name)
        level = self._levels.get((abstract, depth)) if abstract else None
        if abstract is None or level is None:
            return "", 0
        counts = self._counts.setdefault(abstract, {})
        self._restart(name, counts)
        counts[depth] = counts.get(depth, self._start(abstract, depth) - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return self._shown(abstract, depth, counts) or "•", depth

    def _of(self, paragraph: Any) -> tuple[str, int]:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return "", 0
        own = properties.find(qn("w:numPr"))
        style = _child_value(properties, "w:pStyle")
        inherited = self._styles.get(style, ("", 0))
        if own is None:
            return inherited
        depth = _child_value(own, "w:ilvl")
        name = _child_value(own, "w:numId") or inherited[0]
        return name, min(_integer(depth) if depth else inherited[1], _MAX_LEVEL)

    def _restart(self, name: str, counts: dict[int, int]) -> None:
        """A list that begins anew (its own start) when its name comes up for the first time."""
        if name in self._seen:
            return
        self._seen.add(name)
        for (own, depth), start in self._starts.items():
            if own == name:
                counts[depth] = start - 1

    def _start(self, abstract: str, depth: int) -> int:
        level = self._levels.get((abstract, depth))
        start = _child_value(level, "w:start") if level is not None else ""
        return _integer(start) if start else 1

    def _shown(self, abstract: str, depth: int, counts: dict[int, int]) -> str:
        level = self._levels[(abstract, depth)]
        pattern = _child_value(level, "w:lvlText")
        if _child_value(level, "w:numFmt") in ("bullet", "none"):
            return ""

        def number(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            shown = self._levels.get((abstract, place), level)
            return _written(counts.get(place, 1), _child_value(shown, "w:numFmt"))

        return re.sub(r"%(\d)", number, pattern).strip()


def _written(value: int, form: str) -> str:
    if form in _RING_FORMATS and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if form in _CHINESE_FORMATS and 0 < value < 100:
        return _chinese(value)
    return str(value)


def _chinese(value: int) -> str:
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


def _numbering_root(document: Document) -> Any:
    """The numbering part's root, an empty element for a document without one."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            return relation.target_part.element
    return OxmlElement("w:numbering")


def _style_numbering(document: Document) -> dict[str, tuple[str, int]]:
    """Styles that number their paragraphs: style id -> (list, depth)."""
    found: dict[str, tuple[str, int]] = {}
    for style in document.styles.element.iter(qn("w:style")):
        numbered = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if numbered is not None:
            depth = _integer(_child_value(numbered, "w:ilvl"))
            found[style.get(qn("w:styleId"))] = (_child_value(numbered, "w:numId"), depth)
    return found


def _child_value(element: Any, tag: str) -> str:
    child = element.find(qn(tag)) if element is not None else None
    return (child.get(_VALUE) or "") if child is not None else ""


def _integer(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else 0
