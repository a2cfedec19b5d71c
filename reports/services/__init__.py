"""Every change of a monthly report: one verb, one function.

``actor`` None is the system itself (the scheduler, the seed); a user is checked for their role.
"""

from reports.services.corrections import ask_correction, decide_correction
from reports.services.filing import LONGEST_TEXT, prepare_report, submit_report
from reports.services.finals import finalise_period
from reports.services.periods import (
    change_plan,
    ensure_periods,
    make_periods,
    move_due_date,
    open_due_periods,
    open_period,
    resulting_spans,
)
from reports.services.printing import print_report, print_summary
from reports.services.reviewing import approve_report, return_report
from reports.services.waiving import expect_again, waive_closed

__all__ = [
    "LONGEST_TEXT",
    "approve_report",
    "ask_correction",
    "change_plan",
    "decide_correction",
    "ensure_periods",
    "expect_again",
    "finalise_period",
    "make_periods",
    "move_due_date",
    "open_due_periods",
    "open_period",
    "prepare_report",
    "print_report",
    "print_summary",
    "resulting_spans",
    "return_report",
    "submit_report",
    "waive_closed",
]
