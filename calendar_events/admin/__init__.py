"""The bureau's pages for calendars, events, tasks and the tables of days."""

from calendar_events.admin.calendars import CalendarAdmin
from calendar_events.admin.days import VacationAdmin, WorkdayOverrideAdmin
from calendar_events.admin.events import EventAdmin
from calendar_events.admin.tasks import TaskAdmin

__all__ = ["CalendarAdmin", "EventAdmin", "TaskAdmin", "VacationAdmin", "WorkdayOverrideAdmin"]
