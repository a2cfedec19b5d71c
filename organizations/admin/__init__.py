"""The bureau's pages about organisations; every change goes through a service."""

from organizations.admin.head_counts import HeadCountAdmin
from organizations.admin.organizations import OrganizationAdmin
from organizations.admin.roles import RoleAdmin
from organizations.admin.schools import CampusAdmin, OfficeAdmin, SchoolAdmin, SchoolGroupAdmin

__all__ = [
    "CampusAdmin",
    "HeadCountAdmin",
    "OfficeAdmin",
    "OrganizationAdmin",
    "RoleAdmin",
    "SchoolAdmin",
    "SchoolGroupAdmin",
]
