"""Migrated, empty databases beside that of the test run, made in no time: copies of it."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.sql import SQL, Identifier

from bureau.databases import Config, config_at, own_config


def sqlite_at(path: Path) -> Config:
    return config_at(f"sqlite:///{path}", name="test")


def on_server(statement: str, *names: str) -> None:
    """Run a statement about databases, from outside of them all."""
    own = connection.settings_dict
    server = {key: own[key.upper()] or None for key in ("host", "port", "user", "password")}
    with closing(psycopg2.connect(dbname="postgres", **server)) as maintenance:
        maintenance.autocommit = True
        with maintenance.cursor() as cursor:
            cursor.execute(SQL(statement).format(*map(Identifier, names)))


def allow_databases_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lift Django's rule that a test opens only databases known when it began."""

    def ensure_connection(self: BaseDatabaseWrapper) -> None:
        if self.connection is None:
            with self.wrap_database_errors:
                self.connect()

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", ensure_connection)


@contextmanager
def blank_database(folder: Path, *, like: str = "") -> Iterator[Config]:
    """Make one of the kind that the tests run on; call it before there are rows.

    ``like`` names what it is made from on PostgreSQL: template0 has nothing at all.
    """
    name = f"blank_{uuid4().hex[:12]}"
    own = own_config()
    connection.close()
    if connection.vendor == "sqlite":
        path = folder / f"{name}.sqlite3"
        if not like:
            shutil.copy(own["NAME"], path)
        yield sqlite_at(path)
        return
    on_server("CREATE DATABASE {} TEMPLATE {}", name, like or own["NAME"])
    try:
        yield {**own, "NAME": name}
    finally:
        on_server("DROP DATABASE {} WITH (FORCE)", name)
