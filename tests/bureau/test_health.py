"""``/healthz`` says whether pages are served, and names the part that is not well."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureau import health
from bureau.backups import record
from common import pdf_fonts
from common.jobs import sweep_jobs
from common.models import Pulse
from tests.doors import database_unreachable


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch, settings, tmp_path: Path) -> None:
    monkeypatch.setattr(health, "_health", health.Health())
    # Where nothing is written yet about backups.
    settings.DATA_DIR = tmp_path


@pytest.fixture
def parts(client: Client) -> Callable[[], dict[str, str]]:
    """The answer, asked anew as if the last time were long ago."""

    def ask() -> dict[str, str]:
        health._health._asked = None
        return client.get("/healthz").json()

    return ask


def scheduler_seen(ago: timedelta) -> None:
    Pulse.objects.update_or_create(name="scheduler", defaults={"at": timezone.now() - ago})


@pytest.mark.django_db
def test_all_well(client: Client) -> None:
    sweep_jobs()
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "broker": "ok",
        "scheduler": "ok",
        "disk": "ok",
        "fonts": "ok",
        "backup": "none yet",
        "drill": "none yet",
        "hours_since": {"backup": None, "drill": None},
    }


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_database_is_gone_and_comes_back(client: Client) -> None:
    with database_unreachable():
        response = client.get("/healthz")
    assert response.status_code == 503
    said = response.json()
    assert (said["status"], said["database"], said["migrations"], said["scheduler"]) == (
        "failed",
        "unreachable",
        "unknown",
        "unknown",
    )
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_portal_just_started_waits_for_its_scheduler(parts, monkeypatch) -> None:
    assert parts()["scheduler"] == "starting"
    scheduler_seen(timedelta(days=2))
    assert parts() == {**parts(), "status": "ok", "scheduler": "starting"}

    monkeypatch.setattr(health._health, "_started", time.monotonic() - 3600)
    assert parts() == {**parts(), "status": "degraded", "scheduler": "silent for 2880 min"}
    scheduler_seen(timedelta(minutes=9))
    assert parts()["scheduler"] == "ok"
    Pulse.objects.all().delete()
    assert parts()["scheduler"] == "silent"


@pytest.mark.django_db
def test_a_broker_that_is_gone_leaves_pages_open(parts, client, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert parts() == {**parts(), "status": "degraded", "broker": "unreachable"}
    assert client.get("/healthz").status_code == 200
    settings.REDIS_URL = ""
    settings.BROKER_DIR = settings.DATA_DIR / "nowhere"
    assert parts()["broker"] == "not writable"


@pytest.mark.django_db
def test_a_full_disk_and_a_missing_font_are_named(parts, monkeypatch) -> None:
    monkeypatch.setattr(health, "DISK_LEAST", 2**60)
    assert parts() == {**parts(), "status": "degraded", "disk": "nearly full"}
    monkeypatch.setattr(pdf_fonts, "_wanted", lambda _role: ("No such family",))
    assert parts()["fonts"].startswith("missing: Portal FangSong, ")


@pytest.mark.django_db
def test_old_backups_and_failed_drills_degrade_it(parts) -> None:
    now = timezone.now()
    record.note(record.BACKUP, at=now - timedelta(hours=7, minutes=30))
    record.note(record.DRILL, at=now - timedelta(days=15) + timedelta(minutes=1))
    said = parts()
    assert (said["status"], said["backup"], said["drill"]) == ("ok", "ok", "ok")
    assert said["hours_since"] == {"backup": 7, "drill": 359}
    record.note(record.BACKUP, at=now - timedelta(hours=51))
    assert parts() == {**parts(), "status": "degraded", "backup": "overdue", "drill": "ok"}
    record.note(record.DRILL, at=now, reason="不一致")
    said = parts()
    assert (said["drill"], said["hours_since"]) == ("failed", {"backup": 51, "drill": 359})


@pytest.mark.django_db
def test_a_record_that_cannot_be_read_or_written_is_no_obstacle(parts, settings) -> None:
    (settings.DATA_DIR / "backup-state.json").write_text("{")
    assert parts()["backup"] == "none yet"
    settings.DATA_DIR = settings.DATA_DIR / "nowhere"
    assert parts()["backup"] == "none yet"


@pytest.mark.django_db
def test_strangers_cannot_make_it_work_hard(client: Client) -> None:
    """The database is asked each time, what lies behind the pages once in ten seconds."""
    client.get("/healthz")
    with CaptureQueriesContext(connection) as queries:
        client.get("/healthz")
    assert [query["sql"] for query in queries] == ["SELECT 1"]


@pytest.mark.django_db
def test_a_migration_waits(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "1 not applied"


def test_only_asked_never_told(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_who_asks_meanwhile_finds_every_part(parts, monkeypatch) -> None:
    """Two threads at a young process: the second one must not find half an answer."""
    meanwhile: list[set[str]] = []

    def slow_fonts() -> str:
        monkeypatch.setattr(health, "fonts_state", lambda: "ok")
        meanwhile.append(set(health.present_parts()))
        return "ok"

    monkeypatch.setattr(health, "fonts_state", slow_fonts)
    parts()
    assert meanwhile == [set(health.present_parts())]
