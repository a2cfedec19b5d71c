"""Writing files whole or not at all, also where the disk is full."""

import errno
import logging
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.db import OperationalError

from common.errors import DomainError

logger = logging.getLogger(__name__)

FULL = "磁盘空间不足，没有保存。请联系管理员清理磁盘后再试。"
_FULL_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# What SQLite and PostgreSQL say; neither gives Django a code for it.
_FULL_WORDS = ("disk is full", "No space left on device")


def is_full(error: BaseException | None) -> bool:
    """Whether ``error`` comes from a disk without room, ours or the database's."""
    if isinstance(error, OperationalError):
        return any(words in str(error) for words in _FULL_WORDS)
    return isinstance(error, OSError) and error.errno in _FULL_CODES


def write_whole(target: Path, chunks: Iterable[bytes], *, full: str = FULL) -> None:
    """Write a file that only its owner reads; raise `DomainError` ``full`` where there is no room.

    Whatever goes wrong, no half file stays behind.
    """
    draft = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with draft.open("xb") as out:
            draft.chmod(0o600)
            for chunk in chunks:
                out.write(chunk)
        draft.replace(target)
    except OSError as problem:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        if not is_full(problem):
            raise
        logger.exception("The disk is full; a file was refused.")
        raise DomainError(full) from problem
