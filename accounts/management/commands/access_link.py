"""A link to set a password, for when nobody who could issue one can log in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import LinkPurpose, User
from common.errors import DomainError


class Command(BaseCommand):
    """Prints a reset link for one user; the audit log says that the system did it."""

    help = "为一个用户生成重设密码的链接（24 小时内有效，只能用一次）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user name."""
        parser.add_argument("username", help="用户名")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Issue and print."""
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"没有用户“{options['username']}”。")
        try:
            token = services.issue_link(
                actor=None, user=user, purpose=LinkPurpose.RESET, at=timezone.now()
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(settings.SITE_URL + reverse("accounts:link", args=[token]))
