"""Reviewing monthly reports and the corrections asked for."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.views.desk import desk
from common.admin import show_refusal, user_of
from common.errors import DomainError
from organizations.permissions import reviewable_by
from reports.choices import CorrectionState, ReportState
from reports.lines import BY_KEY
from reports.models import Correction, Report
from reports.permissions import may_review_report
from reports.queries import review_queue
from reports.services import approve_report, decide_correction, return_report
from reports.sheet import sheet_of

if TYPE_CHECKING:
    from reports.models import ReportQuerySet

A_PAGE = 50
COMMENT = "comment:"


def _reports(request: HttpRequest) -> "ReportQuerySet":
    rows: ReportQuerySet = Report.objects.visible_to(user_of(request))
    return rows.select_related("period", "organization", "submitted_by", "reviewed_by")


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Reports that wait for a review, the longest waiting first."""
    rows = Paginator(review_queue(user_of(request)), A_PAGE)
    page = rows.get_page(request.GET.get("page"))
    return desk(request, "admin/bureau/review_queue.html", {"title": "待审核月报", "page": page})


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report with a place for a comment at every figure."""
    row = get_object_or_404(_reports(request), pk=pk)
    reviewing = row.state == ReportState.SUBMITTED and may_review_report(user_of(request), row)
    context: dict[str, Any] = {
        "title": str(row),
        "report": row,
        "sheet": sheet_of(row),
        "reviewing": reviewing,
        "said": row.comments.select_related("author"),
        "corrections": row.corrections.select_related("asked_by", "decided_by"),
    }
    return desk(request, "admin/bureau/review.html", context)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve one report and go on to the next."""
    row = get_object_or_404(_reports(request), pk=pk)
    try:
        approve_report(
            actor=user_of(request), report=row, at=timezone.now(), version=_seen(request)
        )
    except DomainError as error:
        show_refusal(request, error)
        return redirect("admin:review_report", pk=pk)
    messages.success(request, f"{row}已通过。")
    return _next(request)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return one report with the comments typed at its figures."""
    row = get_object_or_404(_reports(request), pk=pk)
    comments = [
        (name.removeprefix(COMMENT), str(request.POST[name]))
        for name in request.POST
        if name.startswith(COMMENT)
    ]
    try:
        return_report(
            actor=user_of(request),
            report=row,
            comments=comments,
            at=timezone.now(),
            version=_seen(request),
        )
    except DomainError as error:
        show_refusal(request, error)
        return redirect("admin:review_report", pk=pk)
    messages.success(request, f"{row}已退回，学校会收到提醒。")
    return _next(request)


def _seen(request: HttpRequest) -> int | None:
    """The submission that stood on the page: another one meanwhile is looked at first."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


@require_POST
def approve_several(request: HttpRequest) -> HttpResponse:
    """Approve the ticked reports; those that somebody else took are named."""
    if not reviewable_by(user_of(request)).exists():
        raise PermissionDenied("月报由审核人或局机关工作人员审核。")
    ticked = [int(each) for each in request.POST.getlist("report") if each.isdecimal()]
    done, refused = 0, []
    for row in _reports(request).filter(pk__in=ticked):
        try:
            approve_report(actor=user_of(request), report=row, at=timezone.now())
        except DomainError as error:
            refused.append(f"{row.organization.label}：{error.message}")
        else:
            done += 1
    if done:
        messages.success(request, f"已通过 {done} 份月报。")
    for words in refused:
        messages.error(request, words)
    if not ticked:
        messages.warning(request, "还没有勾选月报。")
    return redirect("admin:review")


def _next(request: HttpRequest) -> HttpResponse:
    following = review_queue(user_of(request)).first()
    if following is None:
        return redirect("admin:review")
    return redirect("admin:review_report", pk=following.pk)


@require_GET
def corrections(request: HttpRequest) -> HttpResponse:
    """Corrections in one's scope, those that wait first."""
    rows = (
        Correction.objects.filter(report__in=_reports(request).order_by().values("pk"))
        .select_related("report__period", "report__organization", "asked_by", "decided_by")
        .order_by("-state", "-created_at")
    )
    waiting = list(rows.filter(state=CorrectionState.ASKED))
    page = Paginator(rows.exclude(state=CorrectionState.ASKED), A_PAGE)
    context = {
        "title": "更正申请",
        "waiting": waiting,
        "page": page.get_page(request.GET.get("page")),
        "lines": BY_KEY,
    }
    return desk(request, "admin/bureau/corrections.html", context)


@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant a correction."""
    return _decide(request, pk, granted=True)


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a correction, with the reason."""
    return _decide(request, pk, granted=False)


def _decide(request: HttpRequest, pk: int, *, granted: bool) -> HttpResponse:
    mine = Correction.objects.filter(report__in=_reports(request).order_by().values("pk"))
    row = get_object_or_404(mine.select_related("report__organization"), pk=pk)
    try:
        decide_correction(
            actor=user_of(request),
            correction=row,
            granted=granted,
            answer=request.POST.get("answer", ""),
            at=timezone.now(),
        )
    except DomainError as error:
        show_refusal(request, error)
    else:
        messages.success(request, "已同意更正，数据已改。" if granted else "已答复不同意更正。")
    return redirect("admin:corrections")
