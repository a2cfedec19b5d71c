"""A PostgreSQL and a Redis of the test's own, so that it may stop them."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg2
import redis

from tests.services.conftest import free_port

LIMIT_SECONDS = 300


def wait_for(condition: Callable[[], object], what: str, *, pause: float = 0.2) -> None:
    """Until the condition holds; machines differ, so the limit only ends what will never hold."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {LIMIT_SECONDS} s: {what}"
        time.sleep(pause)


class Broker:
    """Redis that keeps nothing: what it held is gone when it stops."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--dir", self.folder]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for(self._answers, "Redis answers")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.RedisError:
            return False


class Cluster:
    """A PostgreSQL server in a folder; root runs it as the user that Debian made for it.

    The folder is none of pytest's: each run of it closes the way to those for everybody else.
    """

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="portal-cluster-"))
        self.folder, self.port = self._home / "cluster", free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._as: list[str] = []
        if os.getuid() == 0:
            self._as = ["runuser", "-u", "postgres", "--"]
            shutil.chown(self._home, "postgres")
        self._call("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
                   "--locale=C.UTF-8", "-D", str(self.folder))  # fmt: skip

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        settings = [f"--port={self.port}", "--listen_addresses=127.0.0.1",
                    "--unix_socket_directories=", "--fsync=off"]  # fmt: skip
        self._process = subprocess.Popen(
            [*self._as, _program("postgres"), "-D", self.folder, *settings],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(self._answers, "PostgreSQL answers")

    def stop(self) -> None:
        """Break every connection off; clean enough to start again at once."""
        if self._process is None:
            return
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        self._process.wait()
        self._process = None

    def discard(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self._home)

    def create(self, database: str, *, template: str = "template1") -> str:
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
        connection.close()
        return self.url(database)

    def _call(self, program: str, *words: str) -> None:
        command = [*self._as, _program(program), *words]
        subprocess.run(command, check=True, capture_output=True, cwd="/")

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres")).close()
        except psycopg2.OperationalError:
            return False
        return True


def _program(name: str) -> str:
    """The path of a program of PostgreSQL's server, which Debian keeps out of PATH."""
    places: Sequence[Path] = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(places[-1]) if places else shutil.which(name)
    assert found, f"no {name}: install PostgreSQL's server"
    return found
