"""The deadline rush over HTTP: every school hands in, by gunicorn as an installation runs it.

Half a minute before the deadline each secretary has the page open: forms are fetched first, by
their own sessions; what is measured is sending them, a connection for each, as many at a time as
the web processes have threads.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import requests
from lxml import html

from benchmarks.databases import ROOT, url_of
from benchmarks.documents import memory
from benchmarks.harness import Result, at_least, at_most, p95
from benchmarks.lab import SMALL, Lab
from benchmarks.visits import COOKIE, Visit, plan_visits

AT_A_TIME = 12
ON_SQLITE = 300
_CSRF = "c" * 32


@dataclass(frozen=True)
class Form:
    """A filled-in form: where it goes, what it says, who sends it."""

    path: str
    body: str
    cookie: str


def on_postgresql(lab: Lab) -> Iterator[Result]:
    """Three web processes on PostgreSQL and Redis."""
    lab.copy_of(SMALL, "rush")
    with lab.databases.using("rush"):
        visits = plan_visits()
    env = {"DATABASE_URL": url_of("rush"), "REDIS_URL": os.environ["BENCH_REDIS_URL"]}
    env["WEB_WORKERS"] = "3"
    with gunicorn(env, lab.folder / "rush.log") as (port, processes):
        spent, times = _rush(port, visits)
        most = max(memory(pid) for pid in processes())
    yield at_least("rush.postgresql", len(visits) / spent, "a second", 60)
    yield at_most("rush.postgresql_p95", p95(times) * 1000, "ms", 500)
    yield at_most("memory.web_process", most, "MB", 250)


def on_sqlite(lab: Lab) -> Iterator[Result]:
    """One web process on SQLite, without Redis, as `make run` serves."""
    folder = lab.folder / "sqlite"
    folder.mkdir()
    env = {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}", "REDIS_URL": ""}
    size = str(lab.sizes[SMALL])
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.visits", size],
        cwd=ROOT, env={**os.environ, **env}, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    visits = [Visit(**each) for each in json.loads(made.stdout)][:ON_SQLITE]
    log = lab.folder / "sqlite.log"
    with gunicorn(env, log) as (port, _):
        spent, _times = _rush(port, visits)
    yield at_least("rush.sqlite", len(visits) / spent, "a second", 20)
    locked = log.read_text().count("database is locked")
    yield at_most("rush.sqlite_locked", locked, "times", 0)


def _rush(port: int, visits: Sequence[Visit]) -> tuple[float, list[float]]:
    """Send all forms; seconds in all and of each. One that isn't acknowledged is an error."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        forms = list(pool.map(lambda visit: _fetch(port, visit), visits))
        begun = time.perf_counter()
        times = list(pool.map(lambda form: _send(port, form), forms))
        return time.perf_counter() - begun, times


def _fetch(port: int, visit: Visit) -> Form:
    """Open the page with the form and fill in what its secretary would."""
    cookies = {COOKIE: visit.session, "csrftoken": _CSRF}
    answer = requests.get(f"http://127.0.0.1:{port}{visit.path}", cookies=cookies, timeout=120)
    answer.raise_for_status()
    page = html.fromstring(answer.content)
    form = page.get_element_by_id(visit.form)
    fields = {name: value for name, value in form.form_values() if name not in visit.values}
    fields |= {name: value for name, value in visit.values.items() if name in form.fields}
    fields["csrfmiddlewaretoken"] = _CSRF
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return Form(form.action or visit.path, urlencode(fields), cookie)


def _send(port: int, form: Form) -> float:
    """Send a form by a connection of its own; return the seconds until it was acknowledged."""
    headers = {"Cookie": form.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("POST", form.path, form.body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    spent = time.perf_counter() - begun
    if answer.status != 302:
        said = html.fromstring(content).text_content() if content else ""
        raise RuntimeError(f"{form.path} answers {answer.status}: {' '.join(said.split())[:600]}")
    return spent


@contextmanager
def gunicorn(env: dict[str, str], log: Path) -> Iterator[tuple[int, Callable[[], list[int]]]]:
    """The portal's own web server; yields its port and what lists its processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    own = {"DJANGO_SETTINGS_MODULE": "bureau.settings", "PORT": str(port)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **own, **env}, stdin=subprocess.DEVNULL,
            stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(port, process, log)
        yield port, lambda: _children(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        with suppress(requests.RequestException):
            requests.get(f"http://127.0.0.1:{port}/login/", timeout=30).raise_for_status()
            return
        time.sleep(0.2)
    raise RuntimeError(f"gunicorn does not answer: {log.read_text()[-2000:]}")


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text(encoding="ascii").split()]
