"""The facts of organisations as the rulebook takes them, and what it says of them."""

import hashlib
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from cadres.queries.boards import Board, boards
from cadres.queries.candidates import LEADING, RULES, Lines, Piece, candidates, leading
from organizations.choices import OrganizationKind
from organizations.models import HeadCount, Organization, SchoolLink
from organizations.queries import head_counts, subtree_head_counts, tightenings_of
from rulebook import setup, terms
from rulebook.checking import check
from rulebook.model import NOT_DONE, Rule, Tightening, Verdict

_LONGEST_WORDS = 300
_LONGEST_REFERENCE = 400
_LONGEST_EDITION = 100


_OF_LEADING = (
    setup.VACANCIES,
    setup.GENERAL_BRANCH_SIZE,
    setup.PARTY_COMMITTEE_SIZE,
    terms.TERM,
    terms.REMINDER,
)
_OF_BRANCHES = tuple(
    rule for rule in RULES if rule not in (setup.GENERAL_BRANCH_SIZE, setup.PARTY_COMMITTEE_SIZE)
)
# The others say themselves that they don't apply: asking takes longer than knowing.
_ABOUT: dict[str, tuple[Rule[Any], ...]] = {
    kind: _OF_LEADING if kind in LEADING else _OF_BRANCHES for kind in OrganizationKind
}


@dataclass(frozen=True)
class Found:
    """A rule that an organisation doesn't meet; ``digest`` stands for the facts judged."""

    organization_id: int
    rule: str
    force: str
    words: str
    edition: str
    reference: str
    digest: str


@dataclass(frozen=True)
class _Facts:
    """Everything that the rules ask of one organisation."""

    organization_id: int
    setup: setup.Setup
    term: terms.Term
    tightenings: Sequence[Tightening]


def judged(piece: Piece, lines: Lines, on: date) -> list[Found]:
    """Return what the organisations of ``piece`` don't meet on the day ``on``.

    What is not known and what doesn't apply is no finding. Thirteen queries and two for each five
    hundred general branches and committees, whatever the number.
    """
    chosen = candidates(piece, lines, on)
    sums = _sums(leading(piece, on), lines, on)
    rows = Organization.objects.only("kind").in_bulk({*chosen, *sums})
    return [each for facts in _facts(list(rows.values()), sums, on) for each in _unmet(facts, on)]


def _sums(ids: Sequence[int], lines: Lines, on: date) -> dict[int, int]:
    """Return the members of those subtrees that are too small, as far as all are counted."""
    most = max(
        lines[setup.GENERAL_BRANCH_SIZE.key, "members"],
        lines[setup.PARTY_COMMITTEE_SIZE.key, "members"],
    )
    found = {}
    for pk, totals in subtree_head_counts(ids, on).items():
        full, probationary = totals["full"], totals["probationary"]
        if full is not None and probationary is not None and full + probationary < most:
            found[pk] = full + probationary
    incomplete = _with_uncounted(found, on)
    return {pk: members for pk, members in found.items() if pk not in incomplete}


def _with_uncounted(ids: Collection[int], on: date) -> set[int]:
    """Return those with a branch below that nobody has counted: their sum isn't known."""
    if not ids:
        return set()
    paths = dict(Organization.objects.filter(pk__in=list(ids)).values_list("pk", "path"))
    counted = HeadCount.objects.filter(on__lte=on, full__isnull=False, probationary__isnull=False)
    bare = Organization.objects.open_on(on).exclude(kind__in=LEADING)
    missing = list(
        bare.exclude(pk__in=counted.order_by().values("organization"))
        .order_by("path")
        .values_list("path", flat=True)
    )
    return {pk for pk, path in paths.items() if _has_below(path, missing)}


def _has_below(path: str, ordered: Sequence[str]) -> bool:
    place = bisect_left(ordered, path)
    return place < len(ordered) and ordered[place].startswith(path)


def _facts(rows: Sequence[Organization], sums: dict[int, int], on: date) -> Iterator[_Facts]:
    ids = [row.pk for row in rows]
    heads, held, asked = head_counts(ids, on), boards(ids, on, named=False), tightenings_of(ids, on)
    links = SchoolLink.objects.filter(organization__in=ids).order_by()
    units = dict(links.values_list("organization").annotate(n=Count("pk")))
    for row in rows:
        board = held[row.pk]
        own = _setup(row, heads.get(row.pk), board, units.get(row.pk), sums.get(row.pk))
        yield _Facts(row.pk, own, _term(row, board, on), asked[row.pk])


def _setup(
    row: Organization,
    heads: HeadCount | None,
    board: Board,
    units: int | None,
    summed: int | None,
) -> setup.Setup:
    full = heads.full if heads else None
    members = None
    if row.kind in LEADING:
        members = summed
    elif heads and heads.full is not None and heads.probationary is not None:
        members = heads.full + heads.probationary
    return setup.Setup(
        setup.Kind(row.kind),
        full=full,
        members=members,
        units=units if row.kind == OrganizationKind.JOINT_BRANCH else None,
        secretary=board.has_secretary,
        committee=board.committee,
        seats=board.seats,
    )


def _term(row: Organization, board: Board, on: date) -> terms.Term:
    term, kind = board.term, setup.Kind(row.kind)
    if term is None:
        return terms.Term(kind)
    put_off = term.extended_until is not None and on <= term.extended_until
    # Once a term is over nobody is told that no one was reminded of it: that it is over is enough.
    reminded = term.reminded_on or (NOT_DONE if on <= term.due_on else None)
    return terms.Term(kind, term.since, NOT_DONE, approved=put_off, reminded=reminded)


def _unmet(facts: _Facts, on: date) -> Iterator[Found]:
    for rule in _ABOUT[facts.setup.kind]:
        about: Any = facts.term if rule in (terms.TERM, terms.REMINDER) else facts.setup
        finding = check(rule, about, on=on, tightenings=facts.tightenings)
        if finding.verdict != Verdict.NOT_MET or finding.clause is None:
            continue
        yield Found(
            facts.organization_id,
            rule.key,
            finding.clause.force,
            finding.words[:_LONGEST_WORDS],
            str(finding.clause.edition)[:_LONGEST_EDITION],
            finding.reference[:_LONGEST_REFERENCE],
            _digest(rule, about, finding.words, finding.reference),
        )


def _digest(rule: Rule[Any], about: Any, words: str, reference: str) -> str:
    """Stand for the facts: the arithmetic says them all, but that of terms counts days as well."""
    said = words if isinstance(about, setup.Setup) else repr((rule.key, about))
    return hashlib.sha256(f"{said}\n{reference}".encode()).hexdigest()
