"""Texts to copy into a chat group, and the officer's mark that one was posted."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common import audit
from notifications.choices import GroupTextKind
from notifications.models import Due, GroupText
from notifications.services.dues import ROWS_A_BATCH, batched
from notifications.stages import OWN
from notifications.texts import day_words, group_words

if TYPE_CHECKING:
    from accounts.models import User

# What the text of the day says of a row.
_TOLD = ("subject", "stage", "unit", "deadline", "minutes", "due_at", "recipient__name")


def write_group_text(
    *,
    kind: str,
    key: str,
    title: str,
    named: str,
    unnamed: str,
    calls: list[dict[str, object]],
    actor: "User | None" = None,
) -> GroupText:
    """Keep a text to copy into a chat group; the same ``key`` again gives back the first one.

    ``actor`` is who caused it, and who finds it again without being an officer.
    """
    text, _ = GroupText.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "title": title,
            "named": named,
            "unnamed": unnamed,
            "calls": calls,
            "created_by": actor,
        },
    )
    return text


def write_digest_text(*, on: date) -> GroupText | None:
    """Write the text of the day for reminders that went into digests and stand in no text yet.

    Only for what schools have to do: nudges and changes bring a text of their own, and what a
    superior is told is not for the group. Each row stands in one text, whatever crashes.
    """
    with transaction.atomic():
        merged = Due.objects.filter(digest__isnull=False, group_text=None, stage__in=OWN)
        rows = merged.select_related("recipient").only(*_TOLD)
        dues = list(rows.order_by("id").select_for_update(of=("self",)))
        if not dues:
            return None
        words = group_words(dues, title=f"{day_words(on)}到期提醒", on=on)
        text = write_group_text(
            kind=GroupTextKind.DIGEST,
            key=f"digest:{dues[0].pk}",
            title=words.title,
            named=words.named,
            unnamed=words.unnamed,
            calls=words.calls,
        )
        for batch in batched((due.pk for due in dues), ROWS_A_BATCH):
            Due.objects.filter(pk__in=batch).update(group_text=text)
    return text


def mark_group_text_sent(*, actor: "User", group_text: GroupText, at: datetime) -> None:
    """Note that the text was posted; a second mark changes nothing."""
    with transaction.atomic():
        marked = GroupText.objects.filter(pk=group_text.pk, sent_at=None).update(
            sent_at=at, sent_by=actor
        )
        if marked:
            audit.record(
                actor=actor,
                verb="notifications.mark_sent",
                obj=group_text,
                after={"sent_at": at},
                at=at,
            )
