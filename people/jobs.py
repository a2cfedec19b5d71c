"""Prints of this room, done by the worker."""

from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from common.jobs import Progress, register
from people import pdf, services
from people.letters import Letter
from people.services import PRINT_SLIPS


@register(PRINT_SLIPS)
def print_slips(progress: Progress) -> None:
    """Issue a link for each user and print the slips.

    The links are made here, as tokens are kept nowhere, not even in the job's row. Run a second
    time it makes new ones, and those of the lost print end.
    """
    owner, at = progress.job.owner, timezone.now()
    users = list(User.objects.filter(pk__in=progress.params["users"]).order_by("username"))
    if owner is None or not users:
        raise DomainError("没有可以打印的账号。")
    issued = services.issue_links(actor=owner, users=users, at=at)
    letters = [Letter(user, purpose, token, at) for user, purpose, token in issued]
    progress.keep(pdf.slips(letters, at=timezone.localtime(at)).content, name=pdf.file_name(users))
    progress.advance(len(users), len(users))
