"""What several verbs of this room check."""

from typing import TYPE_CHECKING

from common.errors import DomainError, ForbiddenError
from common.intake import is_broken
from integrity.permissions import may_plan

if TYPE_CHECKING:
    from accounts.models import User


def check_planner(actor: "User") -> None:
    """Raise ForbiddenError for who doesn't write and assign checklists."""
    if not may_plan(actor):
        raise ForbiddenError("清单由局机关工作人员（不限学校类别的）编写和布置。")


def checked_text(text: str, *, name: str, limit: int) -> str:
    """Return ``text`` on one line; raise DomainError where it is too long or no text."""
    if is_broken(text):
        raise DomainError(f"「{name}」里有看不见的字符，请重新输入。")
    told = " ".join(text.split())
    if len(told) > limit:
        raise DomainError(f"「{name}」写了 {len(told)} 字，最多 {limit} 字，请精简。")
    return told


def required_text(text: str, *, name: str, limit: int) -> str:
    """Return ``text`` as :func:`checked_text` does; raise DomainError where there is none."""
    told = checked_text(text, name=name, limit=limit)
    if not told:
        raise DomainError(f"请写明{name}。")
    return told
