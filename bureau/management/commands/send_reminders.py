"""Does by hand what the scheduler does: one round of reminders."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.services import remind

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Command(BaseCommand):
    help = "发送到期提醒：写入到期项，合并成每人一条，并发出邮件。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="当作这个时刻来发（上海时间），如 2022-03-01T09:00")

    def handle(self, *args: Any, **options: Any) -> None:
        at = _moment(options["at"])
        done = remind(at=at)
        self.stdout.write(
            f"{timezone.localtime(at, SHANGHAI):%Y-%m-%d %H:%M} "
            f"新增到期项 {done.written}，合并 {done.dues} 项成 {done.digests} 条提醒，"
            f"发出邮件 {done.emails} 封。"
        )
        if done.resting:
            self.stdout.write("现在不是工作时间（工作日 8:30—17:30），留到下一个工作时段再发。")


def _moment(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise CommandError(f"--at 写的是“{text}”，应写成 2022-03-01T09:00 的样子。") from error
