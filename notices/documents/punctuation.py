"""Odd characters in Chinese text: half-width and unpaired marks, strays, missing glyphs.

Nothing is changed; each paragraph's oddities are named with the place where they stand.
"""

import re
import unicodedata
from collections.abc import Iterator

from common import pdf_fonts
from notices.documents.findings import Finding, excerpt
from notices.documents.lines import Line
from notices.documents.patterns import CHINESE

_WIDE = f"{CHINESE}，。；：！？、“”‘’（）《》〔〕"
_HALF_WIDTH = re.compile(
    rf"(?<=[{_WIDE}])[,;:?!()\[\]\"']|[,;:?!()\[\]\"'](?=[{_WIDE}])|(?<=[{CHINESE}])\."
)
_WIDE_FIGURES = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_SPACED = re.compile(rf"(?<=[{CHINESE}，。；：、]) (?=[{CHINESE}])")
_DOUBLED = re.compile(r"([，。；：、！？])[，。；：、]")
_PAIRS = {
    "书名号": "《》",
    "圆括号": "（）",
    "双引号": "“”",
    "单引号": "‘’",
    "六角括号": "〔〕",
    "方头括号": "【】",
}


def check(line: Line) -> Iterator[Finding]:
    """The findings about one line of the source."""
    for problem, pattern in (
        ("中文里夹用半角标点", _HALF_WIDTH),
        ("全角的数字或字母", _WIDE_FIGURES),
        ("汉字之间有空格", _SPACED),
        ("标点重复", _DOUBLED),
    ):
        if places := [match.start() for match in pattern.finditer(line.text)]:
            count = f"（{len(places)}处）" if len(places) > 1 else ""
            yield Finding(line.number, problem + count, excerpt(line.text, places[0]))
    yield from _unpaired(line)
    yield from _strays(line)


def _unpaired(line: Line) -> Iterator[Finding]:
    for name, pair in _PAIRS.items():
        if line.text.count(pair[0]) != line.text.count(pair[1]):
            place = line.text.find(pair[0] if pair[0] in line.text else pair[1])
            yield Finding(line.number, f"{name}不成对", excerpt(line.text, place))


def _strays(line: Line) -> Iterator[Finding]:
    for character in line.text:
        if unicodedata.category(character) == "Cc" and character != "\t":
            yield Finding(line.number, "不能打印的控制字符", f"U+{ord(character):04X}")
    for character in pdf_fonts.missing_characters(line.text):
        place = line.text.index(character)
        yield Finding(
            line.number,
            f"字符“{character}”（U+{ord(character):04X}）在公文字体中没有字形",
            excerpt(line.text, place),
        )
