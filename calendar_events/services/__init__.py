"""Every change of state of calendars, events and tasks: one verb, one function."""

from calendar_events.services.asking import (
    AudienceChoice,
    FigureAsked,
    ask_figures,
    choose_audience,
)
from calendar_events.services.calendars import add_event, open_calendar, remove_event
from calendar_events.services.changes import cancel_event, extend_task, move_deadline
from calendar_events.services.days import clear_workday, set_vacation, set_workday
from calendar_events.services.feeds import make_feed, note_feed_used, revoke_feed, revoke_feeds_of
from calendar_events.services.filing import file_record, refile_record, withdraw_filed
from calendar_events.services.nudging import nudge, prepare_nudge
from calendar_events.services.planning import (
    EventPlan,
    arrange_events,
    join_event,
    plan_event,
    sort_event,
    sort_events,
    split_event,
)
from calendar_events.services.publishing import (
    Publication,
    create_adhoc_task,
    publication,
    publish_calendar,
)
from calendar_events.services.revising import Revision, revise_event, with_due
from calendar_events.services.rolling import RolledOver, check_roll_over, roll_over
from calendar_events.services.tasks import (
    cancel_closed,
    complete_task,
    complete_tasks,
    mark_not_applicable,
    reopen_task,
    reopen_withdrawn,
    return_task,
)

__all__ = [
    "AudienceChoice",
    "EventPlan",
    "FigureAsked",
    "Publication",
    "Revision",
    "RolledOver",
    "add_event",
    "arrange_events",
    "ask_figures",
    "cancel_closed",
    "cancel_event",
    "check_roll_over",
    "choose_audience",
    "clear_workday",
    "complete_task",
    "complete_tasks",
    "create_adhoc_task",
    "extend_task",
    "file_record",
    "join_event",
    "make_feed",
    "mark_not_applicable",
    "move_deadline",
    "note_feed_used",
    "nudge",
    "open_calendar",
    "plan_event",
    "prepare_nudge",
    "publication",
    "publish_calendar",
    "refile_record",
    "remove_event",
    "reopen_task",
    "reopen_withdrawn",
    "return_task",
    "revise_event",
    "revoke_feed",
    "revoke_feeds_of",
    "roll_over",
    "set_vacation",
    "set_workday",
    "sort_event",
    "sort_events",
    "split_event",
    "with_due",
    "withdraw_filed",
]
