"""The scheduler's tasks that cross rooms."""

from celery import shared_task
from django.utils import timezone

from bureau.housekeeping import tidy
from bureau.printing import MATRIX_JOB, matrix_html
from bureau.services import remind
from common.jobs import Progress, register
from common.pdf import render


@shared_task(name="bureau.remind")
def send_reminders() -> None:
    """One round of reminders for everybody."""
    remind(at=timezone.now())


@shared_task(name="bureau.tidy")
def tidy_up() -> None:
    """One night's housekeeping."""
    tidy(at=timezone.now())


@register(MATRIX_JOB)
def print_matrix(progress: Progress) -> None:
    """The matrix of a month as its owner saw it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("A matrix is printed for somebody: it shows what they may see.")
    html = matrix_html(owner, progress.params, on=timezone.localdate())
    progress.keep(render(html).content, name=f"{progress.job.label.removeprefix('打印')}.pdf")
    progress.advance(1, 1)
