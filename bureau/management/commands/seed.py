"""Build the demonstration bureau, or a large one to measure with."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau import seed
from bureau.seed.large import MOST_ORGANIZATIONS, build_large
from bureau.seed.rosters import MOST_MEMBERS, build_members
from organizations.models import Organization


class Command(BaseCommand):
    help = "Builds the demonstration bureau in an empty database; run again, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--on", type=_day, metavar="DATE", help="the day shown, YYYY-MM-DD; default today"
        )
        parser.add_argument(
            "--organizations",
            type=int,
            metavar="N",
            help="instead build so many made-up organisations, to measure with",
        )

        parser.add_argument(
            "--members",
            type=int,
            metavar="N",
            help="put so many made-up people on rosters, of --organizations or of what is there",
        )

    def handle(
        self,
        *_args: Any,
        on: date | None,
        organizations: int | None,
        members: int | None = None,
        **_: Any,
    ) -> None:
        day = on or timezone.localdate()
        if members is not None and not 1 <= members <= MOST_MEMBERS:
            raise CommandError(f"--members 应在 1–{MOST_MEMBERS} 之间。")
        if members is None or organizations is not None or not Organization.objects.exists():
            self._build(day, organizations)
        if members is not None:
            entered = build_members(count=members, day=day)
            self.stdout.write(f"已登记 {members} 人。" if entered else "名册里已有人，未作改动。")

    def _build(self, day: date, organizations: int | None) -> None:
        if organizations is None:
            built = seed.build_bureau(day=day) is not None
        elif 2 <= organizations <= MOST_ORGANIZATIONS:
            built = build_large(count=organizations, day=day)
        else:
            raise CommandError(f"--organizations 应在 2–{MOST_ORGANIZATIONS} 之间。")
        total = Organization.objects.count()
        if built:
            self.stdout.write(f"已建好 {total} 个党组织（{day:%Y-%m-%d}）。")
        else:
            self.stdout.write(f"库中已有 {total} 个党组织，未作改动。")


def _day(text: str) -> date:
    return date.fromisoformat(text)
