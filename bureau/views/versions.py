"""Versions of a report as the bureau sees them: the list, what differs, one version, its print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.views.desk import desk
from bureau.views.review_page import review_sections
from common.admin import show_refusal, user_of
from common.errors import DomainError
from reports.models import FormerVersion, Report, ReportQuerySet
from reports.services import print_report
from reports.versions import History, report_then, versions_of


def _report(request: HttpRequest, pk: int) -> Report:
    rows: ReportQuerySet = Report.objects.visible_to(user_of(request))
    people = ("submitted_by", "reviewed_by")
    return get_object_or_404(rows.select_related("period", "organization", *people), pk=pk)


def _former(row: Report, number: int) -> FormerVersion:
    people = ("submitted_by", "reviewed_by")
    return get_object_or_404(row.former_versions.select_related(*people), number=number)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version of one report, newest first."""
    row = _report(request, pk)
    context = {"title": f"{row}的各个版本", "report": row, "versions": versions_of(row)}
    return desk(request, "admin/bureau/versions.html", context)


@require_GET
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What one version said that another one took the place of."""
    row = _report(request, pk)
    former = _former(row, number)
    sheet = History(row, [former]).sheet(former)
    context = {
        "title": f"{row}第{number}版",
        "report": row,
        "former": former,
        "sections": review_sections(report_then(row, former), sheet, {}),
    }
    return desk(request, "admin/bureau/version.html", context)


@require_POST
def print_out(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Have a version printed that was approved once."""
    row = _report(request, pk)
    try:
        job = print_report(
            actor=user_of(request), report=row, version=_former(row, number), at=timezone.now()
        )
    except DomainError as error:
        show_refusal(request, error)
        return redirect("admin:report_versions", pk=pk)
    return redirect("bureau:job", pk=job.pk)
