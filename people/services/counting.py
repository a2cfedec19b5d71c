"""What a change of standings does to the head counts of those who keep their roster here."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from organizations.models import Roster
from organizations.services import state_roster_counts
from people.queries import roster_figures

if TYPE_CHECKING:
    from accounts.models import User


def locked_rosters(organization_ids: Iterable[int]) -> dict[int, date]:
    """Return the first day of each roster among these, locked: two changes at once count both.

    Inside a transaction, and before anything is read that the figures stand on.
    """
    rows = Roster.objects.filter(organization__in=set(organization_ids)).order_by("organization")
    return dict(rows.select_for_update().values_list("organization", "since"))


def recount(*, actor: "User | None", since: dict[int, date], at: datetime) -> None:
    """State the heads of these rosters again, from their first day on; three queries and one."""
    if since:
        state_roster_counts(actor=actor, counts=roster_figures(since), at=at)
