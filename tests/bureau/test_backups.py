"""Backups of a real database and real files, really restored into another place."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts.models import User
from bureau.backups import dumps, making, record
from bureau.backups.drill import run_drill, scheduled_drill, spare_prefix
from bureau.backups.files import BusyError, locked
from bureau.backups.keys import Keys, own_keys, read_keys, write_keys
from bureau.backups.making import Made, make_backup, scheduled_backup
from bureau.backups.manifest import FILE, backups_in, read_manifest, write_manifest
from bureau.backups.restoring import Place, restore_backup
from bureau.databases import applied_migrations, opened
from bureau.jobs import back_up, try_out_backup
from common import audit
from common.errors import DomainError
from common.fields import blind_index
from common.models import AuditEntry
from people.models import Person
from tests.bureau.blank import allow_databases_beside, blank_database, on_server
from tests.bureau.test_killed import database_url
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime.fromisoformat("2026-03-02T02:30:00+08:00")
DAY = timedelta(days=1)
MOBILE = "13900001234"


def silent(_line: str) -> None:
    """Say nothing."""


@pytest.fixture(autouse=True)
def data_dir(
    settings, tmp_path: Path, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An installation with a user, a telephone number and two files."""
    allow_databases_beside(monkeypatch)
    root = tmp_path / "data"
    settings.DATA_DIR, settings.MEDIA_ROOT = root, root / "media"
    settings.BACKUP_DIR, settings.BACKUP_KEYS_DIR = root / "backups", root / "keys"
    for name in ("media/a/1.jpg", "media/2.pdf"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 100)
    user = UserFactory(username="shuji")
    Person.objects.create(name="张三", mobile=MOBILE, mobile_index=blind_index(MOBILE), user=user)
    audit.record(actor=user, verb="tests.first", at=AT)
    return root


def backed_up(at: datetime = AT, keep: int = 99) -> Made:
    return make_backup(
        folder=portal_settings.BACKUP_DIR,
        keys_folder=portal_settings.BACKUP_KEYS_DIR,
        keep=keep,
        at=at,
        say=silent,
    )


@dataclass
class Elsewhere:
    """Another machine, with nothing on it."""

    place: Place

    def restore(self, made: Made, *, keys: Keys | None = None, replace: bool = False):
        return restore_backup(
            archive=made.path,
            keys=keys or read_keys(made.keys),
            place=self.place,
            replace=replace,
            at=AT + DAY,
            say=silent,
        )

    def untouched(self) -> bool:
        """Whether not a single file or table is there."""
        files = [path for path in self.place.data_dir.rglob("*") if path.is_file()]
        if connection.vendor == "sqlite":
            return files == []
        with opened(self.place.database) as other:
            return files == [] and other.introspection.table_names() == []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    root = tmp_path / "elsewhere"
    root.mkdir()
    with blank_database(root, like="template0") as config:
        yield Elsewhere(Place(root, config))


def test_a_backup_is_restored_with_everything(elsewhere: Elsewhere, data_dir: Path) -> None:
    made = backed_up()
    restored = elsewhere.restore(made)
    assert (restored.migrations_waiting, restored.aside) == (0, [])
    root = elsewhere.place.data_dir
    assert (root / "media/a/1.jpg").read_bytes() == b"media/a/1.jpg" * 100
    assert (root / "secrets/field_encryption_keys").read_text().strip() == (
        portal_settings.FIELD_ENCRYPTION_KEYS
    )
    private = [made.path / FILE, made.keys, root / "secrets/secret_key"]
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (made.path, made.keys.parent)} == {0o700}
    with opened(elsewhere.place.database) as other:
        assert applied_migrations(other) == applied_migrations(connection)
        person = Person.objects.using(other.alias).get()
        assert (person.mobile, person.user.username) == (MOBILE, "shuji")
        # It works on: the log is still closed, and says where it comes from; new rows get numbers.
        log = AuditEntry.objects.using(other.alias).order_by("id")
        assert list(log.values_list("verb", flat=True)) == ["tests.first", "bureau.restore"]
        with pytest.raises(DatabaseError, match="append-only"):
            log.update(verb="x")
        assert User.objects.using(other.alias).create(username="new").pk > person.user.pk


def test_the_keys_are_apart_and_no_secret_is_in_the_backup() -> None:
    made = backed_up()
    secret = portal_settings.FIELD_ENCRYPTION_KEYS.split(":")[1].encode()
    assert made.keys.parent not in (made.path, *made.path.parents)
    held = b"".join(path.read_bytes() for path in made.path.rglob("*") if path.is_file())
    assert (secret in held, secret in made.keys.read_bytes()) == (False, True)
    assert repr(own_keys()).count(secret.decode()) == 0


@pytest.mark.parametrize("what", ["database", "media/2.pdf"])
def test_a_changed_file_is_refused_before_anything_is_touched(
    what: str, elsewhere: Elsewhere
) -> None:
    made = backed_up()
    name = made.manifest.database_file if what == "database" else what
    path = made.path / name
    content = path.read_bytes()
    path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    with pytest.raises(DomainError, match=f"{name} 已损坏或被改动"):
        elsewhere.restore(made)
    path.unlink()
    with pytest.raises(DomainError, match=f"缺少文件 {name}"):
        elsewhere.restore(made)
    assert elsewhere.untouched()


def test_a_changed_manifest_is_refused(elsewhere: Elsewhere) -> None:
    made = backed_up()
    path = made.path / FILE
    text = path.read_text()
    path.write_text(text.replace('"rows": 1', '"rows": 2'))
    with pytest.raises(DomainError, match=f"{FILE} 被改动过"):
        elsewhere.restore(made)
    for broken, message in (
        (text[:100], "已损坏"),
        (text.replace('"format": 1', '"format": 2'), "来自更新的版本"),
    ):
        path.write_text(broken)
        with pytest.raises(DomainError, match=message):
            elsewhere.restore(made)
    path.unlink()
    with pytest.raises(DomainError, match="不是一份备份"):
        elsewhere.restore(made)
    assert elsewhere.untouched()


def test_the_wrong_keys_are_refused(elsewhere: Elsewhere, tmp_path: Path) -> None:
    made, own = backed_up(), own_keys()
    other = Keys(own.secret_key, f"k1:{'A' * 43}=", own.blind_index_key)
    for wrong in (other, Keys(own.secret_key, own.field_encryption_keys, "another")):
        with pytest.raises(DomainError, match=f"不配：需要 {made.keys.name}"):
            elsewhere.restore(made, keys=wrong)
    assert elsewhere.untouched()
    # A key that was added since is no obstacle.
    newer = f"k2:{'B' * 43}=\n{own.field_encryption_keys}"
    path = write_keys(Keys("another", newer, own.blind_index_key), folder=tmp_path / "newer")
    assert path.name != made.keys.name
    elsewhere.restore(made, keys=read_keys(path))

    path.write_text("{}")
    with pytest.raises(DomainError, match="不是本系统的密钥文件"):
        read_keys(path)
    with pytest.raises(DomainError, match="读不到密钥文件"):
        read_keys(tmp_path / "nowhere")


def test_only_an_empty_place_or_a_replaced_one(elsewhere: Elsewhere) -> None:
    made = backed_up()
    elsewhere.restore(made)
    with pytest.raises(DomainError, match=r"不是空的（accounts_user）。要替换请加 --replace"):
        elsewhere.restore(made)
    root, config = elsewhere.place.data_dir, elsewhere.place.database
    (root / "media/later.txt").write_text("later")
    with opened(config) as other:
        User.objects.using(other.alias).create(username="later")
    aside = elsewhere.restore(made, replace=True).aside
    with opened(config) as other:
        assert list(User.objects.using(other.alias).values_list("username", flat=True)) == ["shuji"]
    assert sorted(path.name for path in (root / "media").iterdir()) == ["2.pdf", "a"]
    # Nothing that was there is lost.
    assert len(aside) == 2
    assert (Path(aside[1]) / "later.txt").read_text() == "later"
    if connection.vendor == "sqlite":
        with opened({**config, "NAME": aside[0]}) as other:
            assert User.objects.using(other.alias).filter(username="later").exists()
    else:
        schema = aside[0].removeprefix("schema ")
        with opened(config) as other, other.cursor() as cursor:
            cursor.execute(f"SELECT username FROM {schema}.accounts_user ORDER BY id")
            assert cursor.fetchall() == [("shuji",), ("later",)]


def test_places_that_are_refused(elsewhere: Elsewhere) -> None:
    made = backed_up()
    with locked_run(elsewhere.place.data_dir), pytest.raises(DomainError, match="还在运行"):
        elsewhere.restore(made)
    (elsewhere.place.data_dir / "run.lock").unlink()
    engine = "postgresql" if connection.vendor == "sqlite" else "sqlite3"
    other = {**elsewhere.place.database, "ENGINE": f"django.db.backends.{engine}"}
    with pytest.raises(DomainError, match="请先恢复到同一种数据库"):
        Elsewhere(Place(elsewhere.place.data_dir, other)).restore(made)
    if connection.vendor == "postgresql":
        refused = pytest.raises(DomainError, match="还有 1 个连接在用这个数据库")
        with opened(elsewhere.place.database) as busy, busy.cursor(), refused:
            elsewhere.restore(made)
    assert elsewhere.untouched()
    with opened(elsewhere.place.database) as foreign, foreign.cursor() as cursor:
        cursor.execute("CREATE TABLE salaries (id integer)")
    with pytest.raises(DomainError, match=r"里有别的表（salaries）"):
        elsewhere.restore(made, replace=True)


@contextmanager
def locked_run(folder: Path) -> Iterator[None]:
    """Hold what ``make run`` holds."""
    with (folder / "run.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_a_file_that_has_not_changed_is_kept_once(data_dir: Path) -> None:
    first = backed_up()
    (data_dir / "media/2.pdf").write_bytes(b"new")
    second = backed_up(AT + DAY)

    def inode(made: Made, name: str) -> int:
        return (made.path / name).stat().st_ino

    assert inode(first, "media/a/1.jpg") == inode(second, "media/a/1.jpg")
    assert inode(first, "media/2.pdf") != inode(second, "media/2.pdf")
    assert (first.path / "media/2.pdf").read_bytes() == b"media/2.pdf" * 100


def test_a_backup_that_fails_leaves_nothing_and_is_told(
    monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device", "/backups/x")

    monkeypatch.setattr(making, "copy_file", full)
    with pytest.raises(OSError, match="No space"):
        backed_up()
    assert [path.name for path in settings.BACKUP_DIR.iterdir()] == [".lock"]
    standing, _ = record.standings(at=AT)
    assert str(standing) == "备份没有成功（3月2日 02:30）：磁盘满了。还没有成功过。"
    monkeypatch.setattr(
        making.shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1, 1, 0)
    )
    with pytest.raises(DomainError, match="所在磁盘只剩 0 MB"):
        backed_up()


KILLED = """
import os, signal
from datetime import datetime
from pathlib import Path
from bureau.backups import making
def at_the_worst_moment(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
making.write_manifest = at_the_worst_moment
making.make_backup(folder=Path({folder!r}), keys_folder=Path({keys!r}), keep=9,
                   at=datetime.fromisoformat({at!r}), say=print)
"""


def test_killed_in_the_middle_nothing_looks_whole(settings, data_dir: Path) -> None:
    first = backed_up()
    code = KILLED.format(
        folder=str(settings.BACKUP_DIR),
        keys=str(settings.BACKUP_KEYS_DIR),
        at=(AT + DAY).isoformat(),
    )
    names = ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "BLIND_INDEX_KEY")
    env = {name: getattr(settings, name) for name in names}
    env |= {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), "DATABASE_URL": database_url()}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "shell", "--command", code]
    killed = subprocess.run(
        manage, env=env, check=False, capture_output=True, text=True, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    left = settings.BACKUP_DIR / ".portal-20260303-023000.part"
    assert left.is_dir()
    assert backups_in(settings.BACKUP_DIR) == [first.path]
    run_drill(
        folder=settings.BACKUP_DIR, keys_folder=settings.BACKUP_KEYS_DIR, at=AT + DAY, say=silent
    )
    backed_up(AT + 2 * DAY)
    assert not left.exists()
    assert len(backups_in(settings.BACKUP_DIR)) == 2


def drill(at: datetime = AT + DAY):
    return run_drill(
        folder=portal_settings.BACKUP_DIR,
        keys_folder=portal_settings.BACKUP_KEYS_DIR,
        at=at,
        say=silent,
    )


def databases() -> list[str]:
    """What a drill of this installation left on the server; others may hold theirs now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [spare_prefix()]
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.postgres
def test_a_drill_restores_the_newest_and_leaves_nothing_behind(settings) -> None:
    backed_up()
    newest = backed_up(AT + DAY)
    aliases = set(connections)
    assert drill().name == newest.path.name
    assert {path.name for path in settings.BACKUP_DIR.iterdir()} == {
        ".lock", "portal-20260302-023000", "portal-20260303-023000",
    }  # fmt: skip
    assert set(connections) == aliases
    assert connection.vendor == "sqlite" or databases() == []
    _, standing = record.standings(at=AT + DAY)
    assert (standing.state, str(standing)) == ("ok", "恢复演练：3月3日 02:30")
    assert AuditEntry.objects.get(verb="bureau.drill").after == {"rows": newest.manifest.rows}
    # The keys in a safe: it is tried with those the portal runs with.
    newest.keys.unlink()
    drill()


@pytest.mark.postgres
def test_a_drill_finds_a_broken_backup(settings) -> None:
    made = backed_up()
    # Whole by every hash, and yet a row is not what it was: only restoring shows it.
    manifest, keys = read_manifest(made.path), own_keys()
    tables = [
        (table, type(tally)(tally.rows, "0" * 32) if table.name == "people_person" else tally)
        for table, tally in manifest.tables
    ]
    write_manifest(
        type(manifest)(**{**vars(manifest), "tables": tables}), folder=made.path, keys=keys
    )
    with pytest.raises(DomainError, match="不一致：people_person。"):
        drill()
    _, standing = record.standings(at=AT + DAY)
    assert (standing.state, standing.well) == ("failed", False)
    assert str(standing) == (
        "恢复演练没有成功（3月3日 02:30）：恢复出来的数据与备份清单不一致：people_person。还没有成功过。"
    )
    assert [path.name for path in settings.BACKUP_DIR.glob(".drill-*")] == []
    assert connection.vendor == "sqlite" or databases() == []
    database = made.path / made.manifest.database_file
    database.write_bytes(database.read_bytes()[:-50])
    with pytest.raises(DomainError, match="已损坏或被改动"):
        drill()
    assert AuditEntry.objects.filter(verb="bureau.drill", object_label="没有通过").count() == 2


def test_a_dump_cut_short_is_never_half_restored(elsewhere: Elsewhere) -> None:
    """Even if every hash said yes: all of it or nothing."""
    made = backed_up()
    dump = made.path / made.manifest.database_file
    dump.write_bytes(dump.read_bytes()[:-2000])
    if connection.vendor == "sqlite":
        with pytest.raises(EOFError):
            dumps.load_sqlite(dump, made.path / "half.sqlite3")
    else:
        for before in ("", "SELECT 1/0;"):
            with pytest.raises(DomainError, match="没有改动"):
                dumps.load_postgresql(dump, elsewhere.place.database, before=before)
    assert elsewhere.untouched()


@pytest.fixture
def weak_role() -> Iterator[str]:
    """The address of somebody who may not make databases; only PostgreSQL knows such people."""
    if connection.vendor == "sqlite":
        yield "postgres://nobody@127.0.0.1:1/nowhere"
        return
    name, own = f"portal_weak_{os.getpid()}", connection.settings_dict
    on_server("CREATE ROLE {} LOGIN", name)
    yield f"postgres://{name}@{own['HOST']}:{own['PORT'] or 5432}/postgres"
    on_server("DROP ROLE {}", name)


def test_a_drill_without_the_right_to_make_databases_says_so(weak_role: str, settings) -> None:
    made = backed_up()
    settings.BACKUP_DRILL_URL = weak_role
    if connection.vendor == "sqlite":
        # It isn't asked: a file will do.
        assert drill().name == made.path.name
        return
    with pytest.raises(DomainError, match="ALTER ROLE … CREATEDB"):
        drill()


def test_without_its_tools_postgresql_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps.shutil, "which", lambda _name: None)
    if connection.vendor == "sqlite":
        assert backed_up().path.exists()
        return
    with pytest.raises(DomainError, match="没有 pg_dump：请安装 PostgreSQL 客户端"):
        backed_up()


def test_only_one_at_a_time(settings) -> None:
    with locked(settings.BACKUP_DIR):
        with pytest.raises(BusyError, match="正在进行"):
            backed_up()
        back_up()
        try_out_backup()
    assert record.standings(at=AT)[0].at is None


def test_the_night_makes_one_backup_and_the_week_a_drill(settings) -> None:
    assert scheduled_drill(at=AT, say=silent) is None
    assert record.standings(at=AT)[1].state == "none yet"
    assert scheduled_backup(at=AT, say=silent) is not None
    # A second scheduler asks for the same a moment later.
    assert scheduled_backup(at=AT + timedelta(minutes=1), say=silent) is None
    assert scheduled_backup(at=AT + DAY, say=silent) is not None
    assert scheduled_drill(at=AT + DAY, say=silent) is not None
    assert [standing.state for standing in record.standings(at=AT + DAY)] == ["ok", "ok"]
    # All backups gone since: no reason to be silent.
    shutil.rmtree(settings.BACKUP_DIR)
    with pytest.raises(DomainError, match="还没有备份"):
        scheduled_drill(at=AT + DAY, say=silent)


def test_before_an_upgrade_too(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that this version doesn't find yet is no obstacle, and restoring says what is due."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE axes_accesslog RENAME TO later")
        try:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'axes'")
            made = backed_up()
        finally:
            cursor.execute("ALTER TABLE later RENAME TO axes_accesslog")
            connection.close()
            restore_migrations()
    assert "axes_accesslog" not in {table.name for table, _ in made.manifest.tables}
    assert elsewhere.restore(made).migrations_waiting > 0
    manifest = read_manifest(made.path)
    newer = type(manifest)(**{**vars(manifest), "migrations": ["common.9999_future"]})
    write_manifest(newer, folder=made.path, keys=own_keys())
    with pytest.raises(DomainError, match=r"来自更新的版本（common.9999_future）"):
        elsewhere.restore(made, replace=True)


def restore_migrations() -> None:
    recorder = MigrationRecorder(connection)
    for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations:
        if app == "axes":
            recorder.record_applied(app, name)


def test_the_commands(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings
) -> None:
    out = StringIO()
    to, keys_to = tmp_path / "disk", tmp_path / "safe"
    call_command("backup", to=to, keys_to=keys_to, stdout=out)
    call_command("backup", drill=True, to=to, keys_to=keys_to, stdout=out)
    (archive,), (keys,) = backups_in(to), list(keys_to.iterdir())
    lines = out.getvalue().splitlines()
    assert f"密钥：{keys}（请另外妥善保存，不要与备份放在一起）" in lines
    assert lines[-1].startswith(f"演练通过：{archive.name}，")
    # Elsewhere than usual, it says nothing about the nightly ones.
    assert [each.state for each in record.standings(at=timezone.now())] == ["none yet"] * 2

    monkeypatch.setattr("bureau.management.commands.restore._place", lambda _into: elsewhere.place)
    call_command("restore", archive, keys=keys, stdout=out)
    assert f"已恢复 {archive.name}：" in out.getvalue()
    with pytest.raises(CommandError, match="不是空的"):
        call_command("restore", archive, keys=keys, stdout=out)
    for typed, message in (("yes\n", "没有确认"), ("", "没有确认")):
        monkeypatch.setattr(sys, "stdin", StringIO(typed))
        with pytest.raises(CommandError, match=message):
            call_command("restore", archive, keys=keys, replace=True, stdout=out)
    monkeypatch.setattr(sys, "stdin", StringIO(f"{archive.name}\n"))
    call_command("restore", archive, keys=keys, replace=True, stdout=out)
    assert "原来的数据挪到了：" in out.getvalue()
    with pytest.raises(CommandError, match="密钥不能放在备份目录里"):
        call_command("backup", to=to, keys_to=to / "keys", stdout=out)
    with pytest.raises(CommandError, match="--keep 至少是 1"):
        call_command("backup", to=to, keep=0, stdout=out)


def test_keep_leaves_so_many() -> None:
    names = [backed_up(AT + number * DAY, keep=2).path.name for number in range(4)]
    assert [path.name for path in backups_in(portal_settings.BACKUP_DIR)] == names[-2:]
    entry = AuditEntry.objects.filter(verb="bureau.backup").latest("id")
    assert entry.after["removed"] == [names[1]]


def test_the_manifest_says_what_is_inside(settings) -> None:
    made = backed_up()
    content = json.loads((made.path / FILE).read_text())
    assert content["versions"].keys() == {"portal", "python", "django", "database"}
    assert content["migrations"] == applied_migrations(connection)
    counts = {table["name"]: tally["rows"] for table, tally in content["tables"]}
    assert (counts["accounts_user"], counts["people_person"]) == (1, 1)
    assert [each["path"] for each in content["files"]][1:] == ["media/2.pdf", "media/a/1.jpg"]
    assert read_manifest(made.path).moment == AT
