"""Merging due rows into digests, sending them, and the texts for chat groups."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from smtplib import SMTPException, SMTPResponseException
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from common import audit
from common.models import overrides
from common.workdays import is_workday
from notifications.choices import Channel, DeliveryState, GroupTextKind
from notifications.models import Delivery, Digest, Due, GroupText
from notifications.texts import day_words, digest_words, group_words

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

OPENS, CLOSES = time(8, 30), time(17, 30)
PERSONS_A_BATCH = 500
ROWS_A_BATCH = 1000
# A delivery that has been on its way for so long was interrupted at hand-over.
INTERRUPTED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Counts:
    """What a sweep did."""

    digests: int = 0
    dues: int = 0
    resting: bool = False


def write_dues(dues: Iterable[Due]) -> int:
    """Write reminders under their keys; those already written are passed over. Returns new ones.

    The key makes each of them once only, whoever writes it and however often.
    """
    written = 0
    for batch in batched(dues, ROWS_A_BATCH):
        known = set(
            Due.objects.filter(key__in=[due.key for due in batch]).values_list("key", flat=True)
        )
        fresh = [due for due in batch if due.key not in known]
        Due.objects.bulk_create(fresh, ignore_conflicts=True)
        written += len(fresh)
    return written


def batched(rows: Iterable[Due], size: int) -> Iterator[list[Due]]:
    """Cut ``rows`` into lists of at most ``size``."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def in_working_hours(at: datetime) -> bool:
    """Whether people may be reminded at ``at``: 8:30 to 17:30 of a workday, Shanghai time."""
    local = timezone.localtime(at)
    return OPENS <= local.time() <= CLOSES and is_workday(local.date(), overrides())


def sweep(*, at: datetime) -> Counts:
    """Merge everything due by ``at`` into one digest for each person; outside working hours rest.

    Exactly once: digest, its due rows and its e-mail are one transaction, and the due rows are
    locked while they are merged. Killed in the middle, it leaves nothing; run twice or by two
    workers at once, it finds nothing left to do.
    """
    if not in_working_hours(at):
        return Counts(resting=True)
    digests = dues = 0
    merged: list[Due] = []
    while persons := _waiting_persons(at):
        batch = _merge(persons, at=at)
        digests += len({due.recipient_id for due in batch})
        dues += len(batch)
        merged += batch
    if merged:
        _digest_group_text(merged, at=at)
    return Counts(digests, dues)


def _waiting(at: datetime) -> Any:
    return Due.objects.filter(digest=None, withdrawn_at=None, due_at__lte=at)


def _waiting_persons(at: datetime) -> list[int]:
    rows = _waiting(at).order_by("recipient").values_list("recipient", flat=True).distinct()
    return list(rows[:PERSONS_A_BATCH])


def _merge(persons: Sequence[int], *, at: datetime) -> list[Due]:
    with transaction.atomic():
        rows = _waiting(at).filter(recipient__in=persons).order_by("id").select_for_update()
        by_person: dict[int, list[Due]] = defaultdict(list)
        for due in rows:
            by_person[due.recipient_id].append(due)
        digests = Digest.objects.bulk_create(
            _digest(person, dues, at=at) for person, dues in by_person.items()
        )
        made = {digest.recipient_id: digest for digest in digests}
        merged = [due for dues in by_person.values() for due in dues]
        for due in merged:
            due.digest = made[due.recipient_id]
        Due.objects.bulk_update(merged, ["digest"], batch_size=ROWS_A_BATCH)
        Delivery.objects.bulk_create(_emails(digests))
    return merged


def _digest(person: int, dues: list[Due], *, at: datetime) -> Digest:
    words = digest_words(dues)
    return Digest(
        key=f"{person}:{dues[0].pk}",
        recipient_id=person,
        subject=words.subject,
        text=words.text,
        created_at=at,
    )


def _emails(digests: Sequence[Digest]) -> list[Delivery]:
    written = Digest.objects.filter(pk__in=[digest.pk for digest in digests])
    reachable = written.exclude(recipient__email="").filter(recipient__is_active=True)
    return [
        Delivery(digest_id=digest, channel=Channel.EMAIL, address=address)
        for digest, address in reachable.values_list("pk", "recipient__email")
    ]


def _digest_group_text(dues: Sequence[Due], *, at: datetime) -> None:
    day = timezone.localdate(at)
    words = group_words(dues, title=f"{day_words(day)}到期提醒")
    write_group_text(
        kind=GroupTextKind.DIGEST,
        key=f"digest:{min(due.pk for due in dues)}",
        title=words.title,
        named=words.named,
        unnamed=words.unnamed,
        calls=words.calls,
    )


def send_deliveries(*, at: datetime) -> int:
    """Send waiting e-mails; return how many were handed over.

    Each is claimed first, so that no two workers send it. While the mail server can't be reached
    they keep waiting. One interrupted at hand-over is marked 不明 and not sent again by itself,
    because it may have arrived.
    """
    Delivery.objects.filter(
        state=DeliveryState.SENDING, claimed_at__lt=at - INTERRUPTED_AFTER
    ).update(state=DeliveryState.UNKNOWN, error="交给邮件服务器时中断，可能已送达，也可能没有")
    waiting = Delivery.objects.filter(state=DeliveryState.PENDING)
    if not waiting.exists():
        return 0
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        logger.warning("the mail server can't be reached, e-mails keep waiting: %s", error)
        return 0
    with connection:
        return sum(_send(row, connection, at=at) for row in waiting.select_related("digest"))


def _send(delivery: Delivery, connection: Any, *, at: datetime) -> bool:
    claimed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING).update(
        state=DeliveryState.SENDING, claimed_at=at
    )
    if not claimed:
        return False
    message = EmailMessage(
        subject=delivery.digest.subject,
        body=f"{delivery.digest.text}\n\n{settings.SITE_URL}",
        to=[delivery.address],
        connection=connection,
    )
    try:
        message.send()
    except SMTPResponseException as error:
        _settle(delivery, DeliveryState.FAILED, f"邮件服务器拒收（{error.smtp_code}）")
        return False
    except (OSError, SMTPException) as error:
        _settle(delivery, DeliveryState.UNKNOWN, "交给邮件服务器时中断，可能已送达，也可能没有")
        logger.warning("delivery %s was interrupted: %s", delivery.pk, error)
        return False
    _settle(delivery, DeliveryState.SENT, "")
    return True


def _settle(delivery: Delivery, state: DeliveryState, error: str) -> None:
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=state, error=error, sent_at=timezone.now() if state == DeliveryState.SENT else None
    )


def write_group_text(
    *,
    kind: str,
    key: str,
    title: str,
    named: str,
    unnamed: str,
    calls: list[dict[str, object]],
) -> GroupText:
    """Keep a text to copy into a chat group; the same ``key`` again gives back the first one."""
    text, _ = GroupText.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "title": title,
            "named": named,
            "unnamed": unnamed,
            "calls": calls,
        },
    )
    return text


def mark_group_text_sent(*, actor: "User", group_text: GroupText, at: datetime) -> None:
    """Note that the text was posted; a second mark changes nothing."""
    with transaction.atomic():
        marked = GroupText.objects.filter(pk=group_text.pk, sent_at=None).update(
            sent_at=at, sent_by=actor
        )
        if marked:
            audit.record(
                actor=actor, verb="notifications.mark_sent", obj=group_text, after={"sent_at": at}
            )


def mark_read(*, digest: Digest, at: datetime) -> None:
    """Note when its recipient first opened it. Not audited: reading is nobody else's business."""
    Digest.objects.filter(pk=digest.pk, read_at=None).update(read_at=at)
