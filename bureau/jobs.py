"""The scheduler's tasks that cross rooms."""

from celery import shared_task
from django.utils import timezone

from bureau.services import remind


@shared_task(name="bureau.remind")
def send_reminders() -> None:
    """One round of reminders for everybody."""
    remind(at=timezone.now())
