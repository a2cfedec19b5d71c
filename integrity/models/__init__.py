"""Checklists, who answers them and what they answer."""

from integrity.models.assignment import (
    Answer,
    Assignment,
    AssignmentQuerySet,
    Evidence,
    SelfCheck,
    SelfCheckQuerySet,
)
from integrity.models.checklist import Checklist, Edition, EditionQuerySet, Item, Section
from integrity.models.rectification import (
    Rectification,
    RectificationQuerySet,
    RectificationStep,
)

__all__ = [
    "Answer",
    "Assignment",
    "AssignmentQuerySet",
    "Checklist",
    "Edition",
    "EditionQuerySet",
    "Evidence",
    "Item",
    "Rectification",
    "RectificationQuerySet",
    "RectificationStep",
    "Section",
    "SelfCheck",
    "SelfCheckQuerySet",
]
