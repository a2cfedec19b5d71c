"""The door for calendar programs: one's tasks, reports and self-checks, by a private link."""

import hashlib
from datetime import date
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.queries import digest_of
from calendar_events import services
from calendar_events.feed import entries_for as task_entries
from calendar_events.feed import may_subscribe
from calendar_events.models import Feed
from common.ics import Entry, calendar_text
from common.rates import HOUR, too_often
from integrity.feed import entries_for as check_entries
from reports.feed import entries_for as report_entries


@sensitive_variables("token")
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program: it brings nothing but the token, no cookie and no password.

    One answer for what never was, was revoked, or whose owner holds no role any more.
    """
    at = timezone.now()
    found = Feed.objects.standing().select_related("user").filter(digest=digest_of(token)).first()
    if found is None or not may_subscribe(found.user):
        if too_often("feed-address", request.META.get("REMOTE_ADDR"), limit=_limit("address")):
            return _refused()
        return _plain("没有这个日历，或者已经作废。", 404)
    if too_often("feed", found.pk, limit=_limit("link")):
        return _refused()
    services.note_feed_used(feed=found, at=at)
    body = calendar_text(_entries(found.user, on=timezone.localdate(at)))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Content-Disposition"] = 'inline; filename="tasks.ics"'
    _private(response)
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return cast(HttpResponse, answer)


def _entries(user: User, *, on: date) -> list[Entry]:
    """Return what ``user`` may see now, from some weeks ago on; constant queries."""
    rooms = (task_entries, report_entries, check_entries)
    return [entry for entries_for in rooms for entry in entries_for(user, on=on)]


def _limit(name: str) -> int:
    return int(settings.FEED_RATES[name])


def _plain(words: str, status: int) -> HttpResponse:
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    _private(response)
    return response


def _refused() -> HttpResponse:
    response = _plain("取得太频繁，请一小时后再试。", 429)
    response["Retry-After"] = str(HOUR)
    return response


def _private(response: HttpResponse) -> None:
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
