"""Carry a bureau into another, empty database, from SQLite into PostgreSQL above all."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from bureau.copying import copy_database
from bureau.databases import config_at, own_config
from common.errors import DomainError


class Command(BaseCommand):
    help = "把现在的数据库整个复制到另一个空库（如 PostgreSQL），逐表核对行数和摘要。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", required=True, metavar="URL", help="postgres://user:password@host:5432/name"
        )
        parser.add_argument("--dry-run", action="store_true", help="只读、只数，不写目标库")

    def handle(self, *_args: Any, to: str, dry_run: bool, **_options: Any) -> None:
        try:
            compared = copy_database(
                source=own_config(),
                target=config_at(to, name="--to"),
                dry_run=dry_run,
                say=self._say,
            )
        except (DomainError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        rows = sum(each.here.rows for each in compared)
        done = "可以复制" if dry_run else "已复制并核对一致"
        self.stdout.write(f"{done}：{len(compared)} 张表，{rows} 行。登录状态不复制，请重新登录。")
        if not dry_run:
            self.stdout.write(
                "复制的是开始那一刻的数据；换库前先停下系统再复制，然后改 DATABASE_URL。"
            )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
