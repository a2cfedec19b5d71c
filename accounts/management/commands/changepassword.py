"""Stands before Django's own command of that name, which would leave nothing in the audit log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Says how to set a password instead."""

    help = "拒绝执行：密码由本人通过链接设置，见 access_link。"

    # Taken and ignored when called from code, so that the answer is the same.
    stealth_options = ("interactive", "database", "username", "name", "email")

    def run_from_argv(self, argv: list[str]) -> None:
        """Refuse whatever options Django's own command would take."""
        super().run_from_argv(argv[:2])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuse."""
        raise CommandError(
            "不能直接改别人的密码。请用 manage.py access_link 用户名 生成重置链接，由本人设置。"
        )
