"""The structure of the ranks (队伍结构) on a day: how many in which band, held against the plan.

Everything is counted by the database. Who holds posts in schools of two kinds counts in both, and
once in the whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from cadres.bands import (
    AGES,
    KINDS_OF,
    UNKNOWN,
    YEARS_IN_POST,
    Comparison,
    Dimension,
    Group,
    Span,
    bands_of,
)
from cadres.models import Post, Qualification, Target
from cadres.qualities import FactKind
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

_FACTS = {
    Dimension.DEGREE: FactKind.DEGREE,
    Dimension.TITLE: FactKind.TITLE,
    Dimension.SUBJECT: FactKind.SUBJECT,
}


@dataclass(frozen=True)
class Held:
    """A band held against a target of the plan."""

    target: Target
    met: bool | None
    words: str


@dataclass(frozen=True)
class BandCount:
    """One band: how many, of how many."""

    key: str
    label: str
    count: int
    total: int
    held: Held | None = None

    @property
    def share(self) -> str:
        """41.4%; empty where there is nobody."""
        return f"{self.count * 100 / self.total:.1f}%" if self.total else ""

    @property
    def is_unknown(self) -> bool:
        """Whether of those of whom nobody wrote it down."""
        return self.key == UNKNOWN


@dataclass(frozen=True)
class DimensionCount:
    """One table and chart."""

    key: str
    label: str
    bands: Sequence[BandCount]


@dataclass(frozen=True)
class Structure:
    """The ranks of a group on a day."""

    group: Group
    on: date
    total: int
    dimensions: Sequence[DimensionCount]


def posts_of_group(user: "User", group: str, on: date) -> QuerySet[Post]:
    """Return the posts of a group that were held on a day within the scope of ``user``."""
    rows = Post.objects.visible_to(user).on(on)
    return rows.filter(kind__in=KINDS_OF[group]).order_by()


def structure(user: "User", group: str, on: date) -> Structure:
    """Count the ranks; nine queries, whatever the number of people."""
    posts = posts_of_group(user, group, on)
    total = posts.aggregate(people=Count("person", distinct=True))["people"]
    targets = _targets(group, on)
    return Structure(
        Group(group),
        on,
        total,
        [
            DimensionCount(
                dimension,
                dimension.label,
                _bands(dimension, _counted(dimension, posts, on), total, targets),
            )
            for dimension in Dimension
        ],
    )


def _counted(dimension: str, posts: QuerySet[Post], on: date) -> dict[str, int]:
    """Return how many people are in each band, where there are any."""
    if dimension in _FACTS:
        facts = Qualification.objects.on(on).filter(kind=_FACTS[Dimension(dimension)])
        inside = facts.filter(person__in=posts.values("person")).order_by()
        return dict(inside.values_list("value").annotate(people=Count("person", distinct=True)))
    rows: QuerySet[Any] = posts
    if dimension in (Dimension.AGE, Dimension.SEX):
        rows = Person.objects.filter(pk__in=posts.values("person")).order_by()
    counted = rows.annotate(band=_band(dimension, on)).values_list("band")
    of = "pk" if rows is not posts else "person"
    found = counted.annotate(people=Count(of, distinct=rows is posts))
    return {str(band or UNKNOWN): people for band, people in found}


def _band(dimension: str, on: date) -> Any:
    if dimension == Dimension.SEX:
        return Case(When(~Q(sex=""), then="sex"), default=Value(UNKNOWN))
    if dimension == Dimension.SCHOOL:
        kind = "organization__schools__kind"
        return Case(When(**{f"{kind}__isnull": False}, then=kind), default=Value(UNKNOWN))
    spans, column = (AGES, "born_on") if dimension == Dimension.AGE else (YEARS_IN_POST, "since")
    return Case(
        *(When(_within(span, column, on), then=Value(span.key)) for span in spans),
        default=Value(UNKNOWN),
    )


def _within(span: Span, column: str, on: date) -> Q:
    """Condition for days between ``first`` and ``limit`` years before ``on``."""
    newest = Q(**{f"{column}__lte": years_before(on, span.first)})
    if span.limit is None:
        return newest
    return newest & Q(**{f"{column}__gt": years_before(on, span.limit)})


def years_before(on: date, years: int) -> date:
    """Return the same day so many years earlier; 28 February for the leap day."""
    leap = (on.month, on.day) == (2, 29)
    return date(on.year - years, on.month, 28 if leap else on.day)


def _targets(group: str, on: date) -> dict[tuple[str, str], Target]:
    """Return by dimension and band the target that is due next."""
    found: dict[tuple[str, str], Target] = {}
    for target in Target.objects.filter(group=group, year__gte=on.year).order_by("year"):
        found.setdefault((target.dimension, target.band), target)
    return found


def _bands(
    dimension: Dimension,
    counted: dict[str, int],
    total: int,
    targets: dict[tuple[str, str], Target],
) -> list[BandCount]:
    """Return the bands in order; unknown is who is in none of them."""
    labels = bands_of(dimension)
    counts = {key: counted.get(key, 0) for key in labels}
    if dimension in _FACTS:
        counts[UNKNOWN] = max(0, total - sum(counted.values()))
    return [
        BandCount(
            key,
            label,
            counts[key],
            total,
            _held(targets.get((dimension, key)), counts[key], counts[UNKNOWN], total),
        )
        for key, label in labels.items()
    ]


def _held(target: Target | None, count: int, unknown: int, total: int) -> Held | None:
    """Hold a band against its target, with the arithmetic; unknown people may still decide it."""
    if target is None or not total:
        return None
    line = total * target.percent / 100
    least = target.comparison == Comparison.AT_LEAST
    needed = ceil(line) if least else floor(line)
    demand = f"{target.get_comparison_display()} {needed} 人"
    words = f"{total} 人 × {target.percent}%：{demand}，现有 {count} 人"
    if count >= needed if least else count <= needed and count + unknown <= needed:
        return Held(target, met=True, words=words)
    open_yet = count + unknown >= needed if least else count <= needed
    if open_yet and unknown:
        return Held(target, met=None, words=f"{words}，另有 {unknown} 人未填，填齐后才能判断")
    gap = needed - count if least else count - needed
    over = "还差" if least else "超出"
    return Held(target, met=False, words=f"{words}，{over} {gap} 人")


def people_behind(
    user: "User", group: str, on: date, dimension: str = "", band: str = ""
) -> QuerySet[Person]:
    """Return who stands behind a figure; without a dimension the whole group."""
    posts = posts_of_group(user, group, on)
    if dimension in (Dimension.YEARS, Dimension.SCHOOL):
        posts = posts.annotate(band=_band(dimension, on)).filter(band=band)
    people: QuerySet[Person] = Person.objects.filter(pk__in=posts.values("person"))
    if dimension in (Dimension.AGE, Dimension.SEX):
        people = people.annotate(band=_band(dimension, on)).filter(band=band)
    if dimension in _FACTS:
        facts = Qualification.objects.on(on).filter(kind=_FACTS[Dimension(dimension)])
        if band == UNKNOWN:
            return people.exclude(pk__in=facts.values("person"))
        people = people.filter(pk__in=facts.filter(value=band).values("person"))
    return people


def posts_by_person(
    user: "User", people: Iterable[int], group: str, on: date
) -> dict[int, list[Post]]:
    """Return the posts of the group for a page of people; one query."""
    found: dict[int, list[Post]] = {}
    rows = posts_of_group(user, group, on).filter(person__in=list(people))
    for post in rows.select_related("organization").order_by("organization__order", "since"):
        found.setdefault(post.person_id, []).append(post)
    return found
