"""The circular that issues the calendar, as a draft; reminders of the last days in the inboxes."""

from bureau.seed.context import Context
from bureau.services import remind
from calendar_events.circular import draft_circular
from calendar_events.models import Calendar
from common.models import overrides
from common.workdays import add_workdays, is_workday, nth_workday_of


def build(context: Context) -> None:
    """Draft the circular."""
    calendar = Calendar.objects.get(year=context.day.year)
    at = context.at(calendar.published_at.date() if calendar.published_at else context.day, 10)
    draft_circular(actor=context.users["officer"], calendar=calendar, at=at)


def send_reminders(context: Context) -> None:
    """Let the reminders of the month's first workday and of the last workday run."""
    days = overrides()
    first = nth_workday_of(context.day.year, context.day.month, 1, days)
    last = context.day if is_workday(context.day, days) else add_workdays(context.day, -1, days)
    for on in sorted({first, last}):
        if on <= context.day:
            remind(at=context.at(on, 9))
