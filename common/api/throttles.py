"""How often one may ask: each token, each person, each address without a token.

Counted in the cache: without Redis the web is one process, so its memory will do.
"""

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    # The framework imports this module before it has its views.
    from rest_framework.views import APIView


logger = logging.getLogger(__name__)


class _Rate(SimpleRateThrottle):
    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Count, and let everybody in while there is nothing to count with."""
        try:
            return bool(super().allow_request(request, view))
        except RedisError as error:
            logger.warning("Redis does not answer, requests are not counted: %s", error)
            return True

    def get_rate(self) -> str:
        """Ask the settings each time, so that they alone decide."""
        rates: dict[str, str] = settings.API_RATES
        return rates[str(self.scope)]

    def counter(self, who: object) -> str:
        """Return the name under which the cache counts."""
        return f"api-rate:{self.scope}:{who}"


class AddressRate(_Rate):
    """Requests without a good token, by the address they come from."""

    scope = "address"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Count nobody who has come in."""
        del view
        if request.user.is_authenticated:
            return None
        return self.counter(request.META.get("REMOTE_ADDR", ""))


class UserRate(_Rate):
    """All requests of one person, whichever token they use."""

    scope = "user"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Count who has come in."""
        del view
        return self.counter(request.user.pk) if request.user.is_authenticated else None


class TokenRate(_Rate):
    """Requests with one token."""

    scope = "token"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Count by token, where there is one."""
        del view
        return self.counter(request.auth.pk) if request.auth is not None else None
