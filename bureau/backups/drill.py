"""The drill: the newest backup is really restored, into an empty place that is removed again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError

from bureau.backups import record
from bureau.backups.files import BusyError, locked
from bureau.backups.keys import Keys, own_keys, read_keys
from bureau.backups.making import Say, note, reason_of
from bureau.backups.manifest import Manifest, backups_in, read_manifest
from bureau.backups.restoring import Place, restore_backup
from bureau.databases import Config, config_at, opened, own_config
from common import audit
from common.errors import DomainError


def run_drill(*, folder: Path, keys_folder: Path, at: datetime, say: Say) -> Manifest:
    """Restore the newest backup of ``folder`` and compare it; return its manifest.

    Uses the file of the keys if it is still there, so that it is tried as well; where somebody has
    put it into a safe, the keys of the running installation. How it went is written down, unless
    it was about another folder than usual.
    """
    try:
        with locked(folder):
            manifest = _drill(folder, keys_folder, at, say)
    except BusyError:
        raise
    except Exception as error:
        note(record.DRILL, folder=folder, at=at, reason=reason_of(error))
        audit.record(
            actor=None,
            verb="bureau.drill",
            label="没有通过",
            after={"reason": reason_of(error)},
            at=at,
        )
        raise
    note(record.DRILL, folder=folder, at=at)
    audit.record(
        actor=None, verb="bureau.drill", label=manifest.name, after={"rows": manifest.rows}, at=at
    )
    return manifest


def scheduled_drill(*, at: datetime, say: Say) -> Manifest | None:
    """Hold the drill of the week, unless nothing has ever been backed up here yet."""
    folder = Path(settings.BACKUP_DIR)
    backup, _ = record.standings(at=at)
    if not backups_in(folder) and backup.at is None:
        return None
    return run_drill(folder=folder, keys_folder=Path(settings.BACKUP_KEYS_DIR), at=at, say=say)


def _drill(folder: Path, keys_folder: Path, at: datetime, say: Say) -> Manifest:
    backups = backups_in(folder)
    if not backups:
        raise DomainError(f"{folder} 里还没有备份，请先做一次。")
    archive = backups[-1]
    manifest = read_manifest(archive)
    with _spare_place(folder, manifest.engine) as place:
        restored = restore_backup(
            archive=archive,
            keys=_keys_for(manifest, keys_folder),
            place=place,
            replace=False,
            at=at,
            say=say,
        )
    return restored.manifest


def _keys_for(manifest: Manifest, keys_folder: Path) -> Keys:
    path = keys_folder / manifest.keys_file
    return read_keys(path) if path.exists() else own_keys()


@contextmanager
def _spare_place(folder: Path, engine: str) -> Iterator[Place]:
    """Make an empty place beside the backups, and on PostgreSQL an empty database; remove both."""
    for left in folder.glob(".drill-*"):
        shutil.rmtree(left)
    work = Path(mkdtemp(prefix=".drill-", dir=folder))
    try:
        if engine == "sqlite":
            config = {**own_config(), "ENGINE": "django.db.backends.sqlite3"}
            yield Place(work, {**config, "NAME": str(work / "db.sqlite3")}, spare=True)
        else:
            with _spare_database() as config:
                yield Place(work, config, spare=True)
    finally:
        shutil.rmtree(work)


def spare_prefix() -> str:
    """Return how the databases that drills of this installation make for a while begin.

    Of this one alone: others on the same server may be trying out theirs.
    """
    own = sha256(f"{settings.DATA_DIR} {own_config()['NAME']}".encode()).hexdigest()[:12]
    return f"portal_drill_{own}_"


@contextmanager
def _spare_database() -> Iterator[Config]:
    server = own_config()
    if settings.BACKUP_DRILL_URL:
        server = config_at(settings.BACKUP_DRILL_URL, name="BACKUP_DRILL_URL")
    prefix = spare_prefix()
    with opened(server) as connection:
        name = connection.ops.quote_name(f"{prefix}{uuid4().hex[:8]}")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
            )
            for (left,) in cursor.fetchall():
                cursor.execute(f"DROP DATABASE {connection.ops.quote_name(left)} WITH (FORCE)")
            try:
                cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            except DatabaseError as error:
                raise DomainError(
                    "恢复演练要临时建一个库，数据库用户没有这个权限：请执行 ALTER ROLE … CREATEDB，"
                    "或用 BACKUP_DRILL_URL 指定有权限的用户。"
                ) from error
            try:
                yield {**server, "NAME": name.strip('"')}
            finally:
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
