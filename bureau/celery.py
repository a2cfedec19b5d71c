"""The Celery application; the timetable of the scheduler stands in ``bureau.schedule``."""

import logging.config
import os
from datetime import datetime
from threading import Timer
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_unknown
from django.conf import settings
from django.utils import timezone
from django_structlog.celery.steps import DjangoStructLogInitStep

from bureau.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings")

app = Celery("bureau")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
app.conf.beat_schedule = BEAT_SCHEDULE
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def _log_as_the_portal_does(**_kwargs: Any) -> None:
    """Keep Celery from making handlers and a format of its own."""
    logging.config.dictConfig(settings.LOGGING)


HAND_BACK_SECONDS = 10


@task_unknown.connect
def _leave_to_a_newer_worker(message: Any, **_kwargs: Any) -> None:
    """Put back what only the next version knows, until it expires; Celery would drop it.

    Only the scheduler's calls come here, and all of them expire: other work is a row and its hint
    has one name in every version.
    """
    expires = message.headers.get("expires")
    if expires and datetime.fromisoformat(expires) > timezone.now():
        timer = Timer(HAND_BACK_SECONDS, _publish_again, [message])
        timer.daemon = True
        timer.start()


def _publish_again(message: Any) -> None:
    with app.producer_or_acquire() as producer:
        producer.publish(
            message.body,
            routing_key=app.conf.task_default_queue,
            headers=message.headers,
            content_type=message.content_type,
            content_encoding=message.content_encoding,
            correlation_id=message.properties.get("correlation_id"),
            retry=True,
        )
