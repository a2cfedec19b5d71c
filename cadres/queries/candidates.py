"""Which organisations the database can't rule out: only these are judged one by one.

A condition here may let pass more than the rule does, never less: where units ask for more than the
regulations, the strictest demand of all of them is the line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from cadres.choices import COMMITTEE, PostKind
from cadres.models import Post, Term
from organizations.choices import OrganizationKind, RoleKind
from organizations.models import HeadCount, Organization, Role, SchoolLink, Tightening
from rulebook import setup, terms
from rulebook.calendar import add_months
from rulebook.model import Bound, Number, Rule

RULES: tuple[Rule[Any], ...] = (
    setup.BRANCH_FOUNDING,
    setup.JOINT_BRANCH_UNITS,
    setup.BRANCH_SIZE,
    setup.COMMITTEE,
    setup.VACANCIES,
    setup.GENERAL_BRANCH_SIZE,
    setup.PARTY_COMMITTEE_SIZE,
    terms.TERM,
    terms.REMINDER,
)
LEADING = (OrganizationKind.GENERAL_BRANCH, OrganizationKind.COMMITTEE)
_BRANCHES = (OrganizationKind.BRANCH, OrganizationKind.JOINT_BRANCH)
Lines = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Piece:
    """Organisations by their ids, both ends included."""

    first: int
    last: int

    def within(self, field: str = "pk") -> Q:
        """Condition on an id of an organisation."""
        return Q(**{f"{field}__gte": self.first, f"{field}__lte": self.last})


def strictest(on: date) -> Lines:
    """Return each figure as the strictest unit asks for it, by rule and figure; one query."""
    lines: dict[tuple[str, str], Number] = {}
    bounds: dict[tuple[str, str], Bound] = {}
    for rule in RULES:
        clause = rule.clause_on(on)
        for figure in clause.figures if clause else ():
            lines[rule.key, figure.key] = figure.value
            bounds[rule.key, figure.key] = figure.bound
    for row in Tightening.objects.held_on(on).filter(rule__in=[rule.key for rule in RULES]):
        key = row.rule, row.figure
        if key in lines:
            narrower = min if bounds[key] == Bound.AT_MOST else max
            lines[key] = narrower(lines[key], row.number)
    return {key: int(value) for key, value in lines.items()}


def candidates(piece: Piece, lines: Lines, on: date) -> list[int]:
    """Return the open organisations of ``piece`` that may not meet a rule; one statement.

    Not for the size of general branches and committees, which sums over their subtrees tell.
    """
    rows = Organization.objects.filter(piece.within()).open_on(on).annotate(**_facts(on))
    doubtful = _heads(lines) | _boards(lines) | _units(lines) | _terms(lines, on)
    return list(rows.filter(doubtful).order_by().values_list("pk", flat=True))


def leading(piece: Piece, on: date) -> list[int]:
    """Return the general branches and committees of ``piece``."""
    rows = Organization.objects.filter(piece.within(), kind__in=LEADING).open_on(on)
    return list(rows.order_by().values_list("pk", flat=True))


def _facts(on: date) -> dict[str, Any]:
    mine = OuterRef("pk")
    counted = HeadCount.objects.filter(organization=mine, on__lte=on).order_by("-on")
    running = Term.objects.current().filter(organization=mine)
    posts = Post.objects.filter(organization=mine).order_by()
    held, ever = posts.current(), posts.exclude(until=F("since"))
    seated = held.filter(kind__in=COMMITTEE).values("organization")
    roles = Role.objects.current(on).filter(organization=mine, kind=RoleKind.SECRETARY)
    links = SchoolLink.objects.filter(organization=mine).order_by().values("organization")
    return {
        "full": Subquery(counted.values("full")[:1]),
        "on_probation": Subquery(counted.values("probationary")[:1]),
        "seats": Subquery(running.values("seats")[:1]),
        "due": Subquery(running.values("due_on")[:1]),
        "put_off": Subquery(running.values("extended_until")[:1]),
        "reminded": Subquery(running.values("reminded_on")[:1]),
        "seated": Coalesce(Subquery(seated.values(n=Count("person", distinct=True))), 0),
        "had_member": Exists(ever.filter(kind=PostKind.MEMBER)),
        "had_secretary": Exists(ever.filter(kind=PostKind.SECRETARY)),
        "led": Exists(held.filter(kind=PostKind.SECRETARY)) | Exists(roles),
        "units": Coalesce(Subquery(links.values(n=Count("pk"))), 0),
    }


def _heads(lines: Lines) -> Q:
    few = Q(full__lt=lines[setup.BRANCH_FOUNDING.key, "full"])
    most = lines[setup.BRANCH_SIZE.key, "members"]
    many = Q(full__gt=most - F("on_probation"))
    return Q(kind__in=_BRANCHES) & (few | many)


def _boards(lines: Lines) -> Q:
    key = setup.COMMITTEE.key
    least, most = lines[key, "least"], lines[key, "most"]
    counted = Q(had_member=True) & (Q(seated__lt=least) | Q(seated__gt=most))
    elected = Q(had_member=False) & (Q(seats__lt=least) | Q(seats__gt=most))
    sized = Q(kind__in=_BRANCHES, full__gte=lines[key, "from"]) & (counted | elected)
    vacant = Q(had_secretary=True, led=False)
    return sized | vacant | Q(had_member=True, seats__gt=F("seated"))


def _units(lines: Lines) -> Q:
    most = lines[setup.JOINT_BRANCH_UNITS.key, "units"]
    return Q(kind=OrganizationKind.JOINT_BRANCH, units__gt=most)


def _terms(lines: Lines, on: date) -> Q:
    near = add_months(on, lines[terms.REMINDER.key, "months"])
    over = Q(due__lt=on) & (Q(put_off=None) | Q(put_off__lt=on))
    return over | Q(due__range=(on, near), reminded=None)
