"""How many wrong passwords are too many: the counting behind django-axes.

axes counts by whatever it groups rows by and knows one limit for everything. Here are two:

* 5 failures of one account within 15 minutes lock this account for 15 minutes. The account is who
  was meant, not what was typed (``people.backends.account_key``): user name and mobile number of
  one person count together, and names that don't exist are counted and locked the same way.
* 100 failures from one address within 15 minutes, whatever the accounts, stop that address until
  the oldest of them is 15 minutes old: somebody is trying names. A school, often all schools of a
  district, stand behind one address (NAT), so the limit is far above what typing errors come to,
  and it never stops a browser in which the same person has logged in before.

While an account is locked nothing is counted: trying on does not prolong the lock.
"""

from datetime import datetime
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from axes.helpers import get_client_username
from django.http import HttpRequest

from accounts import devices, queries, services

Credentials = dict[str, Any] | None


class LockoutHandler(AxesBaseHandler, AbstractAxesHandler):  # type: ignore[misc]  # axes has no types
    """Answers axes' questions out of its table of failures."""

    def is_locked(self, request: HttpRequest, credentials: Credentials = None) -> bool:
        """Whether to refuse the attempt before looking at the password."""
        account, address, at = _who(request, credentials)
        if queries.account_locked_until(account, at=at):
            return True
        stopped = queries.address_locked_until(address, at=at)
        return stopped is not None and not devices.knows(request, account)

    def get_failures(self, request: HttpRequest, credentials: Credentials = None) -> int:
        """Failures of the account within the window."""
        account, _, at = _who(request, credentials)
        return queries.failures(account, at=at)

    def user_login_failed(
        self,
        _sender: Any,
        credentials: Credentials,
        request: HttpRequest | None = None,
        **_kwargs: Any,
    ) -> None:
        """Count a failure, unless it was refused unseen; say so when it was the last allowed."""
        if request is None or getattr(request, "axes_locked_out", False):
            return
        account, address, at = _who(request, credentials)
        count = services.note_failure(account=account, address=address, at=at)
        setattr(request, "axes_failures_since_start", count)  # noqa: B010 - axes' own attributes
        setattr(request, "axes_locked_out", count >= queries.ACCOUNT_LIMIT)  # noqa: B010
        setattr(request, "axes_credentials", credentials)  # noqa: B010

    def user_logged_in(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: the view that lets somebody in calls ``services.note_log_in``."""

    def user_logged_out(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: the view calls ``services.note_log_out``."""

    def post_save_access_attempt(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: axes' rows of attempts aren't used."""

    def post_delete_access_attempt(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: axes' rows of attempts aren't used."""


def _who(request: HttpRequest, credentials: Credentials) -> tuple[str, str | None, datetime]:
    account: str = get_client_username(request, credentials)
    seen: Any = request
    return account, seen.axes_ip_address, seen.axes_attempt_time
