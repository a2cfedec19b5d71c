"""The school's side of the monthly report."""

from datetime import datetime
from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import drafts
from common.errors import DomainError
from common.jobs import enqueue
from organizations.portal import PortalRequest, portal_page
from reports.choices import PENDING, ReportState
from reports.forms import CorrectionForm, ReportForm
from reports.models import Report, ReportQuerySet
from reports.permissions import may_submit, may_type
from reports.queries import school_reports
from reports.services import ask_correction, submit_report
from reports.sheet import Sheet, label_of, sheet_of

REPORTS_A_PAGE = 24
PRINT_JOB = "reports.print_report"


def _visible(request: PortalRequest) -> ReportQuerySet:
    rows: ReportQuerySet = Report.objects.visible_to(request.user)
    return rows.select_related("period", "organization", "submitted_by", "reviewed_by")


@require_GET
@portal_page("month")
def report_list(request: PortalRequest) -> HttpResponse:
    """All reports of the chosen organisation."""
    rows = Paginator(school_reports(request.portal.organization), REPORTS_A_PAGE)
    page = rows.get_page(request.GET.get("page"))
    return render(request, "reports/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@portal_page("month")
def report(request: PortalRequest, pk: int) -> HttpResponse:
    """One report: what it says by itself, two typed texts, and the button that hands it in."""
    row = get_object_or_404(_visible(request), pk=pk)
    sheet = sheet_of(row)
    key = draft_key(request, row)
    if request.method == "POST":
        form = ReportForm(request.POST, wanted=sheet.reasons_wanted)
        if form.is_valid() and _submitted(request, row, form):
            drafts.discard(owner=request.user, key=key)
            return redirect(f"{reverse('reports:report', args=[pk])}?submitted=1")
    else:
        form = ReportForm(initial=_typed(request, row, key), wanted=sheet.reasons_wanted)
    row.refresh_from_db()
    editable = row.state in PENDING and may_type(request.user, row)
    context = _context(request, row, sheet)
    if editable:
        context |= {"form": form, "draft": _draft(request, key)}
    if "submitted" in request.GET:
        context["autosave_clear"] = key
    return render(request, "reports/report.html", context)


def _submitted(request: PortalRequest, row: Report, form: ReportForm) -> bool:
    """Hand the report in; what is refused stands at the head of the form."""
    try:
        submit_report(
            actor=request.user,
            report=row,
            problems=form.cleaned_data["problems"],
            plans=form.cleaned_data["plans"],
            reasons=form.reasons(),
            at=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, f"{row.period}已提交，等待审核。")
    return True


def draft_key(request: PortalRequest, row: Report) -> str:
    """The key of what one user types into one report."""
    return f"report:{request.user.pk}:{row.pk}"


def _typed(request: PortalRequest, row: Report, key: str) -> dict[str, Any]:
    """What stands in the form at first: the draft, else what was handed in last."""
    held = drafts.load(owner=request.user, key=key)
    typed = {"problems": row.problems, "plans": row.plans}
    if held:
        typed |= {name: values[0] for name, values in held.data.items() if values}
    return typed


def _draft(request: PortalRequest, key: str) -> dict[str, Any]:
    held = drafts.load(owner=request.user, key=key)
    return {
        "url": reverse("bureau:draft"),
        "key": key,
        "version": held.version if held else 0,
        "saved_at": f"{timezone.localtime(held.saved_at):%H:%M}" if held else "",
    }


def _context(request: PortalRequest, row: Report, sheet: Sheet) -> dict[str, Any]:
    period = row.period
    days = f"统计周期 {_day(period.starts_on)}—{_day(period.ends_on)}"
    if sheet.supplements:
        days += f"，含补录 {sheet.supplements} 条"
    returned = row.state == ReportState.RETURNED
    return {
        "report": {
            "title": str(period),
            "word": row.get_state_display(),
            "period_label": days,
            "due_label": f"请于 {_day(period.due_on)}前提交",
            "print_url": reverse("reports:print", args=[row.pk]),
        },
        "row": row,
        "sheet": sheet,
        "sections": sheet.sections,
        "changes": sheet.changes,
        "comments": sheet.comments,
        "returned": _returned(row, sheet) if returned else None,
        "texts": _texts(row),
        "entries": _entries(row),
        "may_submit": may_submit(request.user, row),
        "correction_url": _correction_url(request, row),
        "back_url": reverse("reports:list"),
        "back_label": "月报",
    }


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _returned(row: Report, sheet: Sheet) -> dict[str, Any]:
    said = [f"{label_of(key)}：{text}" if key else text for key, text in sheet.comments.items()]
    return {
        "who": row.reviewed_by,
        "when": moment_words(row.reviewed_at) if row.reviewed_at else "",
        "comment": "；".join(said),
    }


def _texts(row: Report) -> list[dict[str, str]]:
    return [
        {"label": "七、问题与建议", "value": row.problems or "无"},
        {"label": "八、下月打算", "value": row.plans or "无"},
    ]


def _entries(row: Report) -> list[dict[str, Any]]:
    """What happened to the report, newest first."""
    happened = [
        (each.at, "退回", each.author, f"{label_of(each.key)}：{each.text}")
        for each in row.comments.select_related("author")
    ]
    if row.submitted_at and row.submitted_by:
        happened.append((row.submitted_at, "提交", row.submitted_by, ""))
    if row.state == ReportState.APPROVED and row.reviewed_at and row.reviewed_by:
        happened.append((row.reviewed_at, "通过", row.reviewed_by, ""))
    happened.sort(key=itemgetter(0), reverse=True)
    return [
        {"what": what, "who": who, "when": moment_words(at), "note": note}
        for at, what, who, note in happened
    ]


def moment_words(at: datetime) -> str:
    """Return 2026年11月3日 14:30, Shanghai time."""
    local = timezone.localtime(at)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _correction_url(request: PortalRequest, row: Report) -> str:
    if row.state != ReportState.APPROVED or not may_submit(request.user, row):
        return ""
    return reverse("reports:correction", args=[row.pk])


@require_POST
@portal_page("month")
def print_report(request: PortalRequest, pk: int) -> HttpResponse:
    """Have the A4 form printed; the worker does it."""
    row = get_object_or_404(_visible(request), pk=pk)
    job = enqueue(kind=PRINT_JOB, label=f"打印{row}", params={"report": row.pk}, owner=request.user)
    return redirect("bureau:job", pk=job.pk)


@require_http_methods(["GET", "POST"])
@portal_page("month")
def correction(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask for the correction of an approved figure."""
    row = get_object_or_404(Report.objects.editable_by(request.user), pk=pk)
    sheet = sheet_of(row)
    form = CorrectionForm(request.POST or None, sheet=sheet)
    if request.method == "POST" and form.is_valid():
        try:
            ask_correction(actor=request.user, report=row, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "更正申请已送出，审核人处理后会提醒您。")
            return redirect("reports:report", pk=pk)
    context = {"row": row, "form": form, "asked": row.corrections.all()}
    return render(request, "reports/correction.html", context)
