"""Who may do what with checklists and self-checks, beside ``visible_to`` and ``editable_by``."""

from typing import TYPE_CHECKING

from integrity.models import SelfCheck
from organizations.choices import RoleKind
from organizations.models.role import held_roles
from organizations.permissions import may_file_for, may_review, may_submit_for

if TYPE_CHECKING:
    from accounts.models import User


def may_plan(user: "User") -> bool:
    """Write checklists and assign them: officers not limited to kinds of school."""
    return any(role.kind == RoleKind.OFFICER and not role.school_kinds for role in held_roles(user))


def may_answer(user: "User", self_check: SelfCheck) -> bool:
    """Whoever holds a school role there fills in; a clerk too."""
    return may_file_for(user, self_check.organization)


def may_submit(user: "User", self_check: SelfCheck) -> bool:
    """Secretary, acting head or deputy hand in."""
    return may_submit_for(user, self_check.organization)


def may_return(user: "User", self_check: SelfCheck) -> bool:
    """Officers in whose kinds of school it lies, and reviewers of a superior organisation."""
    return may_review(user, self_check.organization)
