"""Server-side drafts: typing is saved with a version; an older version never wins silently."""

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
    held = load(owner=owner, key=key)
    if held is None:
        return save(owner=owner, key=key, version=0, data=data, device=device, at=at)
    return Saved(held, conflict=not updated)


def discard(*, owner: "User", key: str) -> None:
    """Drop the draft, because what was typed has been filed or given up."""
    Draft.objects.filter(owner=owner, key=key).delete()
