"""Take a second factor away on the server, for when nobody who could do it can log in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import services
from accounts.models import User
from common.errors import DomainError


class Command(BaseCommand):
    """Ends the second factor of one user; the audit log says that the system did it, and why."""

    help = "重设一个用户的两步验证（如最后一位安全管理员丢了手机），须写明原因。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user name and the reason."""
        parser.add_argument("username", help="用户名")
        parser.add_argument("--reason", required=True, help="原因，记入审计日志")

    def handle(self, *_args: Any, **options: Any) -> None:
        """End it."""
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"没有用户“{options['username']}”。")
        try:
            services.end_factor(actor=None, user=user, reason=options["reason"], at=timezone.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"已重设{user}的两步验证。")
