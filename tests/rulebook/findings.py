"""Checks in one line: rule, facts, verdict, what is said."""

from datetime import date

from rulebook.checking import check
from rulebook.model import Verdict

MET, NOT_MET, PENDING = Verdict.MET, Verdict.NOT_MET, Verdict.PENDING
NA, UNKNOWN = Verdict.NOT_APPLICABLE, Verdict.UNKNOWN
ON = date(2026, 6, 1)


def said(rule, facts, *, on=ON, tightenings=()):
    found = check(rule, facts, on=on, tightenings=tightenings)
    return found.verdict, found.words


def verdict(rule, facts, *, on=ON, tightenings=()):
    return check(rule, facts, on=on, tightenings=tightenings).verdict
