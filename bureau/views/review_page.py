"""What the page of a review shows: the report's lines, each with places for comments."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.lines import TEXTS
from reports.models import Report
from reports.sheet import GroupRow, Section, Sheet, TaskRow

COMMENT = "comment:"


@dataclass(frozen=True)
class Box:
    """A place for a comment: the key it is said at, whose words, what was typed already."""

    key: str
    label: str
    typed: str = ""

    @property
    def name(self) -> str:
        """Its name in the form."""
        return f"{COMMENT}{self.key}"


@dataclass(frozen=True)
class ReviewRow:
    """One line: what it says, and where something can be said about it."""

    label: str
    value: str
    note: str
    comment: str
    boxes: tuple[Box, ...]
    missing: bool = False
    is_text: bool = False

    @property
    def open(self) -> bool:
        """Whether something was typed here."""
        return any(box.typed for box in self.boxes)


@dataclass(frozen=True)
class ReviewSection:
    """One section of the form."""

    title: str
    rows: tuple[ReviewRow, ...]


def review_sections(
    report: Report, sheet: Sheet, typed: Mapping[str, str]
) -> tuple[ReviewSection, ...]:
    """Return the whole form, 一 to 八; ``typed`` are comments by key that weren't sent yet."""
    return (
        *(_section(each, typed) for each in sheet.sections),
        *(_text(report, sheet, key, typed) for key in TEXTS),
    )


def _section(section: Section, typed: Mapping[str, str]) -> ReviewSection:
    groups = tuple(_group(each, typed) for each in section.groups)
    tasks = tuple(_task(each, typed) for each in section.rows)
    return ReviewSection(section.title, groups + tasks)


def _group(group: GroupRow, typed: Mapping[str, str]) -> ReviewRow:
    boxes = tuple(
        Box(each.line.key, each.line.short or each.label, typed.get(each.line.key, ""))
        for each in group.figures
        if not each.missing
    )
    value = f"{group.value} {group.unit}".strip()
    return ReviewRow(group.label, value, group.note, group.comment, boxes, missing=group.missing)


def _task(row: TaskRow, typed: Mapping[str, str]) -> ReviewRow:
    box = Box(row.key, row.label, typed.get(row.key, ""))
    return ReviewRow(row.label, row.value, row.note, row.comment, (box,))


def _text(report: Report, sheet: Sheet, key: str, typed: Mapping[str, str]) -> ReviewSection:
    row = ReviewRow(
        label=TEXTS[key],
        value="",
        note=getattr(report, key) or "无",
        comment=sheet.comments.get(key, ""),
        boxes=(Box(key, TEXTS[key], typed.get(key, "")),),
        is_text=True,
    )
    return ReviewSection(TEXTS[key], (row,))
