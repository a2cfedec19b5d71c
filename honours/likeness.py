"""When two honours look like one: what remains of a name without year, level and quotation marks.

栖江市2024年度“优秀教师”称号, 市级优秀教师 and 优秀教师 are alike; 优秀教师 and 优秀班主任 are not.
"""

import re
import unicodedata

_YEARS = re.compile(r"\d{4}(?:[-—–~至]\d{2,4})?(?:学年度?|年度?)?")
_MARKS = re.compile(r"[\W_]+")
_BEFORE = re.compile(
    r"^(?:荣获|获评?|被评为|授予|全国|国家级?|[\u4e00-\u9fff]{0,3}?[省市区县](?:级)?|校级?|级)"
)
_BEHIND = re.compile(r"(?:荣誉称号|荣誉|称号|获得者)$")
# What remains must still say something: 省级示范 is no 示范.
_SHORTEST = 3
_LONGEST = 200


def folded(text: str) -> str:
    """Return a name without blanks, marks, width and case."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()[:_LONGEST]


def alike(title: str) -> str:
    """Return what two honours have in common that look like one."""
    rest = folded(_YEARS.sub("", unicodedata.normalize("NFKC", title)))
    for pattern in (_BEFORE, _BEFORE, _BEFORE, _BEHIND):
        shorter = pattern.sub("", rest)
        rest = shorter if len(shorter) >= _SHORTEST else rest
    return rest
