"""The databases of a run, and which of them the portal works on at the moment."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from django.utils import timezone

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "portal_bench_"


def url_of(name: str) -> str:
    """The address of one of the run's databases."""
    return urlunsplit(urlsplit(os.environ["BENCH_DATABASE_URL"])._replace(path=f"/{PREFIX}{name}"))


class Databases:
    """Makes databases when they are first asked for, and drops them at the end unless kept."""

    def __init__(self, *, keep: bool) -> None:
        self._keep = keep
        self._made: dict[str, BaseDatabaseWrapper] = {}

    def make(
        self,
        name: str,
        build: Callable[[], None],
        *,
        template: str = "",
        told: object = "",
        anew: bool = False,
    ) -> None:
        """Have the database ``name``: as it was left by an earlier run, or built anew.

        ``told`` is what ``build`` was told, its size. ``anew``: nothing of an earlier run is taken,
        because the rows that use it leave it changed.
        """
        if name in self._made:
            return
        stamp = f"{_stamp()} {told}"
        if self._keep and not anew and self._comment(name) == stamp:
            self._made[name] = _wrapper(name)
            return
        if template:
            self._made[template].close()
        self._drop(name)
        origin = f" TEMPLATE {PREFIX}{template}" if template else ""
        _execute(f"CREATE DATABASE {PREFIX}{name}{origin}")
        self._made[name] = _wrapper(name)
        with self.using(name):
            build()
            with connections["default"].cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        _execute(f"COMMENT ON DATABASE {PREFIX}{name} IS '{stamp}'")

    @contextmanager
    def using(self, name: str) -> Iterator[BaseDatabaseWrapper]:
        """Let the portal work on ``name`` inside the block."""
        before = connections["default"]
        self.use(name)
        try:
            yield self._made[name]
        finally:
            connections["default"] = before

    def use(self, name: str) -> None:
        """Let the portal work on ``name`` from now on."""
        connections["default"] = self._made[name]

    def close(self) -> None:
        """Hang up; drop what is not kept."""
        for name, wrapper in self._made.items():
            wrapper.close()
            if not self._keep:
                self._drop(name)

    def _comment(self, name: str) -> str:
        found = _execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            f"WHERE datname = '{PREFIX}{name}'"
        )
        return str(found[0][0]) if found else ""

    def _drop(self, name: str) -> None:
        _execute(f"DROP DATABASE IF EXISTS {PREFIX}{name} WITH (FORCE)")


def migrated() -> None:
    """Bring an empty database up to date."""
    call_command("migrate", verbosity=0)


def _wrapper(name: str) -> BaseDatabaseWrapper:
    config = {**settings.DATABASES["default"], "NAME": f"{PREFIX}{name}"}
    full: dict[str, Any] = connections.configure_settings({"default": config})["default"]
    wrapper: BaseDatabaseWrapper = load_backend(full["ENGINE"]).DatabaseWrapper(full, "default")
    return wrapper


def _execute(statement: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(os.environ["BENCH_DATABASE_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def _stamp() -> str:
    """What a kept database has to be built from to be used again: day, migrations, seeds."""
    sources = sorted(ROOT.glob("*/migrations/*.py")) + sorted((ROOT / "bureau/seed").glob("*.py"))
    sources.append(Path(__file__).parent / "seeding.py")
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return f"{timezone.localdate()} {digest[:16]}"
