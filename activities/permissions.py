"""Who may do what with a record, beside ``Record.objects.visible_to`` and ``editable_by``."""

from typing import TYPE_CHECKING

from activities.models import Record
from organizations.permissions import may_file_for

if TYPE_CHECKING:
    from accounts.models import User
    from organizations.models import Organization


def may_add(user: "User", organization: "Organization") -> bool:
    """Whoever holds a school role there, clerks included."""
    return may_file_for(user, organization)


def may_change(user: "User", record: Record) -> bool:
    """The same people, as long as the record stands."""
    return record.withdrawn_at is None and may_file_for(user, record.organization)
