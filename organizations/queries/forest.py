"""The tree as it stood on a day, to be looked at: who stood below whom, under which name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from organizations.choices import MAY_LEAD, OrganizationKind
from organizations.models import FormerName, Organization, Placement
from organizations.models.organization import within
from organizations.models.role import LAST_STEP, STEP_LENGTH
from organizations.queries.heads import head_counts, subtree_head_counts
from organizations.queries.people import head_label
from organizations.queries.search import search_organizations
from organizations.queries.tree import placed_on

if TYPE_CHECKING:
    from accounts.models import User

# So many are unfolded at once; of a larger tree one level is shown, page by page.
MOST_UNFOLDED = 1000
A_PAGE = 50
_COLUMNS = (
    "organization_id", "path", "organization__name", "organization__short_name",
    "organization__kind", "organization__code",
)  # fmt: skip


def members_words(members: int | None) -> str:
    """118 人; 人数未填报 where nobody gave a figure."""
    return "人数未填报" if members is None else f"{members} 人"


@dataclass(eq=False)
class Node:
    """An organisation on a day. ``below`` counts all that stood under it, ``members`` theirs too.

    ``members`` None where nobody in the subtree gave a figure. ``shown`` are the direct ones.
    """

    pk: int
    path: str
    name: str
    short_name: str
    kind: str
    code: str
    head: str = ""
    below: int = 0
    members: int | None = None
    shown: list["Node"] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Short name where there is one."""
        return self.short_name or self.name

    @property
    def leads(self) -> bool:
        """Whether it is of a kind that has subordinates."""
        return self.kind in MAY_LEAD

    @property
    def kind_label(self) -> str:
        """党支部."""
        return str(OrganizationKind(self.kind).label)

    @property
    def members_words(self) -> str:
        """118 人; 人数未填报."""
        return members_words(self.members)


@dataclass(frozen=True)
class Forest:
    """What stood at or below ``top`` that somebody may see; all of it, or a page of one level."""

    on: date
    top: Node | None
    nodes: list[Node]
    count: int
    page: "Page[tuple[object, ...]] | None" = None


def places_on(user: "User", on: date) -> QuerySet[Placement]:
    """Return the places of the day ``on`` of those that ``user`` may see, in customary order."""
    seen = Organization.objects.visible_to(user).order_by().values("pk")
    rows = Placement.objects.filter(placed_on(on), organization__in=seen)
    return rows.order_by("organization__order", "organization_id")


def forest(user: "User", on: date, *, top: int | None = None, page: int = 1) -> Forest:
    """Return the tree of the day ``on`` from ``top`` down; the whole one without it.

    A constant number of queries. LookupError where ``top`` stood nowhere that ``user`` may see.
    """
    places = places_on(user, on)
    root = None
    if top is not None:
        root = next(iter(_nodes(places.filter(organization=top))), None)
        if root is None:
            raise LookupError(top)
        places = places.filter(within(root.path)).exclude(organization=top)
    rows = list(places.values_list(*_COLUMNS)[: MOST_UNFOLDED + 1])
    if len(rows) > MOST_UNFOLDED:
        return _level(places, on, root, page)
    nodes = [Node(*row) for row in rows]
    known = [root, *nodes] if root else nodes
    _name(known, on)
    _count(known, on)
    return Forest(on, root, _grown(nodes, root), len(nodes))


def _nodes(places: QuerySet[Placement]) -> list[Node]:
    return [Node(*row) for row in places.values_list(*_COLUMNS)]


def _grown(nodes: Iterable[Node], root: Node | None) -> list[Node]:
    """Hang each node on the nearest one above it that is shown; return the topmost."""
    by_path = {node.path: node for node in nodes}
    tops: list[Node] = []
    for node in by_path.values():
        above = next((by_path[path] for path in _above(node.path) if path in by_path), None)
        (above.shown if above else tops).append(node)
    if root is not None:
        root.shown = tops
    return tops


def _above(path: str) -> Iterable[str]:
    """The paths above, the nearest first."""
    return (path[:end] for end in range(len(path) - STEP_LENGTH, 0, -STEP_LENGTH))


def _count(nodes: list[Node], on: date) -> None:
    """Add up members and subordinates from below; two queries."""
    ids = [node.pk for node in nodes]
    heads, labels = head_counts(ids, on), head_label(ids, on)
    by_path = {node.path: node for node in nodes}
    for node in nodes:
        node.head = labels[node.pk]
        row = heads.get(node.pk)
        known = [each for each in (row.full, row.probationary) if each is not None] if row else []
        for path in (node.path, *_above(node.path)):
            above = by_path.get(path)
            if above is None:
                continue
            above.below += path != node.path
            if known:
                above.members = (above.members or 0) + sum(known)


def _level(places: QuerySet[Placement], on: date, root: Node | None, page: int) -> Forest:
    """One page of the direct subordinates of ``root``, or of the topmost, of a large tree."""
    direct = places.filter(parent=root.pk if root else None)
    shown = Paginator(direct.values_list(*_COLUMNS), A_PAGE).get_page(page)
    nodes = [Node(*row) for row in shown]
    known = [root, *nodes] if root else nodes
    _name(known, on)
    ids = [node.pk for node in known]
    totals, labels = subtree_head_counts(ids, on), head_label(ids, on)
    below = _below(ids, on)
    for node in known:
        node.head, node.below = labels[node.pk], below.get(node.pk, 0)
        figures = [totals[node.pk][head] for head in ("full", "probationary")]
        found = [each for each in figures if each is not None]
        node.members = sum(found) if found else None
    return Forest(on, root, nodes, shown.paginator.count, shown)


def _below(ids: list[int], on: date) -> dict[int, int]:
    """How many stood below each; a range of paths for each of a page."""
    under = (
        Placement.objects.filter(
            placed_on(on),
            path__gt=OuterRef("path"),
            path__lte=Concat(OuterRef("path"), Value(LAST_STEP)),
        )
        .order_by()
        .values(one=Value(1))
        .annotate(number=Count("pk"))
        .values("number")
    )
    rows = Placement.objects.filter(placed_on(on), organization__in=ids).order_by()
    counted = rows.annotate(number=Coalesce(Subquery(under), 0))
    return dict(counted.values_list("organization_id", "number"))


def _name(nodes: Iterable[Node], on: date) -> None:
    """Give each the names that it bore on the day ``on``; one query."""
    by_pk = {node.pk: node for node in nodes}
    former = FormerName.objects.filter(organization__in=by_pk, until__gt=on)
    # The latest first, so that the one which ended soonest after the day is set last.
    for row in former.order_by(F("until").desc(), "-pk"):
        if row.is_short:
            by_pk[row.organization_id].short_name = row.name
        else:
            by_pk[row.organization_id].name = row.name


def found_in_forest(user: "User", on: date, text: str, *, page: int = 1) -> "Page[Node]":
    """Return the organisations of the day ``on`` that ``text`` names, a page of them.

    By full, short and former names, pinyin, codes and schools, as everywhere.
    """
    named = search_organizations(Organization.objects.all(), text).order_by().values("pk")
    places = places_on(user, on).filter(organization__in=named)
    shown = Paginator(places.values_list(*_COLUMNS), A_PAGE).get_page(page)
    nodes = [Node(*row) for row in shown]
    _name(nodes, on)
    totals = subtree_head_counts([node.pk for node in nodes], on)
    labels = head_label([node.pk for node in nodes], on)
    for node in nodes:
        figures = [totals[node.pk][head] for head in ("full", "probationary")]
        found = [each for each in figures if each is not None]
        node.head, node.members = labels[node.pk], sum(found) if found else None
    shown.object_list = nodes
    return shown
