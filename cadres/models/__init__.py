"""Posts and terms of Party organisations, and what the nightly check found."""

from cadres.models.findings import Finding, FindingQuerySet
from cadres.models.ledger import LedgerRow
from cadres.models.posts import Post, PostQuerySet
from cadres.models.terms import Term, TermQuerySet

__all__ = [
    "Finding",
    "FindingQuerySet",
    "LedgerRow",
    "Post",
    "PostQuerySet",
    "Term",
    "TermQuerySet",
]
