"""Digests on their way out by e-mail: at most once each, and honest about what became of them.

The claim and the hand-over carry the real time, like a heartbeat: a round may be run by hand for
another moment, but a mail server answers now.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notifications.choices import DeliveryState
from notifications.models import Delivery

logger = logging.getLogger(__name__)

# On its way for so long: whoever handed it over was killed.
INTERRUPTED_AFTER = timedelta(minutes=10)
# A reminder that couldn't be handed over for so long is worth no e-mail any more.
GIVEN_UP_AFTER = timedelta(days=3)
INTERRUPTED = "交给邮件服务器时中断，可能已送达，也可能没有"


@dataclass(frozen=True)
class Mailed:
    """What a round of e-mails came to; ``waiting`` is what the next one will try."""

    sent: int = 0
    refused: int = 0
    unknown: int = 0
    waiting: int = 0


def send_deliveries(*, at: datetime) -> Mailed:
    """Send waiting e-mails.

    Each is claimed first, so that no two workers send it. While the mail server can't be reached,
    or asks to come again later, they keep waiting, three days long. One refused for good is marked
    未发出. One interrupted at hand-over is marked 不明 and not sent again by itself, because it may
    have arrived.
    """
    lost = _mark_interrupted()
    _give_up(before=at - GIVEN_UP_AFTER)
    came_to: Counter[DeliveryState] = Counter()
    pending = Delivery.objects.filter(state=DeliveryState.PENDING).order_by("id")
    with Line() as line:
        for pk in list(pending.values_list("pk", flat=True)):
            if not line.ready():
                break
            came_to[_hand_over(pk, line)] += 1
    return Mailed(
        sent=came_to[DeliveryState.SENT],
        refused=came_to[DeliveryState.FAILED],
        unknown=came_to[DeliveryState.UNKNOWN] + lost,
        waiting=pending.count(),
    )


def _mark_interrupted() -> int:
    lost = timezone.now() - INTERRUPTED_AFTER
    rows = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=lost)
    return rows.update(state=DeliveryState.UNKNOWN, error=INTERRUPTED)


def _give_up(*, before: datetime) -> None:
    rows = Delivery.objects.filter(state=DeliveryState.PENDING, digest__created_at__lt=before)
    rows.update(state=DeliveryState.FAILED, error="三天内没能交给邮件服务器，不再发送")


class Line:
    """One connection to the mail server: opened when it is needed, and anew after a failure."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.drop()

    def ready(self) -> bool:
        """Whether a message can be handed over now; asked before one is claimed."""
        if self._connection is not None and not self._alive(self._connection):
            self.drop()
        if self._connection is not None:
            return True
        connection = get_connection()
        try:
            connection.open()
        except (OSError, SMTPException) as error:
            logger.warning("the mail server can't be reached, e-mails keep waiting: %s", error)
            return False
        self._connection = connection
        return True

    def send(self, message: EmailMessage) -> None:
        """Hand over one message; raises what the mail server's answer comes to."""
        message.connection = self._connection
        message.send()

    def drop(self) -> None:
        """Hang up; quietly, as the other side may have done so before."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except (OSError, SMTPException) as error:
            logger.info("the mail server was gone before good-bye: %s", error)

    @staticmethod
    def _alive(connection: BaseEmailBackend) -> bool:
        smtp = getattr(connection, "connection", None)
        if not isinstance(smtp, SMTP):
            return True
        try:
            return smtp.noop()[0] == 250
        except (OSError, SMTPException):
            return False


def _hand_over(pk: int, line: Line) -> DeliveryState:
    """Claim one e-mail and hand it over; return what became of it."""
    claimed = Delivery.objects.filter(pk=pk, state=DeliveryState.PENDING).update(
        state=DeliveryState.SENDING, claimed_at=timezone.now()
    )
    if not claimed:
        return DeliveryState.SENDING
    delivery = Delivery.objects.select_related("digest").get(pk=pk)
    state, error = _outcome(_message(delivery), line)
    if state == DeliveryState.UNKNOWN:
        line.drop()
    if state != DeliveryState.SENT:
        logger.warning("delivery %s is %s: %s", pk, state, error)
    Delivery.objects.filter(pk=pk, state=DeliveryState.SENDING).update(
        state=state, error=error, sent_at=timezone.now() if state == DeliveryState.SENT else None
    )
    return state


def _message(delivery: Delivery) -> EmailMessage:
    return EmailMessage(
        subject=delivery.digest.subject,
        body=f"{delivery.digest.text}\n\n登录办理：{settings.SITE_URL}",
        to=[delivery.address],
    )


def _outcome(message: EmailMessage, line: Line) -> tuple[DeliveryState, str]:
    """Hand ``message`` over; return the state it is in and, unless sent, why."""
    try:
        line.send(message)
    except SMTPRecipientsRefused as error:
        (code, _), *_ = error.recipients.values()
        return _refusal(code)
    except SMTPResponseException as error:
        return _refusal(error.smtp_code)
    except (SMTPNotSupportedError, ValueError):
        return DeliveryState.FAILED, "地址写得不对，没有发出"
    except (OSError, SMTPException):
        return DeliveryState.UNKNOWN, INTERRUPTED
    return DeliveryState.SENT, ""


def _refusal(code: int) -> tuple[DeliveryState, str]:
    """Return what the server's answer means: 4xx is come again later, 5xx is never."""
    if 400 <= code < 500:
        return DeliveryState.PENDING, f"邮件服务器暂时不收（{code}），稍后再试"
    if 500 <= code < 600:
        return DeliveryState.FAILED, f"邮件服务器拒收（{code}），请核对地址"
    return DeliveryState.UNKNOWN, INTERRUPTED
