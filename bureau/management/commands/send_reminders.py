"""Does by hand what the scheduler does: one round of reminders."""

from argparse import ArgumentParser
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.services import Reminded, remind

SHANGHAI = ZoneInfo("Asia/Shanghai")
FORMS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")


class Command(BaseCommand):
    help = "发送到期提醒：写入到期项，合并成每人一条，并发出邮件。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="当作这个时刻来发（上海时间），如 2022-03-01T09:00")

    def handle(self, *args: Any, **options: Any) -> None:
        at = _moment(options["at"])
        done = remind(at=at)
        self.stdout.write(f"{timezone.localtime(at, SHANGHAI):%Y-%m-%d %H:%M} {_words(done)}")


def _words(done: Reminded) -> str:
    swept, mailed = done.swept, done.mailed
    if swept.resting:
        return "不是工作时间（工作日 8:30—17:30），没有发提醒，留到下一个工作时段。"
    return (
        f"新增到期项 {done.written}，合并 {swept.dues} 项成 {swept.digests} 条提醒，"
        f"撤回 {swept.withdrawn} 项；邮件已发 {mailed.sent} 封，未发出 {mailed.refused} 封，"
        f"不明 {mailed.unknown} 封，待发 {mailed.waiting} 封。"
    )


def _moment(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    for form in FORMS:
        with suppress(ValueError):
            return datetime.strptime(text.strip(), form).replace(tzinfo=SHANGHAI)
    raise CommandError(f"--at 写的是“{text}”，应写成 2022-03-01T09:00 的样子。")
