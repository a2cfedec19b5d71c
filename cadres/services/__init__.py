"""Every change of state in this room: one verb, one function. ``actor`` None is the system."""

from cadres.services.checking import (
    CHECK_JOB,
    Checked,
    check_now,
    check_organizations,
    dismiss_finding,
    order_check,
    restore_finding,
)
from cadres.services.closing import end_closed, resume_term
from cadres.services.posts import (
    CORRECTABLE,
    Appointment,
    carry_post,
    check_appointment,
    check_overlap,
    correct_post,
    end_post,
    hand_over,
    roles_with,
    start_post,
)
from cadres.services.printing import LEDGER_JOB, print_ledger
from cadres.services.reminding import MOST_REMINDED, draft_reminder, terms_to_remind
from cadres.services.terms import (
    MOST_SEATS,
    begin_term,
    correct_seats,
    extend_term,
    note_reminded,
    withdraw_term,
)

__all__ = [
    "CHECK_JOB",
    "CORRECTABLE",
    "LEDGER_JOB",
    "MOST_REMINDED",
    "MOST_SEATS",
    "Appointment",
    "Checked",
    "begin_term",
    "carry_post",
    "check_appointment",
    "check_now",
    "check_organizations",
    "check_overlap",
    "correct_post",
    "correct_seats",
    "dismiss_finding",
    "draft_reminder",
    "end_closed",
    "end_post",
    "extend_term",
    "hand_over",
    "note_reminded",
    "order_check",
    "print_ledger",
    "restore_finding",
    "resume_term",
    "roles_with",
    "start_post",
    "terms_to_remind",
    "withdraw_term",
]
