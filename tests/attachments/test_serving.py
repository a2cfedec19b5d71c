"""A file goes out as a download and as nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import RequestFactory

from attachments.models import Attachment
from attachments.services import store
from attachments.serving import serve
from common.errors import DomainError
from tests.attachments.samples import pdf, upload
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def attachment() -> Attachment:
    at = datetime(2026, 11, 21, 2, tzinfo=UTC)
    return store(actor=UserFactory(), upload=upload("签到表.pdf", pdf()), at=at)


def request_of(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_the_bytes_come_back_with_headers_that_let_nothing_run(attachment):
    response = serve(attachment, request=request_of(attachment.uploaded_by))
    assert b"".join(response.streaming_content) == pdf()
    headers = {name: response[name] for name in response.headers}
    assert headers == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(pdf())),
        "Content-Disposition": (
            "attachment; filename=\"download.pdf\"; filename*=UTF-8''%E7%AD%BE%E5%88%B0%E8%A1%A8.pdf"
        ),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def test_lost_bytes_are_said_in_words(attachment, media):
    (media / attachment.path).unlink()
    with pytest.raises(DomainError) as caught:
        serve(attachment, request=request_of(attachment.uploaded_by))
    assert caught.value.message == ("附件“签到表.pdf”的文件找不到了，请联系管理员从备份中恢复。")


@pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "attachments/../../secret", ""])
def test_a_path_that_leads_elsewhere_is_never_followed(attachment, media, path):
    (media.parent / "secret").write_text("x")
    attachment.path = path
    with pytest.raises(DomainError):
        serve(attachment, request=request_of(attachment.uploaded_by))
