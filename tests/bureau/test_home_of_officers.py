"""The foot of the officers' home page: how backups and drills stand."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from bureau.backups import record
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_yet(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def foot(user: User) -> list[tuple[bool, str]]:
    """What stands there: whether in red, and the words."""
    client = Client()
    client.force_login(user)
    page = client.get("/admin/").content.decode()
    part = re.search(r'<p class="desk-backups">(.*?)</p>', page)
    spans = re.findall(r"<span( class=\"desk-ailing\")?>(.*?)</span>", part[1] if part else "")
    return [(bool(red), words) for red, words in spans]


def test_quiet_until_something_is_wrong() -> None:
    officer = build_bureau().officer
    assert foot(officer) == [(False, "备份：还没有到时间"), (False, "恢复演练：还没有到时间")]
    now = timezone.now()
    record.note(record.BACKUP, at=now - timedelta(hours=2))
    [(red, words), _] = foot(officer)
    at = timezone.localtime(now - timedelta(hours=2))
    assert (red, words) == (False, f"备份：{at.month}月{at.day}日 {at:%H:%M}")
    record.note(record.BACKUP, at=now, reason="磁盘满了")
    [(red, words), (other, _)] = foot(officer)
    assert (red, other) == (True, False)
    assert "：磁盘满了。最近一次成功：" in words


def test_only_officers_are_told() -> None:
    bureau = build_bureau()
    assert foot(bureau.leader) == foot(bureau.auditor) == []
