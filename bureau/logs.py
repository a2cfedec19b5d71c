"""Logs as JSON lines, one an event, with the id of the request; without personal data.

Logs are read by an office's IT, kept for half a year and copied about. So no line holds a whole
mobile or ID number, a link that sets a password, what somebody searched for, or the values that a
database repeats when it refuses a row; people stand in them by the number of their account.
"""

import re
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from common.names import mask_mobiles

_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})\d{8}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_SECRETS = (
    # Open until they are used: activation, calendar feeds.
    (re.compile(r"(/(?:link|feed)/)[^/\s?\"']+"), r"\1…"),
    (re.compile(r"((?:^|[?&])q=)[^&\s]+"), r"\1…"),
    (_ID_NUMBER, r"\1********\2"),
    # What PostgreSQL repeats of the row: "DETAIL:  Key (name)=(...) already exists."
    (re.compile(r"(DETAIL:)[^\n]*"), r"\1 …"),
)


def discreet(text: str) -> str:
    """Return ``text`` without tokens, searches, refused values and whole mobile and ID numbers."""
    for pattern, kept in _SECRETS:
        text = pattern.sub(kept, text)
    return mask_mobiles(text)


def _discreet_event(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    return {key: _discreet_value(value) for key, value in event.items()}


def _discreet_value(value: Any) -> Any:
    if isinstance(value, str):
        return discreet(value)
    if isinstance(value, Mapping | list | tuple):
        return discreet(repr(value))
    return value


_FIRST: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class JsonLines(structlog.stdlib.ProcessorFormatter):
    """One JSON object a line, for our own events and for those of every library alike."""

    def __init__(self) -> None:
        super().__init__(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _discreet_event,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=repr),
            ],
            foreign_pre_chain=_FIRST,
        )


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonLines}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # The middleware below says the same with more, and once.
        "django.request": {"level": "CRITICAL"},
        "django.server": {"level": "ERROR", "handlers": [], "propagate": True},
    },
}

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_FIRST,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def request_id() -> str:
    """Return the id of the request under way, empty outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
