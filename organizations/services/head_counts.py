"""Stating how many there are, from a day on."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from common import audit
from common.errors import DomainError, ForbiddenError
from organizations.choices import HeadCountSource
from organizations.models import HeadCount, Organization
from organizations.permissions import may_count_heads
from organizations.queries import HEADS, head_counts

if TYPE_CHECKING:
    from accounts.models import User

MOST_HEADS = 99_999
HEAD_LABELS = {field.name: str(field.verbose_name) for field in HeadCount._meta.fields}


def record_head_count(
    *,
    actor: "User | None",
    organization: Organization,
    on: date,
    counts: Mapping[str, int | None],
    source: str = HeadCountSource.TYPED,
) -> HeadCount:
    """State the heads of ``organization`` from the day ``on``, subordinates left out.

    ``counts`` maps names of ``HEADS`` to figures; None says 'not known', a head left out keeps what
    the row before said. A second statement for the same day replaces the first; an equal one
    changes nothing and leaves no trace.
    """
    if actor is not None and not may_count_heads(actor, organization):
        raise ForbiddenError("您不能填报这个党组织的人数。")
    check_counts(counts)
    if organization.closed_on is not None and organization.closed_on <= on:
        raise DomainError(
            f"「{organization}」已于 {organization.closed_on:%Y-%m-%d} 撤销，不再统计人数。"
        )
    with transaction.atomic():
        before = head_counts([organization.pk], on).get(organization.pk)
        carried = {head: getattr(before, head) for head in HEADS} if before else {}
        new = {**carried, **counts}
        if before is not None and before.on == on and new == carried:
            return before
        held, _created = HeadCount.objects.update_or_create(
            organization=organization, on=on, defaults={**new, "source": source}
        )
        changed = [head for head, figure in new.items() if carried.get(head) != figure]
        audit.record(
            actor=actor,
            verb="organizations.count_heads",
            obj=held,
            before={head: carried[head] for head in changed if head in carried},
            after={head: new[head] for head in changed},
        )
    return held


def check_counts(counts: Mapping[str, int | None]) -> None:
    """Refuse unknown heads and figures that can't be."""
    unknown = set(counts) - set(HEADS)
    if unknown:
        raise LookupError(f"No such heads: {sorted(unknown)}.")
    for head, figure in counts.items():
        if figure is not None and not 0 <= figure <= MOST_HEADS:
            raise DomainError(f"{HEAD_LABELS[head]}写的是“{figure}”，应在 0–{MOST_HEADS} 之间。")
