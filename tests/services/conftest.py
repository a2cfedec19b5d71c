"""The services of docker-compose.yml, each by its own command, against servers of this machine.

There is no container engine here. What is taken from the file: commands, environment, secrets as
files, health checks. What is not: images, volumes, networks, limits.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2
import pytest
import requests
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def server(name: str) -> str:
    """The address of a server that the suite was given."""
    url = os.environ.get(name)
    assert url, f"{name} is not set: run  make test-services"
    return url


@pytest.fixture(scope="package")
def database_url() -> Iterator[str]:
    """An empty database on the PostgreSQL of TEST_DATABASE_URL, gone afterwards."""
    given, name = server("TEST_DATABASE_URL"), f"compose_{uuid4().hex[:8]}"
    admin = psycopg2.connect(given)
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    with admin.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    admin.close()


class Installation:
    """One folder, one database, one Redis, and the services that run on them."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.folder, self.running = folder, list[subprocess.Popen[bytes]]()
        self.ports = [free_port(), free_port()]
        secrets = folder / "secrets"
        subprocess.run([ROOT / "scripts" / "compose-secrets", secrets], check=True)
        (secrets / "database_url").write_text(database_url)
        self._local = {
            "/data": str(folder / "data"),
            "/backups": str(folder / "backups"),
            "/backup-keys": str(folder / "backup-keys"),
            "/run/secrets": str(secrets),
            "redis://redis:6379/0": redis_url,
        }

    def environment(self, service: str, **more: str) -> dict[str, str]:
        """What the file gives the service, on this machine's places."""
        given = {"SITE_URL": f"http://127.0.0.1:{self.ports[0]}", "EMAIL_URL": ""}
        found = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
        }
        for key, value in COMPOSE["services"][service]["environment"].items():
            text = re.sub(r"\$\{(\w+)[^}]*\}", lambda m: given[m[1]], value)
            found[key] = next(
                (
                    text.replace(theirs, ours)
                    for theirs, ours in self._local.items()
                    if text.startswith(theirs)
                ),
                text,
            )
        return {**found, **more}

    def start(self, service: str, **replaced: str) -> subprocess.Popen[bytes]:
        """Start a service by its own command; ``replaced`` are words of it, by name."""
        words = [replaced.get(word.replace(".", "_").replace(":", "_"), word) for word in
                 COMPOSE["services"][service]["command"]]  # fmt: skip
        with (self.folder / f"{service}.log").open("ab") as log:
            process = subprocess.Popen(
                words, cwd=ROOT, env=self.environment(service), stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        return process

    def start_web(self, port: int) -> None:
        """Start one more machine with web processes."""
        self.start("web", **{"0_0_0_0_8000": f"127.0.0.1:{port}"})

    def run(self, *words: str, service: str = "prepare", **more: str) -> str:
        """Run a command to its end, which has to be a good one, and return what it printed."""
        done = subprocess.run(
            words, cwd=ROOT, env=self.environment(service, **more), check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def healthcheck(self, service: str) -> int:
        """The exit code of the service's own health check."""
        words = COMPOSE["services"][service]["healthcheck"]["test"][1:]
        env = self.environment(service, PORT=str(self.ports[0]))
        return subprocess.run(words, cwd=ROOT, env=env, check=False).returncode

    def wait_for_pages(self, port: int, *, seconds: float = 180) -> None:
        """Until /healthz answers 200 there."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(requests.RequestException):
                if requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10).ok:
                    return
            time.sleep(0.2)
        raise AssertionError((self.folder / "web.log").read_text()[-4000:])

    def stop(self) -> None:
        """Kill whatever runs."""
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="package")
def installation(
    tmp_path_factory: pytest.TempPathFactory, database_url: str
) -> Iterator[Installation]:
    """The demonstration bureau on it, two machines with web processes, worker and scheduler."""
    made = Installation(tmp_path_factory.mktemp("compose"), database_url, server("TEST_REDIS_URL"))
    try:
        made.run(*COMPOSE["services"]["prepare"]["command"])
        made.run("python", "manage.py", "seed", DEMO="1")
        for port in made.ports:
            made.start_web(port)
        made.start("worker")
        made.start("beat")
        for port in made.ports:
            made.wait_for_pages(port)
        yield made
    finally:
        made.stop()
