"""The one import engine: declared columns in, every problem of every row out, saved as one.

A dry run and a real run are one path. `apply_prepared` finds out by reading what saving would do,
and the real run then writes just that: the dry run of a long list keeps nobody from writing. Where
only writing shows what is wrong, `apply` saves inside a transaction, which a dry run takes back.
With any problem nothing is saved, unless the user chose 只导入无误的行, which gives the other rows
back as a file (`Outcome.rejected_file`).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from common.cells import CellError, Parser
from common.grids import SheetError, Value
from common.import_files import left_unread, rejected_rows, template
from common.sheets import Line, Sheet, as_text, fold_label, read_sheet

MARKS_FOR_EMPTY = frozenset({"", "/", "／", "\\", "-", "－", "—", "——", "--"})
_SHOWN_LENGTH = 40
_CACHED = 20_000
# So many rows are read between two words about how far it is.
_TOLD_EVERY = 1000

Values = Mapping[str, Any]
# Told how many rows of how many have been read.
Tell = Callable[[int, int], None]
# A rule over several columns: the values of one row -> (key of the column, remedy) for each fault.
RowCheck = Callable[[Values], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Column:
    """One column of an import.

    ``parser`` turns a cell that isn't empty into a value (`common.cells`, or a `NameResolver`); an
    empty one gives ``default``, or a problem where ``required``. ``fill_down``: a merged cell holds
    for all the rows it spans. ``unique``: no value twice in the file. ``empty`` are the marks that
    people put for nothing. ``example`` stands in the template. What is found wrong with a
    ``private`` one is told without its value: messages are kept.
    """

    key: str
    label: str
    parser: Parser[Any]
    synonyms: Sequence[str] = ()
    required: bool = False
    default: object = None
    fill_down: bool = False
    unique: bool = False
    private: bool = False
    empty: frozenset[str] = MARKS_FOR_EMPTY
    example: str = ""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one cell (or, without ``column``, one row) and what to do about it."""

    row: int
    column: str
    value: str
    remedy: str

    @property
    def message(self) -> str:
        """第 14 行「届满时间」写的是“2025.13”，月份应在 1–12 之间。"""
        return f"第 {self.row} 行{self.without_row}"

    @property
    def without_row(self) -> str:
        """The message for a place where the row is plain, as in the file of rejected rows."""
        if not self.column:
            return f"：{self.remedy}"
        if not self.value:
            return f"「{self.column}」{self.remedy}"
        cut = self.value[:_SHOWN_LENGTH] + "…" * (len(self.value) > _SHOWN_LENGTH)
        return f"「{self.column}」写的是“{cut}”，{self.remedy}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row without fault: its number in the spreadsheet and a value for each declared key."""

    number: int
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        """Return the value of the column ``key``."""
        return self.values[key]


@dataclass(frozen=True)
class Plan:
    """A file read and checked. ``rows`` are those without fault; ``notes`` what the user should
    know: rows and columns left out, further worksheets not read."""

    sheet: Sheet
    columns: Sequence[Column]
    rows: Sequence[Row]
    problems: Sequence[RowProblem]
    notes: Sequence[str]

    def problem(self, row: Row, key: str, remedy: str) -> RowProblem:
        """Return a problem found later, while saving, worded like those of reading."""
        return _problem(self.sheet, self._line(row.number), self._column(key), remedy)

    def _line(self, number: int) -> Line:
        lines = self.sheet.lines
        return lines[bisect_left(lines, number, key=lambda line: line.number)]

    def _column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class Saved:
    """What ``save`` did with the rows it was given, and *every* problem it met.

    ``warnings`` are sentences about what was saved and looks odd: they keep nothing back.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: Sequence[RowProblem] = ()
    warnings: Sequence[str] = ()


Save = Callable[[Sequence[Row]], Saved]


@dataclass(frozen=True)
class Prepared:
    """What saving some rows would do, found out by reading alone; ``write`` does it.

    With problems there is nothing to write.
    """

    result: Saved
    write: Callable[[], object] = lambda: None


Prepare = Callable[[Sequence[Row]], Prepared]
# Tries to save some rows, for good where ``keep``.
_Attempt = Callable[[Sequence[Row], bool], Saved]


@dataclass(frozen=True)
class Outcome:
    """What a run did, or in a dry run would do. ``saved`` says whether anything was kept."""

    plan: Plan
    result: Saved
    problems: Sequence[RowProblem]
    is_saved: bool
    is_dry_run: bool

    @property
    def rejected_rows(self) -> int:
        """How many rows have a problem."""
        return len({problem.row for problem in self.problems})

    def rejected_file(self) -> bytes:
        """Return the rows with problems as an .xlsx: the columns as they came and 问题."""
        return rejected_rows(self.plan, self.problems)


# Reading -----------------------------------------------------------------------------------------
def read(
    data: bytes,
    columns: Sequence[Column],
    *,
    filename: str,
    check: RowCheck | None = None,
    tell: Tell | None = None,
) -> Plan:
    """Read a spreadsheet into rows and problems; never stops at the first problem.

    ``tell`` hears now and then how many rows have been read, and of how many.

    Raises `SheetError` only where there is no table to speak of: an unreadable file, no head, a
    required column missing or doubled, no rows. Asks no database: look-ups come with the parsers.
    """
    sheet = read_sheet(
        data,
        filename=filename,
        known=_known(columns),
        expected=[column.label for column in columns if column.required] or [columns[0].label],
        fill_down=[column.key for column in columns if column.fill_down],
    )
    _refuse_wrong_head(sheet, columns)
    readers = [_CellReader(sheet, each) for each in columns if each.key in sheet.columns]
    missing = {each.key: each.default for each in columns if each.key not in sheet.columns}
    rows: list[Row] = []
    problems: list[RowProblem] = []
    for place, line in enumerate(sheet.lines):
        if tell and place % _TOLD_EVERY == 0:
            tell(place, len(sheet.lines))
        faults: list[RowProblem] = []
        read = {each.column.key: each.read(line, faults) for each in readers}
        row = Row(line.number, {**missing, **read})
        if check and not faults:
            faults += _checked(sheet, line, row, columns, check)
        problems += faults
        if not faults:
            rows.append(row)
    if tell:
        tell(len(sheet.lines), len(sheet.lines))
    doubles = _doubles(sheet, columns, rows)
    bad = {problem.row for problem in doubles}
    return Plan(
        sheet=sheet,
        columns=columns,
        rows=[row for row in rows if row.number not in bad],
        problems=sorted([*problems, *doubles], key=lambda problem: problem.row),
        notes=left_unread(sheet),
    )


def _known(columns: Sequence[Column]) -> dict[str, str]:
    known: dict[str, str] = {}
    for column in columns:
        for label in (column.label, *column.synonyms):
            if known.setdefault(fold_label(label), column.key) != column.key:
                raise ValueError(f"Two columns answer to {label}.")
    return known


def _refuse_wrong_head(sheet: Sheet, columns: Sequence[Column]) -> None:
    if sheet.doubled:
        raise SheetError(f"「{sheet.doubled[0]}」这样的列有两个，请只留一个。")
    missing = [c.label for c in columns if c.required and c.key not in sheet.columns]
    if missing:
        names = "".join(f"「{label}」" for label in missing)
        raise SheetError(f"缺少{names}这{len(missing)}列，请对照模板补上。")
    if not sheet.lines:
        raise SheetError("表头下面没有数据，请填写后再传。")


class _CellReader:
    """Reads one column; equal cells are parsed once."""

    def __init__(self, sheet: Sheet, column: Column) -> None:
        self.column = column
        self._sheet = sheet
        self._place = sheet.columns[column.key]
        self._parsed: dict[Value, Any] = {}

    def read(self, line: Line, faults: list[RowProblem]) -> Any:
        """Return the value of this column in ``line``; add what is wrong to ``faults``."""
        place, cells = self._place, line.cells
        value = cells[place] if place < len(cells) else ""
        # True equals 1 as a key, so truth values are never taken from what was parsed before.
        if value in self._parsed and not isinstance(value, bool):
            return self._parsed[value]
        column = self.column
        try:
            if isinstance(value, str) and value.strip() in column.empty:
                return self._default()
            parsed = column.parser(value)
        except CellError as fault:
            faults.append(_problem(self._sheet, line, column, fault.remedy))
            return column.default
        if len(self._parsed) < _CACHED and not isinstance(value, bool):
            self._parsed[value] = parsed
        return parsed

    def _default(self) -> object:
        if self.column.required:
            raise CellError("没有填写，请补上。")
        return self.column.default


def _problem(sheet: Sheet, line: Line, column: Column | None, remedy: str) -> RowProblem:
    if column is None:
        return RowProblem(line.number, "", "", remedy)
    place = sheet.columns.get(column.key, -1)
    shown = 0 <= place < len(line.cells) and not column.private
    value = as_text(line.cells[place]) if shown else ""
    label = sheet.labels[place] if place >= 0 else column.label
    return RowProblem(line.number, label, value, remedy)


def _checked(
    sheet: Sheet, line: Line, row: Row, columns: Sequence[Column], check: RowCheck
) -> list[RowProblem]:
    by_key = {column.key: column for column in columns}
    return [_problem(sheet, line, by_key.get(key), remedy) for key, remedy in check(row.values)]


def _doubles(sheet: Sheet, columns: Sequence[Column], rows: Sequence[Row]) -> list[RowProblem]:
    """Name every row that shares a value which must stand there once: none is the right one."""
    unique = [column for column in columns if column.unique]
    lines = {line.number: line for line in sheet.lines} if unique else {}
    found: list[RowProblem] = []
    for column in unique:
        holders: dict[Any, list[int]] = defaultdict(list)
        for row in rows:
            if row.values[column.key] not in (None, ""):
                holders[row.values[column.key]].append(row.number)
        for numbers in holders.values():
            for number in numbers if len(numbers) > 1 else ():
                others = "、".join(str(other) for other in numbers if other != number)
                remedy = f"与第 {others} 行重复，请只留一行或改正。"
                found.append(_problem(sheet, lines[number], column, remedy))
    return found


# Saving ------------------------------------------------------------------------------------------
def apply(plan: Plan, *, save: Save, dry_run: bool, only_clean: bool = False) -> Outcome:
    """Save the rows of ``plan``, or find out what saving them would do.

    ``save`` gets the rows without fault, inside a transaction; it raises nothing for a faulty row
    but reports every one in `Saved.problems`. Nothing is kept with any problem, unless
    ``only_clean``: then the rows that ``save`` found at fault are left out and the rest is saved
    from the start. Holds the database's write lock as long as ``save`` takes, in a dry run too.
    """

    def attempt(rows: Sequence[Row], keep: bool) -> Saved:  # noqa: FBT001 - the one thing it is told
        with transaction.atomic():
            result = save(rows)
            if result.problems or not keep:
                transaction.set_rollback(True)
        return result

    return _tried(plan, attempt, dry_run=dry_run, only_clean=only_clean)


def apply_prepared(
    plan: Plan, *, prepare: Prepare, dry_run: bool, only_clean: bool = False
) -> Outcome:
    """Do the same as :func:`apply` where reading tells what saving would do.

    ``prepare`` writes nothing: a dry run takes no lock. In a real run it reads inside the
    transaction that then writes, so that what it found still holds.
    """

    def attempt(rows: Sequence[Row], keep: bool) -> Saved:  # noqa: FBT001 - as above
        if not keep:
            return prepare(rows).result
        with transaction.atomic():
            prepared = prepare(rows)
            if not prepared.result.problems:
                prepared.write()
        return prepared.result

    return _tried(plan, attempt, dry_run=dry_run, only_clean=only_clean)


def _tried(plan: Plan, attempt: _Attempt, *, dry_run: bool, only_clean: bool) -> Outcome:
    rows, problems = plan.rows, list(plan.problems)
    while True:
        allowed = not dry_run and (only_clean or not problems)
        result = attempt(rows, allowed) if rows else Saved()
        problems += result.problems
        if not (result.problems and only_clean):
            break
        bad = {problem.row for problem in result.problems}
        if not any(row.number in bad for row in rows):
            raise ValueError("save() reported a problem of a row that it was not given.")
        rows = [row for row in rows if row.number not in bad]
    kept = allowed and not result.problems and bool(rows)
    ordered = sorted(problems, key=lambda problem: problem.row)
    return Outcome(plan, replace(result, problems=()), ordered, is_saved=kept, is_dry_run=dry_run)


__all__ = [
    "Column",
    "Outcome",
    "Plan",
    "Prepared",
    "Row",
    "RowProblem",
    "Saved",
    "SheetError",
    "apply",
    "apply_prepared",
    "read",
    "template",
]
