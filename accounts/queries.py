"""Who is locked, and which links still open."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from axes.models import AccessFailureLog

from accounts.models import AccessLink, Authenticator, RecoveryCode, User

WINDOW = timedelta(minutes=15)
ACCOUNT_LIMIT = 5
ADDRESS_LIMIT = 100


def _within(at: datetime) -> dict[str, datetime]:
    """The last quarter of an hour.

    What lies further ahead than another one was counted before the clock was set back, and must
    not lock anybody until that time comes again.
    """
    return {"attempt_time__gt": at - WINDOW, "attempt_time__lt": at + WINDOW}


def failures(account: str, *, at: datetime) -> int:
    """How often logging in to ``account`` has failed within the window."""
    count: int = AccessFailureLog.objects.filter(username=account, **_within(at)).count()
    return count


def account_locked_until(account: str, *, at: datetime) -> datetime | None:
    """When the lock of ``account`` ends; None when it isn't locked."""
    return locked_until([account], at=at).get(account)


def locked_until(accounts: Iterable[str], *, at: datetime) -> dict[str, datetime]:
    """When the locks end, for those of ``accounts`` that are locked."""
    locks = AccessFailureLog.objects.filter(
        username__in=list(accounts), locked_out=True, **_within(at)
    ).order_by("attempt_time")
    return {name: time + WINDOW for name, time in locks.values_list("username", "attempt_time")}


def locked_accounts(*, at: datetime) -> set[str]:
    """Return the accounts that are locked, as failures are counted: user names, and digests."""
    locks = AccessFailureLog.objects.filter(locked_out=True, **_within(at))
    return set(locks.values_list("username", flat=True))


def address_locked_until(address: str | None, *, at: datetime) -> datetime | None:
    """When attempts from ``address`` are heard again; None when they are."""
    latest = list(
        AccessFailureLog.objects.filter(ip_address=address, **_within(at))
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)[:ADDRESS_LIMIT]
    )
    return latest[-1] + WINDOW if len(latest) == ADDRESS_LIMIT else None


def minutes_left(until: datetime, *, at: datetime) -> int:
    """Whole minutes to wait, at least one."""
    return max(1, -((at - until) // timedelta(minutes=1)))


def digest_of(token: str) -> str:
    """What is kept of a link's token: its SHA-256, in 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_link(token: str) -> AccessLink | None:
    """The link of a token, usable or not; None when nobody ever got it."""
    found: AccessLink | None = (
        AccessLink.objects.select_related("user").filter(digest=digest_of(token)).first()
    )
    return found


def second_factor(user: User) -> Authenticator | None:
    """The second factor that ``user`` has switched on, if any."""
    return Authenticator.objects.filter(user=user, ended_at=None).exclude(confirmed_at=None).first()


def factor_begun(user: User) -> Authenticator | None:
    """The second factor that ``user`` is setting up: it doesn't count yet."""
    return Authenticator.objects.filter(user=user, ended_at=None, confirmed_at=None).first()


def recovery_codes_left(authenticator: Authenticator) -> int:
    """How many recovery codes still work."""
    return RecoveryCode.objects.filter(
        authenticator=authenticator, used_at=None, void_at=None
    ).count()
