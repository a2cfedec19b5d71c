"""Every table by itself: which columns it has, its rows, and a digest that two databases share.

A digest doesn't depend on the order of the rows nor on how a database spells a value: SQLite keeps
moments as text, truth as a number and JSON as it was typed; PostgreSQL has types for them. A table
is described by names and kinds alone, so that one of an older version, out of an archive, can be
counted without the models of its time.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from common.fields import EncryptedTextField

BATCH = 2000
# A log-in is worth half an hour: not carried over, not compared.
_LEFT_OUT = {Session}
# Django writes these itself after migrating; they say nothing about whether a database is in use.
MADE_BY_MIGRATE = frozenset({"django_content_type", "auth_permission"})
_KINDS = {
    "BooleanField": "boolean",
    "DateTimeField": "moment",
    "DateField": "date",
    "TimeField": "time",
    "DecimalField": "decimal",
    "DurationField": "duration",
    "UUIDField": "uuid",
    "BinaryField": "binary",
    "JSONField": "json",
}
_DIGEST_BYTES = 16


@dataclass(frozen=True)
class Column:
    """A column: what its values are, and how long a text may be where a database minds."""

    name: str
    kind: str
    longest: int | None = None


@dataclass(frozen=True)
class Table:
    """A table and its columns."""

    name: str
    columns: tuple[Column, ...]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Tally:
    """How many rows, and the digest of them all."""

    rows: int
    digest: str


def model_tables() -> list[Table]:
    """Return the tables of all models, third-party ones too, but for those in ``_LEFT_OUT``."""
    found = {
        model._meta.db_table: _table_of(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model not in _LEFT_OUT
    }
    return [found[name] for name in sorted(found)]


def _table_of(model: type[models.Model]) -> Table:
    columns = (
        Column(str(field.column), _kind_of(field), getattr(field, "max_length", None))
        for field in model._meta.local_concrete_fields
        if not field.generated
    )
    return Table(model._meta.db_table, tuple(columns))


def _kind_of(field: "models.Field[Any, Any]") -> str:
    if isinstance(field, EncryptedTextField):
        return "encrypted"
    if isinstance(field, models.ForeignKey):
        return _kind_of(field.target_field)
    return _KINDS.get(field.get_internal_type(), "plain")


def rows_of(connection: BaseDatabaseWrapper, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows in batches, values in their common form; needs a transaction on PostgreSQL."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column.name) for column in table.columns)
    reads = [_READ.get(column.kind) for column in table.columns]
    with closing(connection.chunked_cursor()) as cursor:
        # Names come from the models or from a sealed manifest, and are quoted.
        cursor.execute(f"SELECT {columns} FROM {quote(table.name)}")  # noqa: S608
        while rows := cursor.fetchmany(BATCH):
            yield [
                tuple(
                    value if read is None or value is None else read(value)
                    for read, value in zip(reads, row, strict=True)
                )
                for row in rows
            ]


class Summing:
    """The digest of a table, built up batch by batch.

    The digests of the rows are added up, so their order is of no consequence, and a row that is
    there twice counts twice.
    """

    def __init__(self, table: Table) -> None:
        self._spell = [_SPELL.get(column.kind) for column in table.columns]
        self._rows = self._sum = 0

    def add(self, rows: list[tuple[Any, ...]]) -> None:
        """Add rows in their common form."""
        for row in rows:
            spelt = [
                value if spell is None or value is None else spell(value)
                for spell, value in zip(self._spell, row, strict=True)
            ]
            text = json.dumps(spelt, separators=(",", ":")).encode()
            self._sum += int.from_bytes(blake2b(text, digest_size=_DIGEST_BYTES).digest())
        self._rows += len(rows)

    def tally(self) -> Tally:
        """Return what has been added so far."""
        return Tally(self._rows, f"{self._sum % (1 << 8 * _DIGEST_BYTES):032x}")


def tally_of(connection: BaseDatabaseWrapper, table: Table) -> Tally:
    """Count and digest one table."""
    summing = Summing(table)
    for rows in rows_of(connection, table):
        summing.add(rows)
    return summing.tally()


def writer_for(connection: BaseDatabaseWrapper, table: Table) -> Callable[[tuple[Any, ...]], Any]:
    """Return what turns a row in its common form into parameters for this database."""
    sqlite = connection.vendor == "sqlite"
    writes = [(_WRITE_SQLITE if sqlite else _WRITE).get(column.kind) for column in table.columns]

    def write(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            value if change is None or value is None else change(value)
            for change, value in zip(writes, row, strict=True)
        )

    return write


def _moment(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _duration(value: int | timedelta) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(microseconds=value)


def _microseconds(value: timedelta) -> int:
    return value // timedelta(microseconds=1)


def _decimal(value: object) -> Decimal:
    return Decimal(str(value)).normalize()


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _json(text: str) -> str:
    return json.dumps(_whole(json.loads(text)), sort_keys=True, separators=(",", ":"))


def _whole(value: Any) -> Any:
    """Spell 2.0 and 2 alike, at any depth: PostgreSQL writes out 1e3 as 1000."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    return value


def _iso(value: date | time) -> str:
    return value.isoformat()


_READ: dict[str, Callable[[Any], Any]] = {
    "boolean": bool,
    "moment": _moment,
    "decimal": _decimal,
    "duration": _duration,
    "uuid": _uuid,
    "binary": bytes,
}
_SPELL: dict[str, Callable[[Any], Any]] = {
    "moment": _iso,
    "date": _iso,
    "time": _iso,
    "decimal": str,
    "duration": _microseconds,
    "uuid": str,
    "binary": bytes.hex,
    "json": _json,
}
_WRITE: dict[str, Callable[[Any], Any]] = {"decimal": str, "uuid": str}
_WRITE_SQLITE: dict[str, Callable[[Any], Any]] = {
    # As Django writes it: in UTC and without saying so.
    "moment": lambda value: str(value.replace(tzinfo=None)),
    "date": _iso,
    "time": _iso,
    "decimal": str,
    "duration": _microseconds,
    "uuid": lambda value: value.hex,
}
