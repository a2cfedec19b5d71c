"""The file of one cadre (干部档案): what the portal holds of somebody, gathered for one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F

from cadres.choices import COMMITTEE
from cadres.models import Cadre, Post, Qualification, TrainingRecord
from cadres.qualities import FactKind
from cadres.queries.hours import YearHours, years_of
from honours.models import Honour
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User

_RECORDS_SHOWN = 30


@dataclass(frozen=True)
class Stay:
    """Posts held one after another in the same organisation, with no day between."""

    organization: Organization
    since: date
    in_post_since: date
    on: date

    @property
    def words(self) -> str:
        """芙蓉小学：连续任职 6 年 2 个月，任现职 1 年."""
        here, post = elapsed(self.since, self.on), elapsed(self.in_post_since, self.on)
        return f"{self.organization.label}：连续任职 {here}，任现职 {post}"


@dataclass(frozen=True)
class FactLine:
    """One kind of fact: what holds, and what held before."""

    label: str
    now: Sequence[Qualification]
    before: Sequence[Qualification]


@dataclass(frozen=True)
class TwoFold:
    """Party work and teaching side by side (双带头人); ``both`` None: it can't be told."""

    party: str
    teaching: str
    both: bool | None

    @property
    def label(self) -> str:
        """The answer in words."""
        return {True: "具备", False: "不具备", None: "无法判断"}[self.both]


@dataclass(frozen=True)
class CadreFile:
    """Everything on the page."""

    person: Cadre
    on: date
    posts: Sequence[Post]
    facts: Sequence[FactLine]
    years: Sequence[YearHours]
    trainings: Sequence[TrainingRecord]
    stays: Sequence[Stay]
    two_fold: TwoFold
    honours: Sequence[Honour]

    @property
    def current(self) -> list[Post]:
        """The posts held today."""
        return [post for post in self.posts if post.until is None]


def cadre_file(person: Cadre, *, user: "User", on: date) -> CadreFile:
    """Gather the file as ``user`` may see it; a constant number of queries."""
    rows = Post.objects.visible_to(user).filter(person=person).exclude(until=F("since"))
    posts = list(rows.select_related("organization").order_by("-since", "-id"))
    facts = list(Qualification.objects.held().filter(person=person).order_by("-since", "-id"))
    trainings = TrainingRecord.objects.credited().filter(person=person)
    honours = Honour.objects.confirmed().filter(person=person)
    return CadreFile(
        person=person,
        on=on,
        posts=posts,
        facts=_lines(facts, on),
        years=years_of(person, posts, on=on),
        trainings=list(trainings[:_RECORDS_SHOWN]),
        stays=_stays(posts, on),
        two_fold=_two_fold(posts, facts, on),
        honours=list(honours),
    )


def _lines(facts: Sequence[Qualification], on: date) -> list[FactLine]:
    return [
        FactLine(
            kind.label,
            [each for each in facts if each.kind == kind and each.holds_on(on)],
            [each for each in facts if each.kind == kind and not each.holds_on(on)],
        )
        for kind in FactKind
    ]


def _stays(posts: Sequence[Post], on: date) -> list[Stay]:
    """Return one stay for each organisation in which a post is held."""
    stays: dict[int, Stay] = {}
    for post in posts:
        if post.until is not None:
            continue
        known = stays.get(post.organization_id)
        in_post = min(post.since, known.in_post_since) if known else post.since
        first = _unbroken(posts, post.organization_id, post.since)
        stays[post.organization_id] = Stay(post.organization, first, in_post, on)
    return list(stays.values())


def _unbroken(posts: Sequence[Post], organization: int, first: date) -> date:
    """Go back from ``first`` as long as another post there ended no earlier; newest come first."""
    for post in posts:
        ended = post.until is not None and post.until >= first
        if post.organization_id == organization and ended:
            first = min(first, post.since)
    return first


def _two_fold(posts: Sequence[Post], facts: Sequence[Qualification], on: date) -> TwoFold:
    held = [post for post in posts if post.until is None and post.kind in COMMITTEE]
    named = [each for each in facts if each.kind == FactKind.BACKBONE]
    valid = [each for each in named if each.holds_on(on)]
    party = "、".join(f"{each.organization.label}{each.title}" for each in held)
    teaching = "、".join(each.label for each in valid)
    both = bool(held) and bool(valid) if named or not held else None
    return TwoFold(
        party or "现在不任支部书记、副书记、委员",
        teaching or ("骨干称号已过有效期" if named else "没有登记骨干称号"),
        both,
    )


def elapsed(since: date, on: date) -> str:
    """Return 6 年 2 个月; whole calendar months."""
    months = (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)
    years, rest = divmod(max(months, 0), 12)
    parts = (f"{years} 年" if years else "", f"{rest} 个月" if rest else "")
    return " ".join(part for part in parts if part) or "不满 1 个月"
