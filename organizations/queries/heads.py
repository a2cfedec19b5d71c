"""Dated head counts: own ones and those of whole subtrees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Sum

from organizations.models import HeadCount, Organization, Placement
from organizations.models.organization import within
from organizations.models.role import LAST_STEP, steps
from organizations.queries.tree import paths_on, placed_on

HEADS = ("full", "probationary", "candidates", "activists", "staff")
# Those that a roster of persons counts; staff are always typed.
ROSTER_HEADS = ("full", "probationary", "candidates", "activists")
_BATCH = 500
# Of so many subtrees all counts are looked at once: most of them lie in several.
_MANY = 5_000

Totals = dict[str, int | None]


def _latest(rows: Any, on: date) -> Any:
    newer = HeadCount.objects.filter(
        organization=OuterRef("organization"), on__gt=OuterRef("on"), on__lte=on
    )
    return rows.filter(~Exists(newer), on__lte=on)


def head_counts(
    organizations: Iterable[int] | Iterable[Organization], on: date
) -> dict[int, HeadCount]:
    """Return the own head count of each organisation as of ``on``, carried forward.

    ``{organisation id: row}``; organisations never counted are left out. One query.
    """
    rows = _latest(HeadCount.objects.filter(organization__in=organizations), on)
    return {row.organization_id: row for row in rows}


def summed_heads(organizations: Any, on: date) -> tuple[Totals, int]:
    """Return the sums of the own head counts as of ``on``, and how many organisations have one.

    ``organizations`` is a query or ids. None where nobody gave a figure. One query.
    """
    rows = _latest(HeadCount.objects.filter(organization__in=organizations), on)
    found = rows.aggregate(counted=Count("pk"), **{head: Sum(head) for head in HEADS})
    return found, found.pop("counted")


def subtree_head_counts(organization_ids: Iterable[int], on: date) -> dict[int, Totals]:
    """Return ``{organisation id: {head: sum}}`` over each subtree as it stood on the day ``on``.

    A sum takes what is known; it is None where nobody in the subtree gave the figure. Every id
    asked for has an entry. Two queries for each five hundred organisations, one for very many.
    """
    wanted = list(organization_ids)
    totals: dict[int, Totals] = {pk: dict.fromkeys(HEADS) for pk in wanted}
    if len(wanted) > _MANY:
        _add_up(totals, on)
        return totals
    with connection.cursor() as cursor:
        for at in range(0, len(wanted), _BATCH):
            placed = paths_on(wanted[at : at + _BATCH], on)
            if not placed:
                continue
            statement, values = _subtree_sums(placed, on)
            cursor.execute(statement, values)
            for pk, *sums in cursor.fetchall():
                totals[pk] = dict(zip(HEADS, sums, strict=True))
    return totals


def _add_up(totals: dict[int, Totals], on: date) -> None:
    """Add each own head count as of ``on`` to all that it belongs to."""
    place = "organization__placements"
    placed = Q(**{f"{place}__until": None}) | Q(**{f"{place}__until__gt": on})
    rows = _latest(HeadCount.objects.filter(placed, **{f"{place}__since__lte": on}), on)
    for path, *figures in rows.order_by().values_list(f"{place}__path", *HEADS):
        known = [each for each in zip(HEADS, figures, strict=True) if each[1] is not None]
        for sums in filter(None, map(totals.get, steps(path))):
            for head, figure in known:
                sums[head] = (sums[head] or 0) + figure


def _outermost(paths: Iterable[str]) -> list[str]:
    """Return the paths that lie below no other one."""
    found: list[str] = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return found


def _subtree_sums(placed: Mapping[int, str], on: date) -> tuple[str, list[int | str]]:
    """Return the statement: a join on ranges of paths, which the ORM has no words for.

    Summing in the database takes a tenth of the time of fetching a tree of 30,000 to do it here.
    The ranges are given in figures too: of a join alone the database can't tell how few rows it
    has, and would read every head count for a page of schools.
    """
    quote = connection.ops.quote_name
    day = str(connection.ops.adapt_datefield_value(on))
    sums = ", ".join(f"SUM(h.{quote(head)})" for head in HEADS)
    places = quote(Placement._meta.db_table)
    counts, at = quote(HeadCount._meta.db_table), quote("on")
    marks = ", ".join(["%s"] * len(placed))
    outer = _outermost(placed.values())
    ranges = " OR ".join(["(place.path >= %s AND place.path <= %s)"] * len(outer))
    # Names come from the models and are quoted; ids, paths and days are parameters.
    statement = f"""
        SELECT top.organization_id, {sums}
        FROM {places} top
        JOIN {places} place ON place.path >= top.path AND place.path <= top.path || %s
            AND place.since <= %s AND (place.until IS NULL OR place.until > %s)
        JOIN {counts} h ON h.organization_id = place.organization_id AND h.{at} <= %s
            AND NOT EXISTS (
                SELECT 1 FROM {counts} newer WHERE newer.organization_id = h.organization_id
                AND newer.{at} > h.{at} AND newer.{at} <= %s
            )
        WHERE ({ranges}) AND top.organization_id IN ({marks})
            AND top.since <= %s AND (top.until IS NULL OR top.until > %s)
        GROUP BY top.organization_id
    """  # noqa: S608
    bounds = [bound for path in outer for bound in (path, path + LAST_STEP)]
    return statement, [LAST_STEP, day, day, day, day, *bounds, *placed, day, day]


def counts_of_day(days: Iterable[date]) -> dict[tuple[int, date], Totals]:
    """Return ``{(organisation id, day): figures}`` of the rows stated for just these days."""
    rows = HeadCount.objects.filter(on__in=set(days)).values_list("organization", "on", *HEADS)
    return {(pk, on): dict(zip(HEADS, figures, strict=True)) for pk, on, *figures in rows}


@dataclass(frozen=True)
class Swollen:
    """An own figure that seems to have the subordinates' members in it already."""

    organization: Organization
    own: int
    below: int
    units: int

    @property
    def sentence(self) -> str:
        """Both figures, and what to do."""
        rest = self.own - self.below
        return (
            f"「{self.organization}」填的党员是 {self.own} 人，它的 {self.units} 个下级党组织已另填"
            f"合计 {self.below} 人，加起来是 {self.own + self.below} 人。人数不含下级党组织："
            f"如果 {self.own} 人里已算进下级，请改填只属于它自己的党员（应是 {rest} 人）。"
        )


def swollen_counts(organization_ids: Iterable[int], on: date) -> list[Swollen]:
    """Return whose own members are as many as all those below it, or more, on the day ``on``.

    Looks at these organisations and at all above them. Nobody is named while those below have no
    figures: then there is nothing to compare with.
    """
    below = Organization.objects.open_on(on).exclude(parent=None)
    leading = set(below.values_list("parent_id", flat=True))
    paths = paths_on(set(organization_ids), on)
    looked_at = {step for path in paths.values() for step in steps(path)} & leading
    own = {
        pk: sum(filter(None, (row.full, row.probationary)))
        for pk, row in head_counts(looked_at, on).items()
    }
    totals = subtree_head_counts([pk for pk in sorted(own) if own[pk]], on)
    found = []
    for pk, sums in totals.items():
        beneath = sum(filter(None, (sums["full"], sums["probationary"]))) - own[pk]
        if 0 < beneath <= own[pk]:
            found.append((pk, beneath))
    rows = Organization.objects.in_bulk([pk for pk, _beneath in found])
    return [
        Swollen(rows[pk], own[pk], beneath, _counted_below(rows[pk], on)) for pk, beneath in found
    ]


def _counted_below(organization: Organization, on: date) -> int:
    """How many organisations of the subtree have figures of their own."""
    places = Placement.objects.filter(placed_on(on), within(organization.path))
    counted = HeadCount.objects.filter(organization=OuterRef("organization"), on__lte=on)
    return places.exclude(organization=organization).filter(Exists(counted)).count()
