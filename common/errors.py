"""The errors whose message a user may read, and the one for a form that can't be read."""

from django.core.exceptions import BadRequest


class DomainError(Exception):
    """A rule refuses what was asked; the message says in Chinese why, and what to do.

    Doors (views, admin, commands, jobs) show ``message`` as it stands. Whatever else is raised is a
    defect and never shown.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConflictError(DomainError):
    """Somebody else changed the row first; nothing was done."""


class ForbiddenError(DomainError):
    """The actor sees the object but may not do this to it (403; outside the scope it is 404)."""


class UnreadableFormError(BadRequest):
    """A form holds characters that are no text; its page gives the rest back to be sent again."""
