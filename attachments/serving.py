"""Handing a file back: the owner's view decides who may have it, this decides how."""

import logging
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest

from attachments.models import Attachment
from common.downloads import content_disposition
from common.errors import DomainError

logger = logging.getLogger(__name__)


def serve(attachment: Attachment, *, request: HttpRequest) -> FileResponse:
    """Return the file as a download that no browser opens as a page of ours.

    Checks no right: call it with an attachment found through the owner's scope. Raises
    `DomainError` when the bytes are gone.
    """
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / attachment.path).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        logger.error("The bytes of attachment %s are gone.", attachment.pk)
        raise DomainError(f"附件“{attachment.name}”的文件找不到了，请联系管理员从备份中恢复。")
    logger.info("Attachment %s goes to user %s.", attachment.pk, request.user.pk)
    response = FileResponse(path.open("rb"), content_type=attachment.content_type)
    response["Content-Disposition"] = content_disposition(attachment.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
