"""The clock of the machine is set back an hour while scheduler and worker run."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from common.models import WorkdayOverride
from notifications.models import Delivery, Digest, Due
from tests.bureau.test_killed import (
    BEAT,
    WORKER,
    Processes,
    addresses,
    environment,
    redis_url,
)
from tests.factories import UserFactory
from tests.notifications.rows import due

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

__all__ = ["environment", "redis_url"]
PERSONS = 8
OURS = {"tests.bureau.hurried": "tests.services.faults.turned_clock"}


@pytest.fixture
def processes(environment: dict[str, str], tmp_path: Path) -> Iterator[Processes]:
    sign = {"CLOCK_BACK": str(tmp_path / "back")}
    found = Processes({**environment, **sign}, tmp_path / "processes.log")
    yield found
    found.kill()


def owe(first: int) -> set[int]:
    """What was due two hours ago, by any clock."""
    people = [UserFactory(email=f"p{first + n}@example.org") for n in range(PERSONS)]
    at = timezone.now() - timedelta(hours=2)
    fields = {"room": "test", "due_at": at, "deadline": timezone.localdate()}
    Due.objects.bulk_create(due(person, **fields) for person in people)
    return {person.pk for person in people}


def all_told() -> bool:
    waiting = Due.objects.filter(digest=None) or Delivery.objects.filter(state="pending")
    return not waiting.exists()


def test_reminders_go_on_and_nobody_gets_one_twice(processes: Processes, tmp_path: Path) -> None:
    for days in (-1, 0, 1):
        day = timezone.localdate() + timedelta(days=days)
        WorkdayOverride.objects.create(date=day, is_workday=True)
    before = owe(0)
    processes.start(*([OURS.get(word, word) for word in command] for command in (WORKER, BEAT)))
    processes.wait_until(all_told, seconds=240)

    (tmp_path / "back").touch()
    turned = [tmp_path / "turned-beat", tmp_path / "turned-worker"]
    processes.wait_until(lambda: all(path.exists() for path in turned), seconds=240)
    after = owe(PERSONS)
    # Without the portal's own scheduler nothing would be sent for an hour.
    processes.wait_until(all_told, seconds=240)
    processes.kill()

    everybody = dict.fromkeys(before | after, 1)
    assert Counter(Digest.objects.values_list("recipient", flat=True)) == everybody
    assert set(Counter(addresses(tmp_path / "data" / "mail")).values()) == {1}
    assert Delivery.objects.filter(state="sent").count() == 2 * PERSONS
    late = Digest.objects.filter(recipient__in=after).latest("created_at")
    assert late.created_at < timezone.now() - timedelta(minutes=30), "the clock wasn't turned"
