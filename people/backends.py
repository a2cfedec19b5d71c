"""Log-in by mobile number, and whose account is meant by what was typed."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import User
from common.fields import blind_index
from common.names import is_mobile, normalize_mobile
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
        """Return the user who owns the number, or None; unknown ones cost the same time."""
        number = normalize_mobile(username or "")
        if not is_mobile(number) or password is None:
            return None
        user = user_of_mobile(number)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """Return the user of a session, unless switched off meanwhile."""
        return User.objects.filter(pk=user_id, is_active=True).first()


def user_of_mobile(number: str) -> User | None:
    """Return the user of the person with this mobile number (11 digits), active or not."""
    person = (
        Person.objects.with_mobile(number).filter(user__isnull=False).select_related("user").first()
    )
    return person.user if person else None


def account_key(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the account that a log-in means: the user name, however the person was named.

    Where nobody bears that name, a keyed digest of it behind a question mark, which no user name
    holds: what was typed may be a mobile number or a password and stands nowhere in clear.
    """
    typed = str((credentials or request.POST).get("username") or "").strip()
    number = normalize_mobile(typed)
    user = User.objects.filter(username__iexact=typed).first()
    if user is None and is_mobile(number):
        user, typed = user_of_mobile(number), number
    return user.username if user else f"?{blind_index(typed)}"
