"""Log-in by user name; the one by mobile number stands in ``people``, where the number is."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import User


class UsernameBackend(BaseBackend):
    """Checks a user name, whatever its case, and a password."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - Django's signature
        username: str | None = None,
        password: str | None = None,
        **_kwargs: Any,
    ) -> User | None:
        """Return the user, or None; an unknown name costs the same time as a wrong password."""
        if not username or password is None:
            return None
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """Return the user of a session, unless switched off meanwhile."""
        return User.objects.filter(pk=user_id, is_active=True).first()
