"""Work over a second: publishing, reminders, import, export; each beside its floor or peer."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from benchmarks.databases import migrated
from benchmarks.harness import Result, at_least, at_most, faster, taken, within
from benchmarks.lab import EMPTY, LARGE, SMALL, Lab
from benchmarks.peers import import_by_peer
from benchmarks.seeding import OFFICER
from bureau.seed.large import build_large
from bureau.seed.plan import ROOT
from bureau.services import remind
from calendar_events.choices import Handling
from calendar_events.models import Calendar, Event, Task
from calendar_events.services import publish_calendar
from common.models import overrides
from common.workdays import nth_workday_of
from notifications.models import Due
from organizations.imports import organizations

EVENTS = 33
IMPORTED, BAD = 30_000, 300
_HEADS = ("党组织全称", "组织代码", "简称", "类别", "上级党组织", "惯例排序号", "成立日期")


def publishing(lab: Lab) -> Iterator[Result]:
    """Publish 33 events that all schools do; the same rows by one bulk_create."""
    lab.bureau(SMALL)
    ours, bare = [], []
    with lab.databases.using(SMALL):
        officer = User.objects.get(username=OFFICER)
        for _ in range(lab.works + 1):
            with transaction.atomic():
                calendar = _draft_calendar()
                ours.append(
                    taken(
                        lambda c=calendar: publish_calendar(
                            actor=officer, calendar=c, at=timezone.now()
                        )
                    )
                )
                made = Task.objects.filter(event__calendar=calendar)
                rows = [_copy(task) for task in made]
                made.delete()
                bare.append(taken(lambda rows=rows: Task.objects.bulk_create(rows)))
                transaction.set_rollback(True)
    # The first round warms up.
    yield within("publish.33_events", median(ours[1:]), median(bare[1:]), "s", 4)


def _draft_calendar() -> Calendar:
    year = timezone.localdate().year + 1
    calendar = Calendar.objects.create(year=year, title=f"{year} 年度行事历")
    Event.objects.bulk_create(
        Event(
            calendar=calendar,
            year=year,
            title=f"第{number}项工作",
            first_month=number % 12 + 1,
            last_month=number % 12 + 1,
            position=number,
            handling=Handling.SCHOOL,
        )
        for number in range(EVENTS)
    )
    return calendar


def _copy(task: Task) -> Task:
    return Task(
        event_id=task.event_id,
        organization_id=task.organization_id,
        due_on=task.due_on,
        created_at=task.created_at,
    )


def reminders(lab: Lab) -> Iterator[Result]:
    """One round of reminders on the first workday of the month: everybody is told something."""
    found: dict[str, list[tuple[float, int, int]]] = {SMALL: [], LARGE: []}
    for size in (SMALL, LARGE):
        lab.bureau(size)
        with lab.databases.using(size):
            at = _first_morning()
            for _ in range(lab.works):
                found[size].append(_remind(at))
    for size in (SMALL, LARGE):
        if not all(rows for _, _, rows in found[size]):
            raise RuntimeError("Nobody was reminded of anything.")
    yield at_most("sweep.30000", median(each[0] for each in found[LARGE]), "s", 60)
    # What a round asks once, it asks of a small bureau too: the share of each batch only falls.
    a_batch = {size: found[size][0][1] * 500 / found[size][0][2] for size in found}
    yield within("sweep.queries_a_batch", a_batch[LARGE], a_batch[SMALL], "queries", 1)


def _remind(at: datetime) -> tuple[float, int, int]:
    """Seconds, queries, rows written of one round, which is then taken back."""
    asked = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        nonlocal asked
        asked += 1
        return execute(sql, params, many, context)

    with transaction.atomic():
        before = Due.objects.count()
        with connection.execute_wrapper(count):
            spent = taken(lambda: remind(at=at))
        rows = Due.objects.count() - before
        transaction.set_rollback(True)
    return spent, asked, rows


def _first_morning() -> datetime:
    today = timezone.localdate()
    day = nth_workday_of(today.year, today.month, 1, overrides())
    return timezone.make_aware(datetime.combine(day, time(10)))


def importing(lab: Lab) -> Iterator[Result]:
    """A list of 30,000 organisations, one in a hundred at fault.

    The peer reads the same file with django-import-export at its fastest: in bulk, what is there
    read once, without a difference kept, an audit, superiors, or a tree.
    """
    lab.databases.make(EMPTY, migrated)
    lab.databases.make("import", _one_school, template=EMPTY)
    data, bad = import_file()
    ours, peers, named = [], [], set()
    with lab.databases.using("import"):
        officer = User.objects.get(username=OFFICER)
        for _ in range(lab.works):
            with transaction.atomic():
                spent, named = _import(officer, data)
                ours.append(spent)
                transaction.set_rollback(True)
            with transaction.atomic():
                peers.append(taken(lambda: import_by_peer(data.decode("utf-8-sig"))))
                transaction.set_rollback(True)
    yield at_least("import.rows_a_second", IMPORTED / median(ours), "rows/s", 3000)
    yield faster("import.beside_import_export", median(ours), median(peers), "s")
    missed = len(bad.symmetric_difference(named))
    yield at_most("import.bad_rows_missed", missed, "rows", 0)


def _one_school() -> None:
    build_large(count=2, day=timezone.localdate())


def _import(officer: User, data: bytes) -> tuple[float, set[int]]:
    named: set[int] = set()

    def work() -> None:
        outcome = organizations.run(
            actor=officer,
            data=data,
            filename="党组织.csv",
            dry_run=False,
            only_clean=True,
            on=timezone.localdate(),
        )
        named.update(problem.row for problem in outcome.problems)
        if outcome.result.created != IMPORTED - BAD:
            raise RuntimeError(f"{outcome.result.created} organisations were imported.")

    return taken(work), named


def import_file() -> tuple[bytes, set[int]]:
    """The list as .csv, and the numbers of its lines at fault: kind, day or superior unknown."""
    text, bad = io.StringIO(), set()
    writer = csv.writer(text)
    writer.writerow(_HEADS)
    general = ""
    for number in range(IMPORTED):
        leads = number % 6 == 0
        name = f"第{number}小学{'党总支' if leads else '党支部'}"
        general = name if leads else general
        row = [
            name, f"T{number:06}", f"第{number}小学", "党总支" if leads else "党支部",
            ROOT if leads else general, str(number * 10), date(2020, 9, 1).isoformat(),
        ]  # fmt: skip
        if number % 100 == 5:
            place, wrong = ((3, "党小组"), (6, "2020年13月"), (4, "查无此组织"))[number // 100 % 3]
            row[place] = wrong
            bad.add(number + 2)
        writer.writerow(row)
    return text.getvalue().encode("utf-8-sig"), bad


def exporting(lab: Lab) -> Iterator[Result]:
    """The list of all organisations as files, through its own address, by an officer."""
    visitor = lab.visitor(LARGE, OFFICER)
    for ending, most in (("xlsx", 3), ("csv", 1)):
        fetch = visitor.opener(f"/admin/organizations/organization/export/{ending}/")
        fetch()
        spent = median(taken(fetch) for _ in range(lab.works))
        yield at_most(f"export.{ending}_30000", spent, "s", most)
