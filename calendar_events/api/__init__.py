"""The API of this room: calendars, events, tasks, and the records that do tasks."""

from calendar_events.api.calendars import CalendarResource
from calendar_events.api.events import EventResource
from calendar_events.api.records import RecordResource
from calendar_events.api.tasks import TaskResource

__all__ = ["CalendarResource", "EventResource", "RecordResource", "TaskResource"]
