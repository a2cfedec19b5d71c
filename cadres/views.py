"""The school's side: who leads the organisation, and until when; to be read only."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cadres.queries import board_page
from organizations.portal import PortalRequest, portal_page


@require_GET
@portal_page("me")
def mine(request: PortalRequest) -> HttpResponse:
    """The board and the term of the organisation that is acted for."""
    shown = board_page(request.portal.organization, timezone.localdate())
    return render(request, "cadres/mine.html", {"shown": shown})
