"""Print with whom to log in to the demonstration bureau."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bureau.seed.people import ADMINISTRATORS, PASSWORD, POSTS
from organizations.models import Role

HEAD = ("用户名", "口令", "姓名", "角色")
# The large bureaus have one more: the secretary of the first organisation below the root.
_USERNAMES = (*(post.username for post in (*POSTS, *ADMINISTRATORS)), "s2")


class Command(BaseCommand):
    help = "Prints the accounts of the demonstration bureau: user name, password, name, roles."

    def handle(self, *_args: Any, **_options: Any) -> None:
        rows = [HEAD, *account_rows()]
        if len(rows) == 1:
            self.stdout.write("没有演示账号，请先运行 manage.py seed。")
            return
        for line in aligned(rows):
            self.stdout.write(line)


def account_rows() -> list[tuple[str, str, str, str]]:
    """Return one row for each demonstration account, in the order of ``POSTS``."""
    roles = Role.objects.current(timezone.localdate()).filter(user__username__in=_USERNAMES)
    held: dict[str, list[Role]] = {}
    for role in roles.select_related("user", "organization", "office"):
        held.setdefault(role.user.username, []).append(role)
    return [
        (name, PASSWORD, held[name][0].user.name, "；".join(map(_described, held[name])))
        for name in _USERNAMES
        if name in held
    ]


def _described(role: Role) -> str:
    where = role.office.name if role.office else role.organization.label
    narrowed = f"（{role.kinds_label}）" if role.school_kinds else ""
    return f"{where} · {role.get_kind_display()}{narrowed}"


def aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return lines whose columns stand under one another; a Chinese character is two wide."""
    table = [list(row) for row in rows]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in table]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "FW" else 1 for char in text)
