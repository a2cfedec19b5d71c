"""The private calendar link: the page on which one makes it, and the door for calendar programs."""

import hashlib
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import digest_of
from calendar_events import services
from calendar_events.feed import calendar_text, entries_for, may_subscribe
from calendar_events.models import Feed
from common.admin import user_of
from common.errors import DomainError
from common.rates import HOUR, too_often
from organizations.permissions import may_enter_admin
from organizations.portal import Portal, PortalRequest


@never_cache
@login_required
@sensitive_variables("token", "address")
@require_http_methods(["GET", "POST"])
def subscription(request: HttpRequest) -> HttpResponse:
    """One's link, and how to use it; a new one is shown in the answer to its form and not again."""
    cast(PortalRequest, request).portal = Portal(request, "me")
    user, address = user_of(request), ""
    if not may_subscribe(user):
        raise PermissionDenied("feeds are for who holds a role with business data")
    if request.method == "POST":
        _, token = services.make_feed(actor=user, at=timezone.now())
        address = f"{settings.SITE_URL}{reverse('calendar_events:feed', args=[token])}"
    context = {
        "address": address,
        "webcal": f"webcal://{urlsplit(address).netloc}{urlsplit(address).path}" if address else "",
        "feed": Feed.objects.visible_to(user).standing().first(),
        "works_in_admin": may_enter_admin(user),
    }
    return render(request, "calendar_events/subscription.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def revoke_subscription(request: HttpRequest) -> HttpResponse:
    """End one's link, after asking."""
    cast(PortalRequest, request).portal = Portal(request, "me")
    user = user_of(request)
    feed = get_object_or_404(Feed.objects.editable_by(user).standing())
    if request.method != "POST":
        return render(request, "calendar_events/subscription_revoke.html", {"feed": feed})
    try:
        services.revoke_feed(actor=user, feed=feed, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "订阅链接已作废，日历软件不再能取到任务。")
    return redirect("calendar_events:subscription")


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
    body = calendar_text(entries_for(found.user, on=timezone.localdate(at)))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Content-Disposition"] = 'inline; filename="tasks.ics"'
    _private(response)
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return cast(HttpResponse, answer)


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
