"""Schools, the dated tree of Party organisations, roles, audiences, head counts."""

from organizations.models.audience import Audience
from organizations.models.history import FormerSchoolLink, Succession
from organizations.models.organization import (
    FormerName,
    HeadCount,
    Organization,
    OrganizationQuerySet,
    Placement,
    SchoolLink,
)
from organizations.models.role import Office, Role, RoleQuerySet
from organizations.models.roster import Roster
from organizations.models.school import (
    Campus,
    School,
    SchoolGroup,
    SchoolMembers,
    SchoolQuerySet,
)
from organizations.models.tightening import Tightening
from organizations.models.token import ApiToken

__all__ = [
    "ApiToken",
    "Audience",
    "Campus",
    "FormerName",
    "FormerSchoolLink",
    "HeadCount",
    "Office",
    "Organization",
    "OrganizationQuerySet",
    "Placement",
    "Role",
    "RoleQuerySet",
    "Roster",
    "School",
    "SchoolGroup",
    "SchoolLink",
    "SchoolMembers",
    "SchoolQuerySet",
    "Succession",
    "Tightening",
]
