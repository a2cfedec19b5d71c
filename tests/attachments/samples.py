"""Files built for the tests: harmless ones of every kind, and what harm looks like."""

import io
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image

from tests.common.test_grids import one_sheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "WordDocument".encode("utf-16-le")
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100
MZ = b"MZ\x90\0" + b"\0" * 60 + b"This program cannot be run in DOS mode.\r\n"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    # Django cleans names on the way in; the file's own attribute is what a crafted request leaves.
    file = SimpleUploadedFile("x", content)
    file.__dict__["_name"] = name
    return file


def docx(**extra: bytes) -> bytes:
    target = io.BytesIO()
    document = Document()
    document.add_paragraph("主题党日活动记录")
    document.save(target)
    return with_parts(target.getvalue(), extra)


def xlsx() -> bytes:
    return one_sheet(("姓名", "单位"), ("张三", "文澜小学"))


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def ofd(**extra: bytes) -> bytes:
    return zipped(**{"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<Document/>", **extra})


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    target = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(target, kind)
    return target.getvalue()


def pdf(objects: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
        + objects
        + b"\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )


def packed_pdf(inside: bytes) -> bytes:
    """Return a PDF whose objects lie compressed in an object stream."""
    stream = zlib.compress(inside)
    head = f"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {len(stream)} >>"
    return pdf(head.encode() + b"\nstream\r\n" + stream + b"\nendstream\nendobj\n")
