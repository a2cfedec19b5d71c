"""Helpers for tests that come in through a door."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from organizations.choices import READ_ONLY_AREAS, ApiAccess, ApiArea
from organizations.services import make_token


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


class Program:
    """A program that comes in at /api/v1/ with a token of ``user``; every scope unless told."""

    def __init__(self, user: User, **scopes: str) -> None:
        every = {
            area.value: ApiAccess.READ if area in READ_ONLY_AREAS else ApiAccess.WRITE
            for area in ApiArea
        }
        _, text = make_token(
            actor=user, name="程序", scopes=scopes or every, days=1, at=timezone.now()
        )
        self.headers = {"Authorization": f"Bearer {text}"}
        self.client = Client()

    def get(self, path: str, **query: Any) -> HttpResponse:
        """Read."""
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, seen: str | None = None) -> HttpResponse:
        """Change; ``seen`` is the version for If-Match."""
        match = {"If-Match": seen} if seen is not None else {}
        return self.client.post(
            f"/api/v1/{path}",
            body if body is not None else {},
            content_type="application/json",
            headers={**self.headers, **match},
        )

    def verb(self, path: str, name: str, body: Any = None) -> HttpResponse:
        """Read a row, then do something to it as it was read."""
        return self.post(f"{path}{name}/", body, seen=self.get(path)["ETag"])
