"""For whom a report speaks, and who reports at all: the tree as it stood on a day."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from organizations.models import Placement, SchoolLink
from organizations.models.organization import within
from organizations.queries.tree import placed_on
from reports.models import Report


def expected_on(on: date) -> list[int]:
    """Ids of the organisations that report: the topmost of each school, in the tree of ``on``."""
    above = SchoolLink.objects.filter(
        organization=OuterRef(OuterRef("parent")), school=OuterRef("school")
    )
    topmost = SchoolLink.objects.filter(organization=OuterRef("organization")).exclude(
        Exists(above)
    )
    placed = Placement.objects.filter(placed_on(on), Exists(topmost))
    return list(
        placed.order_by("organization__order", "organization_id").values_list(
            "organization", flat=True
        )
    )


def scope_of(report: Report) -> list[int]:
    """Ids of the organisations a report speaks for, in the tree of its period's last day.

    Its subtree, without those below it that report for themselves in the same period, and theirs.
    One that was closed during the period speaks for what it was on its own last day. Two queries.
    """
    path, on = _place(report)
    if not path:
        return [report.organization_id]
    reports = Report.objects.filter(organization=OuterRef("organization"), period=report.period_id)
    below = list(
        Placement.objects.filter(placed_on(on), within(path))
        .exclude(organization=report.organization_id)
        .order_by("organization_id")
        .annotate(reports_itself=Exists(reports))
        .values_list("organization", "path", "reports_itself")
    )
    apart = tuple(path for _, path, reports_itself in below if reports_itself)
    ours = [pk for pk, path, _ in below if not (apart and path.startswith(apart))]
    return [report.organization_id, *ours]


def _place(report: Report) -> tuple[str, date]:
    """Where the organisation stood last in the period, empty for nowhere, and on which day."""
    on = report.period.ends_on
    places = Placement.objects.filter(organization=report.organization_id, since__lte=on)
    held = places.filter(Q(until=None) | Q(until__gt=report.period.starts_on))
    path, until = held.order_by("-since").values_list("path", "until").first() or ("", None)
    if until is not None and until <= on:
        on = until - timedelta(days=1)
    return path, on
