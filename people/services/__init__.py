"""Every change of state in this room: people and accounts, and the dated roster."""

from people.services.accounts import (
    PRINT_SLIPS,
    change_person,
    create_person,
    enter_person,
    give_user,
    issue_links,
    order_slips,
    reset_factor,
    switch_off,
    switch_on,
    unlock,
    unmask_mobile,
)
from people.services.carrying import carry_standings, is_counted
from people.services.entering import Entered, Entry, enter_standings
from people.services.instructors import assign_instructor, end_instructor
from people.services.lists import ROSTER_JOB, print_roster, unmask_list
from people.services.persons import add_person
from people.services.roster import (
    SECRET_FIELDS,
    change_standing,
    correct_person,
    end_standing,
    register_person,
    start_roster,
    start_standing,
    unmask,
)

__all__ = [
    "PRINT_SLIPS",
    "ROSTER_JOB",
    "SECRET_FIELDS",
    "Entered",
    "Entry",
    "add_person",
    "assign_instructor",
    "carry_standings",
    "change_person",
    "change_standing",
    "correct_person",
    "create_person",
    "end_instructor",
    "end_standing",
    "enter_person",
    "enter_standings",
    "give_user",
    "is_counted",
    "issue_links",
    "order_slips",
    "print_roster",
    "register_person",
    "reset_factor",
    "start_roster",
    "start_standing",
    "switch_off",
    "switch_on",
    "unlock",
    "unmask",
    "unmask_list",
    "unmask_mobile",
]
