"""From a file to rows: what kind it is by its content, and clear words when it can't be read."""

from pathlib import PurePath

from calendar_events.reading.model import UnreadableError
from calendar_events.reading.rows import Row
from calendar_events.reading.text import decode, text_rows
from common.archives import ArchiveError, open_archive

MAX_BYTES = 20 * 1024 * 1024

_OLD_BINARY = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_DOCX = "旧格式或加了密码的文件读不了，请在 Word 或 WPS 里去掉密码、另存为 .docx 再导入。"
_AS_XLSX = "旧格式或加了密码的表格读不了，请另存为不加密码的 .xlsx 再导入。"
_SHEETS = (".xls", ".et", ".xlsx")


def rows_of_file(name: str, data: bytes) -> list[Row]:
    """The rows of an uploaded file; `name` only helps to word the message.

    Raises UnreadableError with a Chinese message that says what to do instead.
    """
    suffix = PurePath(name).suffix.lower()
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不像是行事历。")
    if data.startswith(_OLD_BINARY) or suffix in (".doc", ".wps", ".xls", ".et"):
        raise UnreadableError(_AS_XLSX if suffix in _SHEETS else _AS_DOCX)
    if data.startswith(b"%PDF") or suffix in (".pdf", ".ofd"):
        raise UnreadableError("版式文件里没有表格结构，请用 .docx 或 .xlsx，或复制文字后粘贴。")
    if data.startswith(b"PK"):
        return _packed_rows(data)
    if suffix in (".docx", ".xlsx"):
        raise UnreadableError(f"这不是真正的 {suffix} 文件，请打开后另存一份。")
    return text_rows(decode(data))


def _packed_rows(data: bytes) -> list[Row]:
    try:
        with open_archive(data) as archive:
            names = set(archive.namelist())
    except ArchiveError as error:
        raise UnreadableError(error.remedy) from error
    if "word/document.xml" in names:
        from calendar_events.reading.word import word_rows

        return word_rows(data)
    if "xl/workbook.xml" in names:
        from calendar_events.reading.sheet import sheet_rows

        return sheet_rows(data)
    raise UnreadableError("认不出这个文件，请用 .txt、.docx 或 .xlsx。")
