"""Standings that go along when their organisation is merged, split or closed."""

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common import audit
from common.errors import DomainError, ForbiddenError
from organizations.models import Organization, Roster
from organizations.permissions import may_manage_organizations
from people.choices import EndReason
from people.models import Standing
from people.services.counting import locked_rosters, recount

if TYPE_CHECKING:
    from accounts.models import User


def carry_standings(
    *,
    actor: "User | None",
    organization: Organization,
    into: Organization,
    on: date,
    at: datetime,
    persons: Collection[int] | None = None,
) -> int:
    """Let those on the roster of ``organization`` stand on that of ``into`` from the day ``on``.

    ``persons`` are the ids of those who go, None all. Each stays what they are; the former standing
    ends as 党组织撤并. Counts again where rosters count. A constant number of queries; returns how
    many went.
    """
    if actor is not None and not may_manage_organizations(actor):
        raise ForbiddenError("只有组织科的工作人员可以随党组织调整转移名册。")
    if on > timezone.localdate(at):
        raise DomainError(f"{on:%Y-%m-%d} 还没有到，请到那天再办理。")
    with transaction.atomic():
        since = locked_rosters([organization.pk, into.pk])
        held = Standing.objects.current().filter(organization=organization)
        if persons is not None:
            held = held.filter(person__in=list(persons))
        going = list(held.select_for_update(of=("self",)).select_related("person"))
        _check_days(organization, going, on, everybody=persons is None)
        Standing.objects.filter(pk__in=[each.pk for each in going]).update(
            until=on, ended_as=EndReason.MERGED, updated_at=at
        )
        Standing.objects.bulk_create(
            Standing(
                person_id=each.person_id, organization=into, kind=each.kind, since=on, created_at=at
            )
            for each in going
        )
        if going:
            audit.record(
                actor=actor,
                verb="people.carry_standings",
                obj=organization,
                after={"into": into, "on": on, "persons": len(going)},
                ids=[each.pk for each in going],
                at=at,
            )
            recount(actor=actor, since=since, at=at)
    return len(going)


def _check_days(
    organization: Organization, going: list[Standing], on: date, *, everybody: bool
) -> None:
    """Refuse a day before the last change of the roster: nobody may stand where nothing is."""
    late = next((each for each in going if each.since > on), None)
    if late is None and everybody:
        ended = Standing.objects.filter(organization=organization, until__gt=on)
        late = ended.exclude(until=F("since")).select_related("person").first()
    if late is not None:
        day = late.until if late.until else late.since
        raise DomainError(
            f"{late.person}在「{organization}」的名册 {day:%Y-%m-%d} 另有变动，日期不能早于这一天。"
        )


def is_counted(organization: Organization, on: date) -> bool:
    """Whether a roster counts the heads of ``organization`` on the day ``on``."""
    return Roster.objects.kept_on(on).filter(organization=organization).exists()
