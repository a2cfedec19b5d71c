"""A report as pages and prints show it: sections, lines, words; from figures frozen or composed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from activities.choices import RecordKind
from reports.choices import PENDING
from reports.composition import Composition, compose
from reports.lines import BY_KEY, LINES, NEEDS_REASON, NOT_GIVEN, PART, SECTIONS, Line, of_section
from reports.models import Comment, Report, ReportFigure

TASK_KEY = "task:"


@dataclass(frozen=True)
class SheetLine:
    """One line with everything a page says beside its figure."""

    line: Line
    figure: int | None
    note: str = ""
    url: str = ""
    comment: str = ""
    changed: bool = False

    @property
    def label(self) -> str:
        """Its words on the form."""
        return self.line.label

    @property
    def unit(self) -> str:
        """The unit, left out where there is no figure."""
        return self.line.unit if self.figure is not None else ""

    @property
    def missing(self) -> bool:
        """Whether no room holds it, or nobody has told it yet: prints 未建档, never 0."""
        return not self.line.recorded or (self.line.is_stock and self.figure is None)

    @property
    def value(self) -> str:
        """The figure in print; a dash where nothing was held that could have one."""
        return NOT_GIVEN if self.figure is None else str(self.figure)


@dataclass(frozen=True)
class TaskRow:
    """One event of section 三."""

    label: str
    value: str
    day: str
    present: int | None
    reason: str

    @property
    def note(self) -> str:
        """When, how many, or why not."""
        heads = f"参加 {self.present} 人" if self.present is not None else ""
        return "，".join(filter(None, [self.day, heads, self.reason]))


@dataclass(frozen=True)
class Section:
    """One section of the form, folded on the phone to its brief."""

    key: str
    title: str
    figures: tuple[SheetLine, ...]
    rows: tuple[TaskRow, ...] = ()

    @property
    def lines(self) -> tuple[SheetLine | TaskRow, ...]:
        """What the section shows one under the other."""
        return (*self.figures, *self.rows)

    @property
    def pairs(self) -> list[tuple[SheetLine, ...]]:
        """The figures two by two, as the form sets them."""
        return [self.figures[at : at + 2] for at in range(0, len(self.figures), 2)]

    @property
    def changed(self) -> bool:
        """Whether a line differs from what was handed in, or was commented on."""
        return any(line.changed or line.comment for line in self.figures)

    @property
    def brief(self) -> str:
        """The figures that aren't nothing, in a few words."""
        told = [f"{each.label} {each.figure}" for each in self.figures if each.figure]
        return "，".join(told[:3])


@dataclass(frozen=True)
class Sheet:
    """A whole report."""

    sections: tuple[Section, ...]
    supplements: int
    comments: dict[str, str] = field(default_factory=dict)

    @cached_property
    def by_key(self) -> dict[str, SheetLine]:
        """The lines by their keys, for the print form."""
        return {each.line.key: each for section in self.sections for each in section.figures}

    @property
    def changes(self) -> int:
        """How many figures differ from what was last handed in."""
        return sum(each.changed for section in self.sections for each in section.figures)

    @property
    def reasons_wanted(self) -> list[Line]:
        """Lines that are 0 though due every month: a word why is wanted."""
        return [self.by_key[key].line for key in NEEDS_REASON if self.by_key[key].figure == 0]


def sheet_of(report: Report) -> Sheet:
    """Return ``report`` as it stands: composed while the school has it, frozen afterwards."""
    frozen = {each.key: each for each in report.figures.all()}
    comments = _comments(report)
    if report.state in PENDING:
        composition = compose(report)
        lines = _composed(report, composition, frozen, comments)
        late = len(composition.supplements)
        return Sheet(_sections(lines, _composed_tasks(composition)), late, comments)
    lines = {line.key: _frozen_line(report, line, frozen.get(line.key), comments) for line in LINES}
    late = report.records.through.objects.filter(report=report, supplement=True).count()
    return Sheet(_sections(lines, _frozen_tasks(frozen.values())), late, comments)


def _comments(report: Report) -> dict[str, str]:
    """What the reviewer said about the version handed in last, by line."""
    said: dict[str, str] = {}
    rows: Iterable[Comment] = report.comments.filter(version=report.version)
    for each in rows:
        said[each.key] = "；".join(filter(None, [said.get(each.key, ""), each.text]))
    return said


def _sections(lines: dict[str, SheetLine], tasks: tuple[TaskRow, ...]) -> tuple[Section, ...]:
    return tuple(
        Section(
            key,
            title,
            tuple(lines[line.key] for line in of_section(key)),
            tasks if key == "tasks" else (),
        )
        for key, title in SECTIONS.items()
    )


def _composed(
    report: Report,
    composition: Composition,
    frozen: dict[str, ReportFigure],
    comments: dict[str, str],
) -> dict[str, SheetLine]:
    return {
        each.line.key: SheetLine(
            each.line,
            each.value,
            note=each.text,
            url=source_url(report, each.line),
            comment=comments.get(each.line.key, ""),
            changed=each.line.key in frozen and frozen[each.line.key].value != each.value,
        )
        for each in composition.lines
    }


def _frozen_line(
    report: Report, line: Line, figure: ReportFigure | None, comments: dict[str, str]
) -> SheetLine:
    return SheetLine(
        line,
        figure.value if figure else None,
        note=figure.text if figure else "",
        url=source_url(report, line),
        comment=comments.get(line.key, ""),
    )


def source_url(report: Report, line: Line) -> str:
    """Where a figure comes from: the records of its kind, or the month's tasks."""
    kind = line.key.partition(".")[0]
    if kind in RecordKind.values:
        first, last = report.period.starts_on, report.period.ends_on
        query = urlencode({"kind": kind, "from": first.isoformat(), "to": last.isoformat()})
        return f"{reverse('calendar_events:records')}?{query}"
    if kind == "tasks":
        query = urlencode({"year": report.period.year, "month": report.period.last_month})
        return f"{reverse('bureau:month')}?{query}"
    return ""


def _composed_tasks(composition: Composition) -> tuple[TaskRow, ...]:
    return tuple(
        TaskRow(
            label=each.task.event.title,
            value=each.state,
            day=f"{each.day.month}月{each.day.day}日" if each.day else "",
            present=each.present,
            reason=each.reason,
        )
        for each in composition.tasks
    )


def _frozen_tasks(figures: Iterable[ReportFigure]) -> tuple[TaskRow, ...]:
    rows = [each for each in figures if each.key.startswith(TASK_KEY)]
    return tuple(_frozen_task(each) for each in sorted(rows, key=lambda row: row.pk))


def _frozen_task(figure: ReportFigure) -> TaskRow:
    label, state, day, reason = figure.text.split(PART)
    return TaskRow(label, state, day, figure.value, reason)


def label_of(key: str) -> str:
    """The words of a line's key; the whole report where it is empty."""
    return BY_KEY[key].label if key in BY_KEY else "整份月报"
