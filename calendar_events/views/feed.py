"""The page on which one makes the private calendar link; its door stands in the bureau."""

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
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from calendar_events import services
from calendar_events.feed import may_subscribe
from calendar_events.models import Feed
from common.admin import user_of
from common.errors import DomainError
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
        address = f"{settings.SITE_URL}{reverse('bureau:feed', args=[token])}"
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
