"""The base of every scoped QuerySet: closed unless a room opens it."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Answers 'which rows may this user see, which may they change?'; nothing unless overridden."""

    def visible_to(self, user: "User") -> Self:  # noqa: ARG002 - the signature of the rooms' own
        """Rows that ``user`` may see."""
        return self.none()

    def editable_by(self, user: "User") -> Self:  # noqa: ARG002 - the signature of the rooms' own
        """Rows that ``user`` may change by some verb."""
        return self.none()
