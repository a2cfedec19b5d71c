"""Which units have tightened what, for whom."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from organizations.models import Tightening
from organizations.models.role import steps
from organizations.queries.tree import paths_on
from rulebook import model as rulebook


def tightenings_of(
    organization_ids: Iterable[int], on: date
) -> dict[int, tuple[rulebook.Tightening, ...]]:
    """Return what each organisation and those above it ask for on the day ``on``.

    By the tree of that day. Every id asked for has an entry. At most two queries, one where nobody
    asks for anything.
    """
    asked = list(organization_ids)
    made: defaultdict[int, list[rulebook.Tightening]] = defaultdict(list)
    for row in Tightening.objects.held_on(on).select_related("organization"):
        made[row.organization_id].append(row.for_rulebook())
    paths = paths_on(asked, on) if made else {}
    return {
        pk: tuple(each for above in steps(paths.get(pk, "")) for each in made.get(above, ()))
        for pk in asked
    }
