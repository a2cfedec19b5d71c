"""What the commands that import a list have in common: one path with the pages of the admin."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from common.errors import DomainError
from common.grids import SheetError
from common.imports import Outcome
from organizations.imports import runs

UNREADABLE = 2


class ImportCommand(BaseCommand):
    """Imports one list; exit 0 clean, 1 with problems or refused, 2 unreadable.

    ``list_kind`` is the key in `runs.KINDS`.
    """

    list_kind = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the day and the switches."""
        parser.add_argument("file", metavar="FILE", help=".xlsx 或 .csv 文件")
        parser.add_argument(
            "--on",
            type=_day,
            metavar="YYYY-MM-DD",
            help="截至日期：表里没有写日期的行按这一天；默认今天",
        )
        parser.add_argument("--dry-run", action="store_true", help="试运行：只看结果，什么都不保存")
        parser.add_argument("--only-good", action="store_true", help="只导入无误的行")
        parser.add_argument("--rejects", metavar="FILE", help="有问题的行另存为这个 .xlsx 文件")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, save, print every problem and, last, the count."""
        outcome = self._run(options)
        for problem in outcome.problems:
            self.stdout.write(problem.message)
        for sentence in (*outcome.result.warnings, *outcome.plan.notes):
            self.stdout.write(sentence)
        if options["rejects"] and outcome.problems:
            _write(options["rejects"], outcome.rejected_file())
            self.stdout.write(f"有问题的 {outcome.rejected_rows} 行已存入 {options['rejects']}")
        if told := _not_saved(outcome):
            self.stdout.write(told)
        self.stdout.write(sum_line(outcome))
        if outcome.problems:
            sys.exit(1)

    def _run(self, options: dict[str, Any]) -> Outcome:
        file = Path(options["file"])
        try:
            return runs.KINDS[self.list_kind].run(
                actor=None,
                data=file.read_bytes(),
                filename=file.name[:200],
                dry_run=options["dry_run"],
                only_clean=options["only_good"],
                on=options["on"] or timezone.localdate(),
            )
        except OSError as error:
            message = f"打不开文件 {file}：{error.strerror}"
            raise CommandError(message, returncode=UNREADABLE) from error
        except SheetError as error:
            raise CommandError(error.message, returncode=UNREADABLE) from error
        except DomainError as error:
            raise CommandError(error.message, returncode=1) from error


def sum_line(outcome: Outcome) -> str:
    """`605 rows, 600 created, 5 changed, 0 unchanged, 0 problems`; what was refused counts 0."""
    result, counts = outcome.result, outcome.is_saved or outcome.is_dry_run
    done = (result.created, result.changed, result.unchanged) if counts else (0, 0, 0)
    created, changed, unchanged = done
    rows = len(outcome.plan.sheet.lines)
    return (
        f"{rows} rows, {created} created, {changed} changed, {unchanged} unchanged, "
        f"{len(outcome.problems)} problems"
    )


def _not_saved(outcome: Outcome) -> str:
    if outcome.is_dry_run:
        return "试运行，没有保存。"
    if outcome.is_saved:
        return ""
    return "有问题，什么也没有导入：改好再导入，或加 --only-good 只导入无误的行。"


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _write(path: str, content: bytes) -> None:
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise CommandError(f"写不了文件 {path}：{error.strerror}", returncode=UNREADABLE) from error
