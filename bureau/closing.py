"""Closing, merging and reopening an organisation with what it owes, and its posts.

The rooms below don't know of each other's duties. Nobody is left with one that can't be done: open
tasks are cancelled, pending reports become 无需报送 with the reason, posts and the term end. Nobody
is left on a roster that nobody keeps either: they go along to another organisation, and the head
counts follow. All of it in one transaction.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from cadres.services import end_closed, resume_term
from calendar_events.services import cancel_closed
from common.errors import DomainError
from integrity.services import waive_closed as waive_self_checks
from organizations import services as organizations
from organizations.choices import MergedSchool
from organizations.models import Campus, Organization
from organizations.queries import head_counts
from people.models import Standing
from people.services import carry_standings
from reports.choices import ReportState
from reports.models import Report
from reports.services import expect_again, waive_closed

if TYPE_CHECKING:
    from accounts.models import User


def reports_to_review(organization: Organization) -> list[str]:
    """Say what of an organisation that is to be closed waits for the bureau, for the preview."""
    waiting = Report.objects.filter(organization=organization, state=ReportState.SUBMITTED).count()
    return [f"{waiting} 份月报已提交，请照常审核；撤销后不能再退回。"] if waiting else []


def close_organization(
    *,
    actor: "User | None",
    organization: Organization,
    on: date,
    basis: str,
    at: datetime,
    members_to: Organization | None = None,
) -> Organization:
    """Close ``organization`` from the day ``on``, settle what it owes, hand its members over.

    Refused without ``members_to`` while somebody stands on its roster.
    """
    with transaction.atomic():
        closed = organizations.close_organization(
            actor=actor, organization=organization, on=on, basis=basis
        )
        if members_to is not None:
            _hand_over(actor, closed, members_to, on=on, at=at)
        _check_nobody_left(closed)
        _settle(actor, closed, at=at)
    return closed


def merge_organization(
    *,
    actor: "User | None",
    organization: Organization,
    into: Organization,
    on: date,
    basis: str,
    at: datetime,
    campus: str = "",
    school: str = MergedSchool.CAMPUS,
) -> Campus | None:
    """Merge ``organization`` into another with its members, and settle what it owes.

    The other has its own duties.
    """
    with transaction.atomic():
        gained = organizations.merge_organization(
            actor=actor,
            organization=organization,
            into=into,
            on=on,
            basis=basis,
            campus=campus,
            school=school,
        )
        _hand_over(actor, organization, into, on=on, at=at)
        _settle(actor, organization, at=at)
    return gained


def heads_after(step: Callable[[], object], into: Organization, *, on: date) -> list[str]:
    """Return how many members ``into`` has before and after ``step``, which is taken back."""
    before = _members(into, on)
    with transaction.atomic():
        step()
        after = _members(into, on)
        transaction.set_rollback(True)
    if before is None or after is None:
        return [f"「{into}」的党员人数没有填报或没有填全，请随后填报合并后的人数。"]
    if before == after:
        return [f"「{into}」的党员人数仍是 {after} 人，请核对是否已经包括并入的党员。"]
    return [f"「{into}」本级党员由 {before} 人变为 {after} 人（{after - before:+}）。"]


def _members(organization: Organization, on: date) -> int | None:
    row = head_counts([organization.pk], on).get(organization.pk)
    if row is None or row.full is None or row.probationary is None:
        return None
    return row.full + row.probationary


def _hand_over(
    actor: "User | None", closed: Organization, into: Organization, *, on: date, at: datetime
) -> None:
    """Carry the roster over; where figures are typed, add them up."""
    if into.closed_on is not None or into.pk == closed.pk:
        raise DomainError(f"「{into}」已经撤销，请另选党员转入的党组织。")
    carry_standings(actor=actor, organization=closed, into=into, on=on, at=at)
    organizations.join_head_counts(actor=actor, organization=closed, into=into, on=on)


def _check_nobody_left(closed: Organization) -> None:
    left = Standing.objects.current().filter(organization=closed).count()
    if left:
        raise DomainError(
            f"「{closed}」的名册里还有 {left} 人，请选择党员转入哪个党组织，或先为他们办理转出。"
        )


def reopen_organization(
    *, actor: "User | None", organization: Organization, basis: str, at: datetime
) -> int:
    """Take a mistaken closing back and ask for the reports again; return how many.

    Cancelled tasks stay cancelled: some of them may be long past. The term goes on; posts stay
    ended, as the roles do: who holds them now is entered anew.
    """
    closed_on = organization.closed_on
    with transaction.atomic():
        organizations.reopen_organization(actor=actor, organization=organization, basis=basis)
        resume_term(actor=actor, organization=organization, closed_on=closed_on, at=at)
        return expect_again(actor=actor, organization=organization, at=at)


def _settle(actor: "User | None", closed: Organization, *, at: datetime) -> None:
    cancel_closed(actor=actor, organization=closed, at=at)
    waive_closed(actor=actor, organization=closed, at=at)
    end_closed(actor=actor, organization=closed, at=at)
    waive_self_checks(actor=actor, organization=closed, at=at)
