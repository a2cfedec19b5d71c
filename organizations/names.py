"""How organisations and schools are found by pinyin."""

from common.names import organization_pinyin

_LENGTH = 300


def organization_search_text(*names: str) -> str:
    """Return the pinyin of every name that is not empty, each once: ``furongxiaoxue frxx``."""
    distinct = dict.fromkeys(name for name in names if name)
    return " ".join(organization_pinyin(name) for name in distinct)[:_LENGTH]
