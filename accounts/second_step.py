"""Between the password and the code: who may go on, kept in a session that opens nothing yet."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import User

_PENDING = "second_step"
_PASSED = "second_factor_passed"
_PATIENCE = timedelta(minutes=5)


def ask(request: HttpRequest, user: User, *, then: str, backend: str = "") -> HttpResponse:
    """Lead somebody whose password was right to the page for the code; they are not in yet."""
    request.session.cycle_key()
    request.session[_PENDING] = {
        "user": user.pk,
        # A password or factor changed meanwhile makes this void.
        "hash": user.get_session_auth_hash(),
        "backend": backend or vars(user)["backend"],
        "then": then,
        "at": timezone.now().timestamp(),
    }
    return redirect("accounts:code")


def waiting(request: HttpRequest, *, at: datetime) -> tuple[User, dict[str, Any]] | None:
    """Who is to type a code, and where they go then; None when nobody is, or no longer."""
    pending = request.session.get(_PENDING)
    if not pending or abs(at.timestamp() - pending["at"]) > _PATIENCE.total_seconds():
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != pending["hash"]:
        return None
    return user, pending


def mark_passed(request: HttpRequest) -> None:
    """Remember for this session that the second factor was shown."""
    request.session.pop(_PENDING, None)
    request.session[_PASSED] = True


def forget_passed(request: HttpRequest) -> None:
    """There is no second factor any more."""
    request.session.pop(_PASSED, None)


def passed(request: HttpRequest) -> bool:
    """Whether the second factor was shown in this session."""
    return bool(request.session.get(_PASSED))
