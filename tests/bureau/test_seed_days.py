"""The first days of a year have their bureau too, the same day always the same; large ones."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from bureau import seed
from bureau.seed.calendar_plan import LATE
from bureau.seed.large import build_large
from cadres.models import TrainingRecord
from calendar_events.models import Task
from notifications.models import Digest
from organizations.choices import RoleKind
from organizations.models import HeadCount, Organization, Placement, Role
from people.models import Person
from reports.models import Report, ReportFigure

pytestmark = pytest.mark.django_db
FIRST_DAYS = date(2026, 1, 2)


def fingerprint():
    """Names, states and figures, without the ids that a database gives."""
    return (
        sorted(Person.objects.values_list("mobile_index", "name", "user__username"), key=str),
        list(Organization.objects.values_list("code", "name", "founded_on", "closed_on")),
        list(HeadCount.objects.values_list("organization__code", "on", "full", "activists")),
        sorted(Task.objects.values_list("event__title", "organization__code", "state", "due_on")),
        sorted(Report.objects.values_list("period__starts_on", "organization__code", "state")),
        sorted(
            ReportFigure.objects.exclude(key__startswith="task:").values_list(
                "report__period__starts_on", "report__organization__code", "key", "text"
            )
        ),
        sorted(Digest.objects.values_list("recipient__username", "subject")),
    )


def test_the_first_days_of_a_year_have_their_bureau():
    assert seed.build_bureau(day=FIRST_DAYS) is not None
    assert Organization.objects.get(short_name="柳汀小学").closed_on == date(2025, 8, 1)
    overdue = Task.objects.overdue(FIRST_DAYS).values_list("organization__short_name", flat=True)
    assert sorted(set(overdue)) == sorted(LATE)
    assert Organization.objects.open_on(FIRST_DAYS).reporting().count() == 60
    assert Report.objects.filter(state="returned").count() == 1
    assert Digest.objects.exists()
    assert TrainingRecord.objects.filter(training_class=None).exists()


@pytest.mark.services
def test_the_same_day_has_always_the_same_bureau():
    found = []
    for _ in range(2):
        sid = transaction.savepoint()
        assert seed.build_bureau(day=FIRST_DAYS) is not None
        found.append(fingerprint())
        transaction.savepoint_rollback(sid)
    assert found[0] == found[1]


def test_an_interrupted_seed_leaves_nothing_behind(monkeypatch):
    def fail(_context):
        raise RuntimeError

    monkeypatch.setattr(seed, "ROOMS", (*seed.ROOMS[:2], fail))
    with pytest.raises(RuntimeError):
        seed.build_bureau(day=date(2026, 6, 10))
    assert not Organization.objects.exists()


def test_a_large_bureau_has_a_true_tree():
    out = StringIO()
    call_command("seed", organizations=605, on=date(2026, 11, 21), stdout=out)
    assert out.getvalue() == "已建好 605 个党组织（2026-11-21）。\n"
    rows = list(Organization.objects.select_related("parent"))
    for row in rows:
        above = row.parent.path if row.parent else ""
        assert row.path == f"{above}{row.pk:07}"
    assert sorted(Placement.objects.values_list("organization", "path")) == sorted(
        (row.pk, row.path) for row in rows
    )
    assert Organization.objects.reporting().count() == 604
    assert Role.objects.filter(kind=RoleKind.SECRETARY).count() == 604
    assert len({row.name for row in rows}) == 605


@pytest.mark.parametrize(("size", "districts"), [(605, 0), (1_213, 3)])
def test_the_reviewer_of_a_large_bureau_sees_as_many_in_any_size(size, districts):
    assert build_large(count=size, day=date(2026, 11, 21))
    assert Organization.objects.count() == size
    assert Organization.objects.filter(kind="committee").count() == 1 + districts
    seen = Organization.objects.visible_to(User.objects.get(username="xuequ"))
    assert seen.count() == 605
    assert seen.reporting().count() == 604
    assert Organization.objects.visible_to(User.objects.get(username="zuzhi")).count() == size


@pytest.mark.parametrize("number", [0, 1, 50_001])
def test_odd_sizes_are_refused(number):
    with pytest.raises(CommandError):
        call_command("seed", organizations=number)
