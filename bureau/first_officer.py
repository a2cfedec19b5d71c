"""The first officer of an empty installation, from whom every other right comes."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from common import audit
from common.errors import DomainError
from common.names import tidy_name
from organizations.choices import OrganizationKind, RoleKind
from organizations.models import Office, Organization
from organizations.services.roles import grant_role
from organizations.services.schools import save_office
from organizations.services.tree import found_organization
from people.models import Person

# Early enough for any organisation to be entered below it with its own date.
FOUNDED_ON = date(1949, 10, 1)
COMMITTEE = "教育局党委"
OFFICE = "组织科"


def is_needed() -> bool:
    """Whether nobody has an account yet."""
    return not User.objects.exists()


def appoint_first_officer(*, name: str, username: str, password: str, on: date) -> User:
    """Make user, person, committee, organisation office and the role; return the user.

    Works only while nobody has an account: a second officer is appointed by the first. The names of
    committee and office are provisional and changed in the admin. Doesn't judge the password's
    strength; the door does.
    """
    name, username = tidy_name(name), username.strip()
    if not name or not username:
        raise DomainError("请填写姓名和用户名。")
    with transaction.atomic():
        committee, office = _committee(), _office()
        list(Organization.objects.select_for_update().filter(pk=committee.pk))
        if not is_needed():
            raise DomainError("已有账号，请由组织科的工作人员在管理端授权。")
        user = _user(name=name, username=username, password=password)
        person = Person(user=user)
        person.bear(name)
        person.save()
        audit.record(actor=None, verb="bureau.appoint_first_officer", obj=user)
        grant_role(
            actor=None,
            user=user,
            organization=committee,
            kind=RoleKind.OFFICER,
            office=office,
            since=on,
        )
    return user


def _committee() -> Organization:
    held = Organization.objects.filter(parent=None, closed_on=None).first()
    return held or found_organization(
        actor=None,
        name=COMMITTEE,
        kind=OrganizationKind.COMMITTEE,
        code="BUREAU",
        parent=None,
        on=FOUNDED_ON,
    )


def _office() -> Office:
    held = Office.objects.filter(grants_roles=True).first()
    return held or save_office(actor=None, office=None, name=OFFICE, order=0, grants_roles=True)


def _user(*, name: str, username: str, password: str) -> User:
    user = User(name=name, username=username)
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        raise DomainError("；".join(error.messages)) from error
    user.save()
    return user
