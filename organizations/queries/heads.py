"""Dated head counts: own ones and those of whole subtrees."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from organizations.models import HeadCount, Organization, Placement
from organizations.models.organization import within
from organizations.queries.tree import paths_on, placed_on, steps

HEADS = ("full", "probationary", "candidates", "activists", "staff")
# Up to so many subtrees are read by their ranges; with more the whole tree of the day is cheaper.
_FEW = 20

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


def subtree_head_counts(organization_ids: Iterable[int], on: date) -> dict[int, Totals]:
    """Return ``{organisation id: {head: sum}}`` over each subtree as it stood on the day ``on``.

    A sum takes what is known; it is None where nobody in the subtree gave the figure. Every id
    asked for has an entry. Three queries, whatever the number of organisations.
    """
    wanted = list(organization_ids)
    totals: dict[int, Totals] = {pk: dict.fromkeys(HEADS) for pk in wanted}
    inside = _ranges(paths_on(wanted, on))
    paths = dict(
        Placement.objects.filter(inside, placed_on(on)).values_list("organization", "path")
    )
    counted = HeadCount.objects.filter(
        organization__in=Placement.objects.filter(inside, placed_on(on)).values("organization")
    )
    for pk, *figures in _latest(counted, on).values_list("organization", *HEADS):
        for above in steps(paths[pk]):
            if above in totals:
                _add(totals[above], figures)
    return totals


def _ranges(paths: Mapping[int, str]) -> Q:
    if len(paths) > _FEW:
        return Q()
    condition = Q(pk__in=[])
    for path in paths.values():
        condition |= within(path)
    return condition


def _add(total: Totals, figures: Iterable[int | None]) -> None:
    for head, figure in zip(HEADS, figures, strict=True):
        if figure is not None:
            total[head] = (total[head] or 0) + figure


def counts_of_day(days: Iterable[date]) -> dict[tuple[int, date], Totals]:
    """Return ``{(organisation id, day): figures}`` of the rows stated for just these days."""
    rows = HeadCount.objects.filter(on__in=set(days)).values_list("organization", "on", *HEADS)
    return {(pk, on): dict(zip(HEADS, figures, strict=True)) for pk, on, *figures in rows}
