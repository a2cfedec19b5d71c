"""``/healthz``: are pages served, and does all go on behind them? If not, which part is it?

Open to everybody, so it names parts and states, never addresses, versions or figures of a bureau.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from bureau.backups import record
from common import pdf_fonts
from common.jobs import SCHEDULER_PULSE
from common.models import Pulse

OK = "ok"
STARTING = "starting"
WELL = {OK, STARTING, record.NONE_YET}
# Without these no page can be served: a load balancer should ask another machine.
VITAL = ("database", "migrations")
SCHEDULER_SILENT_AFTER = timedelta(minutes=10)
BROKER_SECONDS = 1
DISK_LEAST = 500 * 1024 * 1024
# What lies behind the pages is asked once in this time, however often strangers ask.
REMEMBER_SECONDS = 10


def database_state() -> str:
    """Return ``ok`` or, without details that would help a stranger, what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return "unreachable"
    return OK


def migrations_state() -> str:
    """Return ``ok`` or how many migrations wait; reads the migration files, about 0.1 s."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError):
        return "unknown"
    return f"{len(waiting)} not applied" if waiting else OK


def broker_state() -> str:
    """Return ``ok`` if hints of work to do can be handed over; without it work starts late."""
    if not settings.REDIS_URL:
        return OK if os.access(settings.BROKER_DIR / "queue", os.W_OK) else "not writable"
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
        ) as redis:
            redis.ping()
    except RedisError:
        return "unreachable"
    return OK


def scheduler_state(*, started: float) -> str:
    """Return ``ok`` while scheduler and worker show every minute that they go on.

    Before their first sign they are ``starting``, as long as this process is young too: ``started``
    is its ``time.monotonic()``.
    """
    try:
        last = Pulse.objects.filter(name=SCHEDULER_PULSE).values_list("at", flat=True).first()
    except (DatabaseError, InterfaceError):
        return "unknown"
    age = None if last is None else timezone.now() - last
    if age is not None and age < SCHEDULER_SILENT_AFTER:
        return OK
    if time.monotonic() - started < SCHEDULER_SILENT_AFTER.total_seconds():
        return STARTING
    return "silent" if age is None else f"silent for {age // timedelta(minutes=1)} min"


def disk_state() -> str:
    """Return ``ok`` while uploads and printed pages find room: half a gigabyte at least."""
    folders = {settings.DATA_DIR, Path(settings.MEDIA_ROOT)}
    try:
        free = min(shutil.disk_usage(folder).free for folder in folders)
    except OSError:
        return "unreadable"
    return OK if free >= DISK_LEAST else "nearly full"


def fonts_state() -> str:
    """Return ``ok`` if every kind of letter of an official document has its font."""
    try:
        missing = pdf_fonts.roles_without_font()
    except (OSError, subprocess.CalledProcessError):
        return "unreadable"
    return f"missing: {', '.join(missing)}" if missing else OK


def kept_state(kind: str) -> str:
    """Return how backups, or drills, stand: ``ok``, ``none yet``, ``overdue`` or ``failed``."""
    by_kind = {each.kind: each.state for each in record.standings(at=timezone.now())}
    return by_kind[kind]


def hours_since() -> dict[str, int | None]:
    """Return the ages of the last good backup and the last drill passed, in whole hours."""
    now = timezone.now()
    ages = {each.kind: each.age(at=now) for each in record.standings(at=now)}
    return {kind: None if age is None else age // timedelta(hours=1) for kind, age in ages.items()}


class Health:
    """The answer, remembering what can't change while the process lives and what was just asked.

    A process runs one version of the source: once every migration of it is applied, only the
    database is asked again.
    """

    def __init__(self) -> None:
        self._migrated = False
        self._started = time.monotonic()
        self._asked: float | None = None
        self._behind: dict[str, str] = {}

    def parts(self) -> dict[str, str]:
        """Return the state of each part by name."""
        database = database_state()
        migrations = OK if self._migrated else migrations_state()
        self._migrated = migrations == OK
        return {"database": database, "migrations": migrations, **self._parts_behind()}

    def _parts_behind(self) -> dict[str, str]:
        now = time.monotonic()
        if self._asked is None or now - self._asked > REMEMBER_SECONDS:
            checks: dict[str, Callable[[], str]] = {
                "broker": broker_state,
                "scheduler": lambda: scheduler_state(started=self._started),
                "disk": disk_state,
                "fonts": fonts_state,
                "backup": lambda: kept_state(record.BACKUP),
                "drill": lambda: kept_state(record.DRILL),
            }
            # In this order: another thread may ask meanwhile, and must not find nothing.
            self._behind = {name: check() for name, check in checks.items()}
            self._asked = now
        return self._behind


_health = Health()


def present_parts() -> dict[str, str]:
    """Return the state of each part by name, as this process knows it."""
    return _health.parts()


def overall(parts: dict[str, str]) -> str:
    """Return ``ok``, ``failed`` or, while pages are served all the same, ``degraded``."""
    ailing = [name for name, state in parts.items() if state not in WELL]
    if any(name in VITAL for name in ailing):
        return "failed"
    return "degraded" if ailing else OK


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while pages are served, else 503; the parts say what is not well."""
    del request
    parts = _health.parts()
    status = overall(parts)
    answer = {"status": status, **parts, "hours_since": hours_since()}
    return JsonResponse(answer, status=503 if status == "failed" else 200)
