"""Rows of tables: heads, months in a column, across the top or in rows of their own."""

from dataclasses import replace

from calendar_events.reading import columns as roles
from calendar_events.reading.columns import Columns, columns_of, head_of, is_head_word
from calendar_events.reading.gather import Entry, Gathered, Occurrence
from calendar_events.reading.items import leftover
from calendar_events.reading.lines import is_furniture, is_generic, is_tail, label_line
from calendar_events.reading.numbering import leading
from calendar_events.reading.plainlines import LineTaker
from calendar_events.reading.rows import Cell, Row
from calendar_events.reading.spans import Label, read_label


class TableTaker:
    """Takes the rows of a calendar's tables one by one."""

    def __init__(self, gathered: Gathered, lines: LineTaker) -> None:
        self._got = gathered
        self._lines = lines
        self._groups: list[Columns] = []
        self._guessed = False
        self._head_before = False
        self._across: dict[int, Occurrence] = {}
        self._contents: dict[int, Entry] = {}

    def take(self, row: Row) -> None:
        """Take one row."""
        groups = head_of(row)
        if groups:
            self._take_head(row, groups)
            return
        if self._head_before and self._take_second_head(row):
            return
        self._head_before = False
        if self._take_months_across(row) or self._take_under_months(row):
            return
        if len(row.filled) > 1 and is_tail(row.cells[row.filled[0]].words):
            self._got.around.append(row)
            return
        alone = len(row.filled) == 1 and not self._content_goes_on(row)
        if alone and row.table == "text" and not self._groups:
            self._lines.take(replace(row, cells=(row.cells[row.filled[0]],)))
            return
        if alone and self._take_single(row):
            return
        groups = self._groups or self._guess(row)
        if not groups:
            self._unplaced(row)
        for group in groups:
            self._take_group(row, group)
        self._note_beyond(row, groups)

    def _note_beyond(self, row: Row, groups: list[Columns]) -> None:
        """Cells in columns that have no head are kept as notes of the row's event."""
        beyond = [
            column
            for column in row.filled
            if groups and not any(column in group.roles for group in groups)
        ]
        entry = next((found for found in self._contents.values() if found.row is row), None)
        for column in beyond:
            if entry is not None:
                entry.notes.append(("", row.cells[column].words))
            else:
                self._got.fault(row, "这一格没有表头，也不知道属于哪个事项，没有读入")

    def _take_head(self, row: Row, groups: list[Columns]) -> None:
        self._groups, self._guessed, self._head_before = groups, False, True
        self._across, self._got.open, self._contents = {}, {}, {}
        self._got.around.append(row)

    def _take_second_head(self, row: Row) -> bool:
        """A head of two rows: 责任分工 above 牵头科室 | 配合科室."""
        words = {column: row.cells[column].words for column in row.filled}
        if len(self._groups) != 1 or not all(is_head_word(word) for word in words.values()):
            return False
        self._groups = [columns_of({**self._groups[0].names, **words})]
        self._got.around.append(row)
        return True

    def _take_months_across(self, row: Row) -> bool:
        """A row of nothing but months is a head: what follows stands below them.

        Its first cell may name what stands in the column before the months.
        """
        if self._groups and not self._guessed:
            return False
        labels = {column: self._time(row.cells[column].words) for column in row.filled}
        pure = {column: found for column, found in labels.items() if found and _pure(found)}
        others = [column for column in labels if column not in pure]
        if len(pure) < 2 or others not in ([], [row.filled[0]]):
            return False
        self._across = {
            column: self._got.begin(label, row, heading=True) for column, label in pure.items()
        }
        self._got.across = True
        return True

    def _take_under_months(self, row: Row) -> bool:
        if not self._across or not self._got.across:
            return False
        first = self._time(row.cells[row.filled[0]].words)
        if first is not None and row.filled[0] not in self._across:
            self._across = {}
            return False
        beside = [column for column in row.filled if column not in self._across]
        notes = [("", row.cells[column].words) for column in beside]
        for column in row.filled:
            if column in self._across:
                pieces = list(row.cells[column].pieces)
                self._across[column].entries.append(Entry(pieces, row, notes=notes))
        if len(beside) == len(row.filled):
            self._unplaced(row)
        return True

    def _take_single(self, row: Row) -> bool:
        """A row with one filled cell: a month, a note, a section, or nothing special."""
        column = row.filled[0]
        text = row.cells[column].text
        if is_tail(text) or is_furniture(text):
            self._got.in_tail = self._got.in_tail or is_tail(text)
            self._got.around.append(row)
            return True
        label = self._time(row.cells[column].words)
        if label is not None and is_generic(label.rest):
            occurrence = self._got.begin(label, row, heading=True)
            self._got.open[column] = occurrence
            return True
        if self._got.in_tail:
            self._got.around.append(row)
            return True
        pieces = row.cells[column].pieces
        if any(label_line(piece.text, self._got.context) for piece in pieces):
            for piece in pieces:
                self._lines.take(replace(row, cells=(Cell((piece,)),)))
            return True
        wide = sum(cell.merge != "" and cell.merge == row.cells[column].merge for cell in row.cells)
        held = {group.roles.get(column) for group in self._groups} if wide < 2 else set()
        if roles.CONTENT in held:
            return False
        return self._take_section(row, text, indexed=roles.INDEX in held)

    def _content_goes_on(self, row: Row) -> bool:
        """Whether a content cell from above reaches into this row: one event over two months."""
        contents = (group.first(roles.CONTENT) for group in self._groups)
        return any(column is not None and row.goes_on(column) for column in contents)

    def _take_section(self, row: Row, text: str, *, indexed: bool) -> bool:
        number = leading(text)
        short = len(text) <= 20 and "；" not in text
        if indexed or self._got.current is None or (short and number and "chinese" in number.style):
            self._got.around.append(row)
        else:
            self._got.fault(row, "这一行占满整行，不知道是不是事项，没有读入")
        return True

    def _guess(self, row: Row) -> list[Columns]:
        """Columns of a table without a head, from its first row with a month."""
        times = [column for column in row.filled if self._time(row.cells[column].words)]
        behind = [column for column in row.filled if times and column > times[0]]
        if not behind:
            return []
        guessed = {times[0]: roles.TIME, behind[0]: roles.CONTENT}
        for column in behind[1:]:
            office = _like_an_office(row.cells[column].words)
            guessed[column] = roles.OFFICE if office else roles.NOTE
        self._groups = [Columns(guessed, dict.fromkeys(guessed, ""))]
        self._guessed = True
        return self._groups

    def _unplaced(self, row: Row) -> None:
        if self._got.current is None or self._got.in_tail:
            self._got.around.append(row)
        else:
            self._got.fault(row, "不知道这一行是哪个月的，没有读入")

    def _take_group(self, row: Row, group: Columns) -> None:
        content = group.first(roles.CONTENT)
        inside = any(column in group.roles for column in row.filled)
        if content is None or not (inside or row.goes_on(content)):
            return
        occurrence = self._occurrence_for(row, group)
        cell = row.cell(content)
        if row.goes_on(content) and content in self._contents:
            self._reach(self._contents[content], row, occurrence)
            return
        if leftover(cell.text):
            self._empty_content(row, group, occurrence)
        elif occurrence is None:
            self._got.fault(row, "前面没有月份，不知道是哪个月的，没有读入")
        else:
            entry = self._entry(row, group, cell)
            occurrence.entries.append(entry)
            self._contents[content] = entry

    def _reach(self, entry: Entry, row: Row, occurrence: Occurrence | None) -> None:
        """A content cell that reaches down into another month: one event over both."""
        if occurrence is None or occurrence.row is not row:
            self._got.around.append(row)
            return
        occurrence.absorbed = True
        entry.merged.append(occurrence)

    def _empty_content(self, row: Row, group: Columns, occurrence: Occurrence | None) -> None:
        """A row without content: fine when it only opens a month, named when it says more."""
        said = [
            column
            for column in row.filled
            if group.roles.get(column) not in (None, roles.INDEX, roles.TIME)
        ]
        if occurrence is not None and occurrence.row is row:
            return
        if said:
            self._got.fault(row, "这一行没有事项内容")
        else:
            self._got.around.append(row)

    def _occurrence_for(self, row: Row, group: Columns) -> Occurrence | None:
        """The time of a row: its own, that of the merged cell, or the last one above it."""
        column = group.first(roles.TIME)
        if column is None:
            column = self._deadline_as_time(group)
        if column is None:
            return self._got.current
        cell = row.cell(column)
        words = cell.words
        if row.goes_on(column) or not words.strip():
            return self._got.open.get(column) or self._got.current
        label = self._time(words, bare=True) or Label(words, problem=f"“{words}”不是认得出的时间")
        return self._got.begin_in_column(column, label, row)

    def _deadline_as_time(self, group: Columns) -> int | None:
        """A deadline column gives the months of a table that has no other time and no heading."""
        column = group.first(roles.DEADLINE)
        return column if self._got.current is None or column in self._got.open else None

    def _entry(self, row: Row, group: Columns, cell: Cell) -> Entry:
        entry = Entry(list(cell.pieces), row)
        for column, role in group.roles.items():
            other = row.cell(column)
            if not other.text.strip():
                continue
            if role in (roles.OFFICE, roles.AUDIENCE, roles.DEADLINE, roles.DAY):
                entry.others.setdefault(role, other)
            elif role == roles.NOTE:
                entry.notes.append((group.names[column], other.words))
        return entry

    def _time(self, words: str, *, bare: bool = False) -> Label | None:
        return read_label(words, self._got.context, bare=bare)


def _pure(label: Label) -> bool:
    return bool(label.spans) and not label.named and not label.rest.strip()


def _like_an_office(words: str) -> bool:
    endings = ("科", "科室", "处", "股", "办", "办公室", "部", "中心", "院", "团委", "工会", "党委")
    return len(words) <= 30 and words.endswith(endings)
