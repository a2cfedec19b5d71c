"""Who reads and who keeps posts and terms (docs/adr: entered once, by whoever appoints)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from cadres.choices import ROLE_OF
from cadres.models import Cadre
from organizations.choices import BUREAU_ROLES, SCHOOL_ROLES, RoleKind
from organizations.models import Organization
from organizations.permissions import (
    holds,
    is_organization_office,
    may_count_heads,
    may_review,
)

if TYPE_CHECKING:
    from accounts.models import User


def may_read(user: "User") -> bool:
    """Whether ``user`` reads ledger, posts and terms of a scope: bureau, and reviewers theirs."""
    return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER)


def may_open_own(user: "User") -> bool:
    """Whether ``user`` has a page of their own organisation's posts: roles of schools."""
    return holds(user, *SCHOOL_ROLES)


def may_keep(user: "User") -> bool:
    """Whether ``user`` enters posts and terms at all: officers, and reviewers of a superior."""
    return holds(user, RoleKind.OFFICER, RoleKind.REVIEWER)


def may_keep_for(user: "User", organization: Organization) -> bool:
    """Whether ``user`` enters posts and terms of ``organization``; never one's own."""
    return is_organization_office(user) or may_review(user, organization)


def may_appoint(user: "User", organization: Organization, kind: str) -> bool:
    """Whether ``user`` starts and ends a post of ``kind``.

    Secretaries and deputies get a role of the portal with it, so who grants roles appoints them.
    """
    if kind in ROLE_OF:
        return is_organization_office(user)
    return may_keep_for(user, organization)


def may_check_all(user: "User") -> bool:
    """Whether ``user`` has all organisations checked at once: the organisation office."""
    return is_organization_office(user)


def may_import(user: "User") -> bool:
    """Whether ``user`` may import the ledger: the organisation office."""
    return is_organization_office(user)


def may_keep_files(user: "User") -> bool:
    """Whether ``user`` keeps the files of cadres at all: officers within their kinds of school."""
    return holds(user, RoleKind.OFFICER)


def may_keep_file(user: "User", people: Collection[int]) -> bool:
    """Whether ``user`` keeps the files of all these people, by id."""
    wanted = set(people)
    kept = Cadre.objects.editable_by(user).filter(pk__in=wanted)
    return bool(wanted) and kept.count() == len(wanted)


def may_train_for(user: "User", organization: Organization) -> bool:
    """Whether ``user`` keeps the training classes of ``organization``.

    Officers within their kinds of school, and who may hand in for the organisation itself.
    """
    return may_count_heads(user, organization)
