"""Who may do what with a notice, beside ``Notice.objects.visible_to`` and ``editable_by``."""

from typing import TYPE_CHECKING

from notices.choices import NoticeState
from notices.models import Notice
from organizations.permissions import is_officer

if TYPE_CHECKING:
    from accounts.models import User


def may_draft(user: "User") -> bool:
    """Officers of the bureau."""
    return is_officer(user)


def may_change(user: "User", notice: Notice) -> bool:
    """The same, until the notice is issued."""
    return notice.state != NoticeState.ISSUED and is_officer(user)
