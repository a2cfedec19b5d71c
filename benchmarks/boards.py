"""The nightly check of 30,000 organisations, beside its statements alone."""

from collections.abc import Iterator
from statistics import median

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from benchmarks.harness import Result, taken, within
from benchmarks.lab import LARGE, Lab
from cadres.queries import Piece, strictest
from cadres.queries.candidates import candidates, leading
from cadres.services import check_organizations
from organizations.models import Organization
from organizations.queries import subtree_head_counts


def checking(lab: Lab) -> Iterator[Result]:
    """A night on which nothing has changed: every finding is found again and confirmed."""
    lab.bureau(LARGE)
    at = timezone.now()
    with lab.databases.using(LARGE), transaction.atomic():
        check_organizations(actor=None, at=at)
        whole = [taken(lambda: check_organizations(actor=None, at=at)) for _ in range(lab.works)]
        bare = [taken(_statements) for _ in range(lab.works)]
        transaction.set_rollback(True)
    yield within("sentinel", median(whole), median(bare), "s", 3)


def _statements() -> None:
    """What rules the organisations out, and the sums over subtrees: all that grows with them."""
    ends = Organization.objects.aggregate(first=Min("pk"), last=Max("pk"))
    piece, on = Piece(ends["first"], ends["last"]), timezone.localdate()
    candidates(piece, strictest(on), on)
    subtree_head_counts(leading(piece, on), on)
