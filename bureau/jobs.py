"""The scheduler's tasks that cross rooms."""

import logging

from celery import shared_task
from django.utils import timezone

from bureau.backups.drill import scheduled_drill
from bureau.backups.files import BusyError
from bureau.backups.making import scheduled_backup
from bureau.housekeeping import tidy
from bureau.one_page.printing import ONE_PAGE_JOB, STYLESHEETS, one_page_html
from bureau.printing import MATRIX_JOB, RULEBOOK_JOB, matrix_html, rulebook_html
from bureau.services import remind
from cadres.services import check_organizations as check
from common.jobs import Progress, register
from common.pdf import render

logger = logging.getLogger(__name__)


@shared_task(name="bureau.remind")
def send_reminders() -> None:
    """One round of reminders for everybody."""
    remind(at=timezone.now())


@shared_task(name="bureau.tidy")
def tidy_up() -> None:
    """One night's housekeeping."""
    tidy(at=timezone.now())


@shared_task(name="bureau.check")
def check_organizations() -> None:
    """The check of the night: every organisation by the rulebook."""
    check(actor=None, at=timezone.now())


@shared_task(name="bureau.backup")
def back_up() -> None:
    """The backup of the night; two schedulers ask for it twice, and get one."""
    try:
        scheduled_backup(at=timezone.now(), say=logger.info)
    except BusyError as error:
        logger.info("no second backup: %s", error)


@shared_task(name="bureau.drill")
def try_out_backup() -> None:
    """The drill of the week."""
    try:
        scheduled_drill(at=timezone.now(), say=logger.info)
    except BusyError as error:
        logger.info("no second drill: %s", error)


@register(MATRIX_JOB, params={"year", "month", "filters", "sort"})
def print_matrix(progress: Progress) -> None:
    """The matrix of a month as its owner saw it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("A matrix is printed for somebody: it shows what they may see.")
    html = matrix_html(owner, progress.params, on=timezone.localdate())
    progress.keep(render(html).content, name=f"{progress.job.label.removeprefix('打印')}.pdf")
    progress.advance(1, 1)


@register(RULEBOOK_JOB, params={"wanted"})
def print_rulebook(progress: Progress) -> None:
    """The rulebook as its owner saw it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("The rulebook is printed for somebody: it shows what they may see.")
    html = rulebook_html(owner, progress.params)
    progress.keep(render(html).content, name="规章库.pdf")
    progress.advance(1, 1)


@register(ONE_PAGE_JOB, params={"year", "month"})
def print_one_page(progress: Progress) -> None:
    """The leader's page on one sheet, as its owner may see it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("The page is printed for somebody: it shows what they may see.")
    year, month = progress.params["year"], progress.params["month"]
    html = one_page_html(owner, year, month, on=timezone.localdate())
    content = render(html, stylesheets=STYLESHEETS).content
    progress.keep(content, name=f"{progress.job.label.removeprefix('打印')}.pdf")
    progress.advance(1, 1)
