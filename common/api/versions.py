"""Which state of a row a program has seen: ETag on reading, If-Match on changing."""

import hashlib
from typing import Any

from django.db import models
from rest_framework.request import Request

from common.api.problems import VersionChangedError, VersionNeededError

_ANY = "*"


def row_version(row: models.Model, *parts: Any) -> str:
    """Return a tag that differs whenever a column of ``row`` does, or one of ``parts``.

    Out of the columns themselves: not every verb counts a version, and none may be missed.
    """
    columns = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    told = repr([row._meta.label, *map(str, columns), *map(str, parts)])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def require_match(request: Request) -> None:
    """Refuse a change that doesn't say which state it was decided on (428)."""
    if not request.headers.get("If-Match", "").strip():
        raise VersionNeededError


def check_match(request: Request, version: str) -> None:
    """Refuse a change decided on another state than ``version`` (412).

    ``*`` is any state, as HTTP has it. A proxy that compresses makes a tag weak (``W/``) and
    means the same.
    """
    given = [each.strip() for each in request.headers.get("If-Match", "").split(",")]
    if _ANY in given:
        return
    if version not in {each.removeprefix("W/").strip('"') for each in given}:
        raise VersionChangedError


def tag(version: str) -> str:
    """Return the value of the header ETag."""
    return f'"{version}"'
