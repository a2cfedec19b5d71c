"""Merging due rows: one digest for each person, whatever happens in the middle."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter

from django.db import connection, models, transaction
from django.utils import timezone

from notifications.choices import Channel
from notifications.hours import in_working_hours
from notifications.models import Delivery, Digest, Due
from notifications.services.dues import ROWS_A_BATCH, batched
from notifications.services.group_texts import write_digest_text
from notifications.stages import Stage
from notifications.texts import digest_words

# One transaction: it holds SQLite's lock for less than half a second. With much smaller ones the
# first sweep of an empty PostgreSQL plans its foreign key checks as scans: thrice as slow.
PERSONS_A_BATCH = 500

# A room's answer to: which of these waiting rows speak of what is no longer so? Returns their ids.
Outdated = Callable[[Sequence[Due], datetime], Collection[int]]


@dataclass(frozen=True)
class Counts:
    """What a sweep did: digests written, rows in them, rows withdrawn because they had no point."""

    digests: int = 0
    dues: int = 0
    withdrawn: int = 0
    resting: bool = False


def sweep(*, at: datetime, outdated: Sequence[Outdated] = ()) -> Counts:
    """Merge everything due by ``at`` into one digest for each person; outside working hours rest.

    Exactly once: digest, its due rows and its e-mail are one transaction, and the due rows are
    locked while they are merged. Killed in the middle, it leaves nothing; run twice or by two
    workers at once, it finds nothing left to do. Work finished since its row was written isn't
    reminded of: each room is asked (``outdated``) inside that transaction. The text for the chat
    group is written at the end; one missing after a crash is written by the next sweep.
    """
    if not in_working_hours(at):
        return Counts(resting=True)
    digests = merged = withdrawn = 0
    while everybody := _waiting_persons(at):
        for persons in batched(everybody, PERSONS_A_BATCH):
            dues, stale = _merge(persons, at=at, outdated=outdated)
            digests += len({due.recipient_id for due in dues})
            merged += len(dues)
            withdrawn += stale
    write_digest_text(on=timezone.localdate(at))
    return Counts(digests, merged, withdrawn)


def _waiting(at: datetime) -> models.QuerySet[Due]:
    return Due.objects.filter(digest=None, withdrawn_at=None, due_at__lte=at)


def _waiting_persons(at: datetime) -> list[int]:
    return list(_waiting(at).order_by("recipient").values_list("recipient", flat=True).distinct())


def _merge(
    persons: Sequence[int], *, at: datetime, outdated: Sequence[Outdated]
) -> tuple[list[Due], int]:
    """Merge what waits for these persons; return the merged rows and how many were withdrawn."""
    with transaction.atomic():
        rows = list(_waiting(at).filter(recipient__in=persons).order_by("id").select_for_update())
        stale = {pk for ask in outdated for pk in ask(rows, at)}
        stale |= superseded([due for due in rows if due.pk not in stale])
        for batch in batched(stale, ROWS_A_BATCH):
            Due.objects.filter(pk__in=batch).update(withdrawn_at=at)
        dues = [due for due in rows if due.pk not in stale]
        _write_digests(dues, at=at)
    return dues, len(stale)


def superseded(dues: Sequence[Due]) -> set[int]:
    """Return the ids of reminders for which a later one of the same work waits as well.

    They meet when nobody swept for a while. A return outweighs a mere reminder. Changes are news:
    each is told.
    """
    last: dict[tuple[int, str, str], Due] = {}
    old: set[int] = set()
    reminders = (due for due in dues if due.stage != Stage.CHANGE)
    for due in sorted(reminders, key=lambda due: (due.stage == Stage.RETURNED, due.due_at, due.pk)):
        work = (due.recipient_id, due.room, due.link or due.key)
        if work in last:
            old.add(last[work].pk)
        last[work] = due
    return old


def _write_digests(dues: Sequence[Due], *, at: datetime) -> None:
    by_person: dict[int, list[Due]] = defaultdict(list)
    for due in sorted(dues, key=attrgetter("due_at", "pk")):
        by_person[due.recipient_id].append(due)
    digests = Digest.objects.bulk_create(
        _digest(person, rows, at=at) for person, rows in by_person.items()
    )
    theirs = {digest.recipient_id: digest.pk for digest in digests}
    for batch in batched(((due.pk, theirs[due.recipient_id]) for due in dues), ROWS_A_BATCH):
        _put_into(batch)
    made = Digest.objects.filter(pk__in=theirs.values())
    Delivery.objects.bulk_create(_emails(made))


def _put_into(pairs: Sequence[tuple[int, int]]) -> None:
    """Write for each due row (its id first) the digest it went into.

    The ORM has no words for it: a subquery for each row takes half of a sweep of 30,000 schools.
    """
    quote = connection.ops.quote_name
    table = quote(Due._meta.db_table)
    marks = ", ".join(["(%s, %s)"] * len(pairs))
    # Names come from the model and are quoted; ids are parameters. Both databases name the columns.
    statement = f"""
        UPDATE {table} SET {quote("digest_id")} = pair.column2
        FROM (VALUES {marks}) AS pair WHERE {table}.{quote("id")} = pair.column1
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, list(chain.from_iterable(pairs)))


def _digest(person: int, dues: list[Due], *, at: datetime) -> Digest:
    words = digest_words(dues, on=timezone.localdate(at))
    return Digest(
        key=f"{person}:{min(due.pk for due in dues)}",
        recipient_id=person,
        subject=words.subject,
        text=words.text,
        created_at=at,
    )


def _emails(digests: models.QuerySet[Digest]) -> list[Delivery]:
    reachable = digests.exclude(recipient__email="").filter(recipient__is_active=True)
    return [
        Delivery(digest_id=digest, channel=Channel.EMAIL, address=address)
        for digest, address in reachable.values_list("pk", "recipient__email")
    ]


def mark_read(*, digest: Digest, at: datetime) -> None:
    """Note when its recipient first opened it. Not audited: reading is nobody else's business."""
    Digest.objects.filter(pk=digest.pk, read_at=None).update(read_at=at)
