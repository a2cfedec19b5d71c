"""Writing due rows, merging them into digests, sending these, and the texts for chat groups."""

from notifications.services.delivery import Mailed, send_deliveries
from notifications.services.digests import Counts, Outdated, mark_read, sweep
from notifications.services.dues import write_dues
from notifications.services.group_texts import (
    mark_group_text_sent,
    write_digest_text,
    write_group_text,
)

__all__ = [
    "Counts",
    "Mailed",
    "Outdated",
    "mark_group_text_sent",
    "mark_read",
    "send_deliveries",
    "sweep",
    "write_digest_text",
    "write_dues",
    "write_group_text",
]
