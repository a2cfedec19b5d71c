"""Keeping files: checked, hashed, under a random name."""

import errno
import hashlib
import logging
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from attachments.checks import CheckedFile, Upload, check_upload, check_uploads
from attachments.models import Attachment
from common.audit import record
from common.errors import DomainError

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

FOLDER = "attachments"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


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
    draft = target.with_suffix(".part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with draft.open("xb") as out:
            draft.chmod(0o600)
            for chunk in file.upload.chunks():
                digest.update(chunk)
                out.write(chunk)
        draft.replace(target)
    except OSError as problem:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        if problem.errno not in _FULL:
            raise
        logger.exception("The disk is full; an upload was refused.")
        raise DomainError(
            f"磁盘空间不足，“{file.name}”没有保存。填写的内容不受影响，请联系管理员清理后再传。"
        ) from problem
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
