"""Headers under which a browser keeps a file: its Chinese name, no guessing, no cache."""

import unicodedata
from collections.abc import Iterable
from pathlib import PurePath
from typing import TypeVar
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)

CONTENT_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ics": "text/calendar; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_NOT_IN_NAMES = set('\\/:*?"<>|')


def content_disposition(filename: str) -> str:
    """Return an ``attachment`` header with the name after RFC 5987 and an ASCII stand-in.

    The stand-in is for browsers that know ``filename`` alone: ``download`` with the ending.
    """
    name = safe_filename(filename)
    ending = PurePath(name).suffix
    plain = f"download{ending}" if ending.isascii() else "download"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def safe_filename(filename: str) -> str:
    """Return a name without control characters and what Windows refuses in names."""
    kept = (
        "_" if character in _NOT_IN_NAMES else character
        for character in unicodedata.normalize("NFC", filename)
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
    return "".join(kept).strip(" .") or "下载"


def download(content: bytes, *, filename: str) -> HttpResponse:
    """Return ``content`` as a file to keep; its type follows the ending of ``filename``."""
    response = HttpResponse(content, content_type=_type_of(filename))
    return _with_headers(response, filename)


def download_stream(pieces: Iterable[bytes], *, filename: str) -> StreamingHttpResponse:
    """Return ``pieces`` one after another as a file to keep."""
    response = StreamingHttpResponse(pieces, content_type=_type_of(filename))
    return _with_headers(response, filename)


def _type_of(filename: str) -> str:
    return CONTENT_TYPES.get(PurePath(filename).suffix.lower(), "application/octet-stream")


def _with_headers(response: R, filename: str) -> R:
    response["Content-Disposition"] = content_disposition(filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
