"""The leader's page (一页纸): on the phone, its print, the records behind it, what was copied."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from activities.choices import RecordKind
from bureau.one_page.figures import one_page
from bureau.one_page.numbers import records_held
from bureau.one_page.printing import note_copied, order_print
from bureau.views.addresses import number
from common.admin import user_of
from common.errors import DomainError
from organizations.permissions import may_read_organizations

RECORDS_A_PAGE = 50
FIRST_YEAR = 2000


def _for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who reads organisations: leaders, officers, reviewers; each sees their scope."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read_organizations(user_of(request)):
            raise PermissionDenied("一页纸供局领导、机关工作人员和上级审核人查看。")
        return view(request, *args, **kwargs)

    return inner


def _asked(query: QueryDict) -> tuple[int, int]:
    """The month asked for; today's for one that can't be or is yet to come."""
    on = timezone.localdate()
    year, month = number(query, "year") or 0, number(query, "month") or 0
    past = year >= FIRST_YEAR and 1 <= month <= 12 and (year, month) <= (on.year, on.month)
    return (year, month) if past else (on.year, on.month)


def _month_beside(year: int, month: int, step: int) -> tuple[int, int]:
    months = year * 12 + month - 1 + step
    return months // 12, months % 12 + 1


@require_GET
@_for_readers
def page(request: HttpRequest) -> HttpResponse:
    """The figures of a month."""
    on = timezone.localdate()
    year, month = _asked(request.GET)
    following = _month_beside(year, month, 1)
    context = {
        "page": one_page(user_of(request), year, month, on=on),
        "before": _month_beside(year, month, -1),
        "after": following if following <= (on.year, on.month) else None,
    }
    return render(request, "bureau/one_page.html", context)


@require_GET
@_for_readers
def records(request: HttpRequest) -> HttpResponse:
    """What took place in a month, newest first: the list behind the figures."""
    year, month = _asked(request.GET)
    kind, what = request.GET.get("kind", ""), "活动"
    held = records_held(user_of(request), year, month, on=timezone.localdate())
    if kind in RecordKind.values:
        held, what = held.filter(kind=kind), str(RecordKind(kind).label)
    rows = held.select_related("organization").order_by("-held_on", "organization__order", "-pk")
    context = {
        "page": Paginator(rows, RECORDS_A_PAGE).get_page(request.GET.get("page")),
        "title": f"{year}年{month}月{what}",
        "year": year,
        "month": month,
        "kind": kind,
        "query": urlencode({"year": year, "month": month, "kind": kind}),
    }
    return render(request, "bureau/one_page_records.html", context)


@require_POST
@_for_readers
def print_out(request: HttpRequest) -> HttpResponse:
    """Have the sheet printed; the worker does it."""
    year, month = _asked(request.POST)
    job = order_print(actor=user_of(request), year=year, month=month, at=timezone.now())
    return redirect("bureau:job", pk=job.pk)


@require_POST
@_for_readers
def copied(request: HttpRequest) -> HttpResponse:
    """Note which figure was copied; the page says so by itself."""
    user, (year, month) = user_of(request), _asked(request.POST)
    shown = one_page(user, year, month, on=timezone.localdate())
    try:
        note_copied(actor=user, page=shown, key=request.POST.get("key", ""), at=timezone.now())
    except DomainError as error:
        return JsonResponse({"message": error.message}, status=400)
    return JsonResponse({})
