"""A report as pages and prints show it: sections, lines, words; from figures frozen or composed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from activities.choices import RecordKind
from activities.models import Record
from common.days import chinese_date
from reports.choices import CLOSED, CorrectionState
from reports.composition import Composition, TaskLine, compose
from reports.composition.tasks import thawed
from reports.hints import hints
from reports.lines import LINES, NOT_GIVEN, SECTIONS, TASK_KEY, Line, of_section
from reports.models import Comment, Correction, Report, ReportedRecord, ReportFigure

# How many figures a folded section tells.
BRIEF = 3
TIMES = "次数"


@dataclass(frozen=True)
class SheetLine:
    """One line with everything a page says beside its figure."""

    line: Line
    figure: int | None
    note: str = ""
    url: str = ""
    comment: str = ""
    changed: bool = False
    late: bool = False

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
    """One event of section 三; ``key`` is the one that comments and figures know it by."""

    key: str
    label: str
    value: str
    day: str
    present: int | None
    reason: str
    comment: str = ""

    @property
    def note(self) -> str:
        """When, how many, or why not."""
        heads = f"参加 {self.present} 人" if self.present is not None else ""
        return "，".join(filter(None, [self.day, heads, self.reason]))


@dataclass(frozen=True)
class GroupRow:
    """All figures of one kind as one row of the phone's page: how often, and below it the rest."""

    figures: tuple[SheetLine, ...]

    @property
    def label(self) -> str:
        """The kind, where its first figure says how often; else that figure's words."""
        first = self.figures[0].line
        return first.group if first.short == TIMES and len(self.figures) > 1 else first.label

    @property
    def value(self) -> str:
        """The first figure."""
        return self.figures[0].value

    @property
    def unit(self) -> str:
        """Its unit."""
        return self.figures[0].unit

    @property
    def missing(self) -> bool:
        """Whether it prints 未建档."""
        return self.figures[0].missing

    @property
    def url(self) -> str:
        """Where the figures come from."""
        return self.figures[0].url

    @property
    def changed(self) -> bool:
        """Whether one of them differs from what was handed in."""
        return any(each.changed for each in self.figures)

    @property
    def late(self) -> bool:
        """Whether 补录 is counted."""
        return any(each.late for each in self.figures)

    @property
    def note(self) -> str:
        """The other figures, and the words of all."""
        others = [_short_words(each) for each in self.figures[1:] if each.figure is not None]
        notes = [each.note for each in self.figures if each.note]
        return "；".join(filter(None, ["，".join(others), *notes]))

    @property
    def comment(self) -> str:
        """What the reviewer said, with the figure it was said at."""
        return "；".join(
            f"{each.line.short}：{each.comment}" if len(self.figures) > 1 else each.comment
            for each in self.figures
            if each.comment
        )


def _short_words(each: SheetLine) -> str:
    """应到 36 人次, 参加 56 人次, 区级篇数 1: the unit once, where the word doesn't say it."""
    word = each.line.short.removesuffix(each.line.unit)
    unit = each.line.short_unit if word == each.line.short else each.line.unit
    return f"{word} {each.figure} {unit}".strip()


@dataclass(frozen=True)
class Section:
    """One section of the form, folded on the phone to its brief."""

    key: str
    title: str
    figures: tuple[SheetLine, ...]
    rows: tuple[TaskRow, ...] = ()

    @property
    def groups(self) -> tuple[GroupRow, ...]:
        """The figures by what they speak of."""
        found = groupby(self.figures, key=lambda each: each.line.group or each.line.key)
        return tuple(GroupRow(tuple(members)) for _, members in found)

    @property
    def lines(self) -> tuple[GroupRow | TaskRow, ...]:
        """What the section shows one under the other."""
        return (*self.groups, *self.rows)

    @property
    def changed(self) -> bool:
        """Whether a line differs from what was handed in."""
        return any(line.changed for line in self.figures)

    @property
    def open(self) -> bool:
        """Whether there is something to look at first: a comment of the reviewer."""
        return any(line.comment for line in self.lines)

    @property
    def brief(self) -> str:
        """The figures that aren't nothing, in a few words."""
        told = [f"{row.label} {row.value}" for row in self.groups if row.figures[0].figure]
        more = "…" if len(told) > BRIEF else ""
        return "，".join(told[:BRIEF]) + more or "本期没有数据"


@dataclass(frozen=True)
class LateRecord:
    """A record that came too late for its own period and counts in this report (补录)."""

    label: str
    note: str
    url: str


@dataclass(frozen=True)
class Sheet:
    """A whole report.

    While the school has it: ``missing`` are lines that want a word why nothing took place,
    ``hints`` what looks unlikely, ``fingerprint`` marks what was seen.
    """

    sections: tuple[Section, ...]
    late: tuple[LateRecord, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[Line, ...] = ()
    hints: tuple[str, ...] = ()
    fingerprint: str = ""

    @cached_property
    def by_key(self) -> dict[str, SheetLine]:
        """The lines by their keys, for the print form."""
        return {each.line.key: each for section in self.sections for each in section.figures}

    @property
    def changes(self) -> int:
        """How many figures differ from what was last handed in."""
        return sum(each.changed for section in self.sections for each in section.figures)

    @property
    def supplements(self) -> int:
        """How many records of earlier periods are counted here (补录)."""
        return len(self.late)


def sheet_of(report: Report) -> Sheet:
    """Return ``report`` as it stands: composed while the school has it, frozen afterwards."""
    frozen = {each.key: each for each in report.figures.order_by("pk")}
    comments = said_at(report.comments.filter(version=report.version))
    if report.state not in CLOSED:
        return _composed(report, compose(report), frozen, comments)
    counted = ReportedRecord.objects.filter(report=report, supplement=True)
    late = [row.record for row in counted.select_related("record").order_by("record__held_on")]
    granted = report.corrections.filter(state=CorrectionState.GRANTED).order_by("-decided_at")
    return frozen_sheet(report, frozen, comments, late, granted)


def said_at(comments: Iterable[Comment]) -> dict[str, str]:
    """What the reviewer said about one version, by key."""
    said: dict[str, str] = {}
    for each in comments:
        said[each.key] = "；".join(filter(None, [said.get(each.key, ""), each.text]))
    return said


def _composed(
    report: Report,
    composition: Composition,
    frozen: Mapping[str, ReportFigure],
    comments: Mapping[str, str],
) -> Sheet:
    late_kinds = {record.kind for record in composition.supplements}
    lines = {
        each.line.key: SheetLine(
            each.line,
            each.value,
            note=each.text,
            url=source_url(report, each.line),
            comment=comments.get(each.line.key, ""),
            changed=each.line.key in frozen and frozen[each.line.key].value != each.value,
            late=each.line.kind in late_kinds and bool(each.value),
        )
        for each in composition.lines
    }
    tasks = tuple(_task_row(each, comments) for each in composition.tasks)
    return Sheet(
        _sections(lines, tasks),
        late=tuple(_late_record(record) for record in composition.supplements),
        comments=comments,
        missing=composition.missing,
        hints=tuple(hints(composition)),
        fingerprint=composition.fingerprint,
    )


def frozen_sheet(
    report: Report,
    frozen: Mapping[str, ReportFigure],
    comments: Mapping[str, str],
    late: Sequence[Record],
    granted: Iterable[Correction],
) -> Sheet:
    """Return a version that was handed in; ``frozen`` stands in the order of the form.

    ``granted`` are the corrections in it, the newest first.
    """
    late_kinds = {record.kind for record in late}
    corrected = _corrected(granted)
    lines = {
        line.key: _frozen_line(
            report, line, frozen.get(line.key), comments, corrected, late_kinds=late_kinds
        )
        for line in LINES
    }
    tasks = [each for each in frozen.values() if each.key.startswith(TASK_KEY)]
    rows = tuple(_frozen_task(each, comments) for each in tasks)
    return Sheet(
        _sections(lines, rows),
        late=tuple(_late_record(record) for record in late),
        comments=comments,
    )


def _corrected(granted: Iterable[Correction]) -> dict[str, str]:
    """What was corrected after approval, by line: 经更正，原为 18."""
    return {
        each.key: f"经更正，原为 {NOT_GIVEN if each.old_value is None else each.old_value}"
        for each in granted
    }


def _frozen_line(
    report: Report,
    line: Line,
    figure: ReportFigure | None,
    comments: Mapping[str, str],
    corrected: Mapping[str, str],
    *,
    late_kinds: set[str],
) -> SheetLine:
    value = figure.value if figure else None
    text = figure.text if figure else ""
    return SheetLine(
        line,
        value,
        note="；".join(filter(None, [text, corrected.get(line.key, "")])),
        url=source_url(report, line),
        comment=comments.get(line.key, ""),
        late=line.kind in late_kinds and bool(value),
    )


def _sections(lines: Mapping[str, SheetLine], tasks: tuple[TaskRow, ...]) -> tuple[Section, ...]:
    return tuple(
        Section(
            key,
            title,
            tuple(lines[line.key] for line in of_section(key)),
            tasks if key == "tasks" else (),
        )
        for key, title in SECTIONS.items()
    )


def source_url(report: Report, line: Line) -> str:
    """Where a figure comes from: the records of its kind, or the month's tasks."""
    if line.kind in RecordKind.values:
        first, last = report.period.starts_on, report.period.ends_on
        query = urlencode({"kind": line.kind, "from": first.isoformat(), "to": last.isoformat()})
        return f"{reverse('calendar_events:records')}?{query}"
    if line.kind == "tasks":
        query = urlencode({"year": report.period.year, "month": report.period.last_month})
        return f"{reverse('bureau:month')}?{query}"
    return ""


def _task_row(each: TaskLine, comments: Mapping[str, str]) -> TaskRow:
    key = f"{TASK_KEY}{each.task_id}"
    return TaskRow(
        key=key,
        label=each.title,
        value=each.word,
        day=each.day_text,
        present=each.present,
        reason=each.reason,
        comment=comments.get(key, ""),
    )


def _frozen_task(figure: ReportFigure, comments: Mapping[str, str]) -> TaskRow:
    told = thawed(figure.text)
    return TaskRow(
        key=figure.key,
        label=told.title,
        value=told.word,
        day=told.day,
        present=figure.value,
        reason=told.reason,
        comment=comments.get(figure.key, ""),
    )


def _late_record(record: Record) -> LateRecord:
    return LateRecord(
        label=record.topic,
        note=f"{chinese_date(record.held_on)} {record.get_kind_display()}",
        url=reverse("calendar_events:record", args=[record.pk]),
    )
