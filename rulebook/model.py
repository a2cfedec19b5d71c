"""What the rulebook is made of: regulations, editions, rules, clauses, figures, findings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any, Final, Generic, TypeVar

from rulebook import words

F = TypeVar("F")
Number = int | Fraction
TO_CONFIRM = "待核实"


class Field(StrEnum):
    """What a rule is about; one module for each."""

    SETUP = "setup"
    TERMS = "terms"
    VOTING = "voting"
    LIFE = "life"
    APPRAISAL = "appraisal"
    DEVELOPMENT = "development"
    TRANSFERS = "transfers"
    SCHOOL_MEETINGS = "school_meetings"
    EVALUATION = "evaluation"
    BURDEN = "burden"
    HOLDINGS = "holdings"

    @property
    def label(self) -> str:
        return _FIELDS[self]


class Mark(StrEnum):
    """Where a rule was found."""

    STORED = "S"
    SECOND_HAND = "S2"
    GENERAL = "G"
    SEED = "seed"

    @property
    def label(self) -> str:
        return _MARKS[self]


class Force(StrEnum):
    """What follows when a rule is not met."""

    BLOCK = "block"
    WARN = "warn"
    INFORM = "inform"

    @property
    def label(self) -> str:
        return _FORCES[self]


class Verdict(StrEnum):
    """``PENDING``: the time for it isn't over; ``UNKNOWN``: a fact is missing or can't be."""

    MET = "met"
    NOT_MET = "not_met"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _VERDICTS[self]


class Bound(StrEnum):
    """How a figure binds, and so which way it may be tightened."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    EXACTLY = "exactly"


_FIELDS = {
    Field.SETUP: "组织设置",
    Field.TERMS: "任期换届",
    Field.VOTING: "选举表决",
    Field.LIFE: "组织生活和教育培训",
    Field.APPRAISAL: "民主评议",
    Field.DEVELOPMENT: "发展党员",
    Field.TRANSFERS: "组织关系转接",
    Field.SCHOOL_MEETINGS: "学校议事",
    Field.EVALUATION: "述职评议和评选",
    Field.BURDEN: "为基层减负",
    Field.HOLDINGS: "信息边界",
}
_MARKS = {
    Mark.STORED: "公开文件",
    Mark.SECOND_HAND: "转引",
    Mark.GENERAL: "通常做法",
    Mark.SEED: "各地做法",
}
_FORCES = {Force.BLOCK: "阻止", Force.WARN: "提醒", Force.INFORM: "告知"}
_VERDICTS = {
    Verdict.MET: "符合",
    Verdict.NOT_MET: "不符合",
    Verdict.PENDING: "未到时限",
    Verdict.NOT_APPLICABLE: "不适用",
    Verdict.UNKNOWN: "无法判断",
}


class _NotDone(Enum):
    NOT_DONE = "not done"


# A day on which something took place; NOT_DONE: it did not (yet). None: not known.
NOT_DONE: Final = _NotDone.NOT_DONE
Day = date | _NotDone | None


@dataclass(frozen=True)
class Since:
    """From when an edition holds, as far as it is known: a year, a month or a day."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def first(self) -> date:
        """The first day that it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def exact(self) -> bool:
        """Whether the very day is known."""
        return self.day is not None

    def __str__(self) -> str:
        parts = ((self.year, "年"), (self.month, "月"), (self.day, "日"))
        return "".join(f"{number}{unit}" for number, unit in parts if number)


@dataclass(frozen=True)
class Regulation:
    """A regulation; one without a title is not known by name."""

    key: str
    title: str = ""

    def __str__(self) -> str:
        return self.title or f"依据文件{TO_CONFIRM}"


@dataclass(frozen=True)
class Edition:
    """A text of a regulation. ``since`` None: it holds, nobody wrote down from when."""

    regulation: Regulation
    name: str = ""
    since: Since | None = None

    @property
    def first(self) -> date:
        """The day from which events are judged by this text."""
        return self.since.first if self.since else date.min

    def __str__(self) -> str:
        return f"{self.regulation}{f'（{self.name}）' if self.name else ''}"


@dataclass(frozen=True)
class Figure:
    """A number of a rule; a share has no unit.

    ``stop``: where tightening ends, as beyond it nothing would fit. ``fixed``: a line between two
    ways of doing it, which is the same for everybody.
    """

    key: str
    label: str
    value: Number
    bound: Bound
    unit: str = ""
    stop: Number | None = None
    fixed: bool = False

    def with_value(self, value: Number) -> "Figure":
        """Return the same figure with another number."""
        return replace(self, value=value)

    @property
    def amount(self) -> str:
        """Return 3 人, 三分之一."""
        return words.amount(self.value, self.unit)

    @property
    def demand(self) -> str:
        """Return 至少 3 人, 过半, 不超过三分之一, 3 年 for what is neither more nor less."""
        if not self.value:
            return "没有规定"
        if self.bound == Bound.MORE_THAN and self.value == Fraction(1, 2):
            return "过半"
        before = {Bound.AT_LEAST: "至少", Bound.MORE_THAN: "超过", Bound.AT_MOST: "不超过"}
        return words.joined(before.get(self.bound, ""), self.amount)


@dataclass(frozen=True)
class Outcome:
    """What a judge says: the verdict, and the arithmetic that led to it."""

    verdict: Verdict
    words: str


@dataclass(frozen=True)
class Asked:
    """What a judge is asked by: the day of the event, the figures as they hold for the unit."""

    on: date
    figures: Mapping[str, Figure]

    def __getitem__(self, key: str) -> Figure:
        return self.figures[key]


Judge = Callable[[F, Asked], Outcome]


@dataclass(frozen=True)
class Clause(Generic[F]):
    """What one edition says of a rule; without a judge it is known to say nothing of it.

    Raises ValueError for a clause that would block without an article and a day that are known.
    """

    edition: Edition
    mark: Mark
    force: Force
    asks: str
    judge: Judge[F] | None
    figures: tuple[Figure, ...] = ()
    article: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        sourced = self.article and self.edition.since and self.edition.regulation.title
        if self.force == Force.BLOCK and not (sourced and self.mark != Mark.GENERAL):
            raise ValueError(f"{self.asks}: only what is known by article and date may block")

    @property
    def doubts(self) -> tuple[str, ...]:
        """What of its source is still to be confirmed, in the order of reading."""
        since = self.edition.since
        found = (
            (self.mark != Mark.STORED, f"来源（{self.mark.label}）"),
            (not self.edition.regulation.title, "依据文件"),
            (not self.article, "条款"),
            (since is None or not since.exact, "施行日期"),
        )
        return tuple(name for missing, name in found if missing)

    @property
    def cited(self) -> str:
        """Return regulation, edition and article, 待核实 where one is missing."""
        if not (self.edition.regulation.title or self.article):
            return f"依据文件、条款{TO_CONFIRM}"
        return f"{self.edition}{self.article or f'条款{TO_CONFIRM}'}"

    @property
    def held_since(self) -> str:
        """Return from when it holds, as far as that is known: 2018年起（具体日期待核实）."""
        since = self.edition.since
        if since is None:
            return f"施行日期{TO_CONFIRM}"
        return f"{since}起{'' if since.exact else f'（具体日期{TO_CONFIRM}）'}"

    @property
    def silent(self) -> bool:
        """Whether this text is known to say nothing of the rule."""
        return self.judge is None

    @property
    def sourced(self) -> bool:
        """Whether it was found in a document itself, not at second hand nor by hearsay."""
        return self.mark == Mark.STORED

    def figure(self, key: str) -> Figure:
        """Return the figure; KeyError where this text has none of that name."""
        return {each.key: each for each in self.figures}[key]


@dataclass(frozen=True)
class Rule(Generic[F]):
    """One rule through its editions, the oldest first. The key begins with the field."""

    key: str
    title: str
    clauses: tuple[Clause[F], ...]

    @property
    def field(self) -> Field:
        """What it is about."""
        return Field(self.key.partition(".")[0])

    def clause_on(self, on: date) -> Clause[F] | None:
        """Return the clause that held on the day ``on``; None before the oldest that is kept."""
        held = [clause for clause in self.clauses if clause.edition.first <= on]
        return held[-1] if held else None


@dataclass(frozen=True)
class Tightening:
    """A figure that a unit tightened for itself and for those below it.

    ``until`` is the last day; ``by`` names the unit, ``basis`` its document.
    """

    rule: str
    figure: str
    value: Number
    by: str
    basis: str
    since: date
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it holds on the day ``on``."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Finding:
    """What a check found. ``clause`` None: no text of that time is kept."""

    rule: Rule[Any]
    verdict: Verdict
    words: str
    clause: Clause[Any] | None = None
    tightened: tuple[Tightening, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the step must not be taken."""
        blocking = self.clause is not None and self.clause.force == Force.BLOCK
        return blocking and self.verdict == Verdict.NOT_MET

    @property
    def reference(self) -> str:
        """Return regulation, edition, article, and whose own demand was applied."""
        if self.clause is None:
            return TO_CONFIRM
        own = "".join(f"；{each.by}从严规定（{each.basis}）" for each in self.tightened)
        return f"{self.clause.cited}{own}"
