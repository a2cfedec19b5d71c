"""Personal tokens for programs: made, shown once, revoked by hand, by account or by time."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from accounts.queries import digest_of
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.choices import READ_ONLY_AREAS, ApiAccess, ApiArea
from organizations.models import ApiToken
from organizations.permissions import may_make_tokens

if TYPE_CHECKING:
    from accounts.models import User

# Says in logs and in source code what it is that somebody left there.
PREFIX = "djt_"
_BYTES = 32
LONGEST_LIFE = 365
MOST_TOKENS = 20
_USE_NOTED_EVERY = timedelta(minutes=1)


def make_token(
    *, actor: "User", name: str, scopes: Mapping[str, str], days: int, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token for the actor that lives ``days``; returns it with its text.

    The text is not kept and can't be shown again. ``scopes`` is ``{area: access}``.
    """
    if not may_make_tokens(actor):
        raise ForbiddenError("接口令牌只给有业务角色的账号使用。")
    told = name.strip()
    if not 1 <= len(told) <= 50:
        raise DomainError("请写明令牌的用途，最多 50 字。")
    if not 1 <= days <= LONGEST_LIFE:
        raise DomainError(f"有效期应在 1–{LONGEST_LIFE} 天之间。")
    _check_scopes(scopes)
    if ApiToken.objects.filter(user=actor).usable(at=at).count() >= MOST_TOKENS:
        raise DomainError(f"已有 {MOST_TOKENS} 个有效令牌，请先作废不用的。")
    text = PREFIX + secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=actor,
            name=told,
            digest=digest_of(text),
            scopes=dict(scopes),
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        audit.record(
            actor=actor,
            verb="organizations.make_token",
            obj=token,
            after={"scopes": token.scopes_label, "expires_at": token.expires_at},
            at=at,
        )
    return token, text


def revoke_token(*, actor: "User", token: ApiToken, at: datetime) -> None:
    """End one's own token at once."""
    if token.user_id != actor.pk:
        raise ForbiddenError("只能作废自己的令牌。")
    with transaction.atomic():
        if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
            raise ConflictError(f"令牌“{token}”已经作废。")
        audit.record(actor=actor, verb="organizations.revoke_token", obj=token, at=at)


def revoke_all(*, actor: "User", user: "User", at: datetime) -> int:
    """End every token of ``user``, who gets a new password or is shut out; returns how many.

    Deliberately asks nobody: whoever may do that was asked by the caller.
    """
    with transaction.atomic():
        open_ones = ApiToken.objects.filter(user=user, revoked_at=None)
        ids = list(open_ones.select_for_update().values_list("pk", flat=True))
        if ids:
            ApiToken.objects.filter(pk__in=ids).update(revoked_at=at)
            audit.record(actor=actor, verb="organizations.revoke_tokens", obj=user, ids=ids, at=at)
    return len(ids)


def note_token_used(*, token: ApiToken, at: datetime) -> None:
    """Remember when a token was last used, to the minute: not every request is a write."""
    longer_ago = Q(last_used_at=None) | Q(last_used_at__lt=at - _USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < at - _USE_NOTED_EVERY:
        ApiToken.objects.filter(longer_ago, pk=token.pk).update(last_used_at=at)


def _check_scopes(scopes: Mapping[str, str]) -> None:
    if not scopes:
        raise DomainError("请至少选择一项可以访问的内容。")
    for area, access in scopes.items():
        if area not in ApiArea.values or access not in ApiAccess.values:
            raise DomainError("所选权限不存在，请刷新页面后重选。")
        if access == ApiAccess.WRITE and area in READ_ONLY_AREAS:
            raise DomainError(f"{ApiArea(area).label}只能读取，请改为“只读”。")
