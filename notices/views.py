"""The school's side: issued notices, and the PDF for whoever may see one."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common.admin import user_of
from notices.choices import NoticeState
from notices.models import Notice
from organizations.portal import PortalRequest, portal_page

NOTICES_A_PAGE = 20


@require_GET
@portal_page("notices")
def notice_list(request: PortalRequest) -> HttpResponse:
    """Issued notices, newest first, found by title or number."""
    wanted = request.GET.get("q", "").strip()[:50]
    rows = Notice.objects.visible_to(request.user).filter(state=NoticeState.ISSUED)
    if wanted:
        rows = rows.filter(title__icontains=wanted) | rows.filter(number__icontains=wanted)
    page = Paginator(rows.order_by("-issued_at"), NOTICES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/list.html", {"page": page, "wanted": wanted})


@require_GET
@portal_page("notices")
def notice(request: PortalRequest, pk: int) -> HttpResponse:
    """One issued notice: its text on the phone, its PDF to print."""
    row = get_object_or_404(
        Notice.objects.visible_to(request.user).filter(state=NoticeState.ISSUED), pk=pk
    )
    return render(request, "notices/notice.html", {"notice": row})


@login_required
@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Stream the latest PDF of a notice that one may see."""
    row = get_object_or_404(
        Notice.objects.visible_to(user_of(request)).select_related("job"), pk=pk
    )
    path = Path(settings.MEDIA_ROOT) / row.job.result_path if row.job else None
    if path is None or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), filename=f"{row.title}.pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response
