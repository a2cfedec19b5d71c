"""Steps that cross rooms."""

from dataclasses import dataclass
from datetime import datetime

from calendar_events.due import write_dues as write_task_dues
from notifications.services import send_deliveries, sweep
from reports.due import write_dues as write_report_dues
from reports.services import open_due_periods


@dataclass(frozen=True)
class Reminded:
    """What one round of reminders came to."""

    written: int
    digests: int
    dues: int
    emails: int
    resting: bool


def remind(*, at: datetime) -> Reminded:
    """Open the periods that have begun, write what falls due, merge it into digests, send e-mails.

    Safe to run twice, by two workers at once, and to be killed in the middle. Outside working hours
    only the opening happens.
    """
    open_due_periods(actor=None, at=at)
    written = write_task_dues(at=at) + write_report_dues(at=at)
    counts = sweep(at=at)
    emails = 0 if counts.resting else send_deliveries(at=at)
    return Reminded(written, counts.digests, counts.dues, emails, counts.resting)
