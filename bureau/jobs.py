"""The scheduler's tasks that cross rooms."""

from celery import shared_task
from django.utils import timezone

from bureau.housekeeping import tidy
from bureau.services import remind


@shared_task(name="bureau.remind")
def send_reminders() -> None:
    """One round of reminders for everybody."""
    remind(at=timezone.now())


@shared_task(name="bureau.tidy")
def tidy_up() -> None:
    """One night's housekeeping."""
    tidy(at=timezone.now())
