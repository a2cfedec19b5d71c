"""Closing, merging and reopening an organisation with what it owes, and its posts.

The rooms below don't know of each other's duties. Nobody is left with one that can't be done: open
tasks are cancelled, pending reports become 无需报送 with the reason, posts and the term end, all in
one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from cadres.models import Post
from cadres.services import end_closed
from calendar_events.choices import PENDING
from calendar_events.models import Task
from calendar_events.services import cancel_closed
from organizations import services as organizations
from organizations.models import Campus, Organization
from reports.choices import ReportState
from reports.models import Period, Report
from reports.services import expect_again, waive_closed

if TYPE_CHECKING:
    from accounts.models import User

_NAMED = 3


@dataclass(frozen=True)
class Duties:
    """What an organisation still owes, and what of it waits for the bureau."""

    tasks: int
    unreported: Sequence[Period]
    unreviewed: int
    posts: int = 0

    @property
    def sentences(self) -> list[str]:
        """What closing would make of them, in numbers."""
        told = []
        if self.tasks:
            told.append(f"它有 {self.tasks} 项任务没有办结，将一并取消；已办结的保留。")
        if self.unreported:
            named = "、".join(map(str, self.unreported[:_NAMED]))
            more = "等" if len(self.unreported) > _NAMED else ""
            told.append(
                f"它有 {len(self.unreported)} 份月报没有报（{named}{more}），将标为“无需报送”"
                "并写明原因，不再计入应报；要它自己报完的，请先催报再办撤销。"
            )
        if self.unreviewed:
            told.append(f"它有 {self.unreviewed} 份月报已提交，请照常审核；撤销后不能再退回。")
        if self.posts:
            told.append(f"它的班子有 {self.posts} 项任职，撤销那天起一并卸任；记录保留。")
        return told or ["它没有未办结的任务，也没有未报的月报。"]


def duties_of(organization: Organization) -> Duties:
    """Return what ``organization`` still owes, for the preview of its closing; four queries."""
    reports = Report.objects.filter(organization=organization)
    pending = reports.pending().select_related("period").order_by("-period__starts_on")
    return Duties(
        Task.objects.filter(organization=organization, state__in=PENDING).count(),
        [report.period for report in pending],
        reports.filter(state=ReportState.SUBMITTED).count(),
        Post.objects.current().filter(organization=organization).count(),
    )


def close_organization(
    *, actor: "User", organization: Organization, on: date, basis: str, at: datetime
) -> Organization:
    """Close ``organization`` from the day ``on`` and settle what it owes."""
    with transaction.atomic():
        closed = organizations.close_organization(
            actor=actor, organization=organization, on=on, basis=basis
        )
        _settle(actor, closed, at=at)
    return closed


def merge_organization(
    *,
    actor: "User",
    organization: Organization,
    into: Organization,
    on: date,
    basis: str,
    campus: str,
    at: datetime,
) -> Campus:
    """Merge ``organization`` into another and settle what it owes: the other has its own duties."""
    with transaction.atomic():
        gained = organizations.merge_organization(
            actor=actor, organization=organization, into=into, on=on, basis=basis, campus=campus
        )
        _settle(actor, organization, at=at)
    return gained


def reopen_organization(
    *, actor: "User", organization: Organization, basis: str, at: datetime
) -> int:
    """Take a mistaken closing back and ask for the reports again; return how many.

    Cancelled tasks stay cancelled: some of them may be long past.
    """
    with transaction.atomic():
        organizations.reopen_organization(actor=actor, organization=organization, basis=basis)
        return expect_again(actor=actor, organization=organization, at=at)


def _settle(actor: "User", closed: Organization, *, at: datetime) -> None:
    cancel_closed(actor=actor, organization=closed, at=at)
    waive_closed(actor=actor, organization=closed, at=at)
    end_closed(actor=actor, organization=closed, at=at)
