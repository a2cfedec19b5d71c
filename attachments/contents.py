"""What a file truly holds, by its bytes: the part of the checks that knows formats.

Each function takes the whole content and raises `ContentError` with the remedy in Chinese. They
find what could run on the reader's machine (macros, packed programs, scripts and launch actions in
PDFs) as far as it shows without a document's own software; a virus scanner they are not. Files are
never opened for show by us: they are only handed back as downloads.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from common.archives import ArchiveError, open_archive

MAX_PIXELS = 120_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_PART_BYTES = 16 * 1024 * 1024
_NO_MACROS = "含有宏，不能上传；请另存为不带宏的文件后再传。"
_NO_PROGRAMS = "里面夹带了程序或压缩包，不能上传；请去掉后再传。"
_DAMAGED = "已损坏或不完整，请重新导出后再传。"
_PROGRAMS = (
    *("exe", "dll", "com", "scr", "cpl", "sys", "msi", "bat", "cmd", "ps1", "vbs", "vbe", "js"),
    *("jse", "wsf", "hta", "jar", "lnk", "reg", "apk", "sh", "php", "jsp", "asp", "aspx"),
)
_PROGRAM_ENDINGS = tuple(f".{ending}" for ending in (*_PROGRAMS, "zip", "rar", "7z", "gz", "iso"))
_DOS_STUB = b"This program cannot be run in DOS mode"
_PACKAGE = "Ole10Native".encode("utf-16-le")
# A packed object names its file; the name ends with a zero, in one or two bytes a letter.
_PACKED_PROGRAM = re.compile(
    b"|".join(
        re.escape(f".{ending}\0".encode(encoding))
        for ending in _PROGRAMS
        for encoding in ("ascii", "utf-16-le")
    ),
    re.IGNORECASE,
)
_FETCHED = {"attachedTemplate", "oleObject", "frame", "subDocument"}
_LOCAL_TARGET = re.compile(r"(file:/{0,3})?[a-z]:|(?!//)[^:\\]*$", re.IGNORECASE)


class ContentError(Exception):
    """The content is refused; ``remedy`` says why and what to do, without the file's name."""

    def __init__(self, remedy: str) -> None:
        super().__init__(remedy)
        self.remedy = remedy


# Office documents --------------------------------------------------------------------------------
def check_open_xml(content: bytes, *, needed: str, ending: str) -> None:
    """Check a .docx, .xlsx or .ofd: a sound zip with the part ``needed``, nothing that runs."""
    if content.startswith(_OLE):
        raise ContentError("加了密码或是旧版格式，请去掉密码、另存后再传。")
    if not content.startswith(_ZIP):
        raise _mismatch(ending)
    try:
        with open_archive(content) as archive:
            names = [name.lower() for name in archive.namelist()]
            if needed.lower() not in names:
                raise _mismatch(ending)
            _refuse_active_parts(archive)
    except ArchiveError as problem:
        raise ContentError(problem.remedy) from problem
    except (BadZipFile, zlib.error, OSError):
        raise ContentError(_DAMAGED) from None


def _refuse_active_parts(archive: ZipFile) -> None:
    for entry in archive.infolist():
        name = entry.filename.lower()
        if ".." in name.split("/") or name.startswith("/") or "\\" in name:
            raise ContentError(_DAMAGED)
        if "vbaproject" in name or "vbadata" in name or "/macrosheets/" in name:
            raise ContentError(_NO_MACROS)
        if name.endswith(_PROGRAM_ENDINGS):
            raise ContentError(_NO_PROGRAMS)
        if name.endswith((".bin", ".rels")) or name == "[content_types].xml":
            _refuse_active_bytes(_beginning(archive, entry.filename), name)


def _beginning(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PART_BYTES)


def _refuse_active_bytes(part: bytes, name: str) -> None:
    if name.endswith(".bin"):
        _refuse_programs(part)
    elif name.endswith(".rels"):
        _refuse_remote_parts(part)
    elif b"macroEnabled" in part:
        raise ContentError(_NO_MACROS)


def _refuse_programs(part: bytes) -> None:
    if _DOS_STUB in part or (_PACKAGE in part and _PACKED_PROGRAM.search(part)):
        raise ContentError(_NO_PROGRAMS)


def _refuse_remote_parts(relations: bytes) -> None:
    """Refuse templates and objects that opening the document would fetch from elsewhere."""
    if b"<!DOCTYPE" in relations:
        raise ContentError(_DAMAGED)
    try:
        root = ElementTree.fromstring(relations)  # noqa: S314 - no entities without a document type
    except ElementTree.ParseError:
        raise ContentError(_DAMAGED) from None
    for relation in root:
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        outside = relation.get("TargetMode") == "External" and kind in _FETCHED
        if outside and not _LOCAL_TARGET.match(relation.get("Target", "")):
            raise ContentError("引用了别处的模板或对象，打开时会从外面取内容；请另存后再传。")


def check_ole(content: bytes, *, ending: str) -> None:
    """Check a .doc, .xls, .wps or .et in its own binary form: no macros, no packed programs."""
    if not content.startswith(_OLE):
        raise _mismatch(ending)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise ContentError(_NO_MACROS)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ContentError("加了密码，请去掉密码后再传。")
    _refuse_programs(content)


def check_wps(content: bytes, *, ending: str) -> None:
    """Check a .wps or .et, which come as OLE and, from newer versions, as Open XML."""
    if content.startswith(_ZIP):
        check_open_xml(content, needed="[Content_Types].xml", ending=ending)
    else:
        check_ole(content, ending=ending)


# PDF ---------------------------------------------------------------------------------------------
def _pdf_name(name: str) -> bytes:
    """Return a pattern for a PDF name, any letter of which may be written as #xx."""
    letters = (f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name)
    return f"/{''.join(letters)}(?![A-Za-z0-9])".encode()


_PDF_ACTIVE = re.compile(_pdf_name("JavaScript") + rb"|/S\s*" + _pdf_name("Launch"))
_PDF_PACKED = re.compile(rb"/ObjStm\b[^\0]{0,400}?stream\r?\n", re.DOTALL)
_PDF_STREAM_READ = 1024 * 1024
_PDF_STREAM_BYTES = 4 * 1024 * 1024
_PDF_STREAMS_TOTAL = 128 * 1024 * 1024


def check_pdf(content: bytes, *, ending: str) -> None:
    """Check a PDF: whole, without scripts and without actions that start programs."""
    if b"%PDF-" not in content[:1024]:
        raise _mismatch(ending)
    if b"%%EOF" not in content:
        raise ContentError(_DAMAGED)
    for part in (content, *_object_streams(content)):
        if _PDF_ACTIVE.search(part):
            raise ContentError("带有脚本或启动程序的动作；请用“打印为 PDF”重新生成后再传。")


def _object_streams(content: bytes) -> Iterator[bytes]:
    """Yield the packed objects of newer PDFs, where an action would otherwise go unseen."""
    total = 0
    for found in _PDF_PACKED.finditer(content):
        packed = content[found.end() : found.end() + _PDF_STREAM_READ]
        try:
            piece = zlib.decompressobj().decompress(packed, _PDF_STREAM_BYTES)
        except zlib.error:
            # Another filter or an encrypted document: nothing to read without its own software.
            continue
        total += len(piece)
        if total > _PDF_STREAMS_TOTAL:
            raise ContentError("结构异常；请用“打印为 PDF”重新生成后再传。")
        yield piece


# Pictures ----------------------------------------------------------------------------------------
def check_picture(content: bytes, *, kind: str, ending: str) -> None:
    """Check a JPEG or PNG (``kind``): opens as one, is whole, and isn't a bomb of pixels."""
    from PIL import Image, ImageFile, UnidentifiedImageError

    # WeasyPrint turns this on for the whole process as soon as somebody has imported it.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(content), formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ContentError("像素太多，请缩小后再传。")
            if kind == "PNG":
                image.verify()
            else:
                # Decodes an eighth of the size: finds a cut file without the memory of a whole one.
                image.draft("L", (image.width // 8, image.height // 8))
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ContentError("像素太多，请缩小后再传。") from None
    except UnidentifiedImageError:
        raise _mismatch(ending) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise ContentError(_DAMAGED) from None


_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def picture_ending(content: bytes) -> str:
    """Return the ending that a picture's bytes ask for, or an empty text.

    Chat programs store PNG and HEIC pictures under names that end in .jpg.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    is_heic = content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS
    return ".heic" if is_heic else ""


def check_heic(content: bytes, *, ending: str) -> None:
    """Check the mark of a HEIC picture; nothing here can decode one."""
    if picture_ending(content) != ".heic":
        raise _mismatch(ending)


def _mismatch(ending: str) -> ContentError:
    return ContentError(
        f"的内容与扩展名 {ending} 不符，请用原来的软件打开，另存为 {ending} 后再传。"
    )
