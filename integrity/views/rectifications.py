"""What has to be mended: read by the school, and reported as mended."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from attachments.models import Attachment
from attachments.serving import serve
from common.admin import user_of
from common.errors import ConflictError, DomainError
from integrity import services
from integrity.choices import RectificationState
from integrity.forms import MendedForm
from integrity.models import Rectification, RectificationQuerySet
from integrity.pages import mending_note, title_of
from integrity.permissions import may_submit
from organizations.portal import PortalRequest, portal_page

_ALONG = ("item__section", "organization", "self_check__assignment__edition__checklist",
          "self_check__organization", "self_check__school")  # fmt: skip


def _row(request: PortalRequest, pk: int) -> Rectification:
    rows: RectificationQuerySet = Rectification.objects.visible_to(request.user)
    row: Rectification = get_object_or_404(rows.select_related(*_ALONG), pk=pk)
    return row


@require_http_methods(["GET", "POST"])
@portal_page("month")
def rectification(request: PortalRequest, pk: int) -> HttpResponse:
    """One item to be mended; who hands in reports how it was."""
    row = _row(request, pk)
    may = may_submit(request.user, row.self_check)
    if request.method == "POST" and not may:
        raise PermissionDenied("reporting it mended is for who hands in there")
    form = None
    if may and (row.state == RectificationState.OPEN or request.method == "POST"):
        form = MendedForm(
            request.POST if request.method == "POST" else None,
            request.FILES or None,
            initial={"owner": row.owner},
        )
    if form is not None and form.is_bound and form.is_valid() and _handed_in(request, row, form):
        messages.success(request, "整改结果已上报，等待复核。")
        return redirect("integrity:rectification", pk=pk)
    context = {
        "row": row,
        "title": title_of(row.self_check),
        "note": mending_note(row, timezone.localdate()),
        "steps": row.steps.select_related("by").prefetch_related("attachments").order_by("-pk"),
        "form": form,
    }
    return render(request, "integrity/rectification.html", context)


def _handed_in(request: PortalRequest, row: Rectification, form: MendedForm) -> bool:
    data = form.cleaned_data
    try:
        services.hand_in_rectification(
            actor=request.user,
            rectification=row,
            owner=data["owner"],
            text=data["text"],
            uploads=data["proofs"] or (),
            at=timezone.now(),
        )
    except ConflictError as error:
        messages.error(request, error.message)
        return False
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True


@require_GET
@login_required
def rectification_file(request: HttpRequest, pk: int, file_id: int) -> HttpResponseBase:
    """Stream a file that proves it mended to whoever may see it; the bureau too."""
    row = get_object_or_404(Rectification.objects.visible_to(user_of(request)), pk=pk)
    held = Attachment.objects.filter(rectification_steps__rectification=row)
    attachment = get_object_or_404(held, pk=file_id)
    try:
        return cast("HttpResponseBase", serve(attachment, request=request))
    except DomainError as error:
        context = {"status": 404, "title": "附件找不到了", "text": error.message}
        return render(request, "errors/error.html", context, status=404)
