"""People, their accounts and their roles in the admin."""

from people.admin.instructor import InstructorAdmin
from people.admin.person import PersonAdmin
from people.admin.role import RoleAdmin
from people.admin.standing import StandingAdmin
from people.admin.user import UserAdmin

__all__ = ["InstructorAdmin", "PersonAdmin", "RoleAdmin", "StandingAdmin", "UserAdmin"]
