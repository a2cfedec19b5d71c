"""Log-in by mobile number."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import User
from common.fields import blind_index
from people.models import Person


class MobileBackend(BaseBackend):
    """Checks a mobile number and a password; finds the number by its keyed digest."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - Django's signature
        username: str | None = None,
        password: str | None = None,
        **_kwargs: Any,
    ) -> User | None:
        """Return the user who owns the number, or None."""
        digits = "".join(filter(str.isdigit, username or ""))[-11:]
        if len(digits) != 11 or password is None:
            return None
        person = (
            Person.objects.filter(mobile_index=blind_index(digits), user__is_active=True)
            .select_related("user")
            .first()
        )
        if person is None or person.user is None:
            return None
        return person.user if person.user.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        """Return the user of a session, unless switched off meanwhile."""
        return User.objects.filter(pk=user_id, is_active=True).first()
