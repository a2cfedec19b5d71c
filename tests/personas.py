"""A small bureau and the people who meet in every test of a door."""

from dataclasses import dataclass

from accounts.models import User
from organizations.choices import OrganizationKind, RoleKind
from organizations.models import Office, Organization, Role
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

    places = {
        "officer": (root, RoleKind.OFFICER),
        "leader": (root, RoleKind.LEADER),
        "reviewer": (above, RoleKind.REVIEWER),
        "secretary": (mine, RoleKind.SECRETARY),
        "deputy": (mine, RoleKind.DEPUTY),
        "clerk": (mine, RoleKind.CLERK),
        "other_secretary": (other, RoleKind.SECRETARY),
        "auditor": (root, RoleKind.AUDITOR),
    }
    # Most tests begin with these rows, so each table gets them in one go.
    made = User.objects.bulk_create(
        UserFactory.build(username=name, name=name) for name in (*places, "stranger")
    )
    people = {user.username: user for user in made}
    Role.objects.bulk_create(
        RoleFactory.build(
            user=people[name],
            organization=where,
            kind=kind,
            office=office if kind == RoleKind.OFFICER else None,
        )
        for name, (where, kind) in places.items()
    )
    return Bureau(root=root, office=office, mine=mine, other=other, **people)
