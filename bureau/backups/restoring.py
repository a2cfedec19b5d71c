"""Restoring a backup: everything is checked first, then prepared beside, then put in place."""

import fcntl
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from bureau.backups.dumps import ASIDE, load_postgresql, load_sqlite
from bureau.backups.files import copy_file, link_file
from bureau.backups.keys import Keys
from bureau.backups.making import MEDIA
from bureau.backups.manifest import Manifest, check
from bureau.databases import (
    Config,
    filled_tables,
    foreign_tables,
    known_migrations,
    one_moment,
    opened,
    place_of,
    table_names,
    vendor_of,
)
from bureau.tables import Table, model_tables, tally_of
from common import audit
from common.errors import DomainError
from common.fields import DecryptionError

Say = Callable[[str], None]
_SAMPLE = 20
_LOG = "common_auditentry"


@dataclass(frozen=True)
class Place:
    """Where to restore to. ``spare`` is a place for trying out, thrown away afterwards."""

    data_dir: Path
    database: Config
    spare: bool = False


@dataclass(frozen=True)
class Restored:
    """What has been put in place, and whether the database is older than the program."""

    manifest: Manifest
    migrations_waiting: int
    aside: list[str]


@dataclass(frozen=True)
class _Work:
    """What one restoration is about; ``folder`` is where things are made ready."""

    manifest: Manifest
    archive: Path
    keys: Keys
    place: Place
    folder: Path
    at: datetime

    @property
    def stamp(self) -> str:
        return f"{timezone.localtime(self.at):%Y%m%d%H%M%S}"


def restore_backup(
    *, archive: Path, keys: Keys, place: Place, replace: bool, at: datetime, say: Say
) -> Restored:
    """Restore ``archive`` into ``place``, which must be empty unless ``replace``.

    What is replaced is put aside, not deleted. Counts and digests of the restored database are
    compared with the manifest, and the keys tried on what they have to decrypt.
    """
    say(f"核对 {archive.name} ……")
    manifest = check(archive, keys=keys)
    known = known_migrations()
    if newer := sorted(set(manifest.migrations) - known):
        raise DomainError(f"备份来自更新的版本（{newer[0]}），请用那个版本的程序恢复。")
    _check_place(manifest, place, replace=replace)
    folder = Path(mkdtemp(prefix=".restore-", dir=place.data_dir))
    work = _Work(manifest, archive, keys, place, folder, at)
    try:
        _prepare_media(work)
        say("恢复数据库，逐表核对……")
        aside = _database(work)
        if not place.spare:
            aside += _put_media(folder / MEDIA, place.data_dir / MEDIA, work.stamp)
            aside += _put_keys(keys, place.data_dir / "secrets", work.stamp)
    finally:
        shutil.rmtree(folder)
    return Restored(manifest, len(known - set(manifest.migrations)), aside)


def _check_place(manifest: Manifest, place: Place, *, replace: bool) -> None:
    place.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_stopped(place.data_dir)
    if vendor_of(place.database) != manifest.engine:
        raise DomainError(
            f"备份是 {manifest.engine} 的，目标是 {place_of(place.database)}：请先恢复到同一种"
            "数据库，再用 copy_database 搬过去。"
        )
    filled = _filled(place.database)
    media = place.data_dir / MEDIA
    if any(path.is_file() for path in media.rglob("*")):
        filled.append(str(media))
    if filled and not replace:
        raise DomainError(
            f"{place_of(place.database)} 不是空的（{filled[0]}）。要替换请加 --replace。"
        )


def _check_stopped(data_dir: Path) -> None:
    """Refuse beside a portal started by ``make run``, which holds this lock."""
    path = data_dir / "run.lock"
    if not path.exists():
        return
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DomainError(f"{data_dir} 上的系统还在运行，请先停下。") from None
    finally:
        os.close(handle)


def _filled(config: Config) -> list[str]:
    """Return which tables hold something; refuse where others' tables are, or others at work."""
    if vendor_of(config) == "sqlite" and not Path(config["NAME"]).exists():
        return []
    try:
        with opened(config) as connection:
            if foreign := foreign_tables(connection):
                raise DomainError(
                    f"{place_of(config)} 里有别的表（{foreign[0]}），不能恢复到这里。"
                )
            _check_alone(connection)
            return filled_tables(connection)
    except DatabaseError as error:
        reason = str(error).strip().split("\n")[0]
        raise DomainError(f"打不开 {place_of(config)}：{reason}") from error


def _check_alone(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (others,) = cursor.fetchone()
    if others:
        raise DomainError(f"还有 {others} 个连接在用这个数据库，请先停下系统。")


def _prepare_media(work: _Work) -> None:
    manifest = work.manifest
    (work.folder / MEDIA).mkdir(mode=0o700)
    for each in manifest.files:
        if each.path == manifest.database_file:
            continue
        source, target = work.archive / each.path, work.folder / each.path
        # Never linked into a place where people work: a changed file would change the backup.
        if work.place.spare and link_file(source, target):
            continue
        _, digest = copy_file(source, target)
        os.utime(target, ns=(each.mtime_ns, each.mtime_ns))
        if digest != each.sha256:
            raise DomainError(f"{each.path} 在恢复途中变了，请检查磁盘。")


def _database(work: _Work) -> list[str]:
    """Restore the database, verify it, and return what of the old one lies aside."""
    dump, config = work.archive / work.manifest.database_file, work.place.database
    if work.manifest.engine == "sqlite":
        fresh = work.folder / "db.sqlite3"
        load_sqlite(dump, fresh)
        _verify(work, {**config, "NAME": str(fresh)})
        return _swap_sqlite(fresh, Path(config["NAME"]), work.stamp)
    aside, before = _make_way(config, work.stamp)
    load_postgresql(dump, config, before=before)
    _verify(work, config)
    return aside


def _make_way(config: Config, stamp: str) -> tuple[list[str], str]:
    """Return what will lie aside, and the statements that put it there."""
    with opened(config) as connection:
        filled, there = filled_tables(connection), table_names(connection)
    if filled:
        name = f"{ASIDE}{stamp}"
        return [f"schema {name}"], f"ALTER SCHEMA public RENAME TO {name}; CREATE SCHEMA public;"
    return [], "DROP SCHEMA public CASCADE; CREATE SCHEMA public;" if there else ""


def _swap_sqlite(fresh: Path, target: Path, stamp: str) -> list[str]:
    """Put ``fresh`` in place of ``target``; the old one takes its write-ahead log along."""
    aside = []
    for old in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
        if old.exists():
            moved = old.with_name(f"{old.name}.{ASIDE}{stamp}")
            old.rename(moved)
            aside.append(str(moved))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.move(fresh, target)
    return aside


def _put_media(fresh: Path, target: Path, stamp: str) -> list[str]:
    """Put the files in place; entry by entry, as ``media`` may be a disk of its own."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.{ASIDE}{stamp}")
    if held := list(target.iterdir()):
        aside.mkdir(mode=0o700)
        for path in held:
            shutil.move(path, aside / path.name)
    for path in list(fresh.iterdir()):
        shutil.move(path, target / path.name)
    return [str(aside)] if held else []


def _put_keys(keys: Keys, folder: Path, stamp: str) -> list[str]:
    """Write the secrets where they are looked for; one that differs is put aside."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = []
    for name in ("secret_key", "field_encryption_keys", "blind_index_key"):
        path, text = folder / name, f"{getattr(keys, name).strip()}\n"
        if path.exists():
            if path.read_text(encoding="utf-8").strip() == text.strip():
                continue
            moved = path.with_name(f"{name}.{ASIDE}{stamp}")
            path.rename(moved)
            aside.append(str(moved))
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    return aside


def _verify(work: _Work, config: Config) -> None:
    """Compare what has been restored with the manifest, try the keys, and write into the log."""
    with opened(config) as connection:
        with one_moment(connection):
            _compare(work.manifest, connection)
            for table, _ in work.manifest.tables:
                _decrypt_some(connection, table, work.keys)
        if not work.place.spare and _log_is_known(work.manifest):
            audit.record(
                actor=None,
                verb="bureau.restore",
                label=work.manifest.name,
                at=work.at,
                using=connection.alias,
            )


def _compare(manifest: Manifest, connection: BaseDatabaseWrapper) -> None:
    try:
        wrong = [
            table.name for table, tally in manifest.tables if tally_of(connection, table) != tally
        ]
    except DatabaseError as error:
        reason = str(error).strip().split("\n")[0]
        raise DomainError(f"恢复出来的数据库读不通：{reason}") from error
    if wrong:
        raise DomainError(f"恢复出来的数据与备份清单不一致：{'、'.join(wrong)}。")


def _log_is_known(manifest: Manifest) -> bool:
    """Whether the log of that time looks as this version writes it."""
    table = next((table for table, _ in manifest.tables if table.name == _LOG), None)
    return table in model_tables()


def _decrypt_some(connection: BaseDatabaseWrapper, table: Table, keys: Keys) -> None:
    quote, cipher = connection.ops.quote_name, keys.cipher()
    for column in (column for column in table.columns if column.kind == "encrypted"):
        name = quote(column.name)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {name} FROM {quote(table.name)} WHERE {name} IS NOT NULL LIMIT {_SAMPLE}"  # noqa: S608 - names of a sealed manifest
            )
            tokens = [token for (token,) in cursor.fetchall()]
        try:
            for token in tokens:
                cipher.decrypt(token)
        except DecryptionError as error:
            raise DomainError(f"{table.name} 里的加密内容用这些密钥解不开。") from error
