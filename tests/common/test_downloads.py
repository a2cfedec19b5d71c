"""Files to keep have their Chinese name, their type and no cache."""

import pytest

from common.downloads import content_disposition, download, download_stream, safe_filename


def test_the_name_is_given_after_rfc_5987_with_a_stand_in():
    assert content_disposition("书记台账 2026.xlsx") == (
        'attachment; filename="download.xlsx"; '
        "filename*=UTF-8''%E4%B9%A6%E8%AE%B0%E5%8F%B0%E8%B4%A6%202026.xlsx"
    )


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("a/b\\c.pdf", "a_b_c.pdf"),
        ("x\r\nSet-Cookie: a=b.pdf", "xSet-Cookie_ a=b.pdf"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ('a"b', "a_b"),
        (" . ", "下载"),
        ("", "下载"),
    ],
)
def test_names_are_safe(raw, safe):
    assert safe_filename(raw) == safe


def test_a_header_is_ascii_and_one_line():
    header = content_disposition('名\r\n\u202e".文档')
    assert header.isascii()
    assert "\n" not in header
    assert header.startswith('attachment; filename="download"; ')


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [
        ("a.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.pdf", "application/pdf"),
        ("a.html", "application/octet-stream"),
    ],
)
def test_a_download_has_type_and_headers(filename, content_type):
    response = download(b"x", filename=filename)
    assert (response.content, response["Content-Type"]) == (b"x", content_type)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_stream_is_passed_on_piece_by_piece():
    response = download_stream(iter([b"a", b"b"]), filename="a.csv")
    assert list(response.streaming_content) == [b"a", b"b"]
    assert response["Content-Disposition"].startswith("attachment; ")
