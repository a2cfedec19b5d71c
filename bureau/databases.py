"""A database beside the portal's own: opened for a while, read in one moment, looked over."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.db import connection as default_connection
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from bureau import env
from bureau.tables import MADE_BY_MIGRATE, Table, model_tables
from common.errors import DomainError

Config = dict[str, Any]
_ADDRESS = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


def own_config() -> Config:
    """Return where the portal's own database is."""
    return {key: default_connection.settings_dict[key] for key in _ADDRESS}


def config_at(url: str, *, name: str) -> Config:
    """Return where the database of ``url`` is; ``name`` is what a refusal calls it."""
    config = {"OPTIONS": {}, **env.database_at(url, name=name)}
    return {key: config.get(key, "") for key in _ADDRESS}


def vendor_of(config: Config) -> str:
    """Return ``sqlite`` or ``postgresql``."""
    return "sqlite" if config["ENGINE"].endswith("sqlite3") else "postgresql"


def place_of(config: Config) -> str:
    """Name a database for people: never with its password."""
    if vendor_of(config) == "sqlite":
        return f"SQLite {config['NAME']}"
    port = f":{config['PORT']}" if config["PORT"] else ""
    return f"PostgreSQL {config['HOST'] or 'localhost'}{port}/{config['NAME']}"


@contextmanager
def opened(config: Config) -> Iterator[BaseDatabaseWrapper]:
    """Open a connection of its own under an alias of its own; close and forget it at the end.

    SQLite begins its transactions as readers there: one that only reads must not keep the portal
    from writing.
    """
    alias = f"beside-{uuid4().hex[:12]}"
    options = config["OPTIONS"]
    if vendor_of(config) == "sqlite":
        options = {"transaction_mode": "DEFERRED", "timeout": 20}
    settings = connections.configure_settings(
        {"default": {}, alias: {**config, "OPTIONS": options}}
    )
    connections.databases[alias] = settings[alias]
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


@contextmanager
def one_moment(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """See the database inside the block as it is now, whatever others write meanwhile."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT 1")
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master")
        cursor.fetchone()
        yield


def table_names(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of all tables that are there."""
    return set(connection.introspection.table_names())


def present_tables(connection: BaseDatabaseWrapper) -> list[Table]:
    """Return the tables of our models as far as they are there: before an upgrade some aren't."""
    there = table_names(connection)
    with connection.cursor() as cursor:
        found = []
        for table in model_tables():
            if table.name in there:
                described = connection.introspection.get_table_description(cursor, table.name)
                names = {column.name for column in described}
                columns = tuple(column for column in table.columns if column.name in names)
                found.append(Table(table.name, columns))
    return found


def filled_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables that hold what somebody has entered, by name."""
    there = table_names(connection)
    filled = []
    with connection.cursor() as cursor:
        for table in model_tables():
            if table.name in there and table.name not in MADE_BY_MIGRATE:
                name = connection.ops.quote_name(table.name)
                cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608 - a model's table
                if cursor.fetchone():
                    filled.append(table.name)
    return filled


def foreign_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables that are none of ours."""
    ours = {table.name for table in model_tables()} | {"django_migrations", "django_session"}
    return sorted(table_names(connection) - ours)


def applied_migrations(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the migrations that a database has had, as ``app.name``."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def known_migrations() -> set[str]:
    """Return the migrations that this version of the portal brings along."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {each for node in loader.disk_migrations.values() for each in node.replaces}
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced}}


def check_migrated(connection: BaseDatabaseWrapper) -> None:
    """Refuse a database that this version has still to migrate, or that a newer one has."""
    applied, known = set(applied_migrations(connection)), known_migrations()
    if missing := sorted(known - applied):
        raise DomainError(f"数据库还有 {len(missing)} 项升级没有做，请先运行 manage.py migrate。")
    if newer := sorted(applied - known):
        raise DomainError(f"数据库来自更新的版本（{newer[0]}），请用那个版本的程序。")
