"""`manage.py roll_over_calendar --from YEAR [--dry-run]`."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from calendar_events.models import Calendar
from calendar_events.rolling import Rolled
from calendar_events.services import RolledOver, roll_over
from common.errors import DomainError


class Command(BaseCommand):
    """Carries a published year over into the next as a draft; exit 1 when it is refused."""

    help = "把已发布的行事历沿用到下一年，生成草稿；逐条列出沿用、改动和不带入的事项。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the year and the switch."""
        parser.add_argument(
            "--from", dest="year", type=int, required=True, help="从哪一年沿用，如 2026"
        )
        parser.add_argument("--dry-run", action="store_true", help="试运行：只看结果，什么都不保存")

    def handle(self, *_args: Any, year: int, dry_run: bool, **_options: Any) -> None:
        """Carry over, and print every line of the difference."""
        calendar = Calendar.objects.filter(year=year).first()
        if calendar is None:
            raise CommandError(f"没有 {year} 年的行事历。")
        try:
            done = roll_over(
                actor=None, calendar=calendar, chosen=None, at=timezone.now(), dry_run=dry_run
            )
        except DomainError as error:
            self.stderr.write(error.message)
            sys.exit(1)
        self._report(done)
        if dry_run:
            self.stdout.write("（试运行，没有保存）")

    def _report(self, done: RolledOver) -> None:
        plan = done.plan
        for rolled in plan.changed:
            self.stdout.write(f"改动：{_line(rolled)}")
        for left in plan.left_out:
            self.stdout.write(f"不带入：{left.event.months_label}「{left.event}」（{left.reason}）")
        for rolled in plan.adhoc:
            self.stdout.write(f"不带入：临时任务「{rolled.source}」（需要时在管理端勾选）")
        if not plan.days_known:
            self.stdout.write(f"{plan.year} 年的调休安排尚未公布，截止日期按周末和法定节假日推算。")
        left_out = len(plan.left_out) + len(plan.adhoc)
        self.stdout.write(
            f"{done.calendar}：沿用 {len(plan.carried)} 项，改动 {len(plan.changed)} 项，"
            f"不带入 {left_out} 项"
        )


def _line(rolled: Rolled) -> str:
    title = f"「{rolled.source}」"
    if rolled.retitled:
        title += f"→「{rolled.title}」"
    days = f"截止 {rolled.due_before:%Y-%m-%d}→{rolled.due_after:%Y-%m-%d}"
    notes = f"（{'；'.join(rolled.notes)}）" if rolled.notes else ""
    return f"{rolled.source.months_label}{title}，{days}{notes}"
