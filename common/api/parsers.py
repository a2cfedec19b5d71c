"""JSON coming in; how much of it may come is Django's own limit."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework import exceptions, parsers


class PlainJSONParser(parsers.JSONParser):
    """Reads JSON; a text nested beyond reason is none."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError from error
