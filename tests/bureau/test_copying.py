"""A bureau carried from one database into another, with everything compared."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from bureau import copying
from bureau.copying import copy_database
from bureau.databases import Config, config_at, opened, own_config
from bureau.management.commands import copy_database as door
from bureau.tables import model_tables, tally_of
from common import audit
from common.errors import DomainError
from common.fields import blind_index
from common.models import AuditEntry, Job
from organizations.models import Organization
from people.models import Person
from tests.bureau.blank import allow_databases_beside, blank_database, sqlite_at
from tests.factories import OrganizationFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def target(
    tmp_path: Path, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Config]:
    allow_databases_beside(monkeypatch)
    with blank_database(tmp_path) as config:
        yield config


@pytest.fixture
def bureau(target: Config) -> None:
    """A few rows with everything that two databases spell differently."""
    user = UserFactory(username="shuji", last_login=datetime(2026, 3, 1, 1, 2, 3, 45, tzinfo=UTC))
    mobile = "13900001234"
    Person.objects.create(name="张三", mobile=mobile, mobile_index=blind_index(mobile), user=user)
    root = OrganizationFactory(name="澄岚区教育局党委")
    OrganizationFactory(name="芙蓉小学党支部", parent=root, school=SchoolFactory(name="芙蓉小学"))
    params = {"乙": 2.0, "甲": [1, {"c": None, "b": True, "a": "“引号”"}], "large": 1e20}
    Job.objects.create(kind="k", label="导出", params=params, owner=user)
    audit.record(actor=user, verb="tests.first", after={"b": 1, "a": "x"})


def copied(target: Config, source: Config | None = None, **options: bool) -> list[str]:
    lines: list[str] = []
    copy_database(
        source=source or own_config(),
        target=target,
        dry_run=options.get("dry_run", False),
        say=lines.append,
    )
    return lines


def tallies(config: Config) -> dict[str, object]:
    with opened(config) as other, transaction.atomic(using=other.alias):
        return {table.name: tally_of(other, table) for table in model_tables()}


@pytest.mark.usefixtures("bureau")
def test_everything_arrives_and_can_be_used(target: Config) -> None:
    lines = copied(target)
    assert tallies(target) == tallies(own_config())
    assert [line for line in lines if line.startswith("accounts_user ")][-1].endswith("  一致")
    with opened(target) as other:
        person = Person.objects.using(other.alias).get()
        assert (person.mobile, person.mobile_index) == ("13900001234", blind_index("13900001234"))
        job = Job.objects.using(other.alias).get()
        assert job.params == Job.objects.get().params
        user = User.objects.using(other.alias).get(username="shuji")
        assert user.last_login == datetime(2026, 3, 1, 1, 2, 3, 45, tzinfo=UTC)
        # The next rows get numbers of their own, and the log stays closed.
        assert User.objects.using(other.alias).create(username="new").pk > user.pk
        log = AuditEntry.objects.using(other.alias)
        assert list(log.order_by("id").values_list("verb", flat=True)) == [
            *AuditEntry.objects.order_by("id").values_list("verb", flat=True)
        ]
        log.create(at=user.last_login, actor_label="x", verb="tests.second")
        for change in (lambda: log.update(verb="x"), lambda: log.all().delete()):
            with pytest.raises(DatabaseError, match="append-only"):
                change()


@pytest.mark.usefixtures("bureau")
def test_from_either_database_into_the_other(target: Config, tmp_path: Path) -> None:
    """On PostgreSQL: into SQLite, and from there into PostgreSQL."""
    between = sqlite_at(tmp_path / "between.sqlite3")
    copied(between)
    assert tallies(between) == tallies(own_config())
    copied(target, source=between)
    assert tallies(target) == tallies(between)


@pytest.mark.usefixtures("bureau")
def test_a_dry_run_writes_nothing_anywhere(target: Config) -> None:
    before = tallies(own_config()), tallies(target)
    lines = copied(target, dry_run=True)
    assert (tallies(own_config()), tallies(target)) == before
    assert lines[-1] == "目标：已建好空表。试运行，没有写入。"
    assert [
        line.split()[1] for line in lines if line.startswith("organizations_organization ")
    ] == ["2"]


@pytest.mark.usefixtures("bureau")
def test_a_row_that_arrives_changed_is_found_and_all_taken_back(target: Config) -> None:
    name = Organization._meta.db_table
    change = f"UPDATE {name} SET name = name || '?' WHERE parent_id IS NOT NULL"
    with opened(target) as other, other.cursor() as cursor:
        if other.vendor == "sqlite":
            cursor.execute(f"CREATE TRIGGER sly AFTER INSERT ON {name} BEGIN {change}; END")
        else:
            cursor.execute(
                "CREATE FUNCTION sly() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN NEW.name = NEW.name || '?'; RETURN NEW; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER sly BEFORE INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION sly()"
            )
    with pytest.raises(DomainError, match=f"核对不一致：{name}。已全部撤回"):
        copied(target)
    with opened(target) as other:
        assert not Organization.objects.using(other.alias).exists()
        assert not User.objects.using(other.alias).exists()


@pytest.mark.usefixtures("bureau")
def test_a_target_that_holds_something_is_refused(target: Config) -> None:
    with opened(target) as other:
        User.objects.using(other.alias).create(username="somebody")
    with pytest.raises(DomainError, match="目标库不是空的：accounts_user"):
        copied(target)
    with opened(target) as other, other.cursor() as cursor:
        cursor.execute("CREATE TABLE salaries (id integer)")
    with pytest.raises(DomainError, match=r"目标库里有别的表（salaries）"):
        copied(target)
    with pytest.raises(DomainError, match="目标就是现在用的数据库"):
        copied(own_config())


@pytest.mark.usefixtures("bureau")
def test_what_is_written_meanwhile_stays_behind(
    target: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People go on working: not one row of theirs makes the copy differ from itself."""
    carry = copying._carry

    def while_somebody_works(*args: object) -> object:
        UserFactory()
        return carry(*args)

    monkeypatch.setattr(copying, "_carry", while_somebody_works)
    copied(target)
    assert User.objects.count() == 1 + len(model_tables())
    with opened(target) as other:
        assert User.objects.using(other.alias).count() == 1


def test_what_postgresql_would_refuse_is_named_before_it_does(
    target: Config, tmp_path: Path
) -> None:
    if connection.vendor == "sqlite":
        # Into SQLite the same goes through: it keeps what it was given.
        SchoolFactory(name="校" * 300)
        copied(target)
        return
    source = sqlite_at(tmp_path / "source.sqlite3")
    copied(source)
    with opened(source) as other:
        long = SchoolFactory.build(name="校" * 300, pinyin="a\0b")
        long.save(using=other.alias)
    before = tallies(target)
    for dry_run in (True, False):
        with pytest.raises(
            DomainError, match=r"organizations_school.name（\d+）超过 100 字；"
        ) as caught:
            copied(target, source=source, dry_run=dry_run)
        assert "organizations_school.pinyin" in caught.value.message
        assert "含有空字符" in caught.value.message
    assert tallies(target) == before


@pytest.mark.usefixtures("bureau")
def test_the_command_says_what_it_did_and_fails_in_one_line(
    target: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "config_at", lambda url, name: target)
    out = StringIO()
    call_command("copy_database", to="postgres://any", stdout=out)
    assert "已复制并核对一致：" in out.getvalue()
    with pytest.raises(CommandError, match="目标库不是空的"):
        call_command("copy_database", to="postgres://any", stdout=out)
    monkeypatch.setattr(door, "config_at", config_at)
    with pytest.raises(CommandError, match="--to must look like") as caught:
        call_command("copy_database", to="mysql://user:hunter2@host/name", stdout=out)
    assert "hunter2" not in str(caught.value)
    with pytest.raises(CommandError, match=r"连不上 PostgreSQL 127.0.0.1:1/name") as caught:
        call_command("copy_database", to="postgres://u:hunter2@127.0.0.1:1/name", stdout=out)
    assert "hunter2" not in str(caught.value)
