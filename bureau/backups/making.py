"""Making a backup."""

import errno
import platform
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from bureau.backups import record
from bureau.backups.dumps import dumped, server_version
from bureau.backups.files import (
    BusyError,
    Filed,
    copy_file,
    filed,
    link_file,
    locked,
    sync,
    sync_folders,
)
from bureau.backups.keys import own_keys, write_keys
from bureau.backups.manifest import (
    FILE,
    Manifest,
    backups_in,
    name_at,
    read_manifest,
    write_manifest,
)
from bureau.backups.rotation import Keep, rotate
from bureau.databases import (
    applied_migrations,
    opened,
    own_config,
    place_of,
    present_tables,
    vendor_of,
)
from bureau.tables import Table, Tally, tally_of
from common import audit
from common.errors import DomainError

Say = Callable[[str], None]
MEDIA = "media"
_ONE_NIGHT = timedelta(minutes=30)
_DISK_WORDS = {
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EACCES: "没有权限写入备份目录",
    errno.EROFS: "备份目录只读",
    errno.ENOENT: "备份目录不在了",
}


@dataclass(frozen=True)
class Made:
    """A finished backup, its keys, and what went to make room."""

    path: Path
    keys: Path
    manifest: Manifest
    gone: list[str]


def make_backup(
    *, folder: Path, keys_folder: Path, keep: Keep | int, at: datetime, say: Say
) -> Made:
    """Back up database, files and keys into ``folder`` and remove what is superseded there.

    Whatever goes wrong is written down for the home page, unless it went to another folder than
    usual; a half-made backup is removed at once, or, if we were killed, by the next one.
    """
    try:
        with locked(folder):
            made = _make(folder, keys_folder, at, say)
            gone = rotate(folder, keep=keep)
    except BusyError:
        raise
    except Exception as error:
        note(record.BACKUP, folder=folder, at=at, reason=reason_of(error))
        raise
    note(record.BACKUP, folder=folder, at=at)
    audit.record(
        actor=None,
        verb="bureau.backup",
        label=made.name,
        after={"rows": made.rows, "bytes": made.size, "removed": gone},
        at=at,
    )
    keys_path = keys_folder / made.keys_file
    return Made(folder / made.name, keys_path, made, gone)


def scheduled_backup(*, at: datetime, say: Say) -> Made | None:
    """Make the backup of the night, unless there is one of the last half hour already."""
    folder = Path(settings.BACKUP_DIR)
    if backups := backups_in(folder):
        newest = backups[-1].name
        if name_at(at - _ONE_NIGHT) <= newest <= name_at(at):
            return None
    return make_backup(
        folder=folder,
        keys_folder=Path(settings.BACKUP_KEYS_DIR),
        keep=Keep(*settings.BACKUP_KEEP),
        at=at,
        say=say,
    )


def reason_of(error: Exception) -> str:
    """Say for the home page what went wrong; what is unforeseen stands in the log."""
    if isinstance(error, DomainError):
        return error.message
    if isinstance(error, OSError):
        return _DISK_WORDS.get(error.errno or 0, "读写文件出错，详见日志")
    return "出现意外，详见日志"


def note(kind: str, *, folder: Path, at: datetime, reason: str = "") -> None:
    """Write down how it went, if it was about the folder of every night."""
    if folder == Path(settings.BACKUP_DIR):
        record.note(kind, at=at, reason=reason)


def _make(folder: Path, keys_folder: Path, at: datetime, say: Say) -> Manifest:
    name = name_at(at)
    if (folder / name).exists():
        raise DomainError(f"{name} 已经有了，请过一秒再试。")
    _clear_leftovers(folder)
    _check_room(folder)
    with _half_made(folder / f".{name}.part") as part:
        with dumped(own_config(), folder=part) as connection:
            say(f"数据库：{place_of(own_config())}")
            migrations, tables = applied_migrations(connection), _tallied(connection)
            versions = _versions(connection)
        files = [filed(path, root=part) for path in sorted(part.iterdir())]
        # After the database: files come before the rows that name them.
        files += _media(part, folder, say)
        keys = own_keys()
        manifest = Manifest(
            name=name,
            made_at=at.isoformat(),
            engine=vendor_of(own_config()),
            versions=versions,
            migrations=migrations,
            tables=tables,
            keys=keys.marks(),
            keys_file=write_keys(keys, folder=keys_folder).name,
            files=files,
        )
        write_manifest(manifest, folder=part, keys=keys)
        for file in (FILE, manifest.database_file):
            sync(part / file)
        sync_folders(part)
        part.rename(folder / name)
    sync(folder)
    return manifest


@contextmanager
def _half_made(part: Path) -> Iterator[Path]:
    part.mkdir(mode=0o700)
    try:
        yield part
    finally:
        # Renamed by now if it is whole.
        shutil.rmtree(part, ignore_errors=True)


def _clear_leftovers(folder: Path) -> None:
    """Remove what a killed predecessor left; the lock says that none is at work."""
    for pattern in (".portal-*.part", ".portal-*.gone", ".drill-*"):
        for path in folder.glob(pattern):
            shutil.rmtree(path)


def _check_room(folder: Path) -> None:
    """Refuse while the disk can't take as much as the last backup had, or the database has."""
    config = own_config()
    if vendor_of(config) == "sqlite":
        # The plain copy and the packed one lie side by side for a moment.
        needed = 2 * Path(config["NAME"]).stat().st_size
    else:
        with opened(config) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            (needed,) = cursor.fetchone()
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DomainError(f"{folder} 所在磁盘只剩 {free >> 20} MB，至少要 {needed >> 20} MB。")


def _tallied(connection: BaseDatabaseWrapper) -> list[tuple[Table, Tally]]:
    return [(table, tally_of(connection, table)) for table in present_tables(connection)]


def _versions(connection: BaseDatabaseWrapper) -> dict[str, str]:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        "portal": project["project"]["version"],
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": server_version(connection),
    }


def _media(part: Path, folder: Path, say: Say) -> list[Filed]:
    """Bring in the uploaded files; those that the last backup has are linked, not copied again."""
    root = Path(settings.MEDIA_ROOT)
    last, known = _last_files(folder)
    found = []
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        name = f"{MEDIA}/{path.relative_to(root)}"
        try:
            found.append(_bring(path, part, name, last, known.get(name)))
        except FileNotFoundError:
            # Housekeeping was quicker: no row names it any more.
            continue
    say(f"附件：{len(found)} 个文件")
    return found


def _last_files(folder: Path) -> tuple[Path, dict[str, Filed]]:
    for last in reversed(backups_in(folder)):
        try:
            return last, {each.path: each for each in read_manifest(last).files}
        except DomainError:
            # Damaged: the drill says so. The one before it will do.
            continue
    return folder, {}


def _bring(path: Path, part: Path, name: str, last: Path, known: Filed | None) -> Filed:
    there = path.stat()
    if (
        known
        and (known.size, known.mtime_ns) == (there.st_size, there.st_mtime_ns)
        and link_file(last / name, part / name)
    ):
        return known
    size, digest = copy_file(path, part / name)
    return Filed(name, size, digest, there.st_mtime_ns)
