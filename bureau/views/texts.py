"""Texts to copy into a chat group, lists for calling, and the mark that a text was posted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.views.desk import desk
from common import audit
from common.admin import user_of
from notifications.models import GroupText
from notifications.services import mark_group_text_sent
from organizations.permissions import is_officer, reviewable_by
from people.queries import calling_list
from people.scope import users_in_scope

A_PAGE = 50


def _texts(request: HttpRequest) -> QuerySet[GroupText]:
    """Officers see every text, a reviewer of a superior organisation those of their own nudges."""
    user = user_of(request)
    if is_officer(user):
        return GroupText.objects.all()
    if not reviewable_by(user).exists():
        raise PermissionDenied("群消息由局机关工作人员和上级党组织审核人处理。")
    return GroupText.objects.filter(created_by=user)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """All texts, newest first; those not posted yet alone where asked."""
    rows = _texts(request).select_related("sent_by")
    unsent = "unsent" in request.GET
    shown = Paginator(rows.filter(sent_at=None) if unsent else rows, A_PAGE)
    context = {
        "title": "群消息",
        "page": shown.get_page(request.GET.get("page")),
        "unsent": unsent,
        "waiting": rows.filter(sent_at=None).count(),
    }
    return desk(request, "admin/bureau/texts.html", context)


@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """One text in its two versions, and whom to call, numbers left out."""
    row = get_object_or_404(_texts(request).select_related("sent_by"), pk=pk)
    return desk(request, "admin/bureau/text.html", {"title": row.title, "text": row})


@require_POST
def call_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list for calling with numbers in full; asking for it is written into the audit log.

    An officer limited to kinds of school gets the numbers of these alone.
    """
    row = get_object_or_404(_texts(request).select_related("sent_by"), pk=pk)
    named = [call["user_id"] for call in row.calls]
    inside = users_in_scope(user_of(request)).filter(pk__in=named)
    wanted = list(inside.values_list("pk", flat=True))
    found = calling_list(wanted)
    audit.record(
        actor=user_of(request), verb="bureau.show_call_list", obj=row, ids=wanted, at=timezone.now()
    )
    calls = [
        {"unit": call["unit"], "what": call["what"], "person": found.get(call["user_id"])}
        for call in row.calls
    ]
    context = {"title": row.title, "text": row, "calls": calls}
    return desk(request, "admin/bureau/text.html", context)


@require_POST
def mark_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the text was posted."""
    row = get_object_or_404(_texts(request), pk=pk)
    mark_group_text_sent(actor=user_of(request), group_text=row, at=timezone.now())
    messages.success(request, f"已记下：“{row.title}”发到了群里。")
    return redirect("admin:texts")
