"""The one writer of the audit log.

Services call :func:`record` inside their transaction. Where the request came from is put into a
context variable by the middleware, and again where a job runs that a request asked for; commands
leave it empty.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User

SYSTEM = "系统"


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


def record(
    *,
    actor: "User | None",
    verb: str,
    obj: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    ids: Iterable[int] = (),
    label: str = "",
    at: datetime | None = None,
) -> None:
    """Append one entry to the log.

    ``verb`` is ``room.verb`` (``reports.submit``). A bulk verb passes ``ids`` and writes one entry.
    ``before`` and ``after`` hold only the fields that changed. ID numbers, mobile numbers and
    passwords never belong in them; the caller leaves them out. ``actor`` None is the system.
    """
    from common.models import AuditEntry

    source = origin()
    AuditEntry.objects.create(
        at=at or timezone.now(),
        actor=actor,
        actor_label=(str(actor) if actor else SYSTEM)[:100],
        verb=verb,
        object_type=obj._meta.label_lower if obj else "",
        object_id=str(obj.pk) if obj else "",
        object_label=(label or (str(obj) if obj else ""))[:200],
        object_ids=list(ids),
        before=_plain(before),
        after=_plain(after),
        address=source.address,
        agent=source.agent,
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
