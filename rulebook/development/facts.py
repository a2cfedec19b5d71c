"""What is kept of one person's way into the Party: dates, outcomes and numbers, no contents."""

from dataclasses import dataclass
from datetime import date

from rulebook.calendar import IsWorkday
from rulebook.model import NOT_DONE, Day


@dataclass(frozen=True)
class Development:
    """One person, as far as they have come. A day NOT_DONE: that step was not taken.

    Joining: ``applied``, ``talked``, ``activist`` (the branch decided it), ``filed`` above,
    ``sponsors`` of whom ``sponsors_full`` are full members, ``observed`` the days of observations.
    ``candidate`` is the day on which the person became a candidate (发展对象);
    ``candidate_filed`` above, ``superior_agreed``, then the public notice, both days included.

    Admission: ``introducers`` of whom ``introducers_full`` are full members, ``reviewed``: there is
    a conclusion of the political review; training; ``pre_reviewed`` by the superior; the members'
    ``meeting`` with its figures; ``approved``, ``special_case``: told to be one; ``leaves``: the
    day on which the person leaves the unit, NOT_DONE for staying.

    Probation: ``sworn``; ``extensions`` of together ``extended_months``; ``full_meeting`` and
    ``full_approved``; ``full_since`` the day of full membership, ``seniority_from`` (党龄).
    """

    born: date | None = None
    applied: Day = None
    talked: Day = NOT_DONE
    activist: Day = NOT_DONE
    filed: bool | None = None
    sponsors: int | None = None
    sponsors_full: int | None = None
    observed: tuple[date, ...] | None = None
    candidate: Day = NOT_DONE
    candidate_filed: bool | None = None
    superior_agreed: Day = None
    notice_first: date | None = None
    notice_last: date | None = None
    is_workday: IsWorkday | None = None
    introducers: int | None = None
    introducers_full: int | None = None
    reviewed: bool | None = None
    training_days: int | None = None
    training_hours: int | None = None
    pre_reviewed: Day = NOT_DONE
    meeting: Day = NOT_DONE
    entitled: int | None = None
    present: int | None = None
    in_favour: int | None = None
    secret_ballot: bool | None = None
    approved: Day = NOT_DONE
    special_case: bool = False
    leaves: Day = None
    sworn: Day = NOT_DONE
    extensions: int | None = None
    extended_months: int | None = None
    full_meeting: Day = NOT_DONE
    full_approved: Day = NOT_DONE
    full_since: date | None = None
    seniority_from: date | None = None
