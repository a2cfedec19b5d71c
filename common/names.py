"""Names as people type them: pinyin to find them by, mobile numbers in one shape.

Pinyin here is for searching, never for printing: without tones, ü as v, as it is typed.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from common.errors import DomainError

# Surnames read otherwise than the character's everyday reading. Where two readings are in use both
# are searchable, the more frequent one first.
SURNAMES: dict[str, tuple[str, ...]] = {
    "曾": ("zeng",),
    "单": ("shan",),
    "解": ("xie",),
    "仇": ("qiu",),
    "盖": ("ge", "gai"),
    "查": ("zha",),
    "区": ("ou",),
    "朴": ("piao",),
    "洗": ("xian",),
    "覃": ("qin", "tan"),
    "乐": ("yue", "le"),
    "翟": ("zhai", "di"),
    "缪": ("miao",),
    "繁": ("po",),
    "黑": ("he",),
    "佴": ("nai",),
    "重": ("chong",),
    "种": ("chong",),
    "秘": ("bi",),
    "员": ("yun",),
    "贠": ("yun",),
    "卜": ("bu",),
    "薄": ("bo",),
    "召": ("shao",),
    "折": ("she",),
    "阚": ("kan",),
    "牟": ("mu", "mou"),
    "祭": ("zhai",),
    "隗": ("wei", "kui"),
    "谌": ("chen", "shen"),
    "都": ("du",),
    "颉": ("xie",),
    "句": ("gou",),
    "乜": ("nie",),
    "郗": ("xi", "chi"),
    "郇": ("xun", "huan"),
    "宓": ("mi", "fu"),
    "藏": ("zang",),
    "降": ("xiang",),
    "参": ("shen",),
    "会": ("gui",),
    "长": ("chang",),
}
# Two-character surnames, syllable by syllable; those read in the everyday way need no entry.
COMPOUND_SURNAMES: dict[str, tuple[str, str]] = {
    "尉迟": ("yu", "chi"),
    "长孙": ("zhang", "sun"),
    "万俟": ("mo", "qi"),
    "单于": ("chan", "yu"),
    "澹台": ("tan", "tai"),
    "乐正": ("yue", "zheng"),
    "令狐": ("ling", "hu"),
}
# Place names in the names of schools that the phrase dictionary reads otherwise.
PLACES: dict[str, tuple[str, ...]] = {
    "会稽": ("kuai", "ji"),
    "六合": ("lu", "he"),
    "漯河": ("luo", "he"),
    "浒湾": ("xu", "wan"),
    "洪洞": ("hong", "tong"),
    "涡阳": ("guo", "yang"),
    "尉犁": ("yu", "li"),
    "单县": ("shan", "xian"),
    "乐亭": ("lao", "ting"),
}
_PLACE = re.compile("(" + "|".join(PLACES) + ")")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_ALPHANUMERIC = re.compile(r"([A-Za-z0-9]+)")
_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_BLANK_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}·])\s+(?=[{_HAN}·])")
_DOTS = re.compile(r"\s*[·•‧・･∙⋅]\s*")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILE_INSIDE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_LONGEST_KEY = 200
_MOBILE_NOISE = re.compile(r"[\s\-‐‑–—.()·]")


def tidy_name(text: str) -> str:
    """Return a person's name without the blanks that fill up a table cell (张 三 -> 张三).

    The dot inside names is always ``·``; words in Latin letters keep one blank between them.
    Doesn't replace rare characters by simpler ones.
    """
    # NFC and not NFKC: the characters of a name are the person's own.
    composed = unicodedata.normalize("NFC", "".join(filter(_shows, text)))
    spaced = " ".join(_DOTS.sub("·", composed).split())
    return _BLANK_BETWEEN_HAN.sub("", spaced)


def _shows(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf"}


def person_pinyin(name: str) -> str:
    """Return the full pinyin and the initials of a person's name: ``zhangsan zs``.

    Surnames are read as surnames; one with two readings gives both (``geqiang gq gaiqiang gq``).
    An empty name gives an empty text.
    """
    tidy = tidy_name(name)
    compound = COMPOUND_SURNAMES.get(tidy[:2]) if len(tidy) > 2 else None
    if compound:
        return _searchable([*compound, *_syllables(tidy[2:])])
    readings = SURNAMES.get(tidy[:1])
    if readings is None:
        return _searchable(_syllables(tidy))
    given = _syllables(tidy[1:])
    return " ".join(_searchable([reading, *given]) for reading in readings)


def stroke_key(name: str) -> str:
    """Return what puts names into the order of strokes (按姓氏笔画) when compared as text.

    The sort key of ICU's stroke collation in hexadecimal digits, equal in every database. Cut after
    some thirty characters of the name.
    """
    key: bytes = _by_strokes().getSortKey(tidy_name(name))
    return key.hex()[:_LONGEST_KEY]


@cache
def _by_strokes() -> Any:
    import icu

    return icu.Collator.createInstance(icu.Locale("zh@collation=stroke"))


def organization_pinyin(name: str) -> str:
    """Return the full pinyin and the initials of an organisation's name: ``wenlanxiaoxue wlxx``.

    Figures stay as they are (``101zhongxue 101zx``), punctuation is left out.
    """
    syllables: list[str] = []
    for part in _PLACE.split(unicodedata.normalize("NFKC", name)):
        syllables.extend(PLACES.get(part) or _syllables(part))
    return _searchable(syllables)


def _syllables(text: str) -> list[str]:
    found: list[str] = []
    for part in _ALPHANUMERIC.split(unicodedata.normalize("NFKC", text)):
        found.extend(_WORD.findall(part.lower()) if part.isascii() else _read(part))
    return found


@lru_cache(maxsize=8192)
def _read(part: str) -> tuple[str, ...]:
    """Return the syllables of what stands between figures and Latin words: 小学, 第.

    Kept: the names of a bureau are made of few such parts, and the dictionary is slow.
    """
    from pypinyin import lazy_pinyin

    found: list[str] = []
    for piece in lazy_pinyin(part):
        words = _WORD.findall(piece.lower())
        # A character that no dictionary knows stands for itself, so that it is still found.
        found.extend(words or filter(_is_letter, piece))
    return tuple(found)


def _is_letter(character: str) -> bool:
    # Cn: characters younger than this Python's Unicode tables; Co: those of old bureau systems.
    return character.isalnum() or unicodedata.category(character) in {"Cn", "Co"}


def _searchable(syllables: list[str]) -> str:
    initials = "".join(word if word.isdigit() else word[0] for word in syllables)
    return f"{''.join(syllables)} {initials}".strip()


def normalize_mobile(text: str) -> str:
    """Return a mobile number as 11 digits where it is one, without +86, blanks and dashes.

    What is no mobile number comes back tidied, not refused: `is_mobile` and `check_mobile` judge.
    """
    number = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
    number = _MOBILE_NOISE.sub("", number)
    for prefix in ("+86", "0086", "86"):
        if number.startswith(prefix) and is_mobile(number[len(prefix) :]):
            return number[len(prefix) :]
    return number


def is_mobile(number: str) -> bool:
    """Say whether ``number`` is a mainland mobile number in its 11 digits."""
    return _MOBILE.fullmatch(number) is not None


def check_mobile(text: str) -> str:
    """Return the normalised number; raise `DomainError` with what is wrong with it."""
    number = normalize_mobile(text)
    if is_mobile(number):
        return number
    if not number.isdecimal():
        raise DomainError(f"手机号写的是“{text.strip()}”，只能是 11 位数字，请核对。")
    if len(number) != 11:
        raise DomainError(
            f"手机号写的是“{text.strip()}”，有 {len(number)} 位，应为 11 位，请核对。"
        )
    raise DomainError(f"手机号写的是“{text.strip()}”，应以 13–19 开头，请核对。")


def mask_mobiles(text: str) -> str:
    """Return ``text`` with the middle of every mobile number in it hidden: 138****5678."""
    return _MOBILE_INSIDE.sub(r"\1****\2", text)
