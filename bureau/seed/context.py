"""What the seeds of the rooms hand to one another."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from activities.models import Record
from organizations.models import Office, Organization, School

_SEED = 20260301


@dataclass
class Context:
    """The day on which the bureau is shown, and what has been built so far.

    ``organizations`` and ``schools`` are found by short name, ``users`` by the part they play
    (``officer``, ``leader``, ``secretary`` ...), ``heads`` by the id of the organisation they
    answer for. ``rng`` is seeded: the same day gives the same bureau.
    """

    day: date
    rng: random.Random
    organizations: dict[str, Organization] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    heads: dict[int, User] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)

    @property
    def merged_on(self) -> date:
        """The latest 1 August that has come: on it 柳汀小学 went into 芙蓉小学."""
        this_year = date(self.day.year, 8, 1)
        return this_year if this_year <= self.day else date(self.day.year - 1, 8, 1)

    def ago(self, *, days: int) -> date:
        """The day so many days before the one shown."""
        return self.day - timedelta(days=days)

    def at(self, on: date, hour: int = 9, minute: int = 0) -> datetime:
        """An instant of office time."""
        return timezone.make_aware(datetime.combine(on, time(hour, minute)))


def new_context(day: date) -> Context:
    """Return an empty context for ``day``."""
    return Context(day=day, rng=random.Random(_SEED))  # noqa: S311 - reproducible on purpose
