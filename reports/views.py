"""The school's side of the monthly report."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import drafts
from common.errors import DomainError
from organizations.portal import PortalRequest, portal_page
from reports import services
from reports.choices import ReportState
from reports.forms import CorrectionForm, ReportForm
from reports.models import FormerVersion, Report, ReportQuerySet
from reports.pages import ReportPage
from reports.permissions import may_submit
from reports.queries import reported_by, school_reports
from reports.sheet import sheet_of
from reports.versions import History, version_texts, versions_of

REPORTS_A_PAGE = 24
_PEOPLE = ("submitted_by", "reviewed_by", "prepared_by")


def _page(request: PortalRequest, pk: int, people: Sequence[str] = _PEOPLE) -> ReportPage:
    """Return what the page of a report shows; ``people`` are whom it names."""
    rows: ReportQuerySet = Report.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("period", "organization", *people), pk=pk)
    return ReportPage(request, row, timezone.localdate())


@require_GET
@portal_page("month")
def report_list(request: PortalRequest) -> HttpResponse:
    """All reports of the chosen organisation."""
    organization = request.portal.organization
    page = Paginator(school_reports(organization), REPORTS_A_PAGE).get_page(request.GET.get("page"))
    above = None if page.object_list else reported_by(organization, on=timezone.localdate())
    return render(request, "reports/list.html", {"page": page, "above": above})


@require_http_methods(["GET", "POST"])
@portal_page("month")
def report(request: PortalRequest, pk: int) -> HttpResponse:
    """One report: what it says by itself, two typed texts, and the button that hands it in."""
    if request.method != "POST":
        page = _page(request, pk)
        return _show(request, page, page.form() if page.editable else None)
    page = _page(request, pk, people=())
    if not page.may_submit:
        raise PermissionDenied("handing in is for the secretary")
    form = page.sent(request.POST)
    if form.is_valid() and _submitted(request, page, form):
        drafts.discard(owner=request.user, key=page.key)
        messages.success(request, f"{page.row.period}已提交，等待审核。")
        return redirect(f"{reverse('reports:report', args=[pk])}?done=1")
    return _show_again(request, pk, form)


@require_http_methods(["GET", "POST"])
@portal_page("month")
def prepare(request: PortalRequest, pk: int) -> HttpResponse:
    """Lay the typed texts before who hands in; looked at, it is the report."""
    page = _page(request, pk)
    if request.method != "POST":
        return redirect("reports:report", pk=pk)
    if not page.may_type:
        raise PermissionDenied("preparing is for who files there")
    form = page.sent(request.POST)
    if form.is_valid() and _prepared(request, page, form):
        drafts.discard(owner=request.user, key=page.key)
        messages.success(request, "已保存，书记或副书记打开这份月报就能看到，确认后提交。")
        return redirect(f"{reverse('reports:report', args=[pk])}?done=1")
    return _show_again(request, pk, form)


def _submitted(request: PortalRequest, page: ReportPage, form: ReportForm) -> bool:
    """Hand the report in; what is refused stands at the head of the form."""
    try:
        services.submit_report(
            actor=request.user,
            report=page.row,
            problems=form.cleaned_data["problems"],
            plans=form.cleaned_data["plans"],
            reasons=form.reasons(),
            seen=form.cleaned_data["seen"],
            at=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True


def _prepared(request: PortalRequest, page: ReportPage, form: ReportForm) -> bool:
    try:
        services.prepare_report(
            actor=request.user,
            report=page.row,
            problems=form.cleaned_data["problems"],
            plans=form.cleaned_data["plans"],
            reasons=form.reasons(),
            at=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True


def _show_again(request: PortalRequest, pk: int, sent: ReportForm) -> HttpResponse:
    """Show the report as it is now, with what was sent and why it wasn't taken.

    A reason that is wanted by now says so itself, at its field.
    """
    page = _page(request, pk)
    form = page.form(request.POST)
    if form.is_valid():
        for error in sent.non_field_errors():
            form.add_error(None, error)
    return _show(request, page, form)


def _show(request: PortalRequest, page: ReportPage, form: ReportForm | None) -> HttpResponse:
    """Render the page. What can't be handed in any more is shown beside what stands now."""
    context = {"page": page, "row": page.row, "sheet": page.sheet, "errors": form}
    if page.editable:
        context["form"] = form
    elif form is not None:
        context["unsent"] = [
            {"label": form[name].label, "value": form[name].value()}
            for name in form.fields
            if name != "seen" and form[name].value()
        ]
    if "done" in request.GET:
        context["autosave_clear"] = page.key
    return render(request, "reports/report.html", context)


@require_POST
@portal_page("month")
def print_report(request: PortalRequest, pk: int) -> HttpResponse:
    """Have the A4 form printed; the worker does it."""
    row = _page(request, pk).row
    job = services.print_report(actor=request.user, report=row, at=timezone.now())
    return redirect("bureau:job", pk=job.pk)


@require_GET
@portal_page("month")
def versions(request: PortalRequest, pk: int) -> HttpResponse:
    """Every version of one report, with what differs figure by figure."""
    row = _page(request, pk).row
    context = {"row": row, "versions": versions_of(row)}
    return render(request, "reports/versions.html", context)


def _former(row: Report, number: int) -> FormerVersion:
    people = ("submitted_by", "reviewed_by")
    return get_object_or_404(row.former_versions.select_related(*people), number=number)


@require_GET
@portal_page("month")
def version(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    """What one version said that another one took the place of."""
    row = _page(request, pk).row
    former = _former(row, number)
    sheet = History(row, [former]).sheet(former)
    context = {"row": row, "former": former, "sheet": sheet, "texts": version_texts(former)}
    return render(request, "reports/version.html", context)


@require_POST
@portal_page("month")
def print_version(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    """Have a version printed that was approved once."""
    row = _page(request, pk).row
    try:
        job = services.print_report(
            actor=request.user, report=row, version=_former(row, number), at=timezone.now()
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("reports:versions", pk=pk)
    return redirect("bureau:job", pk=job.pk)


@require_http_methods(["GET", "POST"])
@portal_page("month")
def correction(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask for the correction of an approved figure."""
    row = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    if not may_submit(request.user, row):
        raise PermissionDenied("corrections are asked for by the secretary")
    if row.state != ReportState.APPROVED and request.method == "GET":
        messages.warning(request, "只有已通过的月报才需要申请更正。")
        return redirect("reports:report", pk=pk)
    form = CorrectionForm(request.POST or None, sheet=sheet_of(row))
    if request.method == "POST" and form.is_valid() and _asked(request, row, form):
        messages.success(request, "更正申请已送出，审核人处理后会提醒您。")
        return redirect("reports:report", pk=pk)
    asked = row.corrections.all()
    return render(request, "reports/correction.html", {"row": row, "form": form, "asked": asked})


def _asked(request: PortalRequest, row: Report, form: CorrectionForm) -> bool:
    try:
        services.ask_correction(
            actor=request.user, report=row, at=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True
