"""Uploads are taken by content, size and number from an allow-list of our own.

Every refusal names the file, says what is wrong and what to do. The stored name is made safe; the
type under which a file is handed back follows from the checked ending, never from the browser.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import TypeAlias

from django.core.files.uploadedfile import UploadedFile

from attachments import contents
from attachments.contents import ContentError
from common.downloads import safe_filename
from common.errors import DomainError

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 9
MAX_NAME = 150
_MB = 1024 * 1024

Upload: TypeAlias = "UploadedFile[bytes]"
Check = Callable[[bytes], None]


@dataclass(frozen=True)
class _Kind:
    content_type: str
    check: Check


def _kind(content_type: str, check: Callable[..., None], ending: str, **how: str) -> _Kind:
    return _Kind(content_type, partial(check, ending=ending, **how))


_OOXML = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, _Kind] = {
    ".doc": _kind("application/msword", contents.check_ole, ".doc"),
    ".docx": _kind(
        f"{_OOXML}.wordprocessingml.document",
        contents.check_open_xml,
        ".docx",
        needed="word/document.xml",
    ),
    ".xls": _kind("application/vnd.ms-excel", contents.check_ole, ".xls"),
    ".xlsx": _kind(
        f"{_OOXML}.spreadsheetml.sheet",
        contents.check_open_xml,
        ".xlsx",
        needed="xl/workbook.xml",
    ),
    ".wps": _kind("application/vnd.ms-works", contents.check_wps, ".wps"),
    ".et": _kind("application/vnd.ms-excel", contents.check_wps, ".et"),
    ".pdf": _kind("application/pdf", contents.check_pdf, ".pdf"),
    ".ofd": _kind("application/ofd", contents.check_open_xml, ".ofd", needed="OFD.xml"),
    ".jpg": _kind("image/jpeg", contents.check_picture, ".jpg", kind="JPEG"),
    ".jpeg": _kind("image/jpeg", contents.check_picture, ".jpeg", kind="JPEG"),
    ".png": _kind("image/png", contents.check_picture, ".png", kind="PNG"),
    ".heic": _kind("image/heic", contents.check_heic, ".heic"),
}
_PICTURES = {".jpg", ".jpeg", ".png", ".heic"}
# For the ``accept`` of file inputs.
ACCEPT = ",".join(KINDS)
_OTHERWISE = {
    **dict.fromkeys((".zip", ".rar", ".7z", ".tar", ".gz"), "请解压后逐个上传"),
    **dict.fromkeys((".ppt", ".pptx", ".dps"), "请另存为 PDF 后再传"),
    **dict.fromkeys((".gif", ".bmp", ".webp", ".tif", ".tiff", ".heif"), "请另存为 JPG 后再传"),
    **dict.fromkeys((".docm", ".dotm", ".dot", ".dotx"), "请另存为 .docx 后再传"),
    **dict.fromkeys((".xlsm", ".xlsb", ".xlt", ".csv", ".xltm"), "请另存为 .xlsx 后再传"),
    **dict.fromkeys((".mp4", ".mov", ".avi", ".mp3", ".wav"), "不收音视频，可传照片或文字说明"),
    **dict.fromkeys((".txt", ".rtf", ".html", ".htm", ".mht"), "请另存为 PDF 或 Word 文档后再传"),
}
_ALLOWED = "可传 Word、Excel、WPS、PDF、OFD 文档和 JPG、PNG、HEIC 图片"


@dataclass(frozen=True)
class CheckedFile:
    """An upload that may be kept: its safe name, its true size and the type to serve it under."""

    name: str
    size: int
    content_type: str
    upload: Upload


def check_uploads(uploads: Sequence[Upload], *, already: int = 0) -> list[CheckedFile]:
    """Check the files of one record, which has ``already`` some; raise one `DomainError` for all.

    Each refused file has a line of its own in the message.
    """
    if already + len(uploads) > MAX_FILES:
        have = f"，已有 {already} 个" if already else ""
        raise DomainError(
            f"每条记录最多 {MAX_FILES} 个附件{have}，这次选了 {len(uploads)} 个，请减少。"
        )
    checked: list[CheckedFile] = []
    refusals: list[str] = []
    for upload in uploads:
        try:
            checked.append(check_upload(upload))
        except DomainError as refusal:
            refusals.append(refusal.message)
    if refusals:
        raise DomainError("\n".join(refusals))
    return checked


def check_upload(upload: Upload) -> CheckedFile:
    """Check one file; raise `DomainError` that names it. Leaves the upload at its beginning.

    A picture under the ending of another kind of picture gets the right one.
    """
    name = safe_name(upload.name or "")
    ending = PurePath(name).suffix
    kind = KINDS.get(ending)
    if kind is None:
        raise DomainError(f"“{name}”不能上传：{_OTHERWISE.get(ending, _ALLOWED)}。")
    content = _content(upload, name)
    if ending in _PICTURES and (true_ending := contents.picture_ending(content)):
        name, kind = _with_ending(name, ending, true_ending), KINDS[true_ending]
    try:
        kind.check(content)
    except ContentError as refusal:
        raise DomainError(f"“{name}”{refusal.remedy}") from refusal
    return CheckedFile(name, len(content), kind.content_type, upload)


def _with_ending(name: str, ending: str, true_ending: str) -> str:
    same = ending == ".jpeg" and true_ending == ".jpg"
    return name if same else name.removesuffix(ending) + true_ending


def _content(upload: Upload, name: str) -> bytes:
    """Return the whole content, never more than the limit and one byte."""
    upload.seek(0)
    content: bytes = upload.read(MAX_BYTES + 1)
    upload.seek(0)
    if not content:
        raise DomainError(f"“{name}”是空文件，请检查后重新选择。")
    if len(content) > MAX_BYTES:
        size = max(upload.size or 0, len(content)) / _MB
        raise DomainError(
            f"“{name}”有 {size:.1f} MB，每个文件最多 {MAX_BYTES // _MB} MB，请压缩或拆分后再传。"
        )
    return content


def safe_name(raw: str) -> str:
    """Return the name as people see it: NFC, no folders, controls or turned writing, ending kept.

    The ending is lower case and the whole at most `MAX_NAME` characters.
    """
    last = unicodedata.normalize("NFC", raw).replace("\\", "/").rsplit("/", 1)[-1]
    path = PurePath(" ".join(safe_filename(last).split()))
    ending = path.suffix.lower()
    # A name like ".pdf" is all stem to pathlib.
    if not ending and path.name.lower() in {kind.lstrip(".") for kind in KINDS}:
        return f"附件.{path.name.lower()}"
    if len(ending) >= MAX_NAME:
        return path.name[:MAX_NAME]
    return f"{path.stem[: MAX_NAME - len(ending)]}{ending}"
