"""The bureau's pages about organisations; every change goes through a service."""

from organizations.admin.head_counts import HeadCountAdmin
from organizations.admin.organizations import OrganizationAdmin
from organizations.admin.schools import CampusAdmin, OfficeAdmin, SchoolAdmin, SchoolGroupAdmin
from organizations.admin.tightenings import TighteningAdmin

__all__ = [
    "CampusAdmin",
    "HeadCountAdmin",
    "OfficeAdmin",
    "OrganizationAdmin",
    "SchoolAdmin",
    "SchoolGroupAdmin",
    "TighteningAdmin",
]
