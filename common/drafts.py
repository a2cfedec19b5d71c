"""Server-side drafts: typing is saved with a version; an older version never wins silently."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from common.models import Draft

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Saved:
    """What a save came to. ``conflict`` means: nothing was written, ``draft`` is what is there."""

    draft: Draft
    conflict: bool


def load(*, owner: "User", key: str) -> Draft | None:
    """Return the draft of ``owner`` under ``key``, if any."""
    return Draft.objects.filter(owner=owner, key=key).first()


def held(*, owner: "User", keys: Iterable[str]) -> list[Draft]:
    """Return the drafts of ``owner`` under any of ``keys``, the one saved last first."""
    return list(Draft.objects.filter(owner=owner, key__in=keys).order_by("-saved_at", "-pk"))


def latest(*, owner: "User", keys: Iterable[str]) -> Draft | None:
    """Return the draft of ``owner`` saved last under one of ``keys``, if any."""
    return next(iter(held(owner=owner, keys=keys)), None)


def save(
    *, owner: "User", key: str, version: int, data: dict[str, Any], device: str, at: datetime
) -> Saved:
    """Save ``data`` if ``version`` is the one on the server (0: none yet); else report a conflict.

    Deliberately not audited: what is being typed is nobody else's business.
    """
    if version == 0:
        try:
            with transaction.atomic():
                draft = Draft.objects.create(
                    owner=owner, key=key, data=data, device=device, saved_at=at
                )
            return Saved(draft, conflict=False)
        except IntegrityError:
            return Saved(Draft.objects.get(owner=owner, key=key), conflict=True)
    updated = Draft.objects.filter(owner=owner, key=key, version=version).update(
        version=version + 1, data=data, device=device, saved_at=at
    )
    there = load(owner=owner, key=key)
    if there is None:
        return save(owner=owner, key=key, version=0, data=data, device=device, at=at)
    return Saved(there, conflict=not updated)


def discard(*, owner: "User", key: str) -> None:
    """Drop the draft, because what was typed has been filed or given up."""
    discard_all(owner=owner, keys=[key])


def discard_all(*, owner: "User", keys: Iterable[str]) -> None:
    """Drop several drafts; keys without one don't matter."""
    Draft.objects.filter(owner=owner, key__in=keys).delete()
