"""How organisations and schools are found by pinyin."""

from common.names import organization_pinyin

_LENGTH = 300


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
    return " ".join(map(organization_pinyin, needed))[:_LENGTH]
