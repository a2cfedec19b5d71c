"""Zip containers (.xlsx, .docx, .ofd ...) looked into before anything else opens them.

What a zip says of its own sizes may be a lie, and the readers behind (in Rust and C) believe it; so
everything is inflated once here and counted, piece by piece, without keeping it.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO

MAX_ENTRIES = 3000
MAX_TOTAL_BYTES = 300 * 1024 * 1024
MAX_RATIO = 200
# Small files may be as repetitive as they like: an empty form compresses extremely well.
RATIO_COUNTS_FROM = 20 * 1024 * 1024
_PIECE = 256 * 1024
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")


class ArchiveError(Exception):
    """The container is damaged, encrypted or a bomb; ``remedy`` says in Chinese what to do."""

    def __init__(self, remedy: str) -> None:
        super().__init__(remedy)
        self.remedy = remedy


def open_archive(content: bytes | IO[bytes]) -> zipfile.ZipFile:
    """Return the opened zip after counting what is inside; raise `ArchiveError`.

    Checks the number of parts, their true total size, the ratio, encryption and damage. Doesn't
    judge what the parts mean.
    """
    source = BytesIO(content) if isinstance(content, bytes) else content
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError):
        raise ArchiveError("文件已损坏，请重新导出或另存后再传。") from None
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise ArchiveError(f"文件里的部件超过 {MAX_ENTRIES} 个，请另存为普通文件后再传。")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ArchiveError("文件加了密码，请去掉密码后再传。")
    _count(source, entries)
    return archive


def _count(source: IO[bytes], entries: list[zipfile.ZipInfo]) -> None:
    packed = total = 0
    for entry in entries:
        for size in _inflated_sizes(source, entry):
            total += size
            if total > MAX_TOTAL_BYTES:
                raise ArchiveError("文件展开后太大，请拆成几个文件再传。")
        packed += max(entry.compress_size, 1)
        if total > RATIO_COUNTS_FROM and total > packed * MAX_RATIO:
            raise ArchiveError("文件的压缩方式异常，请另存为普通文件后再传。")


def _inflated_sizes(source: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[int]:
    """Yield the sizes of the pieces that ``entry`` truly inflates to."""
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ArchiveError("文件的压缩方式不认识，请另存为普通文件后再传。")
    left = entry.compress_size
    source.seek(_data_offset(source, entry))
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and (raw := source.read(min(left, _PIECE))):
        left -= len(raw)
        if entry.compress_type == zipfile.ZIP_STORED:
            yield len(raw)
            continue
        yield from _inflate(inflater, raw)


def _inflate(inflater: "zlib._Decompress", raw: bytes) -> Iterator[int]:
    try:
        while raw and not inflater.eof:
            yield len(inflater.decompress(raw, _PIECE))
            raw = inflater.unconsumed_tail
    except zlib.error:
        raise ArchiveError("文件已损坏，请重新导出或另存后再传。") from None


def _data_offset(source: IO[bytes], entry: zipfile.ZipInfo) -> int:
    source.seek(entry.header_offset)
    raw = source.read(_LOCAL_HEADER.size)
    if len(raw) < _LOCAL_HEADER.size or raw[:4] != b"PK\x03\x04":
        raise ArchiveError("文件已损坏，请重新导出或另存后再传。")
    fields = _LOCAL_HEADER.unpack(raw)
    return entry.header_offset + _LOCAL_HEADER.size + int(fields[-2]) + int(fields[-1])
