"""The web server's log of requests, without what must not stand in a log.

Links that set a password open until they are used; searches may hold a mobile number.
"""

import re
from typing import Any

from gunicorn.glogging import Logger

from common.names import mask_mobiles

_LINK = re.compile(r"(/link/)[^/\s?]+")
_SEARCH = re.compile(r"((?:^|[?&])q=)[^&\s]+")


def discreet(text: str) -> str:
    """Return a line of a log without tokens, searches and whole mobile numbers."""
    return mask_mobiles(_SEARCH.sub(r"\1…", _LINK.sub(r"\1…", text)))


class WebLogger(Logger):
    """gunicorn's logger, discreet."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Return the parts of a line."""
        parts = super().atoms(resp, req, environ, request_time)
        return {
            key: discreet(part) if isinstance(part, str) else part for key, part in parts.items()
        }
