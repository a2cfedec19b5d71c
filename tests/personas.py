"""A small bureau and the people who meet in every test of a door."""

from dataclasses import dataclass

from accounts.models import User
from organizations.choices import OrganizationKind, RoleKind
from organizations.models import Office, Organization
from tests.factories import (
    OfficeFactory,
    OrganizationFactory,
    RoleFactory,
    SchoolFactory,
    UserFactory,
)


@dataclass(frozen=True)
class Bureau:
    """One committee, an organisation office, two schools, and one user for each part they play."""

    root: Organization
    office: Office
    mine: Organization
    other: Organization
    officer: User
    leader: User
    reviewer: User
    secretary: User
    deputy: User
    clerk: User
    other_secretary: User
    auditor: User
    stranger: User


def build_bureau() -> Bureau:
    """Build it. ``reviewer`` watches over ``mine`` only, through a general branch above it."""
    root = OrganizationFactory(name="中共澄岚区教育局委员会", kind=OrganizationKind.COMMITTEE)
    office = OfficeFactory(name="组织科", grants_roles=True)
    above = OrganizationFactory(
        name="澄岚教育集团党总支", kind=OrganizationKind.GENERAL_BRANCH, parent=root
    )
    mine = OrganizationFactory(
        name="芙蓉小学党支部", parent=above, school=SchoolFactory(name="芙蓉小学")
    )
    other = OrganizationFactory(
        name="荷花小学党支部", parent=root, school=SchoolFactory(name="荷花小学")
    )

    def user(name: str, where: Organization, kind: str, **extra: object) -> User:
        person = UserFactory(username=name, name=name)
        RoleFactory(user=person, organization=where, kind=kind, **extra)
        return person

    return Bureau(
        root=root,
        office=office,
        mine=mine,
        other=other,
        officer=user("officer", root, RoleKind.OFFICER, office=office),
        leader=user("leader", root, RoleKind.LEADER),
        reviewer=user("reviewer", above, RoleKind.REVIEWER),
        secretary=user("secretary", mine, RoleKind.SECRETARY),
        deputy=user("deputy", mine, RoleKind.DEPUTY),
        clerk=user("clerk", mine, RoleKind.CLERK),
        other_secretary=user("other_secretary", other, RoleKind.SECRETARY),
        auditor=user("auditor", root, RoleKind.AUDITOR),
        stranger=UserFactory(username="stranger"),
    )
