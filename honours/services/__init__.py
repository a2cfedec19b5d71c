"""Every change of the register of honours."""

from honours.services.entering import Entered, Entry, enter_honours
from honours.services.register import (
    LONGEST_REASON,
    Facts,
    confirm_honour,
    correct_honour,
    drafted,
    enter_honour,
    facts_of,
    withdraw_honour,
)

__all__ = [
    "LONGEST_REASON",
    "Entered",
    "Entry",
    "Facts",
    "confirm_honour",
    "correct_honour",
    "drafted",
    "enter_honour",
    "enter_honours",
    "facts_of",
    "withdraw_honour",
]
