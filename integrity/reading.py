"""The text of a checklist: read into sections and items, with everything that is wrong with it.

One form for pasting, for editing and for the checklists that come along::

    一、学校党建
    1. 每学期专题研究廉政工作
    说明：会议记录中有议题、讨论和决定
    佐证：会议记录
    引用：支委会、月报
    分值：4
    适用：小学、初中

A part with 否决 in its title bars from demonstration. Numbers may be missing throughout a part (a
word processor counts by itself): then each line is an item. What an ``Outline`` says can be written
as such text again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from integrity.evidence import LABELS
from organizations.choices import SchoolKind

MOST_SECTIONS, MOST_ITEMS = 20, 200
LONGEST_TITLE, LONGEST_TEXT, LONGEST_GUIDANCE, LONGEST_WANTED = 60, 300, 500, 200
MOST_POINTS = 100

_NUMERALS = "一二三四五六七八九十"
_SECTION = re.compile(rf"(?:第[{_NUMERALS}]+部分|[{_NUMERALS}]{{1,3}}[、.．])\s*(?P<title>.+)")
_ITEM = re.compile(
    r"(?:[（(]\s*(?P<a>\d{1,3})\s*[)）]|(?P<b>\d{1,3})\s*[.．、)）])\s*(?P<text>\S.*)"
)
_FIELD = re.compile(r"(?P<name>说明|佐证|引用|分值|适用)\s*[:：]\s*(?P<value>.*)")
_SPLIT = re.compile(r"[、，,；;\s]+")
_BARRING = "否决"
_LIMITS = {"说明": LONGEST_GUIDANCE, "佐证": LONGEST_WANTED}
_SOURCES = {label: key for key, label in LABELS.items()}
_KINDS = {kind.label: [kind.value] for kind in SchoolKind} | {
    "中小学": ["primary", "junior", "nine_year", "senior", "twelve_year", "vocational"],
    "九年一贯": ["nine_year"],
    "高中": ["senior"],
    "中职": ["vocational"],
    "特教": ["special"],
}


@dataclass(frozen=True)
class Remark:
    """What was found at a line; ``blocks`` where the checklist can't be saved like that."""

    line: int
    text: str
    blocks: bool = True

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.text}" if self.line else self.text


@dataclass
class ItemRead:
    """One item as it was read."""

    line: int
    text: str
    number: int | None = None
    guidance: str = ""
    wanted: str = ""
    points: Decimal | None = None
    sources: list[str] = field(default_factory=list)
    school_kinds: list[str] = field(default_factory=list)


@dataclass
class SectionRead:
    """One part as it was read."""

    line: int
    title: str
    items: list[ItemRead] = field(default_factory=list)

    @property
    def bars(self) -> bool:
        """Whether its items bar from demonstration."""
        return _BARRING in self.title


@dataclass
class Outline:
    """A whole checklist, and what was found while reading it."""

    sections: list[SectionRead] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def items(self) -> list[ItemRead]:
        """The items of all sections."""
        return [item for section in self.sections for item in section.items]

    @property
    def problems(self) -> list[Remark]:
        """What keeps it from being saved."""
        return [each for each in self.remarks if each.blocks]

    @property
    def notes(self) -> list[Remark]:
        """What somebody should look at."""
        return [each for each in self.remarks if not each.blocks]


def read_outline(text: str) -> Outline:
    """Read a checklist; never stops at the first problem, and loses no line."""
    outline = Outline()
    for section, lines in _by_section(text, outline):
        _read_section(section, lines, outline)
    _check_whole(outline)
    outline.remarks.sort(key=lambda each: each.line)
    return outline


_Line = tuple[int, str]


def _by_section(text: str, outline: Outline) -> Iterator[tuple[SectionRead, list[_Line]]]:
    """Yield each section with the lines below its title; what stands before the first is told."""
    section: SectionRead | None = None
    lines: list[_Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = " ".join(raw.split())
        title = _SECTION.fullmatch(line)
        if title:
            if section:
                yield section, lines
            section, lines = SectionRead(number, title["title"].strip()), []
            outline.sections.append(section)
        elif line and section:
            lines.append((number, line))
        elif line:
            told = f"“{line[:20]}”前面没有部分标题，请先写一行“一、……”。"
            outline.remarks.append(Remark(number, told))
    if section:
        yield section, lines


def _read_section(section: SectionRead, lines: Sequence[_Line], outline: Outline) -> None:
    numbered = any(_ITEM.fullmatch(line) for _, line in lines)
    expected = 1
    for number, line in lines:
        item, named = _ITEM.fullmatch(line), _FIELD.fullmatch(line)
        if named and section.items:
            _take_field(section.items[-1], named["name"], named["value"], number, outline)
        elif named:
            outline.remarks.append(Remark(number, f"「{named['name']}」前面还没有项目。"))
        elif item:
            found = int(item["a"] or item["b"])
            if found != expected:
                told = f"序号是 {found}，按顺序应是 {expected}，请核对有没有漏项；保存时重新编号。"
                outline.remarks.append(Remark(number, told, blocks=False))
            section.items.append(ItemRead(number, item["text"].strip(), number=found))
            expected = found + 1
        elif numbered and section.items:
            section.items[-1].text += line
            told = f"“{line[:20]}”没有序号，接在上一项后面。"
            outline.remarks.append(Remark(number, told, blocks=False))
        else:
            section.items.append(ItemRead(number, line))


def _take_field(item: ItemRead, name: str, value: str, line: int, outline: Outline) -> None:
    told = ""
    if name in _LIMITS:
        told = _take_words(item, name, value)
    elif name == "分值":
        item.points, told = _points(value)
    elif name == "引用":
        item.sources, told = _named(value, {each: [key] for each, key in _SOURCES.items()}, name)
    else:
        item.school_kinds, told = _named(value, _KINDS, name)
    if told:
        outline.remarks.append(Remark(line, told))


def _take_words(item: ItemRead, name: str, value: str) -> str:
    limit = _LIMITS[name]
    if len(value) > limit:
        return f"「{name}」最多 {limit} 字，写了 {len(value)} 字。"
    if name == "说明":
        item.guidance = value
    else:
        item.wanted = value
    return ""


def _points(value: str) -> tuple[Decimal | None, str]:
    told = f"「分值」写的是“{value[:20]}”，应是 0.5–{MOST_POINTS} 的数，最多一位小数。"
    if not value:
        return None, ""
    try:
        points = Decimal(value.removesuffix("分").strip())
    except InvalidOperation:
        return None, told
    if not points.is_finite() or not 0 < points <= MOST_POINTS or points * 10 % 1:
        return None, told
    return points, ""


def _named(value: str, known: dict[str, list[str]], name: str) -> tuple[list[str], str]:
    """Return the keys that ``value`` lists by their labels, each once, and what isn't known."""
    labels = [label for label in _SPLIT.split(value) if label]
    unknown = [label for label in labels if label not in known]
    keys = [key for label in labels if label in known for key in known[label]]
    told = f"「{name}」里的“{unknown[0][:20]}”不认识，请从可选的名称里选。" if unknown else ""
    return list(dict.fromkeys(keys)), told


def _check_whole(outline: Outline) -> None:
    say = outline.remarks.append
    if not outline.items:
        say(Remark(0, "没有读到任何项目，请按“一、部分”“1. 项目”的样子写。"))
    if len(outline.sections) > MOST_SECTIONS:
        say(Remark(0, f"最多 {MOST_SECTIONS} 个部分，读到 {len(outline.sections)} 个。"))
    if len(outline.items) > MOST_ITEMS:
        say(Remark(0, f"最多 {MOST_ITEMS} 项，读到 {len(outline.items)} 项。"))
    for section in outline.sections:
        if len(section.title) > LONGEST_TITLE:
            say(Remark(section.line, f"部分标题最多 {LONGEST_TITLE} 字。"))
        if not section.items:
            say(Remark(section.line, f"「{section.title[:20]}」下面没有项目。"))
    seen: dict[str, int] = {}
    for item in outline.items:
        if len(item.text) > LONGEST_TEXT:
            told = f"项目最多 {LONGEST_TEXT} 字，写了 {len(item.text)} 字，可把解释移到「说明」。"
            say(Remark(item.line, told))
        first = seen.setdefault(item.text, item.line)
        if first != item.line:
            say(Remark(item.line, f"与第 {first} 行的项目完全相同，请只留一项。"))


def outline_text(outline: Outline) -> str:
    """Write ``outline`` as text that reads the same again; numbers run anew."""
    lines: list[str] = []
    for place, section in enumerate(outline.sections, 1):
        lines += ["", f"{numeral(place)}、{section.title}"]
        for number, item in enumerate(section.items, 1):
            lines += [f"{number}. {item.text}", *_field_lines(item)]
    return "\n".join(lines).strip()


def _field_lines(item: ItemRead) -> Iterator[str]:
    labels = {kind.value: str(kind.label) for kind in SchoolKind}
    fields = {
        "说明": item.guidance,
        "佐证": item.wanted,
        "引用": "、".join(LABELS[key] for key in item.sources),
        "分值": f"{item.points.normalize():f}" if item.points is not None else "",
        "适用": "、".join(labels[kind] for kind in item.school_kinds),
    }
    yield from (f"{name}：{value}" for name, value in fields.items() if value)


def numeral(number: int) -> str:
    """Return 1 to 20 as people number parts: 一, 十二, 二十."""
    tens, ones = divmod(number, 10)
    ten = ("", "十", "二十")[min(tens, 2)]
    return ten + (_NUMERALS[ones - 1] if ones else "")
