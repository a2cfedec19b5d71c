"""The tree of organisations as of a day (组织树), its chart on paper, and the history of each."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.views.addresses import address, day_of, number
from bureau.views.desk import desk
from common.admin import user_of
from organizations.chart import order_print
from organizations.models import Organization
from organizations.models.role import steps
from organizations.queries.forest import forest, found_in_forest
from organizations.queries.history import history_of

LONGEST_SEARCH = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The tree from one organisation down, or what a search finds in it."""
    query, user = request.GET, user_of(request)
    typed, text = query.get("on", ""), query.get("q", "").strip()[:LONGEST_SEARCH]
    on = day_of(typed) or timezone.localdate()
    at = number(query, "page") or 1
    context: dict[str, Any] = {
        "title": "组织树",
        "on": on,
        "text": text,
        "unread_day": typed if typed and day_of(typed) is None else "",
        "query": address(query)[1:],
        "plain": f"on={on:%Y-%m-%d}",
    }
    if text:
        context["found"] = found_in_forest(user, on, text, page=at)
        return desk(request, "admin/bureau/tree.html", context)
    try:
        context["forest"] = shown = forest(user, on, top=number(query, "top"), page=at)
    except LookupError:
        raise Http404 from None
    seen = Organization.objects.visible_to(user)
    above = steps(shown.top.path)[:-1] if shown.top else []
    rows = seen.in_bulk(above)
    context["above"] = [rows[pk] for pk in above if pk in rows]
    return desk(request, "admin/bureau/tree.html", context)


@require_POST
def print_out(request: HttpRequest) -> HttpResponse:
    """Have the chart printed; the worker does it."""
    on = day_of(request.GET.get("on", "")) or timezone.localdate()
    user, top = user_of(request), number(request.GET, "top")
    if top is not None:
        get_object_or_404(Organization.objects.visible_to(user), pk=top)
    job = order_print(actor=user, on=on, top=top, at=timezone.now())
    return redirect(f"{reverse('bureau:job', args=[job.pk])}")


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of an organisation: names, superiors, schools, mergers and splits."""
    seen = Organization.objects.visible_to(user_of(request))
    row = get_object_or_404(seen, pk=pk)
    context = {"title": f"{row}沿革", "row": row, "entries": history_of(row, seen=seen)}
    return desk(request, "admin/bureau/history.html", context)
