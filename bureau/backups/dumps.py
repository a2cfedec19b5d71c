"""The database in one file and back: SQLite's online backup, PostgreSQL's own tools.

The file and what is counted for the manifest are of the same moment: for SQLite the copy is
counted, for PostgreSQL ``pg_dump`` reads the snapshot in which we count.
"""

import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

from django.db.backends.base.base import BaseDatabaseWrapper

from bureau.databases import Config, one_moment, opened, place_of, vendor_of
from common.errors import DomainError

SQLITE_FILE = "database.sqlite3.gz"
POSTGRESQL_FILE = "database.dump"
# What a restoration has put aside is no part of the bureau any more.
ASIDE = "before_restore_"


@contextmanager
def dumped(config: Config, *, folder: Path) -> Iterator[BaseDatabaseWrapper]:
    """Write the database into ``folder``; inside the block what was written can be counted."""
    if vendor_of(config) == "sqlite":
        with _sqlite_dumped(config, folder) as connection:
            yield connection
        return
    with opened(config) as connection, one_moment(connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        target = folder / POSTGRESQL_FILE
        _run(
            [
                _tool("pg_dump"), "--format=custom", "--no-owner", "--no-privileges",
                f"--exclude-schema={ASIDE}*", f"--snapshot={snapshot}", f"--file={target}",
            ],
            config,
        )  # fmt: skip
        target.chmod(0o600)
        yield connection


@contextmanager
def _sqlite_dumped(config: Config, folder: Path) -> Iterator[BaseDatabaseWrapper]:
    plain = folder / "database.sqlite3"
    address = f"file:{quote(str(config['NAME']))}?mode=rw"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=20)) as source,
        closing(sqlite3.connect(plain)) as copy,
    ):
        source.backup(copy)
        # One file by itself: its write-ahead log would lie beside it otherwise.
        copy.execute("PRAGMA journal_mode=DELETE")
    plain.chmod(0o600)
    with opened({**config, "NAME": str(plain)}) as connection, one_moment(connection):
        yield connection
    packed = folder / SQLITE_FILE
    with plain.open("rb") as reading, gzip.open(packed, "wb", compresslevel=3) as writing:
        shutil.copyfileobj(reading, writing, 1024 * 1024)
    packed.chmod(0o600)
    plain.unlink()


def load_sqlite(source: Path, target: Path) -> None:
    """Unpack the dump ``source`` to the new file ``target``."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with gzip.open(source, "rb") as reading, os.fdopen(handle, "wb") as writing:
        shutil.copyfileobj(reading, writing, 1024 * 1024)
        writing.flush()
        os.fsync(writing.fileno())


def load_postgresql(source: Path, config: Config, *, before: str) -> None:
    """Run the statements ``before`` and the dump ``source`` in one transaction: all or nothing.

    Only once ``pg_restore`` has read its file to the end is the transaction told to count.
    """
    with TemporaryFile() as errors:
        restoring = subprocess.Popen(  # noqa: S603 - our own arguments
            [_tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)],
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        running = subprocess.Popen(  # noqa: S603 - our own arguments
            [_tool("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=_environment(config),
        )
        whole = _fed(restoring, running, before)
        if running.wait() != 0 or not whole:
            errors.seek(0)
            raise DomainError(f"恢复到 {place_of(config)} 时出错，没有改动：{_said(errors)}")


def _fed(
    restoring: "subprocess.Popen[bytes]", running: "subprocess.Popen[bytes]", before: str
) -> bool:
    """Feed one to the other; return whether all of it went through."""
    if restoring.stdout is None or running.stdin is None:
        raise RuntimeError("Both processes were started with pipes.")
    read = False
    try:
        running.stdin.write(f"BEGIN;\n{before}\n".encode())
        shutil.copyfileobj(restoring.stdout, running.stdin, 1024 * 1024)
        read = restoring.wait() == 0
        if read:
            running.stdin.write(b"\nCOMMIT;\n")
        running.stdin.close()
    except BrokenPipeError:
        # psql has stopped at an error and said why.
        restoring.stdout.close()
        restoring.wait()
        return False
    return read


def server_version(connection: BaseDatabaseWrapper) -> str:
    """Return what the database calls itself."""
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def _run(command: list[str], config: Config) -> None:
    with TemporaryFile() as errors:
        done = subprocess.run(  # noqa: S603 - our own arguments
            command, check=False, stderr=errors, stdout=subprocess.DEVNULL, env=_environment(config)
        )
        if done.returncode:
            errors.seek(0)
            raise DomainError(f"{Path(command[0]).name} 出错：{_said(errors)}")


def _said(errors: IO[bytes]) -> str:
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return "；".join(lines[:3]) or "没有说明原因"


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise DomainError(
            f"这台机器上没有 {name}：请安装 PostgreSQL 客户端（Debian：postgresql-client），"
            "版本不低于数据库服务器。"
        )
    return path


def _environment(config: Config) -> dict[str, str]:
    """Tell PostgreSQL's tools where to go; a password on a command line is seen by everybody."""
    named = {
        "PGHOST": config["HOST"],
        "PGPORT": config["PORT"],
        "PGUSER": config["USER"],
        "PGPASSWORD": config["PASSWORD"],
        "PGDATABASE": config["NAME"],
        "PGOPTIONS": "-c client_min_messages=warning",
    }
    ssl = {
        f"PG{name.upper()}": value
        for name, value in config.get("OPTIONS", {}).items()
        if name.startswith("ssl")
    }
    return {**os.environ, **{key: str(value) for key, value in {**named, **ssl}.items() if value}}
