"""Hours of training by year, held against what the rulebook asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from cadres.choices import COMMITTEE
from cadres.models import Post, TrainingRecord
from organizations.queries import tightenings_of
from people.models import Person
from rulebook.checking import check
from rulebook.life import LEADER_TRAINING, MEMBER_TRAINING, Training
from rulebook.model import Finding

YEARS_SHOWN = 3


@dataclass(frozen=True)
class YearHours:
    """The hours of one year; None: none were entered, which is not nought."""

    year: int
    hours: int | None
    finding: Finding

    @property
    def label(self) -> str:
        """40 学时, or that nobody entered any."""
        return "没有登记" if self.hours is None else f"{self.hours} 学时"


def hours_of(people: Iterable[int], year: int) -> dict[int, int]:
    """Return the hours that count in a calendar year; who has none entered has no entry."""
    rows = TrainingRecord.objects.credited().in_year(year).filter(person__in=list(people))
    return dict(rows.order_by().values_list("person").annotate(sum=Sum("hours")))


def years_of(person: Person, posts: Sequence[Post], *, on: date) -> list[YearHours]:
    """Return this year and those before with arithmetic and article, the newest first.

    ``posts`` are all of the person's: who sat in a committee in a year is asked for more hours.
    """
    first = on.year - YEARS_SHOWN + 1
    rows = TrainingRecord.objects.credited().filter(
        person=person, held_on__gte=date(first, 1, 1), held_on__lte=date(on.year, 12, 31)
    )
    summed: dict[int, int] = {}
    for held_on, hours in rows.values_list("held_on", "hours"):
        summed[held_on.year] = summed.get(held_on.year, 0) + hours
    return [_year(year, summed.get(year), posts, on) for year in range(on.year, first - 1, -1)]


def _year(year: int, hours: int | None, posts: Sequence[Post], on: date) -> YearHours:
    begin, end = date(year, 1, 1), date(year + 1, 1, 1)
    held = [
        post
        for post in posts
        if post.kind in COMMITTEE
        and post.since < end
        and (post.until is None or (post.until > begin and post.until > post.since))
    ]
    judged = min(on, date(year, 12, 31))
    asked = tightenings_of([held[0].organization_id], judged) if held else {}
    finding = check(
        LEADER_TRAINING if held else MEMBER_TRAINING,
        Training(hours, leads=bool(held), over=year < on.year),
        on=judged,
        tightenings=next(iter(asked.values()), ()),
    )
    return YearHours(year, hours, finding)
