"""Doors that belong to no single room: the way in, drafts, jobs, the inbox."""

from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from common import drafts
from common.admin import user_of
from common.intake import row_number, typed_fields
from common.jobs import delay_notice
from common.models import Job, JobState
from notifications.models import Digest
from notifications.services import mark_read
from organizations.permissions import may_enter_admin
from organizations.portal import own_organizations

LONGEST_DRAFT = 100_000
DIGESTS_A_PAGE = 20
# A superior of hundreds of schools may be told of hundreds of things at once.
DUES_A_PAGE = 100


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send people to where their work is: school people to the month, the bureau to the admin."""
    if own_organizations(user_of(request)):
        return redirect("bureau:month")
    if may_enter_admin(user_of(request)):
        return redirect("admin:index")
    return redirect("organizations:mine")


@login_required
@require_POST
def draft(request: HttpRequest) -> JsonResponse:
    """Save what is being typed; 409 hands back what another device saved meanwhile."""
    key = request.POST.get("key", "")
    version = row_number(request.POST.get("version", ""))
    data = _typed(request.POST.get("data", ""))
    if not key or len(key) > 100 or version is None or data is None:
        return JsonResponse({"message": "自动保存的内容不完整，请刷新页面后再填。"}, status=400)
    saved = drafts.save(
        owner=user_of(request),
        key=key,
        version=version,
        data=data,
        device=request.headers.get("User-Agent", "")[:100],
        at=timezone.now(),
    )
    held = saved.draft
    answer: dict[str, Any] = {
        "version": held.version,
        "saved_at": held.saved_at.isoformat(),
    }
    if saved.conflict:
        return JsonResponse({**answer, "data": held.data, "device": held.device}, status=409)
    return JsonResponse(answer)


def _typed(text: str) -> dict[str, Any] | None:
    return typed_fields(text) if len(text) <= LONGEST_DRAFT else None


@login_required
@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a job of one's own is; the page asks again by itself until it has ended.

    Who works in the admin alone sees it there.
    """
    user = user_of(request)
    row = get_object_or_404(Job, pk=pk, owner=user)
    if may_enter_admin(user) and not own_organizations(user):
        return redirect("admin:job", pk=row.pk)
    delayed = delay_notice(at=timezone.now(), job=row)
    return render(request, "bureau/job.html", {"job": row, "delayed": delayed})


@login_required
@require_GET
def job_result(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Stream the result of one's own job."""
    row = get_object_or_404(Job, pk=pk, owner=user_of(request), state=JobState.DONE)
    path = Path(settings.MEDIA_ROOT) / row.result_path
    if not row.result_path or not path.is_file():
        raise Http404
    inline = row.result_name.endswith(".pdf") and "download" not in request.GET
    response = FileResponse(path.open("rb"), as_attachment=not inline, filename=row.result_name)
    response["X-Content-Type-Options"] = "nosniff"
    return cast("HttpResponseBase", response)


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own reminders, newest first."""
    rows = Paginator(Digest.objects.visible_to(user_of(request)), DIGESTS_A_PAGE)
    page = rows.get_page(request.GET.get("page"))
    return render(request, "bureau/inbox.html", {"page": page})


@login_required
@require_GET
def digest(request: HttpRequest, pk: int) -> HttpResponse:
    """One reminder with its links; opening it marks it read."""
    row = get_object_or_404(Digest.objects.visible_to(user_of(request)), pk=pk)
    mark_read(digest=row, at=timezone.now())
    dues = Paginator(row.dues.all(), DUES_A_PAGE).get_page(request.GET.get("page"))
    context = {"digest": row, "dues": dues}
    return render(request, "bureau/digest.html", context)
