"""The forms of the bureau's calendar pages."""

from calendar_events.forms.asking import AdhocForm, PlanForm
from calendar_events.forms.importing import ImportForm, TakeInForm
from calendar_events.forms.lines import LineForm, OpenCalendarForm, SortForm, SplitForm
from calendar_events.forms.verbs import CommentForm, DayForm, MoveForm, ReasonForm, VacationForm

__all__ = [
    "AdhocForm",
    "CommentForm",
    "DayForm",
    "ImportForm",
    "LineForm",
    "MoveForm",
    "OpenCalendarForm",
    "PlanForm",
    "ReasonForm",
    "SortForm",
    "SplitForm",
    "TakeInForm",
    "VacationForm",
]
