"""Browsers in which somebody has logged in before, told by a signed cookie.

The limit by address (``accounts.lockout``) doesn't stop them, and whoever was logged out hears that
what they typed is still there. The cookie lets nobody in and holds nothing but the user's id.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User

COOKIE = "portal_known"
_SALT = "accounts.devices"
_DAYS = 180


def remember(response: HttpResponseBase, user: User) -> None:
    """Mark the browser that gets ``response`` as one of ``user``."""
    response.set_cookie(
        COOKIE,
        signing.dumps(user.pk, salt=_SALT),
        max_age=_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def seen_before(request: HttpRequest) -> bool:
    """Whether anybody has logged in in this browser before, within the days the mark lasts."""
    try:
        signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_DAYS * 24 * 3600)
    except signing.BadSignature:
        return False
    return True


def knows(request: HttpRequest, username: str) -> bool:
    """Whether the user of that name logged in last in this browser."""
    try:
        user_id = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_DAYS * 24 * 3600
        )
    except signing.BadSignature:
        return False
    return User.objects.filter(pk=user_id, username=username).exists()
