"""The portal's own Celery application in a hurry, for the test that kills it.

Reminders go out every second and at any hour. Each batch of persons is small and takes its time
inside the transaction, so that whoever kills the worker hits it in the middle.
"""

import os
import time as clock
from datetime import time

import django
from celery.schedules import schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings")
django.setup()

from bureau.celery import app  # noqa: E402 - reads the settings prepared above
from notifications import hours  # noqa: E402
from notifications.services import digests  # noqa: E402

HOLD = 0.08

app.conf.beat_schedule = {
    "remind": {"task": "bureau.remind", "schedule": schedule(1), "options": {"expires": 5}}
}
hours.OPENS, hours.CLOSES = time.min, time.max
digests.PERSONS_A_BATCH = 5
_emails = digests._emails


def _slow_emails(made):
    """Digests are written, their rows are claimed, nothing is committed yet."""
    clock.sleep(HOLD)
    return _emails(made)


digests._emails = _slow_emails
