"""How often something may be asked in an hour, where no framework counts.

Counted in the cache: without Redis the web is one process, so its memory will do.
"""

from django.core.cache import cache

HOUR = 3600


def too_often(name: str, who: object, *, limit: int) -> bool:
    """Count one more request of ``who``; whether it is more than ``limit`` within the hour."""
    key = f"rate:{name}:{who}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) > limit
    except ValueError:
        # It ran out between the two lines: a new hour begins.
        cache.set(key, 1, HOUR)
        return False
