"""The tree at 30,000 organisations: a large move on both databases, and coverage of all schools."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, connections, transaction
from django.db.utils import load_backend
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from benchmarks.databases import migrated
from benchmarks.harness import Result, at_most, take_turns, taken, within
from benchmarks.lab import LARGE, Lab
from benchmarks.seeding import OFFICER
from bureau.seed.large import build_large
from organizations.choices import OrganizationKind
from organizations.models import Organization, Placement, School
from organizations.services import found_organization, move_organization
from people.queries.coverage import coverage, coverage_table, statement

MOVED = 1500
_BASIS = "澄教委〔2026〕3号"


def moving(lab: Lab) -> Iterator[Result]:
    """Move 1,500 organisations and more at once, on PostgreSQL and on SQLite; taken back."""
    lab.bureau(LARGE)
    with lab.databases.using(LARGE):
        yield from _moves(lab, "postgresql")
    with _sqlite(lab.folder / "tree.sqlite3"):
        migrated()
        build_large(count=lab.sizes[LARGE], day=timezone.localdate())
        yield from _moves(lab, "sqlite")


def _moves(lab: Lab, database: str) -> Iterator[Result]:
    on = timezone.localdate()
    spent, asked = [], 0
    with transaction.atomic():
        top, target = _gathered(on)
        for _ in range(max(lab.works, 3) + 1):
            point = transaction.savepoint()
            held = Organization.objects.get(pk=top.pk)
            with CaptureQueriesContext(connection) as queries:
                spent.append(taken(lambda moved=held: _move(moved, target, on)))
            asked = len(queries)
            transaction.savepoint_rollback(point)
        transaction.set_rollback(True)
    # The first round warms up.
    yield at_most(f"tree.move_1500.{database}", median(spent[1:]) * 1000, "ms", 300)
    yield at_most(f"tree.move_1500.{database}.queries", asked, "queries", 20)


def _gathered(on: date) -> tuple[Organization, Organization]:
    """Put districts of 605 under one committee, as if long ago; return it, and where it goes."""
    districts = Organization.objects.filter(kind=OrganizationKind.COMMITTEE).exclude(parent=None)
    first, *others = districts.order_by("pk")
    root = Organization.objects.get(parent=None)
    top = found_organization(
        actor=None, name="测量党委", kind=first.kind, code="M000001", parent=root, on=on
    )
    while Organization.objects.under(top).count() <= MOVED:
        _move(others.pop(), top, on)
        top.refresh_from_db()
    Placement.objects.filter(until=None, since=on).update(since=on - timedelta(days=9))
    return top, first


def _move(moved: Organization, parent: Organization, on: date) -> None:
    move_organization(actor=None, organization=moved, parent=parent, on=on, basis=_BASIS)


@contextmanager
def _sqlite(path: Path) -> Iterator[None]:
    """Let the portal work on a SQLite file inside the block."""
    config: dict[str, Any] = connections.configure_settings(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path}}
    )["default"]
    wrapper = load_backend(config["ENGINE"]).DatabaseWrapper(config, "default")
    before = connections["default"]
    connections["default"] = wrapper
    try:
        yield
    finally:
        connections["default"] = before
        wrapper.close()


def covering(lab: Lab) -> Iterator[Result]:
    """Coverage of 30,000 schools by kind; the same statement by itself."""
    lab.bureau(LARGE)
    with lab.databases.using(LARGE):
        officer, on = User.objects.get(username=OFFICER), timezone.localdate()

        def ours() -> None:
            coverage_table(coverage(School.objects.visible_to(officer), on), on)

        def bare() -> None:
            with connection.cursor() as cursor:
                cursor.execute(*statement(School.objects.all(), on))
                cursor.fetchall()

        found = take_turns({"ours": ours, "bare": bare}, times=lab.works * 3)
    yield within("tree.coverage", found["ours"] * 1000, found["bare"] * 1000, "ms", 3)
