"""People and their accounts in the admin."""

from people.admin.person import PersonAdmin
from people.admin.user import UserAdmin

__all__ = ["PersonAdmin", "UserAdmin"]
