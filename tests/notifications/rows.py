"""Due rows for the tests of this room."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from notifications.models import Delivery, Digest, Due
from notifications.stages import Stage
from tests.factories import UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


# A Friday, three workdays before the deadline.
NOW = at(3, 20)
DEADLINE = date(2026, 3, 25)
_keys = iter(range(10**6))


def due(recipient, **fields) -> Due:
    """An unsaved reminder of a task of its own."""
    number = next(_keys)
    values = {
        "key": f"task:{number}:three_before:20260325:{recipient.pk}",
        "recipient": recipient,
        "room": "calendar_events",
        "subject": "主题党日",
        "stage": Stage.THREE_BEFORE,
        "unit": "芙蓉小学党支部",
        "deadline": DEADLINE,
        "link": f"/tasks/{number}/",
        "due_at": at(3, 20, 8, 30),
    }
    return Due(**{**values, **fields})


def kept(recipient, **fields) -> Due:
    """A reminder that waits for the sweep."""
    row = due(recipient, **fields)
    row.save()
    return row


def delivery(address: str = "shuji@example.org", **fields) -> Delivery:
    """An e-mail that waits."""
    person = UserFactory(email=address)
    digest = Digest.objects.create(
        key=f"{person.pk}:1",
        recipient=person,
        subject="您有 1 件事待办，约需 3 分钟",
        text="1. 〔快到期〕主题党日",
        created_at=NOW,
    )
    return Delivery.objects.create(digest=digest, channel="email", address=address, **fields)
