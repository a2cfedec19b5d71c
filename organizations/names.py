"""How organisations and schools are found by pinyin."""

from functools import lru_cache

from common.names import organization_pinyin

_LENGTH = 300
# Ends of names that nearly every organisation has: reading them again and again is half the cost.
_ENDS = {
    "党支部": ("dangzhibu", "dzb"),
    "党总支": ("dangzongzhi", "dzz"),
    "党委": ("dangwei", "dw"),
}


def organization_search_text(*names: str) -> str:
    """Return the pinyin by which the names are found: ``furongxiaoxue frxx``.

    A name that another one begins with adds nothing: the search looks for parts of the text.
    """
    distinct = dict.fromkeys(name for name in names if name)
    needed = [
        name
        for name in distinct
        if not any(other.startswith(name) for other in distinct if other != name)
    ]
    return " ".join(map(_pinyin, needed))[:_LENGTH]


def _pinyin(name: str) -> str:
    for end, (full, initials) in _ENDS.items():
        if name.endswith(end) and len(name) > len(end):
            head, _, letters = _remembered(name.removesuffix(end)).rpartition(" ")
            return f"{head}{full} {letters}{initials}"
    return _remembered(name)


@lru_cache(maxsize=32_768)
def _remembered(name: str) -> str:
    return organization_pinyin(name)
