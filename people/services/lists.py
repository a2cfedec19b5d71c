"""The roster leaving the portal as a whole: onto paper masked, into a file with a reason."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common import audit
from common.errors import DomainError, ForbiddenError
from common.jobs import enqueue
from common.models import Job
from people.models import Standing, StandingQuerySet
from people.permissions import may_import_roster

ROSTER_JOB = "people.print_roster"
MOST_PRINTED = 2000
_SHORTEST_REASON = 2


def print_roster(*, actor: User, standings: StandingQuerySet, at: datetime) -> Job:
    """Have these printed in their order, numbers masked.

    Whether the actor may see them, the door asks. Raises DomainError for none, and for more than
    anybody reads on paper.
    """
    ids = list(standings.values_list("pk", flat=True)[: MOST_PRINTED + 1])
    if not ids:
        raise DomainError("没有符合条件的人，请换个筛选条件。")
    if len(ids) > MOST_PRINTED:
        raise DomainError(
            f"超过 {MOST_PRINTED} 人，打印限 {MOST_PRINTED} 人以内，请先筛选，或导出 Excel。"
        )
    with transaction.atomic():
        audit.record(
            actor=actor, verb="people.print_roster", model=Standing, label=f"{len(ids)} 人",
            ids=ids, at=at,
        )  # fmt: skip
        return enqueue(
            kind=ROSTER_JOB, label="打印党员名册", params={"standings": ids}, owner=actor
        )


def unmask_list(
    *, actor: User, standings: StandingQuerySet, reason: str, at: datetime
) -> list[Standing]:
    """Return these with their persons, to be handed out with whole numbers; logged with the ids."""
    if not may_import_roster(actor):
        raise ForbiddenError("只有局机关工作人员可以导出完整号码。")
    if len(reason.strip()) < _SHORTEST_REASON:
        raise DomainError("请写明导出完整号码的原因，例如：上报党统年报。")
    rows = list(standings.select_related("person", "organization"))
    audit.record(
        actor=actor,
        verb="people.unmask_list",
        model=Standing,
        label=f"{len(rows)} 人",
        after={"reason": reason.strip()[:200], "rows": len(rows)},
        ids=[row.pk for row in rows],
        at=at,
    )
    return rows
