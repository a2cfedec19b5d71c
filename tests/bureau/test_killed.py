"""Real workers and schedulers, killed with SIGKILL in the middle: nobody is told twice or never."""

import email
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from common.models import WorkdayOverride
from notifications.models import Delivery, Digest, Due, GroupText
from notifications.services import send_deliveries
from tests.factories import UserFactory
from tests.notifications.mail_server import mail_server
from tests.notifications.rows import delivery, due

ROOT = Path(__file__).resolve().parent.parent.parent
PERSONS, ROWS_EACH, KILLS = 200, 3, 3
CELERY = [sys.executable, "-m", "celery", "--app", "tests.bureau.hurried"]
WORKER = [
    *CELERY, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO",
    "--without-gossip", "--without-mingle", "--without-heartbeat",
]  # fmt: skip
BEAT = [*CELERY, "beat", "--pidfile", "", "--loglevel", "INFO"]

pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    """The database of this test run, for other processes."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    host = f"{config['HOST']}:{config['PORT'] or 5432}"
    return f"postgres://{config['USER']}:{config['PASSWORD']}@{host}/{config['NAME']}"


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """Redis beside PostgreSQL, where it is installed; elsewhere the broker of the embedded setup."""
    if connection.vendor == "sqlite" or not shutil.which("redis-server"):
        yield ""
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def environment(tmp_path: Path, redis_url: str) -> dict[str, str]:
    data_dir = tmp_path / "data"
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
    }
    subprocess.run([sys.executable, ROOT / "scripts" / "data_dir.py"], env=env, check=True)
    return env


class Processes:
    """What the portal runs in the background; killed at once and without a word."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self.env, self.log = env, log
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *commands: list[str]) -> None:
        with self.log.open("ab") as log:
            self.running += [
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=self.env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                for command in commands
            ]

    def kill(self) -> None:
        for process in self.running:
            os.killpg(process.pid, signal.SIGKILL)
        for process in self.running:
            process.wait()
        self.running.clear()

    def wait_until(self, condition: Callable[[], bool], *, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            assert all(process.poll() is None for process in self.running), self.log.read_text()
            time.sleep(0.02)


@pytest.fixture
def processes(environment: dict[str, str], tmp_path: Path) -> Iterator[Processes]:
    found = Processes(environment, tmp_path / "processes.log")
    yield found
    found.kill()


def waiting() -> int:
    return Due.objects.filter(digest=None).count()


def everybody_owes() -> set[int]:
    """Rows due for many persons; returns these."""
    today = timezone.localdate()
    for day in (today, today + timedelta(days=1)):
        WorkdayOverride.objects.create(date=day, is_workday=True)
    people = [UserFactory(email=f"p{number}@example.org") for number in range(PERSONS)]
    # Rows of a room that isn't asked whether they are still so: there is nothing to ask.
    fields = {"room": "test", "due_at": timezone.now(), "deadline": today}
    Due.objects.bulk_create(due(person, **fields) for person in people for _ in range(ROWS_EACH))
    return {person.pk for person in people}


@pytest.mark.services
def test_nobody_is_told_twice_or_never(processes: Processes, tmp_path: Path) -> None:
    people = everybody_owes()
    for _ in range(KILLS):
        before = waiting()
        # Two schedulers on one timetable: every round is asked for twice.
        processes.start(WORKER, BEAT, BEAT)
        processes.wait_until(lambda held=before: waiting() < held)
        processes.kill()
        assert 0 < waiting() < before, "killed too late to prove anything"
    processes.start(WORKER, BEAT, BEAT)
    told = Due.objects.filter(group_text=None)
    processes.wait_until(lambda: waiting() == 0 and not told.exists())
    processes.wait_until(lambda: not Delivery.objects.filter(state="pending").exists())
    processes.kill()

    # One digest for each person, and all of their rows in it.
    assert Counter(Digest.objects.values_list("recipient", flat=True)) == dict.fromkeys(people, 1)
    rows = Due.objects.values_list("recipient", "digest__recipient")
    assert Counter(rows) == {(person, person): ROWS_EACH for person in people}
    assert all(d.text.count("〔今天截止〕") == ROWS_EACH for d in Digest.objects.all())
    assert not Due.objects.exclude(withdrawn_at=None).exists()
    # One place in the texts for the group, and at most one letter, whatever was killed.
    calls = [call["user_id"] for text in GroupText.objects.all() for call in text.calls]
    assert Counter(calls) == dict.fromkeys(people, 1)
    letters = Counter(addresses(tmp_path / "data" / "mail"))
    sent = Delivery.objects.filter(state="sent").values_list("address", flat=True)
    assert Delivery.objects.count() == PERSONS
    assert set(letters.values()) == {1}
    assert set(sent) <= set(letters)


def addresses(folder: Path) -> list[str]:
    """To whom the letters in ``folder`` are."""
    letters = "".join(path.read_text() for path in folder.iterdir())
    return [line.removeprefix("To: ") for line in letters.splitlines() if line.startswith("To: ")]


def test_killed_while_an_email_is_handed_over(environment: dict[str, str]) -> None:
    """The server has the whole message; whether it keeps it, nobody will ever know."""
    row = delivery()
    send = (
        "from django.utils import timezone;"
        "from notifications.services import send_deliveries;"
        "send_deliveries(at=timezone.now())"
    )
    Digest.objects.update(created_at=timezone.now())
    with mail_server() as (post, port):
        env = {**environment, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        command = [sys.executable, str(ROOT / "manage.py"), "shell", "--command", send]
        process = subprocess.Popen(command, env=env, start_new_session=True)
        post.before_answer = lambda: os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
        row.refresh_from_db()
        assert row.state == "sending"

    past = row.claimed_at - timedelta(minutes=10)
    Delivery.objects.update(claimed_at=past)
    assert send_deliveries(at=timezone.now()).unknown == 1
    row.refresh_from_db()
    assert (row.state, row.sent_at) == ("unknown", None)
    assert [email.message_from_string(text)["To"] for text in post.taken] == ["shuji@example.org"]
