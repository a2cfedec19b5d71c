"""Reads that other rooms ask of this one: who answers for whom, how many, and who is meant."""

from organizations.queries.heads import HEADS, head_counts, subtree_head_counts
from organizations.queries.people import head_label, responsible_people, reviewers_of
from organizations.queries.search import search_organizations
from organizations.queries.tree import ClosingEffects, closing_effects, paths_on

__all__ = [
    "HEADS",
    "ClosingEffects",
    "closing_effects",
    "head_counts",
    "head_label",
    "paths_on",
    "responsible_people",
    "reviewers_of",
    "search_organizations",
    "subtree_head_counts",
]
