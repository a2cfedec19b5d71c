"""What a school owes this room in a month, as rows of 本月: self-checks and rectifications."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from integrity.choices import SelfCheckState
from integrity.pages import mending_row, minutes_left, month_row
from integrity.queries import month_checks, open_rectifications_of

if TYPE_CHECKING:
    from organizations.models import Organization

MINUTES_TO_REPORT = 3


@dataclass(frozen=True)
class Duty:
    """One thing of a month: due when, how long it takes, the row that shows it."""

    due_on: date
    minutes: int
    row: dict[str, Any]
    done: bool = False
    returned: bool = False

    def is_late(self, on: date) -> bool:
        """Whether its day has passed; what was returned stands among that."""
        return not self.done and not self.returned and self.due_on < on

    def is_coming(self, on: date) -> bool:
        """Whether there is time left."""
        return not self.done and not self.returned and self.due_on >= on


def month_duties(
    organization: "Organization", *, first: date, last: date, now: bool, on: date
) -> list[Duty]:
    """Return what is due from ``first`` to ``last``; in the present month all that waits.

    One query, and one in the present month: what is to be mended is shown there alone.
    """
    duties = [
        Duty(
            row.assignment.due_on,
            minutes_left(row),
            month_row(row, on),
            done=not row.is_pending,
            returned=row.state == SelfCheckState.RETURNED,
        )
        for row in month_checks(organization, first=first, last=last, now=now)
    ]
    mending = open_rectifications_of(organization) if now else []
    duties += [Duty(each.due_on, MINUTES_TO_REPORT, mending_row(each, on)) for each in mending]
    return duties
