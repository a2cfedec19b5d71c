"""The log of requests: an id for each, who asked if that is known, and how long it took."""

import time
from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware
from django_structlog.signals import bind_extra_request_finished_metadata

from bureau.logs import request_id


class RequestLogMiddleware(RequestMiddleware):
    """Gives each request an id, in every line of the log, in the answer and on error pages.

    An id that the caller sends is not taken. Whose request it was is said only where somebody
    asked for the user anyway: the log must not cost a query, nor need a database that is gone.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.prepare(request)
        own = request_id()
        request.META["portal.started"] = time.monotonic()
        response: HttpResponse = self.get_response(request)  # type: ignore[assignment]
        self.handle_response(request, response)
        response["X-Request-ID"] = own
        return response

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Bind the number of the account, if it is known by now."""
        user = getattr(request, "_cached_user", None)
        if user is not None and user.pk is not None:
            structlog.contextvars.bind_contextvars(user_id=user.pk)


@receiver(bind_extra_request_finished_metadata)
def _add_duration(request: HttpRequest, log_kwargs: dict[str, Any], **_kwargs: object) -> None:
    log_kwargs["duration_ms"] = round((time.monotonic() - request.META["portal.started"]) * 1000)
