"""Links, locks, passwords, second factors and the switching off of accounts.

Who may do it to whom depends on roles, which this room doesn't know: doors go through
``people.services``, which asks first.
"""

import secrets
from datetime import datetime, timedelta
from typing import Protocol

from axes.models import AccessFailureLog
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import factors
from accounts.models import (
    AccessLink,
    Authenticator,
    LinkPurpose,
    RecoveryCode,
    SpentCode,
    User,
)
from accounts.queries import (
    ACCOUNT_LIMIT,
    WINDOW,
    digest_of,
    factor_begun,
    failures,
    second_factor,
)
from common import audit
from common.errors import ConflictError, DomainError

# Without letters and digits that are mistaken for each other when read from paper: 32 signs, so 20
# of them hold 100 bits.
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_TOKEN_LENGTH = 20
LIFETIMES = {LinkPurpose.ACTIVATE: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=24)}
WRONG_CODE = "验证码不对，请看清验证器上现在的 6 位数字，再输一次。"
# How long spent codes are remembered, in half minutes: a day.
_SPENT_KEPT = 24 * 3600 // factors.STEP_SECONDS
LINK_GONE = "这个链接已经用过或者过期了，请联系局党委组织科或上级党组织重新领取。"


class Follows(Protocol):
    """What a room above ends with the password of ``user``."""

    def __call__(self, *, actor: User, user: User, at: datetime) -> object: ...


_ends_with_password: list[Follows] = []


def end_with_password(follows: Follows) -> None:
    """Have ``follows`` called at each new password, in one transaction with it.

    For what a room above gave out on the strength of the old password; called from `ready`.
    """
    _ends_with_password.append(follows)


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
    """Set the password of the link's user and use the link up; unlock the account as well.

    Sessions, other links and tokens for programs end.
    """
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
        _end_with_password(user, at=at)
    return user


def change_password(*, actor: User, password: str, at: datetime) -> None:
    """Set one's own new password; sessions on other devices, open links and tokens end."""
    with transaction.atomic():
        _set_password(actor, password, at=at)
        audit.record(actor=actor, verb="accounts.change_password", obj=actor, at=at)
        _end_with_password(actor, at=at)


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


def begin_factor(*, actor: User, at: datetime) -> Authenticator:
    """Make a new secret for the actor's authenticator; it counts after `confirm_factor`."""
    if second_factor(actor) is not None:
        raise ConflictError("两步验证已经开启。换手机请先关闭，再重新设置。")
    begun, _ = Authenticator.objects.update_or_create(
        user=actor,
        ended_at=None,
        confirmed_at=None,
        defaults={"key": factors.new_key(), "begun_at": at},
    )
    return begun


def confirm_factor(*, actor: User, code: str, at: datetime) -> list[str]:
    """Switch the second factor on with a first code; return the recovery codes, shown once.

    Sessions on other devices end.
    """
    begun = factor_begun(actor)
    if begun is None:
        raise ConflictError("没有正在设置的两步验证，请重新开始。")
    step = factors.step_named(begun.key, code, at=at)
    if step is None:
        raise DomainError(WRONG_CODE)
    with transaction.atomic():
        waiting = Authenticator.objects.filter(pk=begun.pk, confirmed_at=None, ended_at=None)
        if not waiting.update(confirmed_at=at):
            raise ConflictError("两步验证刚刚已经开启，请刷新页面。")
        SpentCode.objects.create(authenticator=begun, step=step)
        codes = _new_recovery_codes(begun, at=at)
        _end_sessions(actor)
        audit.record(actor=actor, verb="accounts.turn_on_factor", obj=actor, at=at)
    return codes


def check_factor(*, user: User, code: str, at: datetime) -> bool:
    """Whether ``code`` is one of the authenticator's or on the paper, spending it if so."""
    held = second_factor(user)
    if held is None:
        return False
    step = factors.step_named(held.key, code, at=at)
    return _spend(held, step) if step is not None else _recover(held, code, at=at)


def renew_recovery_codes(*, actor: User, at: datetime) -> list[str]:
    """Return new recovery codes; those on the old paper work no more."""
    held = second_factor(actor)
    if held is None:
        raise ConflictError("两步验证没有开启。")
    with transaction.atomic():
        codes = _new_recovery_codes(held, at=at)
        audit.record(actor=actor, verb="accounts.renew_recovery_codes", obj=actor, at=at)
    return codes


def end_factor(*, actor: User | None, user: User, reason: str = "", at: datetime) -> None:
    """Switch a second factor off: one's own, or another's for a reason. Its sessions end."""
    own = actor is not None and actor.pk == user.pk
    if not own and not reason.strip():
        raise DomainError("请写明重设两步验证的原因，例如：手机丢失，已当面核实身份。")
    with transaction.atomic():
        held = Authenticator.objects.filter(user=user, ended_at=None).exclude(confirmed_at=None)
        if not held.update(ended_at=at, key=""):
            raise ConflictError(f"{user}没有开启两步验证。")
        _end_sessions(user)
        audit.record(
            actor=actor,
            verb="accounts.turn_off_factor" if own else "accounts.reset_factor",
            obj=user,
            after={} if own else {"reason": reason.strip()[:200]},
            at=at,
        )


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


def _end_with_password(user: User, *, at: datetime) -> None:
    for follows in _ends_with_password:
        follows(actor=user, user=user, at=at)


def _void_links(user: User, *, at: datetime) -> None:
    AccessLink.objects.usable(at=at).filter(user=user).update(expires_at=at)


def _forget_failures(username: str) -> int:
    count: int = AccessFailureLog.objects.filter(username=username).delete()[0]
    return count


def _spend(held: Authenticator, step: int) -> bool:
    """Use up the code of a half minute; False where it was used already, be it this instant."""
    SpentCode.objects.filter(authenticator=held, step__lt=step - _SPENT_KEPT).delete()
    try:
        with transaction.atomic():
            SpentCode.objects.create(authenticator=held, step=step)
    except IntegrityError:
        return False
    return True


def _recover(held: Authenticator, code: str, *, at: datetime) -> bool:
    digest = factors.recovery_digest(held.user_id, code)
    with transaction.atomic():
        fitting = RecoveryCode.objects.filter(
            authenticator=held, digest=digest, used_at=None, void_at=None
        )
        if not fitting.update(used_at=at):
            return False
        audit.record(actor=held.user, verb="accounts.use_recovery_code", obj=held.user, at=at)
    return True


def _new_recovery_codes(held: Authenticator, *, at: datetime) -> list[str]:
    RecoveryCode.objects.filter(authenticator=held, used_at=None, void_at=None).update(void_at=at)
    codes = [factors.new_recovery_code() for _ in range(factors.RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(authenticator=held, digest=factors.recovery_digest(held.user_id, code))
        for code in codes
    )
    return codes


def _end_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
