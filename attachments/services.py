"""Keeping files: checked, hashed, under a random name."""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from attachments.checks import CheckedFile, Upload, check_upload, check_uploads
from attachments.models import Attachment
from common.audit import record
from common.files import write_whole

if TYPE_CHECKING:
    from accounts.models import User

FOLDER = "attachments"


def store(*, actor: "User", upload: Upload, at: datetime) -> Attachment:
    """Check and keep one file; raise `DomainError` when it is refused or the disk is full.

    Whether ``actor`` may add a file to a record is decided by the record's own service. When the
    caller's transaction is taken back, the bytes stay behind until `remove_orphans` finds them.
    """
    return _keep(check_upload(upload), actor=actor, at=at)


def store_all(
    *, actor: "User", uploads: Sequence[Upload], at: datetime, already: int = 0
) -> list[Attachment]:
    """Keep the files of one record, all or none; ``already`` is how many the record has."""
    if not uploads:
        return []
    checked = check_uploads(uploads, already=already)
    with transaction.atomic():
        return [_keep(file, actor=actor, at=at) for file in checked]


def _keep(file: CheckedFile, *, actor: "User", at: datetime) -> Attachment:
    token = secrets.token_hex(16)
    path = Path(FOLDER, token[:2], token[2:4], token)
    digest = _write(file, Path(settings.MEDIA_ROOT) / path)
    with transaction.atomic():
        attachment = Attachment.objects.create(
            name=file.name,
            path=path.as_posix(),
            size=file.size,
            sha256=digest,
            content_type=file.content_type,
            uploaded_by=actor,
            uploaded_at=at,
        )
        record(
            actor=actor,
            verb="attachments.store",
            obj=attachment,
            after={"name": file.name, "size": file.size, "sha256": digest},
            at=at,
        )
    return attachment


def _write(file: CheckedFile, target: Path) -> str:
    """Write the bytes, whole or not at all; return their SHA-256."""
    digest = hashlib.sha256()

    def chunks() -> Iterator[bytes]:
        for chunk in file.upload.chunks():
            digest.update(chunk)
            yield chunk

    full = f"磁盘空间不足，“{file.name}”没有保存。填写的内容不受影响，请联系管理员清理后再传。"
    write_whole(target, chunks(), full=full)
    return digest.hexdigest()


def remove_orphans(*, before: datetime) -> int:
    """Delete files that no row names and that are older than ``before``; return how many.

    Leave a day at least: a file is written before its row is committed.
    """
    root = Path(settings.MEDIA_ROOT)
    known = set(Attachment.objects.values_list("path", flat=True))
    orphans = [
        path
        for path in (root / FOLDER).rglob("*")
        if path.is_file()
        and path.relative_to(root).as_posix() not in known
        and path.stat().st_mtime < before.timestamp()
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
