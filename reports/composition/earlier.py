"""The reports of an organisation before one of its own: they settle what still counts in it."""

from datetime import date
from typing import NamedTuple

from reports.models import Report


class Earlier(NamedTuple):
    """A report of an earlier period: which, how it stands, the first day it speaks of."""

    pk: int
    state: str
    starts_on: date


def earlier_reports(report: Report) -> list[Earlier]:
    """Return those of earlier periods, the latest first; one query."""
    rows = Report.objects.filter(
        organization=report.organization_id, period__ends_on__lt=report.period.starts_on
    ).order_by("-period__starts_on")
    return [Earlier(*row) for row in rows.values_list("pk", "state", "period__starts_on")]
