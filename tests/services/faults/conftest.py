"""An installation with servers of its own."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg2
import pytest
import requests

from tests.services.conftest import COMPOSE, Installation
from tests.services.faults.servers import Broker, Cluster

CALL = "from tests.services.faults import inside; inside.{}"


class Portal(Installation):
    """The services of docker-compose.yml on servers that may be stopped."""

    cluster: Cluster
    broker: Broker
    database: str

    def inside(self, call: str) -> Any:
        """Call a function of ``inside.py`` in the portal's own process; return its answer."""
        said = self.run("python", "manage.py", "shell", "-v0", "--command", CALL.format(call))
        return json.loads(said.splitlines()[-1])

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read rows straight from the database."""
        connection = psycopg2.connect(self.database)
        with connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows

    def site(self, machine: int = 0) -> str:
        return f"http://127.0.0.1:{self.ports[machine]}"

    def health(self) -> dict[str, Any]:
        answer: dict[str, Any] = requests.get(f"{self.site()}/healthz", timeout=60).json()
        return answer

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a service without a word, with all processes that it made."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text()


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    try:
        made.start()
        yield made
    finally:
        made.discard()


@pytest.fixture(scope="package")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    made = Broker(tmp_path_factory.mktemp("redis"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="package")
def bureau(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster, broker: Broker) -> Portal:
    """The demonstration bureau; nothing runs on it yet."""
    url = cluster.create("bureau")
    made = Portal(tmp_path_factory.mktemp("portal"), url, broker.url)
    made.cluster, made.broker, made.database = cluster, broker, url
    made.run(*COMPOSE["services"]["prepare"]["command"])
    made.run("python", "manage.py", "seed", DEMO="1")
    return made


@pytest.fixture
def portal(bureau: Portal) -> Iterator[Portal]:
    """The demonstration bureau, its database as the last test left it, with one web machine."""
    try:
        bureau.start_web(bureau.ports[0])
        bureau.wait_for_pages(bureau.ports[0])
        yield bureau
    finally:
        bureau.stop()
        bureau.running.clear()
