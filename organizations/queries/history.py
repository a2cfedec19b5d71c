"""What became of an organisation over the years, day by day, each with its document."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from organizations.choices import SuccessionKind
from organizations.models import (
    FormerName,
    FormerSchoolLink,
    Organization,
    Placement,
    SchoolLink,
    Succession,
)


@dataclass(frozen=True)
class Past:
    """One entry: the day, what kind of change, what it says, after which document.

    ``other`` is the organisation on the other side, where there is one to be led to.
    """

    on: date | None
    title: str
    words: str
    basis: str = ""
    other: Organization | None = None


def history_of(organization: Organization, *, seen: QuerySet[Organization]) -> list[Past]:
    """Return the history of ``organization``, the oldest first; five queries.

    Others are named as they are called today, and led to where they are among ``seen``.
    """
    told = [
        *_founding(organization),
        *_placements(organization),
        *_names(organization),
        *_schools(organization),
        *_successions(organization),
        *_closing(organization),
    ]
    ids = {each.other.pk for each in told if each.other}
    open_to = set(seen.filter(pk__in=ids).order_by().values_list("pk", flat=True))
    rows = [
        each if not each.other or each.other.pk in open_to else _closed_door(each) for each in told
    ]
    return sorted(rows, key=lambda each: each.on or date.min)


def _closed_door(each: Past) -> Past:
    return Past(each.on, each.title, each.words, each.basis)


def _founding(row: Organization) -> Iterator[Past]:
    basis = Placement.objects.filter(organization=row).order_by("since", "pk").first()
    yield Past(
        row.founded_on,
        "成立",
        "成立" if row.founded_on else "成立日期没有登记",
        basis.basis if basis else "",
    )


def _placements(row: Organization) -> Iterator[Past]:
    places = Placement.objects.filter(organization=row).select_related("parent")
    before = None
    for place in places.order_by("since", "pk"):
        above = place.parent
        if before is None:
            words = f"隶属「{above}」" if above else "最上级党组织"
            yield Past(place.since, "隶属", words, place.basis, above)
        elif above != before:
            words = f"由隶属「{before}」改为隶属「{above}」"
            yield Past(place.since, "调整隶属", words, place.basis, above)
        else:
            yield Past(place.since, "随上级调整", f"随「{above}」一同调整", place.basis, above)
        before = above


def _names(row: Organization) -> Iterator[Past]:
    later = {False: row.name, True: row.short_name}
    for name in FormerName.objects.filter(organization=row).order_by("-until", "-pk"):
        kind = "简称" if name.is_short else "全称"
        words = f"{kind}由「{name.name}」改为「{later[name.is_short]}」"
        yield Past(name.until, "改名", words, name.basis)
        later[name.is_short] = name.name


def _schools(row: Organization) -> Iterator[Past]:
    former = list(FormerSchoolLink.objects.filter(organization=row).select_related("school"))
    links: list[SchoolLink | FormerSchoolLink] = list(row.school_links.select_related("school"))
    for link in [*links, *former]:
        if link.since not in (None, row.founded_on):
            yield Past(link.since, "所在学校", f"增加「{link.school}」")
    for gone in former:
        yield Past(gone.until, "所在学校", f"不再包括「{gone.school}」", gone.basis)


def _successions(row: Organization) -> Iterator[Past]:
    found = Succession.objects.filter(Q(predecessor=row) | Q(successor=row))
    for each in found.select_related("predecessor", "successor"):
        merged, gone = each.kind == SuccessionKind.MERGED, each.predecessor == row
        other = each.successor if gone else each.predecessor
        if merged:
            words = f"并入「{other}」" if gone else f"「{other}」并入"
        else:
            words = f"分设出「{other}」" if gone else f"从「{other}」分设"
        note = "（后已恢复）" if each.taken_back else ""
        yield Past(each.on, str(each.get_kind_display()), f"{words}{note}", each.basis, other)


def _closing(row: Organization) -> Iterator[Past]:
    if row.closed_on is not None:
        yield Past(row.closed_on, "撤销", "撤销", row.basis)
