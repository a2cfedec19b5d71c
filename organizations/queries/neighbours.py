"""What stands around an organisation in today's tree, for its page in the admin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from organizations.models import Organization
from organizations.models.role import steps
from organizations.queries.heads import Totals, subtree_head_counts
from organizations.queries.people import head_label

SHOWN = 20


@dataclass(frozen=True)
class Below:
    """One subordinate with its head and members, its own subordinates' included."""

    organization: Organization
    head: str
    members: str


@dataclass(frozen=True)
class Neighbours:
    """The way up from the root, who reports, and the direct subordinates, some of them shown."""

    organization: Organization
    above: Sequence[Organization]
    reporter: Organization | None
    below: Sequence[Below]
    count: int
    members: str

    @property
    def more(self) -> bool:
        """Whether there are subordinates that aren't shown."""
        return self.count > len(self.below)

    @property
    def reporting(self) -> str:
        """Who has its tasks and its monthly report."""
        if self.organization.closed_on is not None:
            return f"已于 {self.organization.closed_on:%Y-%m-%d} 撤销。"
        if self.reporter is None:
            return "没有所在学校（单位），任务和月报不默认发给它。"
        if self.reporter == self.organization:
            return "任务和月报默认发给它，包括它的下级党组织。"
        return f"任务和月报由「{self.reporter}」一并办理。"


def neighbours(organization: Organization, on: date, *, seen: QuerySet[Organization]) -> Neighbours:
    """Return them; six queries, whatever the number. Above only those among ``seen`` are named."""
    way = steps(organization.path)
    rows = seen.in_bulk(way)
    reporting = Organization.objects.filter(pk__in=way).reporting().in_bulk()
    reporter = next((reporting[pk] for pk in reversed(way) if pk in reporting), None)
    children = Organization.objects.filter(parent=organization).open_on(on)
    count = children.count()
    shown = list(children[:SHOWN])
    ids = [each.pk for each in shown]
    heads, totals = head_label(ids, on), subtree_head_counts([organization.pk, *ids], on)
    return Neighbours(
        organization,
        [rows[pk] for pk in way[:-1] if pk in rows],
        reporter,
        [Below(each, heads[each.pk], members_of(totals[each.pk])) for each in shown],
        count,
        members_of(totals[organization.pk]),
    )


def members_of(totals: Totals) -> str:
    """Full and probationary members together, in words where nobody has given them."""
    known = [totals[head] for head in ("full", "probationary") if totals[head] is not None]
    return str(sum(filter(None, known))) if known else "未填报"
