"""Every change of state in this room: one verb, one function. ``actor`` None is the system."""

from cadres.services.closing import end_closed
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
from cadres.services.terms import (
    MOST_SEATS,
    begin_term,
    correct_seats,
    extend_term,
    note_reminded,
    withdraw_term,
)

__all__ = [
    "CORRECTABLE",
    "MOST_SEATS",
    "Appointment",
    "begin_term",
    "carry_post",
    "check_appointment",
    "check_overlap",
    "correct_post",
    "correct_seats",
    "end_closed",
    "end_post",
    "extend_term",
    "hand_over",
    "note_reminded",
    "roles_with",
    "start_post",
    "withdraw_term",
]
