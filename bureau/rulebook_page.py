"""The rulebook as a page shows it: field by field, editions side by side, demands of one's own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.model import Clause, Field, Rule, Tightening
from rulebook.registry import RULES, figures_of
from rulebook.tightening import may_tighten


@dataclass(frozen=True)
class Wanted:
    """What narrows the page: a field, a force, words, only what is to be confirmed; the day."""

    on: date
    field: str = ""
    force: str = ""
    search: str = ""
    unconfirmed: bool = False


@dataclass(frozen=True)
class Own:
    """A figure that a unit tightened, in words."""

    label: str
    demand: str
    by: str
    basis: str
    since: date


@dataclass(frozen=True)
class Row:
    """A rule: the clause of the day (None: no text is kept), the others, newest first."""

    rule: Rule[Any]
    clause: Clause[Any] | None
    others: tuple[Clause[Any], ...]
    own: tuple[Own, ...]

    @property
    def changed(self) -> bool:
        """Whether the text of the day asks for something else than the one before it."""
        older = [each for each in self.others if self._before(each)]
        return bool(older and self.clause and older[0].asks != self.clause.asks)

    def _before(self, other: Clause[Any]) -> bool:
        return self.clause is not None and other.edition.first < self.clause.edition.first

    @property
    def tightenable(self) -> str:
        """The first figure that may be tightened, as the form of a demand names it."""
        offered = (figure.key for figure in figures_of(self.rule) if may_tighten(figure))
        first = next(offered, "")
        return f"{self.rule.key}:{first}" if first else ""


@dataclass(frozen=True)
class Group:
    """The rules of a field."""

    title: str
    rows: tuple[Row, ...]


def groups(wanted: Wanted, own: Iterable[Tightening]) -> list[Group]:
    """Return what fits, field by field; fields in which nothing does are left out."""
    held = list(own)
    rows = [_row(rule, wanted.on, held) for rule in RULES]
    shown = [row for row in rows if _fits(row, wanted)]
    found = (
        Group(field.label, tuple(row for row in shown if row.rule.field == field))
        for field in Field
    )
    return [group for group in found if group.rows]


def _row(rule: Rule[Any], on: date, own: list[Tightening]) -> Row:
    clause = rule.clause_on(on)
    others = tuple(each for each in reversed(rule.clauses) if each is not clause)
    return Row(rule, clause, others, tuple(_own(rule, own)))


def _own(rule: Rule[Any], own: list[Tightening]) -> Iterator[Own]:
    figures = {figure.key: figure for figure in figures_of(rule)}
    for each in own:
        figure = figures.get(each.figure) if each.rule == rule.key else None
        if figure is not None:
            demand = figure.with_value(each.value).demand
            yield Own(figure.label, demand, each.by, each.basis, each.since)


def _fits(row: Row, wanted: Wanted) -> bool:
    clause = row.clause or row.others[0]
    return (
        wanted.field in ("", row.rule.field.value)
        and wanted.force in ("", clause.force.value)
        and not (wanted.unconfirmed and clause.sourced)
        and all(word in _text(row) for word in wanted.search.split())
    )


def _text(row: Row) -> str:
    clauses = filter(None, (row.clause, *row.others))
    said = (f"{clause.asks} {clause.cited}" for clause in clauses)
    own = (f"{each.by} {each.basis}" for each in row.own)
    return " ".join([row.rule.title, row.rule.field.label, *said, *own])
