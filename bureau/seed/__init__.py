"""The demonstration bureau: 栖江市澄岚区教育局党委, fictitious, with a year of history.

Each room has a module with ``build(context)``; they run in the order of ``ROOMS``, each finding in
the context what those before it made.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from bureau.seed import (
    boards,
    calendars,
    checklists,
    coverage,
    honours,
    notices,
    organizations,
    people,
    ranks,
    records,
    reports,
    rosters,
    rules,
    tasks,
)
from bureau.seed.context import Context, new_context
from common import audit
from organizations.models import Organization

# In this order: every room stands on those before it.
ROOMS: tuple[Callable[[Context], None], ...] = (
    organizations.build,
    people.build,
    organizations.merge,
    rules.build,
    calendars.build,
    records.build,
    calendars.move,
    tasks.build,
    reports.build,
    notices.build,
    checklists.build,
    notices.send_reminders,
    rosters.build,
    boards.build,
    boards.check,
    honours.build,
    coverage.build,
    ranks.build,
)


def build_bureau(*, day: date) -> Context | None:
    """Build the demonstration bureau as it stands on ``day``; None where there is data already.

    All or nothing: a seed that is interrupted leaves an empty database behind.
    """
    if Organization.objects.exists():
        return None
    context = new_context(day)
    with transaction.atomic():
        for build in ROOMS:
            build(context)
        audit.record(actor=None, verb="bureau.seed", label="示范局演示数据")
    return context
