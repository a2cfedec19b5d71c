"""Helpers for tests that come in through a door."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def database_unreachable() -> Iterator[None]:
    """Let every new connection fail as it does when the server is gone; for transactional tests."""
    settings = connection.settings_dict
    kept = {name: settings[name] for name in ("NAME", "HOST", "PORT")}
    connection.close()
    if connection.vendor == "sqlite":
        settings["NAME"] = "/nonexistent/folder/db.sqlite3"
    else:
        settings.update({"HOST": "127.0.0.1", "PORT": "1"})
    try:
        yield
    finally:
        connection.close()
        settings.update(kept)
