"""`manage.py import_calendar FILE --year YEAR [--dry-run] [--replace]`."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from calendar_events.imports import Difference, counts, import_calendar, read_upload
from calendar_events.reading import (
    ReadCalendar,
    UnreadableError,
    problem_line,
    sum_line,
)
from common.errors import DomainError

UNREADABLE = 2


class Command(BaseCommand):
    """Imports a year calendar; exit 0 clean, 1 with problems or refused, 2 unreadable."""

    help = "从 .txt、.docx 或 .xlsx 导入一年的行事历；最后一行是月数、事项数和问题数。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the year and the two switches."""
        parser.add_argument("file", metavar="FILE", help="行事历文件")
        parser.add_argument("--year", type=int, required=True, help="行事历的年度，如 2022")
        parser.add_argument("--dry-run", action="store_true", help="试运行：只看结果，什么都不保存")
        parser.add_argument(
            "--replace", action="store_true", help="按文件替换，包括已经发布的行事历"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, print every problem, import, print what changed and the sum."""
        read = self._read(options["file"], options["year"])
        for problem in read.problems:
            self.stdout.write(problem_line(problem))
        refused = self._import(read, replace=options["replace"], dry_run=options["dry_run"])
        self.stdout.write(sum_line(read))
        if refused or read.problems:
            sys.exit(1)

    def _read(self, file: str, year: int) -> ReadCalendar:
        try:
            return read_upload(name=Path(file).name, data=Path(file).read_bytes(), year=year)
        except OSError as error:
            message = f"打不开文件 {file}：{error.strerror}"
            raise CommandError(message, returncode=UNREADABLE) from error
        except UnreadableError as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error

    def _import(self, read: ReadCalendar, *, replace: bool, dry_run: bool) -> bool:
        """Import what was read; True when it was refused."""
        try:
            difference = import_calendar(
                actor=None, read=read, at=timezone.now(), replace=replace, dry_run=dry_run
            )
        except DomainError as error:
            self.stderr.write(error.message)
            return True
        self._report(difference, dry_run=dry_run)
        return False

    def _report(self, difference: Difference, *, dry_run: bool) -> None:
        for changed in difference.changed:
            self.stdout.write(f"改动：{changed.event.first_month}月 {changed.event}")
        for event in difference.removed:
            self.stdout.write(f"去掉：{event.first_month}月 {event}")
        for sentence in difference.left:
            self.stdout.write(sentence)
        note = "（试运行，没有保存）" if dry_run else ""
        self.stdout.write(f"{counts(difference)}{note}")
