"""The ledger on paper: one job, as its owner saw it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from cadres.models import LedgerRow
from common import audit
from common.errors import DomainError
from common.jobs import enqueue
from common.models import Job

if TYPE_CHECKING:
    from accounts.models import User

LEDGER_JOB = "cadres.print_ledger"
MOST_PRINTED = 2000


def print_ledger(*, actor: "User", organizations: QuerySet[LedgerRow], at: datetime) -> Job:
    """Have the ledger of these printed in their order.

    Whether the actor may see them, the door asks. Raises DomainError for none, and for more than
    anybody reads on paper.
    """
    ids = list(organizations.values_list("pk", flat=True)[: MOST_PRINTED + 1])
    if not ids:
        raise DomainError("没有符合条件的党组织，请换个筛选条件。")
    if len(ids) > MOST_PRINTED:
        raise DomainError(
            f"超过 {MOST_PRINTED} 个党组织，打印限 {MOST_PRINTED} 个以内，请先筛选，或导出 Excel。"
        )
    with transaction.atomic():
        audit.record(
            actor=actor, verb="cadres.print_ledger", model=LedgerRow,
            label=f"{len(ids)} 个党组织", ids=ids, at=at,
        )  # fmt: skip
        return enqueue(
            kind=LEDGER_JOB, label="打印书记台账", params={"organizations": ids}, owner=actor
        )
