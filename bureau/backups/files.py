"""Files of a backup: copied and hashed in one pass, written through to the disk, locked."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from common.errors import DomainError

_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Filed:
    """A file of a backup; ``path`` is relative to the backup's folder."""

    path: str
    size: int
    sha256: str
    mtime_ns: int


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def filed(path: Path, *, root: Path) -> Filed:
    """Describe a file that lies in a backup already."""
    there = path.stat()
    return Filed(str(path.relative_to(root)), there.st_size, hash_of(path), there.st_mtime_ns)


def copy_file(source: Path, target: Path) -> tuple[int, str]:
    """Copy for the owner only and through to the disk; return size and SHA-256 of what was read."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    found, size = sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reading, os.fdopen(handle, "wb") as writing:
        while piece := reading.read(_PIECE):
            found.update(piece)
            size += writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
    return size, found.hexdigest()


def link_file(source: Path, target: Path) -> bool:
    """Give the same file a second name; False where the disk can't (another one, or no links)."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def sync_folders(root: Path) -> None:
    """Write the names in ``root`` and below through to the disk."""
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
        sync(folder)


def sync(path: Path) -> None:
    """Write a file, or the names in a folder, through to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class BusyError(DomainError):
    """Another backup or drill is under way in the same folder."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only one that backs up into ``folder`` or tries out what lies there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError("另一次备份或恢复演练正在进行，请等它结束。") from None
        yield
    finally:
        os.close(handle)
