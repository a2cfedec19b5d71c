#!/usr/bin/env python
"""make run: the whole portal on one machine: web, worker and scheduler, on SQLite without Redis.

Environment: PORT, DATA_DIR, SITE_URL, DATABASE_URL, REDIS_URL as in ``bureau.env``; DEMO=0 starts
without the demonstration bureau and asks for the first officer; BIND (DEMO=0 only) names the
address to listen on, by default this machine only.
"""

import fcntl
import http.client
import os
import socket
import sys
import time
from pathlib import Path

from processes import Group, StopRequest, caller_watch, raise_on_signals

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
LOOPBACK = "127.0.0.1"


def hold_data_dir(root: Path) -> int:
    """Lock DATA_DIR: two workers and two schedulers on one database would do everything twice."""
    handle = os.open(root / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(
            f"A portal is already running on {root}. Stop it first, or start this one beside it: "
            "make run DATA_DIR=/another/folder PORT=8001"
        )
    return handle


def check_port(address: str, port: int) -> None:
    """Stop with a clear message where the port can't be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            sys.exit(f"Port {port} is not free ({error.strerror}): try  make run PORT={port + 1}")


def prepare(*, demo: bool) -> None:
    """Bring the database up to date and see to it that somebody can log in."""
    from django.core.management import call_command, get_commands

    call_command("migrate", interactive=False, verbosity=0)
    first_time = not has_users()
    if demo and first_time and "seed" in get_commands():
        print("Building the demonstration bureau, once ...", flush=True)
        call_command("seed")
    elif not demo and first_time:
        ask_for_first_officer()


def has_users() -> bool:
    """Whether anybody can log in yet."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.exists()


def ask_for_first_officer() -> None:
    """Ask on the terminal; without answers, start all the same and say how to make up for it."""
    from django.core.management import CommandError, call_command

    try:
        call_command("create_first_officer")
    except CommandError as error:
        print(f"{error}\nLater: .venv/bin/python manage.py create_first_officer", flush=True)


def commands(address: str, port: int) -> dict[str, list[str]]:
    """Return what to start, by name."""
    celery = [sys.executable, "-m", "celery", "--app", "bureau"]
    return {
        "web": [
            sys.executable, "-m", "gunicorn", "--bind", f"{address}:{port}",
        ],
        "worker": [
            *celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ],
        "beat": [*celery, "beat", "--pidfile", "", "--loglevel", "INFO"],
    }  # fmt: skip


def answers(port: int) -> bool:
    """Whether pages are served."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def greet(*, demo: bool) -> None:
    """Print the address and, in the demo, with whom to log in."""
    from django.conf import settings
    from django.core.management import call_command, get_commands

    print(f"\nThe portal answers at {settings.SITE_URL}  (Ctrl-C stops it)", flush=True)
    print(f"Data and logs: {settings.DATA_DIR}\n", flush=True)
    if demo and "demo_accounts" in get_commands():
        call_command("demo_accounts")
    sys.stdout.flush()


def watch(group: Group, *, port: int, demo: bool) -> int:
    """Greet once pages are served, then wait until somebody stops us or a process ends."""
    told_to_stop = caller_watch()
    greeted, deadline = False, time.monotonic() + START_SECONDS
    while not told_to_stop():
        if ended := group.ended():
            print(
                f"{ended.name} ended by itself (code {ended.process.returncode}); stopping the "
                f"rest. The end of {ended.log}:\n{ended.last_lines()}",
                file=sys.stderr,
            )
            return 1
        if not greeted and time.monotonic() > deadline:
            print(f"No page after {START_SECONDS} s: see {group.logs}/web.log", file=sys.stderr)
            return 1
        if not greeted and answers(port):
            greeted = True
            greet(demo=demo)
        time.sleep(0.5 if greeted else 0.1)
    return 0


def serve(*, address: str, port: int, demo: bool, logs: Path) -> int:
    """Start everything, stay until the end, leave nothing behind."""
    group = Group(logs)
    try:
        for name, command in commands(address, port).items():
            group.start(name, command)
        return watch(group, port=port, demo=demo)
    except StopRequest:
        return 0
    finally:
        print("\nStopping ...", flush=True)
        group.stop()
        print("Stopped.", flush=True)


def run() -> int:
    """Check, prepare, serve; every defect an operator can mend ends in a sentence."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, connections

    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    demo, port = settings.DEMO, settings.PORT
    address = LOOPBACK if demo else os.environ.get("BIND", LOOPBACK)
    lock = hold_data_dir(settings.DATA_DIR)
    check_port(address, port)
    try:
        prepare(demo=demo)
    except OperationalError as error:
        sys.exit(f"The database does not answer as it should: {error}")
    connections.close_all()
    try:
        return serve(address=address, port=port, demo=demo, logs=settings.DATA_DIR / "logs")
    finally:
        os.close(lock)


def main() -> int:
    """Run with the demonstration as default; a wish to stop is no error."""
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings")
    os.umask(0o077)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    raise_on_signals()
    try:
        return run()
    except StopRequest:
        return 0


if __name__ == "__main__":
    sys.exit(main())
