"""Every rule there is, field by field."""

from collections.abc import Iterator
from typing import Any

from rulebook import (
    appraisal,
    burden,
    development,
    evaluation,
    holdings,
    life,
    school_meetings,
    setup,
    terms,
    transfers,
    voting,
)
from rulebook.model import Figure, Rule

RULES: tuple[Rule[Any], ...] = (
    *setup.RULES,
    *terms.RULES,
    *voting.RULES,
    *life.RULES,
    *appraisal.RULES,
    *development.RULES,
    *transfers.RULES,
    *school_meetings.RULES,
    *evaluation.RULES,
    *burden.RULES,
    *holdings.RULES,
)
_BY_KEY = {rule.key: rule for rule in RULES}


def rule_of(key: str) -> Rule[Any]:
    """Return the rule of that name; KeyError where there is none."""
    return _BY_KEY[key]


def figures_of(rule: Rule[Any]) -> Iterator[Figure]:
    """Yield the figures of a rule through its editions, each name once, as the newest has it."""
    newest = {figure.key: figure for clause in rule.clauses for figure in clause.figures}
    yield from newest.values()
