"""Reviewing monthly reports and the corrections asked for."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.views.addresses import number, numbers
from bureau.views.desk import desk
from bureau.views.review_page import COMMENT, review_sections
from common.admin import show_refusal, user_of
from common.errors import DomainError
from organizations.permissions import reviewable_by
from reports.choices import CorrectionState, ReportState
from reports.models import Correction, Report
from reports.permissions import may_review_report
from reports.queries import brief_figures, open_corrections, review_queue
from reports.services import approve_report, decide_correction, print_report, return_report
from reports.sheet import sheet_of
from reports.versions import since_returned

if TYPE_CHECKING:
    from reports.models import ReportQuerySet

A_PAGE = 50


def _reports(request: HttpRequest) -> "ReportQuerySet":
    rows: ReportQuerySet = Report.objects.visible_to(user_of(request))
    return rows.select_related("period", "organization", "submitted_by", "reviewed_by")


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Reports that wait for a review, the longest waiting first, with what says most of each."""
    user = user_of(request)
    page = Paginator(review_queue(user), A_PAGE).get_page(request.GET.get("page"))
    reports = list(page.object_list)
    figures = brief_figures([each.pk for each in reports])
    context = {
        "title": "待审核月报",
        "page": page,
        "rows": [(each, figures[each.pk]) for each in reports],
        "may_review": reviewable_by(user).exists(),
    }
    return desk(request, "admin/bureau/review_queue.html", context)


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report with a place for a comment at every figure."""
    return _show(request, get_object_or_404(_reports(request), pk=pk), typed={})


def _show(request: HttpRequest, row: Report, *, typed: dict[str, str]) -> HttpResponse:
    """Render a report; ``typed`` are comments that were refused and aren't to be lost."""
    sheet = sheet_of(row)
    reviewing = row.state == ReportState.SUBMITTED and may_review_report(user_of(request), row)
    context: dict[str, Any] = {
        "title": str(row),
        "report": row,
        "sheet": sheet,
        "sections": review_sections(row, sheet, typed),
        "whole": typed.get("", ""),
        "reviewing": reviewing,
        "unsent": [] if reviewing else [text for text in typed.values() if text.strip()],
        "said_whole": sheet.comments.get("", ""),
        "corrections": row.corrections.select_related("asked_by", "decided_by"),
        "since": since_returned(row, sheet) if row.state == ReportState.SUBMITTED else None,
        "has_versions": row.version > 1 or row.state == ReportState.RETURNED,
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
    comments = {
        name.removeprefix(COMMENT): str(request.POST[name])
        for name in request.POST
        if name.startswith(COMMENT)
    }
    try:
        return_report(
            actor=user_of(request),
            report=row,
            comments=list(comments.items()),
            at=timezone.now(),
            version=_seen(request),
        )
    except DomainError as error:
        show_refusal(request, error)
        row.refresh_from_db()
        return _show(request, row, typed=comments)
    messages.success(request, f"{row}已退回，学校会收到提醒。")
    return _next(request)


def _seen(request: HttpRequest) -> int | None:
    """The submission that stood on the page: another one meanwhile is looked at first."""
    return number(request.POST, "version")


def _ticked(request: HttpRequest) -> "ReportQuerySet":
    """The ticked reports that still wait."""
    if not reviewable_by(user_of(request)).exists():
        raise PermissionDenied("月报由审核人或局机关工作人员审核。")
    ticked = numbers(request.POST, "report")
    return _reports(request).filter(pk__in=ticked, state=ReportState.SUBMITTED)


@require_POST
def approve_preview(request: HttpRequest) -> HttpResponse:
    """Say which reports would be approved, before they are."""
    rows = list(_ticked(request))
    if not rows:
        messages.warning(request, "还没有勾选待审核的月报。")
        return redirect("admin:review")
    figures = brief_figures([each.pk for each in rows])
    context = {
        "title": f"通过 {len(rows)} 份月报",
        "rows": [(each, figures[each.pk]) for each in rows],
        "ids": ",".join(str(each.pk) for each in rows),
    }
    return desk(request, "admin/bureau/approve.html", context)


@require_POST
def approve_several(request: HttpRequest) -> HttpResponse:
    """Approve the ticked reports; those that somebody else took are named."""
    done, refused = 0, []
    for row in _ticked(request):
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
    if not done and not refused:
        messages.warning(request, "没有通过：所选月报都已不在待审核状态。")
    return redirect("admin:review")


@require_POST
def print_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Have one report printed as the A4 form."""
    row = get_object_or_404(_reports(request), pk=pk)
    job = print_report(actor=user_of(request), report=row, at=timezone.now())
    return redirect("bureau:job", pk=job.pk)


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
    waiting = rows.filter(state=CorrectionState.ASKED)
    page = Paginator(rows.exclude(state=CorrectionState.ASKED), A_PAGE)
    context = {
        "title": "更正申请",
        "waiting": list(waiting[:A_PAGE]),
        "waiting_count": open_corrections(user_of(request)),
        "may_decide": reviewable_by(user_of(request)).exists(),
        "page": page.get_page(request.GET.get("page")),
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
