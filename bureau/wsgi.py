"""The door for gunicorn."""

import os
from contextlib import suppress
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class ReadableRequest(WSGIRequest):
    """Lets a charset that is none reach the middleware that refuses it.

    Django reads the address with it while the request is being made, where no page can answer yet.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        with suppress(LookupError):
            super()._set_content_type_params(meta)  # type: ignore[misc]


class PortalHandler(WSGIHandler):
    """Django's own, with requests as above."""

    request_class = ReadableRequest


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings")
django.setup(set_prefix=False)
application = PortalHandler()
