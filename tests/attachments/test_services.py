"""Files are kept whole, under a random name, with their hash and an audit entry."""

import errno
import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from attachments.models import Attachment
from attachments.services import remove_orphans, store, store_all
from common.errors import DomainError
from common.models import AuditEntry
from tests.attachments.samples import MZ, pdf, picture, upload
from tests.factories import UserFactory

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def actor():
    return UserFactory()


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_a_random_name_with_its_hash(media, actor):
    content = pdf()
    attachment = store(actor=actor, upload=upload("签到表.PDF", content), at=AT)
    (path,) = files_in(media)
    assert (attachment.name, attachment.size, attachment.content_type) == (
        "签到表.pdf",
        len(content),
        "application/pdf",
    )
    assert attachment.sha256 == hashlib.sha256(content).hexdigest()
    assert (attachment.uploaded_by, attachment.uploaded_at) == (actor, AT)
    assert path == media / attachment.path
    assert path.read_bytes() == content
    token = path.name
    assert attachment.path == f"attachments/{token[:2]}/{token[2:4]}/{token}"
    assert (len(token), path.stat().st_mode & 0o777) == (32, 0o600)


def test_the_log_says_who_stored_what(actor):
    attachment = store(actor=actor, upload=upload("a.pdf", pdf()), at=AT)
    entry = AuditEntry.objects.get(verb="attachments.store")
    assert (entry.actor, entry.at, entry.object_id) == (actor, AT, str(attachment.pk))
    assert entry.after == {
        "name": "a.pdf",
        "size": attachment.size,
        "sha256": attachment.sha256,
    }


def test_a_refused_file_leaves_nothing(media, actor):
    with pytest.raises(DomainError):
        store(actor=actor, upload=upload("a.pdf", MZ), at=AT)
    assert (Attachment.objects.count(), files_in(media)) == (0, [])


def test_the_files_of_a_record_are_kept_all_or_none(media, actor):
    good = [upload("a.pdf", pdf()), upload("b.jpg", picture())]
    with pytest.raises(DomainError):
        store_all(actor=actor, uploads=[*good, upload("c.exe", MZ)], at=AT)
    assert (Attachment.objects.count(), files_in(media)) == (0, [])
    kept = store_all(actor=actor, uploads=good, at=AT)
    assert [attachment.name for attachment in kept] == ["a.pdf", "b.jpg"]
    with pytest.raises(DomainError, match="已有 8 个"):
        store_all(actor=actor, uploads=good, at=AT, already=8)


def test_a_full_disk_is_said_in_words_and_leaves_no_half_file(media, actor, monkeypatch):
    def full(self, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DomainError) as caught:
        store(actor=actor, upload=upload("a.pdf", pdf()), at=AT)
    assert caught.value.message == (
        "磁盘空间不足，“a.pdf”没有保存。填写的内容不受影响，请联系管理员清理后再传。"
    )
    assert (Attachment.objects.count(), files_in(media)) == (0, [])


def test_another_fault_of_the_disk_is_no_domain_error(media, actor, monkeypatch):
    def broken(self, target):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="Input/output"):
        store(actor=actor, upload=upload("a.pdf", pdf()), at=AT)
    assert files_in(media) == []


def test_orphans_go_after_a_while_and_nothing_else(media, actor):
    kept = store(actor=actor, upload=upload("kept.pdf", pdf()), at=AT)
    with transaction.atomic():
        store(actor=actor, upload=upload("lost.pdf", pdf()), at=AT)
        transaction.set_rollback(True)
    foreign = media / "results" / "other"
    foreign.parent.mkdir()
    foreign.write_bytes(b"x")
    now = datetime.now(UTC)
    assert remove_orphans(before=now - timedelta(days=1)) == 0
    for path in files_in(media):
        os.utime(path, (0, 0))
    assert remove_orphans(before=now - timedelta(days=1)) == 1
    assert sorted(files_in(media)) == sorted([media / kept.path, foreign])


def test_housekeeping_before_the_first_file(media):
    assert remove_orphans(before=AT) == 0
