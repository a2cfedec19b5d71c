"""Checklists, assignments and self-checks in the admin."""

from integrity.admin.assignments import AssignmentAdmin
from integrity.admin.editions import EditionAdmin
from integrity.admin.rectifications import RectificationAdmin
from integrity.admin.self_checks import SelfCheckAdmin

__all__ = ["AssignmentAdmin", "EditionAdmin", "RectificationAdmin", "SelfCheckAdmin"]
