"""Writing due rows, each once only."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from notifications.models import Due

ROWS_A_BATCH = 1000
T = TypeVar("T")


def write_dues(dues: Iterable[Due]) -> int:
    """Write reminders under their keys; those already written are passed over. Returns new ones.

    The key makes each of them once only, whoever writes it and however often. Texts longer than
    their column are cut: one long title must not keep everybody's reminders from being written.
    """
    written = 0
    for batch in batched(dues, ROWS_A_BATCH):
        known = set(
            Due.objects.filter(key__in=[due.key for due in batch]).values_list("key", flat=True)
        )
        fresh = [_fitted(due) for due in batch if due.key not in known]
        Due.objects.bulk_create(fresh, ignore_conflicts=True)
        written += len(fresh)
    return written


def _fitted(due: Due) -> Due:
    due.subject, due.unit = due.subject[:200], due.unit[:120]
    return due


def batched(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut ``rows`` into lists of at most ``size``."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
