"""The portal as ``make run`` starts it: answers, keeps its data, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RUN = [sys.executable, str(ROOT / "scripts" / "run.py")]
MARK = "PORTAL_TEST_MARK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """A bare one, as on a fresh machine; the mark finds every process that inherits it."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(data_dir), "DATA_DIR": str(data_dir)}
    return {**bare, "DEMO": "0", MARK: uuid4().hex, **more}


def marked(mark: str) -> dict[int, str]:
    """Every living process that carries the mark, with its command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    return found


def wait_until_gone(mark: str, *, seconds: float = 12) -> None:
    deadline = time.monotonic() + seconds
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == {}


def heed_sigint() -> None:
    """As at a terminal: a shell has jobs in the background ignore SIGINT, and make then does too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Portal:
    """A started portal; ``output`` is what the terminal shows."""

    def __init__(self, command: list[str], data_dir: Path) -> None:
        self.port = free_port()
        self.env = environment(data_dir, PORT=str(self.port))
        self.mark = self.env[MARK]
        self.log = data_dir / "terminal.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=heed_sigint,  # noqa: PLW1509 - nothing else runs in this process
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_for_greeting(self) -> None:
        deadline = time.monotonic() + 60
        while "answers at" not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)

    def pid_of(self, word: str) -> int:
        """The leader among the processes whose command line holds ``word``."""
        return min(pid for pid, command in marked(self.mark).items() if word in command)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: the first start migrates, the others find their data again."""
    folder = tmp_path_factory.mktemp("portal")
    make_data_dir(folder)
    return folder


def call(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=env, check=False, capture_output=True, text=True, timeout=30)


def make_data_dir(folder: Path) -> subprocess.CompletedProcess[str]:
    return call([sys.executable, str(ROOT / "scripts" / "data_dir.py")], environment(folder))


@pytest.fixture
def started() -> Iterator[list[Portal]]:
    portals: list[Portal] = []
    yield portals
    for portal in portals:
        for pid in marked(portal.mark):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_interrupting_make_alone_stops_everything(
    data_dir: Path, tmp_path: Path, started: list[Portal]
) -> None:
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"run:\n\t@exec {' '.join(RUN)}\n")
    portal = Portal(["make", "-f", str(makefile), "run"], data_dir)
    started.append(portal)
    portal.wait_for_greeting()
    assert f"http://127.0.0.1:{portal.port}" in portal.output
    # Started by no terminal, it says how to make the first officer.
    assert "manage.py create_first_officer" in portal.output
    with urllib.request.urlopen(f"http://127.0.0.1:{portal.port}/healthz") as answer:
        assert answer.status == 200

    # Beside it, on the same folder: refused before anything is touched.
    second = call(RUN, portal.env)
    assert second.returncode == 1
    assert "already running" in second.stderr

    portal.process.send_signal(signal.SIGINT)
    portal.process.wait(15)
    wait_until_gone(portal.mark)
    assert "Stopped." in portal.output


@pytest.mark.services
def test_a_child_that_dies_takes_the_rest_along(data_dir: Path, started: list[Portal]) -> None:
    portal = Portal(RUN, data_dir)
    started.append(portal)
    portal.wait_for_greeting()
    os.kill(portal.pid_of("celery --app bureau beat"), signal.SIGKILL)
    assert portal.process.wait(15) == 1
    assert "beat ended by itself" in portal.output
    wait_until_gone(portal.mark)


@pytest.mark.services
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_after(
    number: signal.Signals, data_dir: Path, started: list[Portal]
) -> None:
    portal = Portal(RUN, data_dir)
    started.append(portal)
    portal.wait_for_greeting()
    portal.process.send_signal(number)
    assert portal.process.wait(15) == (0 if number == signal.SIGTERM else -signal.SIGKILL)
    wait_until_gone(portal.mark)


def test_a_used_port_is_named(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = call(RUN, environment(data_dir, PORT=str(port)))
    assert result.returncode == 1
    assert f"Port {port} is not free" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "80 80", "PORT must be a number"),
        ("DEBUG", "perhaps", "DEBUG must be 1 or 0"),
        ("SITE_URL", "portal.example", "SITE_URL must look like"),
        ("DATABASE_URL", "mysql://user:hunter2@host/name", "DATABASE_URL must look like"),
        ("REDIS_URL", "localhost", "REDIS_URL must look like"),
        ("EMAIL_URL", "mail://user:hunter2@host", "EMAIL_URL must look like"),
    ],
)
def test_an_odd_value_is_refused_in_one_line(
    name: str, value: str, message: str, data_dir: Path
) -> None:
    result = call(RUN, environment(data_dir, **{name: value}))
    assert result.returncode == 1
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1
    assert "hunter2" not in result.stderr


def test_a_missing_secret_stops_the_start(tmp_path: Path) -> None:
    result = call([sys.executable, str(ROOT / "manage.py"), "check"], environment(tmp_path))
    assert result.returncode == 1
    assert result.stderr.startswith("The secret SECRET_KEY is missing: set SECRET_KEY or")
    assert result.stderr.count("\n") == 1


def test_the_data_folder_is_private_and_its_secrets_are_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    assert make_data_dir(folder).stdout == f"{folder}\n"
    assert folder.stat().st_mode & 0o777 == 0o700
    secrets = {path.name: path.read_text() for path in (folder / "secrets").iterdir()}
    assert secrets.keys() == {"secret_key", "field_encryption_keys", "blind_index_key"}
    assert {(folder / "secrets" / name).stat().st_mode & 0o777 for name in secrets} == {0o600}

    make_data_dir(folder)
    assert {path.name: path.read_text() for path in (folder / "secrets").iterdir()} == secrets


def test_a_lost_secret_is_not_replaced_beside_a_database(tmp_path: Path) -> None:
    make_data_dir(tmp_path)
    (tmp_path / "db.sqlite3").touch()
    lost = tmp_path / "secrets" / "field_encryption_keys"
    lost.unlink()
    result = make_data_dir(tmp_path)
    assert result.returncode == 1
    assert "field_encryption_keys: put the file back" in result.stderr
    assert not lost.exists()
