"""All the names by which organisations are known, for finding the one that a cell means."""

from collections.abc import Iterator
from datetime import date

from organizations.models import FormerName, Organization, SchoolLink

Entry = tuple[str, int, str]


def organization_names(on: date, *, with_schools: bool = True) -> Iterator[Entry]:
    """Yield (name, id, label) of every organisation open on the day ``on``; three queries.

    Full, short and former names and codes; ``with_schools``: the topmost organisation of a school
    also answers to the school's names and code. The label tells it from its namesakes.
    """
    rows = Organization.objects.open_on(on)
    labels: dict[int, str] = {}
    for pk, name, short_name, code in rows.values_list("pk", "name", "short_name", "code"):
        labels[pk] = f"{name}（{code}）"
        for known in {name, short_name, code}:
            yield known, pk, labels[pk]
    for name, pk in FormerName.objects.values_list("name", "organization"):
        if pk in labels:
            yield name, pk, labels[pk]
    if with_schools:
        links = SchoolLink.objects.filter(organization__in=rows.reporting().values("pk"))
        schools = ("organization", "school__name", "school__short_name", "school__code")
        for pk, *names in links.values_list(*schools):
            for known in set(names):
                yield known, pk, labels[pk]


def closed_names(on: date) -> Iterator[tuple[str, str]]:
    """Yield (name, what to tell) of every organisation closed by the day ``on``; two queries."""
    rows = Organization.objects.filter(closed_on__lte=on)
    told: dict[int, str] = {}
    for row in rows.only("pk", "name", "short_name", "code", "closed_on"):
        day = f"{row.closed_on:%Y-%m-%d}"
        told[row.pk] = f"「{row.name}」已于 {day} 撤销，请改写现在的党组织，或去掉这一行。"
        for known in (row.name, row.short_name, row.code):
            yield known, told[row.pk]
    former = FormerName.objects.filter(organization__in=rows)
    for name, pk in former.values_list("name", "organization"):
        yield name, told[pk]
