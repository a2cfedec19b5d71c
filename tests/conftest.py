"""What every test may use."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# No test is judged by the clock or by chance: machines differ, and a red run must be seen again.
hypothesis_settings.register_profile(
    "portal", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("portal")


@contextmanager
def triggers_lifted(alias: str) -> Iterator[None]:
    """Take the triggers of our tables away inside the block, and put every one of them back.

    The audit log is append-only by triggers, and emptying the tables between tests is the one
    moment that has to get past them. Call it inside a transaction: a failure restores all.
    """
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = cursor.fetchall()
            lift = [f'DROP TRIGGER "{name}"' for name, _ in found]
            restore = [sql for _, sql in found]
        else:
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            )
            tables = [table for (table,) in cursor.fetchall()]
            lift = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            restore = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        for statement in lift:
            cursor.execute(statement)
        yield
        for statement in restore:
            cursor.execute(statement)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_triggers() -> Iterator[None]:
    """Let the flush after a transactional test empty append-only tables too."""
    flush: Callable[..., Any] = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
        from django.db import transaction

        alias = operations.connection.alias
        with transaction.atomic(using=alias), triggers_lifted(alias):
            flush(operations, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture(scope="session")
def migrated_template(pytestconfig: pytest.Config) -> Path:
    """Where the empty, migrated SQLite database of exactly these migrations is kept.

    Migrating takes longer than most runs of a few tests; nobody migrates the same thing twice.
    """
    root = Path(settings.BASE_DIR)
    sources = [*sorted(root.glob("*/migrations/*.py")), root / "requirements.lock"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return pytestconfig.cache.mkdir("migrated") / f"{digest[:16]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(migrated_template: Path) -> bool:
    """Whether to start from what is there: on SQLite, once a migrated database is kept."""
    return connections["default"].vendor == "sqlite" and migrated_template.exists()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_keepdb: bool, migrated_template: Path
) -> None:
    """Lay the kept database where this process expects its own."""
    if django_db_keepdb:
        shutil.copyfile(migrated_template, settings.DATABASES["default"]["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, migrated_template: Path) -> None:
    """Keep a database that was just migrated for the next run."""
    if connections["default"].vendor != "sqlite" or migrated_template.exists():
        return
    with django_db_blocker.unblock():
        name = connections["default"].settings_dict["NAME"]
    half = migrated_template.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(half)) as target:
        source.backup(target)
    half.replace(migrated_template)
