"""Stands before Django's own command of that name and refuses."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Says where rights come from instead."""

    help = "拒绝执行：本系统没有超级用户，权限来自角色。"

    # Taken and ignored when called from code, so that the answer is the same.
    stealth_options = ("interactive", "database", "username", "name", "email")

    def run_from_argv(self, argv: list[str]) -> None:
        """Refuse whatever options Django's own command would take."""
        super().run_from_argv(argv[:2])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuse."""
        raise CommandError(
            "本系统没有超级用户，权限来自角色。首位管理员用 create_first_officer 建立，"
            "其他人由组织科在管理端授权。"
        )
