"""Steps that cross rooms."""

from dataclasses import dataclass, field
from datetime import datetime

from cadres import due as terms
from cadres.services import end_closed
from calendar_events import due as tasks
from calendar_events.services import cancel_closed, reopen_withdrawn
from integrity import due as self_checks
from integrity.services import waive_closed as waive_self_checks
from notifications.hours import in_working_hours
from notifications.services import Counts, Mailed, send_deliveries, sweep
from reports import due as reports
from reports.services import open_due_periods, waive_closed


@dataclass(frozen=True)
class Reminded:
    """What one round of reminders came to: due rows written, digests, e-mails."""

    written: int = 0
    swept: Counts = field(default_factory=Counts)
    mailed: Mailed = field(default_factory=Mailed)


def remind(*, at: datetime) -> Reminded:
    """Open the periods that have begun, write what falls due, merge it into digests, send e-mails.

    Safe to run twice, by two workers at once, and to be killed in the middle. Outside working hours
    nobody is reminded: periods are opened, tasks whose record was withdrawn wait again, what closed
    organisations owe is settled, the rest is left to the first round of the next workday.
    """
    open_due_periods(actor=None, at=at)
    reopen_withdrawn(at=at)
    cancel_closed(at=at)
    waive_closed(at=at)
    end_closed(at=at)
    waive_self_checks(at=at)
    if not in_working_hours(at):
        return Reminded(swept=Counts(resting=True))
    rooms = (tasks, reports, terms, self_checks)
    written = sum(room.write_dues(at=at) for room in rooms)
    swept = sweep(at=at, outdated=[room.outdated for room in rooms])
    return Reminded(written, swept, send_deliveries(at=at))
