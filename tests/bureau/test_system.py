"""The page of the system administrator: how the machines are, and nothing of the schools' work."""

import pytest
from django.db import connection
from django.urls import reverse

from bureau.backups import record
from common.models import Job, JobState
from organizations.choices import RoleKind
from tests.factories import RoleFactory
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return build_bureau()


@pytest.fixture
def admin(client, bureau):
    client.force_login(RoleFactory(organization=bureau.root, kind=RoleKind.SYSTEM_ADMIN).user)
    return client


def page(client) -> str:
    return client.get(reverse("admin:system")).content.decode()


def test_it_shows_parts_backups_and_settings(admin, monkeypatch):
    states = {"database": "ok", "migrations": "2 not applied", "scheduler": "silent for 12 min"}
    monkeypatch.setattr("bureau.health.present_parts", lambda: states)
    words = page(admin)
    database = connection.vendor.replace("sqlite", "SQLite").replace("postgresql", "PostgreSQL")
    for said in ("正常", "有升级没有执行", "没有动静", "恢复演练", database, "7 天、4 周、12 个月"):
        assert said in words
    assert "silent" not in words


def test_a_failed_backup_stands_there_with_its_reason(admin, tmp_path, settings):
    from django.utils import timezone

    settings.DATA_DIR = tmp_path
    record.note(record.BACKUP, at=timezone.now(), reason="磁盘已满")
    assert "备份没有成功" in page(admin)
    assert "磁盘已满" in page(admin)


def test_jobs_are_counted_without_their_names(admin):
    for state in (JobState.FAILED, JobState.DONE):
        Job.objects.create(kind="notices.print", label="芙蓉小学党支部的通知", state=state)
    words = page(admin)
    assert "公文排版" in words
    assert "芙蓉小学" not in words


@pytest.mark.parametrize("who", ["officer", "leader", "reviewer", "auditor", "secretary"])
def test_nobody_else_opens_it(client, bureau, who):
    client.force_login(getattr(bureau, who))
    assert client.get(reverse("admin:system")).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["admin:matrix", "admin:organizations_organization_changelist", "admin:review", "admin:texts"],
)
def test_the_system_administrator_opens_no_business_page(admin, address):
    assert admin.get(reverse(address)).status_code == 404
