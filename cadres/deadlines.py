"""When a term is over, when its superior reminds of it, how far it can be put off.

All of it out of ``rulebook.terms``, by the edition of the day of the election.
"""

from collections.abc import Iterable
from datetime import date

from rulebook import terms
from rulebook.calendar import add_years
from rulebook.model import Asked, Rule, Tightening
from rulebook.setup import Kind
from rulebook.tightening import as_held


def due_day(kind: str, since: date) -> date:
    """Return the day on which a term that began ``since`` is over."""
    return terms.due_on(Kind(kind), since, _asked(terms.TERM, since))


def remind_day(due: date, *, on: date, tightenings: Iterable[Tightening] = ()) -> date:
    """Return the day from which the superior reminds of a term that is over on ``due``."""
    return terms.remind_on(due, _asked(terms.REMINDER, on, tightenings))


def last_extension(due: date, tightenings: Iterable[Tightening] = ()) -> date:
    """Return the last day to which an election may be put off with approval."""
    return add_years(due, int(_asked(terms.TERM, due, tightenings)["shift"].value))


def _asked(rule: Rule[terms.Term], on: date, tightenings: Iterable[Tightening] = ()) -> Asked:
    """Return the figures of that day; before the oldest edition that is kept, those of that one."""
    clause = rule.clause_on(on) or rule.clauses[0]
    return as_held(rule, clause, on, tightenings)[0]
