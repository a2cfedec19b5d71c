"""The one writer of the audit log.

Services call :func:`record` inside their transaction. Where the request came from is put into a
context variable by the middleware, and again where a job runs that a request asked for; commands
leave it empty.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, models
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User

SYSTEM = "系统"
# A longer list of changes goes into several entries: each of them is read on one page.
ROWS_AN_ENTRY = 500
# Under this name an entry about many rows holds the fields of each, by the row's label.
ROWS = "each_row"
_SIDES = ("before", "after")


@dataclass(frozen=True)
class Origin:
    """Address and browser of the request being served."""

    address: str | None = None
    agent: str = ""


_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


def origin() -> Origin:
    """Return where the request being served comes from; an empty one where there is none."""
    return _origin.get() or Origin()


@contextmanager
def origin_scope(source: Origin) -> Iterator[None]:
    """Make ``source`` the source of every entry written inside the block."""
    token = _origin.set(source)
    try:
        yield
    finally:
        _origin.reset(token)


def came_by(means: str) -> None:
    """Say by what means the request being served came in; ends with its ``origin_scope``."""
    source = origin()
    _origin.set(Origin(source.address, f"{means} {source.agent}"[:200]))


def record(
    *,
    actor: "User | None",
    verb: str,
    obj: models.Model | None = None,
    model: type[models.Model] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    ids: Iterable[int] = (),
    label: str = "",
    at: datetime | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Append one entry to the log.

    ``verb`` is ``room.verb`` (``reports.submit``). A bulk verb passes ``ids`` and writes one entry;
    ``model`` says of what they are.
    ``before`` and ``after`` hold only the fields that changed. ID numbers, mobile numbers and
    passwords never belong in them; the caller leaves them out. ``actor`` None is the system.
    ``using`` names another database than the portal's own: one being copied or restored.
    """
    from common.models import AuditEntry

    source = origin()
    # Of the row itself: a lazy one, as request.user is, has a type that is no model.
    described = obj or model
    AuditEntry.objects.using(using).create(
        at=at or timezone.now(),
        actor=actor,
        actor_label=(str(actor) if actor else SYSTEM)[:100],
        verb=verb,
        object_type=described._meta.label_lower if described else "",
        object_id=str(obj.pk) if obj else "",
        object_label=(label or (str(obj) if obj else ""))[:200],
        object_ids=list(ids),
        before=_plain(before),
        after=_plain(after),
        address=source.address,
        agent=source.agent,
    )


@dataclass(frozen=True)
class RowChange:
    """What a bulk verb changed of one row: its label, and only the fields that changed."""

    pk: int
    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def record_rows(
    *,
    actor: "User | None",
    verb: str,
    model: type[models.Model],
    changed: Sequence[RowChange],
    created: Sequence[int] = (),
    label: str = "",
    after: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Append what a bulk verb changed row by row: one entry for each ``ROWS_AN_ENTRY`` rows.

    ``before`` and ``after`` of an entry hold fields by label under ``ROWS``. Rows that are new have
    no before; their ids stand in the first entry, with ``after``, which tells of the whole.
    """
    starts = range(0, len(changed), ROWS_AN_ENTRY)
    batches = [changed[start : start + ROWS_AN_ENTRY] for start in starts]
    for number, batch in enumerate(batches or [()], start=1):
        first = number == 1
        old, new = ({each.label: dict(getattr(each, side)) for each in batch} for side in _SIDES)
        part = f"（第 {number}／{len(batches)} 批）" if len(batches) > 1 else ""
        record(
            actor=actor,
            verb=verb,
            model=model,
            label=f"{label}{part}",
            before={ROWS: old} if old else None,
            after={**((after or {}) if first else {}), **({ROWS: new} if new else {})},
            ids=[*(created if first else ()), *(each.pk for each in batch)],
            at=at,
        )


def changes(obj: models.Model, new: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return ``(before, after)`` of the fields of ``obj`` whose value differs from ``new``."""
    before = {name: getattr(obj, name) for name in new if getattr(obj, name) != new[name]}
    return before, {name: new[name] for name in before}


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Turn dates, decimals and model rows into what JSON can hold."""
    encoder = DjangoJSONEncoder()

    def plain(value: Any) -> Any:
        if isinstance(value, models.Model):
            return f"{value} (#{value.pk})"
        if value is None or isinstance(value, str | int | float | bool):
            return value
        if isinstance(value, Mapping):
            return {str(key): plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [plain(item) for item in value]
        return encoder.default(value)

    return {str(key): plain(value) for key, value in (values or {}).items()}
