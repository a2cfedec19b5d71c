"""Zip containers are counted by what they truly inflate to."""

import io
import struct
import zipfile

import pytest

from common import archives
from common.archives import ArchiveError, open_archive


def packed(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_declared_size(data: bytes, size: int) -> bytes:
    """Return the archive lying about the size of its only part, in both of its headers."""
    central = data.rindex(b"PK\x01\x02")
    lying = bytearray(data)
    lying[22:26] = lying[central + 24 : central + 28] = struct.pack("<I", size)
    return bytes(lying)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_an_ordinary_archive_opens(method):
    assert open_archive(packed({"a": b"1" * 1000, "b/c": b""}, method=method)).namelist() == [
        "a",
        "b/c",
    ]


def test_a_repetitive_small_file_is_no_bomb():
    assert open_archive(packed({"a": b"0" * 10_000_000})).namelist() == ["a"]


def test_a_bomb_is_refused_by_its_ratio():
    with pytest.raises(ArchiveError, match="压缩方式异常"):
        open_archive(packed({"a": b"0" * 30_000_000}))


def test_a_bomb_is_refused_by_its_total(monkeypatch):
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 1000)
    with pytest.raises(ArchiveError, match="展开后太大"):
        open_archive(packed({"a": b"ab" * 300, "b": b"cd" * 300}))


def test_a_bomb_that_lies_about_its_size_is_counted_all_the_same(monkeypatch):
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 1_000_000)
    lying = with_declared_size(packed({"a": b"0" * 5_000_000}), 10)
    assert zipfile.ZipFile(io.BytesIO(lying)).infolist()[0].file_size == 10
    with pytest.raises(ArchiveError, match="展开后太大"):
        open_archive(lying)


def test_too_many_parts_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    with pytest.raises(ArchiveError, match="部件超过 3 个"):
        open_archive(packed({str(number): b"" for number in range(4)}))


def test_an_encrypted_part_is_named_as_such():
    data = bytearray(packed({"a": b"1"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArchiveError, match="加了密码"):
        open_archive(bytes(data))


def test_an_unusual_compression_is_refused():
    with pytest.raises(ArchiveError, match="压缩方式不认识"):
        open_archive(packed({"a": b"1" * 100}, method=zipfile.ZIP_LZMA))


@pytest.mark.parametrize("cut", [1, 30, -1, -40])
def test_a_cut_archive_is_damaged(cut):
    with pytest.raises(ArchiveError, match="已损坏"):
        open_archive(packed({"a": b"1" * 100})[:cut])


def test_broken_bytes_inside_are_damage():
    data = bytearray(packed({"a": bytes(range(256)) * 10}))
    data[31:60] = b"\xff" * 29
    with pytest.raises(ArchiveError, match="已损坏"):
        open_archive(bytes(data))


def test_a_part_that_begins_nowhere_is_damage():
    data = bytearray(packed({"a": b"1"}))
    data[0:4] = b"XXXX"
    with pytest.raises(ArchiveError, match="已损坏"):
        open_archive(bytes(data))
