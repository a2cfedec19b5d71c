"""``/healthz`` says whether pages are served, and names the part that is not well."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from bureau import health
from tests.doors import database_unreachable


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_health", health.Health())


@pytest.mark.django_db
def test_all_well(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "migrations": "ok"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_database_is_gone_and_comes_back(client: Client) -> None:
    with database_unreachable():
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "failed",
        "database": "unreachable",
        "migrations": "unknown",
    }
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_migration_waits(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "1 not applied"


def test_only_asked_never_told(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
