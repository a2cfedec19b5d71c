"""The one check: the clause of the day, the figures as the unit holds them, what the judge says."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from rulebook.model import Finding, Rule, Tightening, Verdict
from rulebook.tightening import as_held
from rulebook.words import day

F = TypeVar("F")


def check(rule: Rule[F], facts: F, *, on: date, tightenings: Iterable[Tightening] = ()) -> Finding:
    """Judge ``facts`` by the text that held on the day ``on``, the day of the event.

    ``tightenings`` are those of the unit and of the units above it; others do no harm.
    """
    clause = rule.clause_on(on)
    if clause is None:
        oldest = rule.clauses[0].edition
        words = f"{oldest}自 {oldest.since}起施行，{day(on)}时的规定没有收录，无法判断"
        return Finding(rule, Verdict.UNKNOWN, words)
    if clause.judge is None:
        words = f"{day(on)}适用{clause.edition}，其中没有这一项"
        return Finding(rule, Verdict.NOT_APPLICABLE, words, clause)
    asked, used = as_held(rule, clause, on, tightenings)
    outcome = clause.judge(facts, asked)
    return Finding(rule, outcome.verdict, outcome.words, clause, used)
