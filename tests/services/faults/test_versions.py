"""A worker of the old version beside the new; migrations interrupted."""

import signal
import subprocess
from pathlib import Path

import pytest
import requests

from tests.services.conftest import ROOT
from tests.services.faults.conftest import Portal
from tests.services.faults.servers import Broker, Cluster, wait_for

pytestmark = pytest.mark.services

OLD_WORKER = {"--app=bureau": "--app=tests.services.faults.older"}


def test_an_old_worker_leaves_new_work_to_the_new_one(bureau: Portal) -> None:
    try:
        old = bureau.start("worker", **OLD_WORKER)
        wait_for(lambda: "ready." in bureau.log("worker"), "the old worker is there")
        numbers, call = bureau.inside("newer_work()")
        said = "is left for a newer worker"
        wait_for(lambda: bureau.log("worker").count(said) >= len(numbers), "it has seen the jobs")
        wait_for(lambda: "unregistered task" in bureau.log("worker"), "it has seen the call")
        rows = "SELECT state, attempts FROM common_job WHERE id = ANY(%s)"
        assert bureau.ask(rows, numbers) == [("queued", 0)] * len(numbers)
        assert old.poll() is None

        bureau.start("worker")
        # Handed back by the old one until the new one had it.
        succeeded = f"bureau.remind[{call}] succeeded"
        wait_for(lambda: succeeded in bureau.log("worker"), "the call that the old one didn't know")
        bureau.kill(old)
        bureau.start("beat")
        wait_for(lambda: bureau.ask(rows, numbers) == [("done", 1)] * len(numbers), "done")
    finally:
        bureau.stop()
        bureau.running.clear()


class Blank(Portal):
    """An installation whose database has no table yet."""

    def migrations(self) -> int:
        """How many are applied."""
        said = self.run("python", "manage.py", "showmigrations", "--plan")
        return said.count("[X]")


def blank(folder: Path, url: str, broker: Broker) -> Blank:
    made = Blank(folder, url, broker.url)
    made.run("python", "scripts/data_dir.py")
    made.run("python", "manage.py", "collectstatic", "--noinput")
    return made


@pytest.mark.parametrize("engine", ["postgres", "sqlite"])
def test_interrupted_migrations_run_to_the_end(
    engine: str, tmp_path: Path, cluster: Cluster, broker: Broker
) -> None:
    url = cluster.create("blank") if engine == "postgres" else f"sqlite:///{tmp_path}/db.sqlite3"
    portal = blank(tmp_path, url, broker)
    try:
        kill_while_migrating(portal, after=5)
        first = portal.migrations()
        kill_while_migrating(portal, after=15)
        assert 5 <= first < portal.migrations()

        portal.start_web(portal.ports[0])
        site = portal.site()
        wait_for(lambda: answers(f"{site}/healthz"), "pages are served")
        health = requests.get(f"{site}/healthz", timeout=60)
        assert health.status_code == 503
        assert health.json()["migrations"].endswith("not applied")
        # The table of sessions comes last.
        someone = {"sessionid": "a" * 32}
        page = requests.get(f"{site}/month/", cookies=someone, timeout=60)
        assert (page.status_code, "系统正在升级" in page.text) == (503, True)

        portal.run("python", "manage.py", "migrate", "--noinput")
        portal.run("python", "manage.py", "migrate", "--check")
        assert portal.inside("schema_gaps()") == []
        # The web that was there all the time.
        assert requests.get(f"{site}/healthz", timeout=60).status_code == 200
        assert requests.get(f"{site}/month/", cookies=someone, timeout=60).ok
    finally:
        portal.stop()


def answers(address: str) -> bool:
    try:
        requests.get(address, timeout=60)
    except requests.ConnectionError:
        return False
    return True


def kill_while_migrating(portal: Blank, *, after: int) -> None:
    """Start, and kill in the middle of the one that comes after so many."""
    path = portal.folder / "migrate.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            ["python", "-u", "manage.py", "migrate", "--noinput"],
            cwd=ROOT, env=portal.environment("prepare"), stdout=log, stderr=log,
        )  # fmt: skip

    def in_the_middle() -> bool:
        assert process.poll() is None, path.read_text()
        said = path.read_bytes()
        return said.count(b" OK") >= after and said.endswith(b"...")

    wait_for(in_the_middle, f"{after} migrations", pause=0)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
