"""What every step on posts and terms asks first."""

from datetime import date
from typing import TYPE_CHECKING

from cadres.choices import ROLE_OF, PostKind
from cadres.permissions import may_appoint, may_keep_for
from common.errors import DomainError, ForbiddenError
from organizations.models import Organization
from organizations.services.guards import check_open
from rulebook.words import day

if TYPE_CHECKING:
    from accounts.models import User


def check_may_keep(actor: "User | None", organization: Organization) -> None:
    """Refuse who keeps no terms of ``organization``; None is the system itself."""
    if actor is not None and not may_keep_for(actor, organization):
        raise ForbiddenError(f"「{organization}」的任期由上级党组织和局党委登记。")


def check_may_appoint(actor: "User | None", organization: Organization, kind: str) -> None:
    """Refuse who starts and ends no posts of ``kind`` there."""
    if actor is None or may_appoint(actor, organization, kind):
        return
    if kind in ROLE_OF:
        label = PostKind(kind).label
        raise ForbiddenError(f"{label}的任免随之变动账号权限，由局党委组织科登记。")
    raise ForbiddenError(f"「{organization}」的班子由上级党组织和局党委登记。")


def check_begun(organization: Organization, since: date, *, on: date, what: str) -> None:
    """Refuse a first day that is to come, and one on which the organisation wasn't there."""
    if since > on:
        raise DomainError(f"{what} {day(since)}还没有到，请到那天再登记。")
    check_open(organization, since)


def lock(organization: Organization) -> Organization:
    """Lock the row of ``organization``: two changes of its posts at once see each other."""
    held: Organization = Organization.objects.select_for_update().get(pk=organization.pk)
    return held
