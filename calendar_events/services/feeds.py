"""Private links for calendar programs: made, shown once, revoked."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from accounts.queries import digest_of
from calendar_events.feed import may_subscribe
from calendar_events.models import Feed
from common import audit
from common.errors import ConflictError, ForbiddenError

if TYPE_CHECKING:
    from accounts.models import User

_BYTES = 32
_USE_NOTED_EVERY = timedelta(hours=1)


def make_feed(*, actor: "User", at: datetime) -> tuple[Feed, str]:
    """Make a link for the actor in place of the one that stood; returns it with its token.

    The token is not kept and can't be shown again.
    """
    if not may_subscribe(actor):
        raise ForbiddenError("日历订阅只给有业务角色的账号使用。")
    token = secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        # The actor's row is the lock that makes two presses of one button wait for each other.
        get_user_model().objects.select_for_update().get(pk=actor.pk)
        standing = Feed.objects.standing().filter(user=actor)
        replaced = list(standing.values_list("pk", flat=True))
        standing.update(revoked_at=at)
        feed = Feed.objects.create(user=actor, digest=digest_of(token), created_at=at)
        audit.record(actor=actor, verb="calendar_events.make_feed", obj=feed, ids=replaced, at=at)
    return feed, token


def revoke_feed(*, actor: "User", feed: Feed, at: datetime) -> None:
    """End one's own link at once."""
    if feed.user_id != actor.pk:
        raise ForbiddenError("只能作废自己的订阅链接。")
    with transaction.atomic():
        if not Feed.objects.standing().filter(pk=feed.pk).update(revoked_at=at):
            raise ConflictError("这个订阅链接已经作废。")
        audit.record(actor=actor, verb="calendar_events.revoke_feed", obj=feed, at=at)


def revoke_feeds_of(*, actor: "User", user: "User", at: datetime) -> int:
    """End the link of ``user``, whose account is being shut; returns how many.

    Deliberately asks nobody: whoever may shut the account was asked by the caller.
    """
    with transaction.atomic():
        standing = Feed.objects.standing().filter(user=user)
        ids = list(standing.select_for_update().values_list("pk", flat=True))
        if ids:
            Feed.objects.filter(pk__in=ids).update(revoked_at=at)
            audit.record(actor=actor, verb="calendar_events.revoke_feed", obj=user, ids=ids, at=at)
    return len(ids)


def note_feed_used(*, feed: Feed, at: datetime) -> None:
    """Remember when a link was last asked, to the hour: not every request is a write."""
    longer_ago = Q(last_used_at=None) | Q(last_used_at__lt=at - _USE_NOTED_EVERY)
    if feed.last_used_at is None or feed.last_used_at < at - _USE_NOTED_EVERY:
        Feed.objects.filter(longer_ago, pk=feed.pk).update(last_used_at=at)
