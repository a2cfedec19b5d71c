"""Posts and terms of Party organisations, and what the nightly check found."""

from cadres.models.facts import Cadre, CadreQuerySet, Qualification, QualificationQuerySet
from cadres.models.findings import Finding, FindingQuerySet
from cadres.models.ledger import LedgerRow
from cadres.models.plan import Target
from cadres.models.posts import Post, PostQuerySet
from cadres.models.terms import Term, TermQuerySet
from cadres.models.training import (
    TrainingClass,
    TrainingClassQuerySet,
    TrainingRecord,
    TrainingRecordQuerySet,
)

__all__ = [
    "Cadre",
    "CadreQuerySet",
    "Finding",
    "FindingQuerySet",
    "LedgerRow",
    "Post",
    "PostQuerySet",
    "Qualification",
    "QualificationQuerySet",
    "Target",
    "Term",
    "TermQuerySet",
    "TrainingClass",
    "TrainingClassQuerySet",
    "TrainingRecord",
    "TrainingRecordQuerySet",
]
