"""How the parts of an official document look in plain text, and what is wrong with how they look.

`is_…` recognise generously, so that a defective part is still found; `…_problems` then name the
defect. Clauses are those of GB/T 9704-2012.
"""

import re
from datetime import date
from enum import IntEnum

CHINESE = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CLOSING = "。！？；：…!?;:"
_NUMERAL = "一二三四五六七八九十百"
_OFFICE_MARK = re.compile(r"文件$|纪要$|令$")
_NUMBER = re.compile(r"^\S.{0,15}?[〔\[［（(【｛{]?\s*\d{2,4}\s*[〕\]］）)】｝}]?.{0,3}?\d+\s*号$")
_SERIAL = re.compile(
    r"^[（(]?(\d{4}年|〔\d{4}〕)?第\s*[\d一二三四五六七八九十百]+\s*[号期次][）)]?$|^〔\d{4}〕\d+[号期]$"
)
_RIGHT_NUMBER = re.compile(rf"^[{CHINESE}]+〔(\d{{4}})〕([1-9]\d*)号$")
_SIGNER = re.compile(r"^签发人\s*[：:]\s*(\S.*)$")
_LABEL = re.compile(r"^(\d{6}|(绝密|机密|秘密)([★*].{0,6})?|特急|加急|平急|特提)$")
_DATE = re.compile(
    r"^[12１２][\d０-９]{3}\s*[年./．\-－][\s\d０-９xX×]{0,4}([月./．\-－][\s\d０-９xX×]{0,4}[日号]?)?$"
    r"|^[一二三〇○零Ｏ0][一二三四五六七八九〇○零Ｏ0]{3}年.{1,8}$"
)
_RIGHT_DATE = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$")
_PRINTED = re.compile(r"^(?P<office>.*?)\s*(?P<date>[12]\d{3}\s*年?.{2,12}?)\s*(印发|印制|印)$")
_COPIES = re.compile(r"^(抄送|抄报)\s*[：:]\s*(.*)$")
_ATTENDANCE = re.compile(r"^(出席|请假|列席)\s*[：:]\s*(\S.*)$")
_ENTRY = re.compile(rf"^[{CHINESE}]{{2,6}}[：:][^。]+$")
_ANNEX_NOTE = re.compile(r"^附件\s*[：:]\s*(\S.*)$")
_ANNEX_LABEL = re.compile(r"^附\s*件\s*(\d{0,2})\s*([：:．.、]?)$")
_ANNEX_HEADED = re.compile(r"^附件\s*(\d{0,2})\s*[：:．.、 ]\s*(\S.*)$")
_NUMBERED = re.compile(r"^(\d{1,2})\s*[.．、](?!\d)\s*")
_LEVELS = (
    re.compile(rf"^[{_NUMERAL}]+[、．.,，]"),
    re.compile(rf"^[（(][{_NUMERAL}]+[）)]"),
    re.compile(r"^\d{1,2}[.．、](?!\d)"),
    re.compile(r"^[（(]\d{1,2}[）)]"),
)
_RIGHT_LEVELS = (
    (re.compile(rf"^[{_NUMERAL}]+、"), "一、"),
    (re.compile(rf"^（[{_NUMERAL}]+）(?![、.．，,])"), "（一）"),
    (re.compile(r"^\d{1,2}[.．]"), "1."),
    (re.compile(r"^（\d{1,2}）(?![、.．，,])"), "（1）"),
)


class Level(IntEnum):
    """Levels of the body (7.3.3); TEXT has no numbering."""

    TEXT = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4


def level_of(text: str) -> Level:
    """The level that the numbering at the start of `text` says."""
    for level, pattern in enumerate(_LEVELS, start=1):
        if pattern.match(text):
            return Level(level)
    return Level.TEXT


def level_problems(text: str) -> list[str]:
    """What is odd about the way a paragraph is numbered."""
    level = level_of(text)
    if level is Level.TEXT:
        return []
    right, example = _RIGHT_LEVELS[level - 1]
    return [] if right.match(text) else [f"层次序号应写作“{example}”"]


def ordinal_of(text: str) -> int | None:
    """The number at the start of a numbered paragraph, None for plain text."""
    match = re.match(rf"^[（(]?(\d{{1,2}}|[{_NUMERAL}]+)", text)
    if match is None or level_of(text) is Level.TEXT:
        return None
    return int(match[1]) if match[1].isdigit() else _chinese_number(match[1])


def _chinese_number(numeral: str) -> int:
    digits = "零一二三四五六七八九"
    tens, ten, units = numeral.rpartition("十")
    value = digits.find(units) if units else 0
    return value + ((digits.find(tens) if tens else 1) * 10 if ten else 0)


def without_number(text: str) -> str:
    """`text` without 1. at its start."""
    return _NUMBERED.sub("", text)


def is_numbered(text: str) -> bool:
    """Whether `text` starts like 1."""
    return _NUMBERED.match(text) is not None


def is_office_mark(text: str) -> bool:
    """Whether a short line looks like the issuer's mark."""
    return len(text) <= 60 and _OFFICE_MARK.search(text) is not None and "关于" not in text


def is_number(text: str) -> bool:
    """Whether `text` looks like a document number, even one with wrong brackets."""
    return len(text) <= 30 and not re.search("[。，；：《]", text) and bool(_NUMBER.match(text))


def is_serial(text: str) -> bool:
    """Whether `text` is the number of an order or of minutes: 第3号, （第12期）, 〔2026〕3号."""
    return _SERIAL.match(text) is not None


def number_problems(text: str) -> list[str]:
    """What is wrong with a document number (7.2.5)."""
    problems = []
    if "〔" not in text or "〕" not in text:
        problems.append("发文字号的年份应括入六角括号“〔〕”")
    if re.search(r"第\s*\d+\s*号$", text):
        problems.append("发文字号的序号前不加“第”")
    if re.search(r"\D0\d*号$", text):
        problems.append("发文字号的序号不编虚位")
    if not problems and not _RIGHT_NUMBER.match(text):
        problems.append("发文字号应为“机关代字〔年份〕序号号”")
    return problems


def signer_of(text: str) -> str | None:
    """The name after 签发人：."""
    match = _SIGNER.match(text)
    return match[1] if match else None


def is_label(text: str) -> bool:
    """Whether `text` is a copy number, a secrecy or an urgency (7.2.1-7.2.3)."""
    return _LABEL.match(text) is not None


def is_date(text: str) -> bool:
    """Whether the whole of `text` looks like a date, a broken one too."""
    return _DATE.match(text) is not None


def date_problems(text: str) -> list[str]:
    """What is wrong with a date of signing or printing (7.3.5.4)."""
    match = _RIGHT_DATE.match(text)
    if match is None:
        return ["日期应为阿拉伯数字的“年月日”，如2026年3月2日"]
    year, month, day = (int(group) for group in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return ["没有这一天"]
    if match[2].startswith("0") or match[3].startswith("0"):
        return ["日期的月、日不编虚位"]
    return []


def printed_of(text: str) -> tuple[str, str] | None:
    """Office (may be empty) and date of a line like 区教育局办公室 2026年3月2日印发."""
    match = _PRINTED.match(text)
    if match is None or len(text) > 50:
        return None
    return match["office"].strip(), match["date"].strip()


def copies_of(text: str) -> str | None:
    """What stands after 抄送：, without the full stop."""
    match = _COPIES.match(text)
    return match[2].removesuffix("。") if match else None


def attendance_of(text: str) -> tuple[str, str] | None:
    """Label and names of a line like 出席：仇堃、尉迟喆 (10.3)."""
    match = _ATTENDANCE.match(text)
    return (match[1], match[2]) if match else None


def is_entry(text: str) -> bool:
    """Whether `text` is a particular of a meeting, such as 地点：三楼会议室."""
    return _ENTRY.match(text) is not None


def annex_note_of(text: str) -> str | None:
    """The name, or the first of several, in the note 附件： below the body."""
    match = _ANNEX_NOTE.match(text)
    return match[1] if match else None


def annex_label_of(text: str) -> tuple[str, str] | None:
    """Label as it prints and the mark behind it that doesn't, for a line that only says 附件1："""
    match = _ANNEX_LABEL.match(text)
    return (f"附件{match[1]}", match[2]) if match else None


def annex_heading_of(text: str) -> tuple[str, str] | None:
    """Label and title of a line that says both: 附件1：行事历."""
    match = _ANNEX_HEADED.match(text)
    return (f"附件{match[1]}", match[2]) if match else None


def is_remark(text: str) -> bool:
    """Whether `text` is a note in brackets below the date (附注, 7.3.6)."""
    return bool(re.match(r"^[（(].*[）)]$", text)) and level_of(text) is Level.TEXT


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a paragraph may."""
    return bool(text) and (
        text[-1] in CLOSING or (text[-1] in "”’）》】〕\"')" and text[-2:-1] in CLOSING)
    )
