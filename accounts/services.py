"""Links, locks, passwords and the switching off of accounts.

Who may do it to whom depends on roles, which this room doesn't know: doors go through
``people.services``, which asks first.
"""

import secrets
from datetime import datetime, timedelta

from axes.models import AccessFailureLog
from django.db import transaction

from accounts.models import AccessLink, LinkPurpose, User
from accounts.queries import ACCOUNT_LIMIT, WINDOW, digest_of, failures
from common import audit
from common.errors import ConflictError, DomainError

# Without letters and digits that are mistaken for each other when read from paper: 32 signs, so 20
# of them hold 100 bits.
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_TOKEN_LENGTH = 20
LIFETIMES = {LinkPurpose.ACTIVATE: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=24)}
LINK_GONE = "这个链接已经用过或者过期了，请联系局党委组织科或上级党组织重新领取。"


def issue_link(*, actor: User | None, user: User, purpose: LinkPurpose, at: datetime) -> str:
    """Return the token of a new link for ``user``; older ones end.

    The token is not kept and can't be shown again. The present password stays valid until the link
    is used.
    """
    if not user.is_active:
        raise DomainError(f"{user}的账号已停用，请先启用。")
    token = "".join(secrets.choice(_SIGNS) for _ in range(_TOKEN_LENGTH))
    expires_at = at + LIFETIMES[purpose]
    with transaction.atomic():
        _void_links(user, at=at)
        AccessLink.objects.create(
            user=user,
            purpose=purpose,
            digest=digest_of(token),
            expires_at=expires_at,
            created_by=actor,
            created_at=at,
        )
        audit.record(
            actor=actor,
            verb="accounts.issue_link",
            obj=user,
            after={"purpose": purpose.label, "expires_at": expires_at},
            at=at,
        )
    return token


def use_link(*, token: str, password: str, at: datetime) -> User:
    """Set the password of the link's user and use the link up; unlock the account as well."""
    with transaction.atomic():
        taken = AccessLink.objects.usable(at=at).filter(
            digest=digest_of(token), user__is_active=True
        )
        if not taken.update(used_at=at):
            raise ConflictError(LINK_GONE)
        link = AccessLink.objects.select_related("user").get(digest=digest_of(token))
        user: User = link.user
        _set_password(user, password, at=at)
        audit.record(
            actor=user,
            verb="accounts.use_link",
            obj=user,
            after={"purpose": link.get_purpose_display()},
            at=at,
        )
    return user


def change_password(*, actor: User, password: str, at: datetime) -> None:
    """Set one's own new password; sessions on other devices and open links end."""
    with transaction.atomic():
        _set_password(actor, password, at=at)
        audit.record(actor=actor, verb="accounts.change_password", obj=actor, at=at)


def unlock(*, actor: User | None, user: User, at: datetime) -> None:
    """Forget the failures of an account, so that it can log in at once."""
    with transaction.atomic():
        if not _forget_failures(user.username):
            raise ConflictError(f"{user}的账号没有被锁定，可以直接登录。")
        audit.record(actor=actor, verb="accounts.unlock", obj=user, at=at)


def switch_off(*, actor: User, user: User, at: datetime) -> None:
    """Shut an account: sessions and links end, roles and history stay."""
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            raise ConflictError(f"{user}的账号已经停用。")
        _void_links(user, at=at)
        audit.record(actor=actor, verb="accounts.switch_off", obj=user, at=at)


def switch_on(*, actor: User, user: User, at: datetime) -> None:
    """Open an account again; its password is the old one."""
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            raise ConflictError(f"{user}的账号已经启用。")
        audit.record(actor=actor, verb="accounts.switch_on", obj=user, at=at)


def set_large_text(*, actor: User, large: bool) -> None:
    """Remember the size of text that a user wants; no matter for the audit log."""
    User.objects.filter(pk=actor.pk).update(large_text=large)


def note_log_in(*, user: User, at: datetime) -> None:
    """Write down that ``user`` came in, and forget earlier failures."""
    with transaction.atomic():
        _forget_failures(user.username)
        audit.record(actor=user, verb="accounts.log_in", obj=user, at=at)


def note_log_out(*, user: User, at: datetime) -> None:
    """Write down that ``user`` left by the button."""
    audit.record(actor=user, verb="accounts.log_out", obj=user, at=at)


def note_failure(*, account: str, address: str | None, at: datetime) -> int:
    """Count a failed log-in and return how many there were within the window.

    ``account`` is a user name, or a keyed digest of what was typed where nobody bears that name:
    what people type there may be a mobile number or a password.
    """
    user = User.objects.filter(username=account).first()
    with transaction.atomic():
        AccessFailureLog.objects.filter(attempt_time__lte=at - WINDOW).delete()
        count = failures(account, at=at) + 1
        AccessFailureLog.objects.create(
            username=account, ip_address=address, locked_out=count >= ACCOUNT_LIMIT
        )
        label = "" if user else f"不存在的账号 {account[:9]}"
        audit.record(
            actor=None,
            verb="accounts.log_in_failed",
            obj=user,
            label=label,
            after={"count": count},
            at=at,
        )
        if count >= ACCOUNT_LIMIT:
            audit.record(actor=None, verb="accounts.lock", obj=user, label=label, at=at)
    return count


def _set_password(user: User, password: str, *, at: datetime) -> None:
    user.set_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password, must_change_password=False)
    user.must_change_password = False
    _void_links(user, at=at)
    _forget_failures(user.username)


def _void_links(user: User, *, at: datetime) -> None:
    AccessLink.objects.usable(at=at).filter(user=user).update(expires_at=at)


def _forget_failures(username: str) -> int:
    count: int = AccessFailureLog.objects.filter(username=username).delete()[0]
    return count
