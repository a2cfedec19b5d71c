"""From gathered occurrences to events: items, dates, offices, one event for each span."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from calendar_events.reading import columns as roles
from calendar_events.reading.gather import Entry, Occurrence
from calendar_events.reading.items import Item, split_items
from calendar_events.reading.lines import is_generic
from calendar_events.reading.model import Context, Level, Problem, ReadEvent
from calendar_events.reading.rows import Cell
from calendar_events.reading.spans import Label, Span, read_label
from calendar_events.reading.titles import TitleDates, dates_in, labelled

TITLE_LENGTH, OFFICE_LENGTH, AUDIENCE_LENGTH = 200, 100, 200

_JOINED_LABELS = " / "


@dataclass
class Built:
    """Events and problems in the making; `empty` are the times with nothing under them."""

    events: list[ReadEvent] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    empty: list[Occurrence] = field(default_factory=list)
    opened_with: dict[int, int | None] = field(default_factory=dict)


def build(occurrences: Sequence[Occurrence], context: Context) -> Built:
    """The events of all occurrences in order; numbering goes on over rows of the same time."""
    built = Built()
    before: tuple[frozenset[int], int | None] = (frozenset(), None)
    for place, occurrence in enumerate(occurrences):
        label = occurrence.label
        if label.problem:
            level: Level = "warning" if label.spans else "error"
            built.problems.append(_problem(occurrence, label.problem, level))
        if not label.spans:
            built.problems += _lost(occurrence)
            continue
        same = before[0] == label.ordinals and before[1] is not None
        expected = before[1] + 1 if same and before[1] is not None else None
        last = _build_one(built, place, occurrence, context, expected)
        before = (label.ordinals, last)
    return built


def _lost(occurrence: Occurrence) -> Iterator[Problem]:
    """The lines below a time that cannot be used, one problem each."""
    message = f"在“{occurrence.label.text}”之下，没有读入"
    below = {occurrence.row.line}
    for entry in occurrence.entries:
        for piece in entry.pieces:
            if piece.line not in below:
                yield Problem(piece.line, piece.text, message, "error", piece.place)
            below.add(piece.line)


def _problem(occurrence: Occurrence, message: str, level: Level) -> Problem:
    row = occurrence.row
    return Problem(row.line, row.text, message, level, row.place)


def _build_one(
    built: Built, place: int, occurrence: Occurrence, context: Context, expected: int | None
) -> int | None:
    """Build the events of one occurrence; returns the last item number under it."""
    number: int | None = None
    found = False
    for entry in occurrence.entries:
        items = split_items(entry.pieces, number + 1 if number else expected)
        for index, item in enumerate(items):
            built.opened_with.setdefault(place, item.number)
            number = item.number or number
            made = _Maker(occurrence, entry, item, context)
            built.events += made.events(_shares(entry, index, len(items)))
            built.problems += made.problems
            found = True
        built.problems += _share_problems(entry, len(items))
    if not found and not occurrence.absorbed:
        built.empty.append(occurrence)
    return number


def _shares(entry: Entry, index: int, count: int) -> dict[str, str]:
    """What the other columns say for one item: their one text, or their line for it."""
    return {role: _share(cell, index, count) for role, cell in entry.others.items()}


def _share(cell: Cell, index: int, count: int) -> str:
    lines = _lines_of(cell)
    if len(lines) == count:
        return lines[index]
    return "、".join(lines)


def _lines_of(cell: Cell) -> list[str]:
    if len(cell.pieces) == 1 and not cell.pieces[0].marker:
        return [cell.pieces[0].text]
    return [item.title for item in split_items(cell.pieces)]


def _share_problems(entry: Entry, count: int) -> Iterator[Problem]:
    for role, cell in entry.others.items():
        lines = len(_lines_of(cell))
        if role == roles.OFFICE and count > 1 and lines not in (1, count):
            message = f"科室有 {lines} 行，事项有 {count} 项，对不上，各项都记了全部科室"
            yield Problem(entry.row.line, cell.text, message, "warning", entry.row.place)


class _Maker:
    """Makes the events of one item and notes what is doubtful about it."""

    def __init__(self, occurrence: Occurrence, entry: Entry, item: Item, context: Context) -> None:
        self._occurrence = occurrence
        self._entry = entry
        self._item = item
        self._context = context
        self.problems: list[Problem] = []
        for doubt in item.doubts:
            self._say(doubt, "warning")

    def events(self, others: dict[str, str]) -> list[ReadEvent]:
        """One event for each span of the time; none when the title cannot be taken."""
        if not self._usable_title():
            return []
        event = self._common(others)
        return [self._dated(event, span, others) for span in self._spans()]

    def _say(self, message: str, level: Level) -> None:
        piece = self._item.pieces[0]
        said = Problem(piece.line, self._item.source, message, level, piece.place)
        if said not in self.problems:
            self.problems.append(said)

    def _usable_title(self) -> bool:
        title = self._item.title
        if not any(char.isalnum() for char in title):
            self._say(f"编号 {self._item.number} 后面没有内容", "error")
            return False
        if len(title) > TITLE_LENGTH:
            self._say(f"标题有 {len(title)} 字，超过 {TITLE_LENGTH} 字，没有读入", "error")
            return False
        if len(title) == 1:
            self._say("标题只有一个字，可能是断行", "warning")
        return True

    def _spans(self) -> tuple[Span, ...]:
        """The spans of the time; of several merged months one, when they follow each other."""
        labels = self._labels()
        if len(labels) == 1:
            return labels[0].spans
        months = sorted({month for label in labels for month in label.ordinals})
        if months and months[-1] - months[0] + 1 == len(months):
            first, last = months[0] - 1, months[-1] - 1
            return (Span(first % 12 + 1, last % 12 + 1, first // 12, last // 12),)
        return tuple(span for label in labels for span in label.spans)

    def _labels(self) -> list[Label]:
        return [self._occurrence.label, *(other.label for other in self._entry.merged)]

    def _common(self, others: dict[str, str]) -> ReadEvent:
        title, piece = self._item.title, self._item.pieces[0]
        labels = self._labels()
        office = others.get(roles.OFFICE, "") or labelled(title, "office")
        audience = others.get(roles.AUDIENCE, "") or labelled(title, "audience")
        notes = [*self._entry.notes, *self._label_notes(labels)]
        if len(office) > OFFICE_LENGTH:
            notes, office = [*notes, ("责任科室", office)], ""
        if len(audience) > AUDIENCE_LENGTH:
            notes, audience = [*notes, ("参加对象", audience)], ""
        lines = {self._occurrence.row.line, self._entry.row.line}
        lines |= {other.row.line for other in self._entry.merged}
        return ReadEvent(
            title=title,
            first_month=0,
            last_month=0,
            office=office,
            audience=audience,
            notes="\n".join(f"{name}：{text}" if name else text for name, text in notes),
            when=_JOINED_LABELS.join(label.text for label in labels),
            line=piece.line,
            place=piece.place,
            source=self._item.source,
            lines=tuple(sorted(lines | {each.line for each in self._item.pieces})),
        )

    def _label_notes(self, labels: list[Label]) -> list[tuple[str, str]]:
        notes = [("板块", self._item.category)] if self._item.category else []
        if self._occurrence.row.table:
            rests = [label.rest.strip() for label in labels if not is_generic(label.rest)]
            notes += [("时间栏", rest) for rest in rests]
        return notes

    def _dated(self, event: ReadEvent, span: Span, others: dict[str, str]) -> ReadEvent:
        notes = event.notes.split("\n") if event.notes else []
        day, deadline = others.get(roles.DAY, ""), others.get(roles.DEADLINE, "")
        narrowed = self._with_day(span, day)
        due = self._deadline(deadline, span)
        notes += [f"日期：{day}"] if day and narrowed is span else []
        notes += [f"完成时限：{deadline}"] if deadline and due is None else []
        written = dates_in(event.title, narrowed, self._context)
        if written.doubt:
            self._say(written.doubt, "warning")
        span = self._within_year(narrowed)
        return replace(
            _with_dates(event, span, written),
            due_on=due or span.due_on or written.due_on,
            notes="\n".join(notes),
        )

    def _within_year(self, span: Span) -> Span:
        if span.last_year == span.first_year:
            return span
        self._say("跨到下一年，月份记到 12 月为止", "warning")
        return replace(span, last_month=12, last_year=span.first_year)

    def _with_day(self, span: Span, text: str) -> Span:
        """The span narrowed by a second time column: 5日, 中旬, 3月5日前."""
        if not text.strip():
            return span
        month = f"{self._context.year + span.first_year}年{span.first_month}月"
        for writing in (text, f"{month}{text}", f"{month}{text}日"):
            label = read_label(writing, self._context, bare=True)
            if label and label.dated and not label.problem and len(label.spans) == 1:
                return label.spans[0]
        return span

    def _deadline(self, text: str, span: Span) -> date | None:
        if not text.strip():
            return None
        month = f"{self._context.year + span.last_year}年{span.last_month}月"
        for writing in (text, f"{month}{text}"):
            label = read_label(writing, self._context, bare=True)
            if label and label.dated and not label.problem:
                last = label.spans[-1]
                return last.due_on or last.ends_on
        if len(text) <= 10 and any(char.isdigit() for char in text):
            self._say(f"完成时限“{text}”认不出日期", "warning")
        return None


def _with_dates(event: ReadEvent, span: Span, written: TitleDates) -> ReadEvent:
    """The event in its months, with the dates of the time before those of the title."""
    own = span.starts_on is not None
    return replace(
        event,
        first_month=span.first_month,
        last_month=span.last_month,
        first_year_offset=span.first_year,
        last_year_offset=span.last_year,
        starts_on=span.starts_on if own else written.starts_on,
        ends_on=span.ends_on if own else written.ends_on,
    )
