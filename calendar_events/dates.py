"""Days that follow from an event, and how days are written."""

from datetime import date

from calendar_events.models import Event
from common.workdays import Overrides, add_workdays
from notifications.texts import day_words


def default_due(event: Event, overrides: Overrides) -> date:
    """Return the last workday of the event's last month; ``overrides`` are the bureau's own days.

    Should overrides free the whole month, the last workday before it is taken.
    """
    year, month = event.year, event.last_month
    after = date(year + month // 12, month % 12 + 1, 1)
    return add_workdays(after, -1, overrides)


def due_of(event: Event, overrides: Overrides) -> date:
    """Return the due date that stands, or else the default one."""
    return event.due_on or default_due(event, overrides)


def full_day(day: date) -> str:
    """Return a day as pages show it: 2026年3月25日（周三）."""
    return f"{day.year}年{day_words(day)}"
