"""Reads that other rooms ask of this one: who answers for whom, how many, and who is meant."""

from organizations.queries.heads import (
    HEADS,
    ROSTER_HEADS,
    head_counts,
    subtree_head_counts,
    summed_heads,
    swollen_counts,
)
from organizations.queries.neighbours import neighbours
from organizations.queries.people import (
    acting_words,
    head_label,
    responsible_people,
    reviewers_of,
    roles_besides,
    unit_of,
)
from organizations.queries.search import search_organizations
from organizations.queries.tightenings import tightenings_of
from organizations.queries.tree import ClosingEffects, closing_effects, paths_on

__all__ = [
    "HEADS",
    "ROSTER_HEADS",
    "ClosingEffects",
    "acting_words",
    "closing_effects",
    "head_counts",
    "head_label",
    "neighbours",
    "paths_on",
    "responsible_people",
    "reviewers_of",
    "roles_besides",
    "search_organizations",
    "subtree_head_counts",
    "summed_heads",
    "swollen_counts",
    "tightenings_of",
    "unit_of",
]
