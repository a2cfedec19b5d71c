"""The month's summary (汇总表): page, print, .xlsx, 定稿."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.views.desk import desk
from common import audit
from common.admin import show_refusal, user_of
from common.downloads import download
from common.errors import DomainError
from common.exports import ExportColumn, Heading, write_xlsx
from common.jobs import enqueue
from organizations.models import Organization
from reports.choices import PeriodState
from reports.lines import SECTIONS
from reports.models import Period
from reports.permissions import may_finalise
from reports.queries import Cell, Summary, SummaryRow, standing, summary
from reports.services import finalise_period

PRINT_JOB = "reports.print_summary"


def _organizations(request: HttpRequest, period: Period) -> list[int]:
    """Ids of the organisations expected in ``period`` that the asker may see."""
    visible = Organization.objects.visible_to(user_of(request))
    return list(visible.filter(reports__period=period).order_by().values_list("pk", flat=True))


@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """Go to the summary of the newest period that was opened; say so where there is none."""
    opened = Period.objects.exclude(state=PeriodState.PLANNED).first()
    if opened is None:
        return desk(request, "admin/bureau/summary_none.html", {"title": "月报汇总"})
    return redirect("admin:summary", pk=opened.pk)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The summary of one period, section by section so that it fits the screen."""
    periods = Period.objects.exclude(state=PeriodState.PLANNED)
    period = get_object_or_404(periods, pk=pk)
    section = request.GET.get("section", "")
    section = section if section in SECTIONS else next(iter(SECTIONS))
    whole = summary(period, _organizations(request, period))
    context = {
        "title": f"{period}汇总表",
        "period": period,
        "periods": periods[:24],
        "section": section,
        "sections": SECTIONS,
        "summary": whole,
        "table": cut(whole, section),
        "standing": standing(user_of(request), period),
        "may_finalise": may_finalise(user_of(request)) and period.state == PeriodState.OPEN,
    }
    return desk(request, "admin/bureau/summary.html", context)


def cut(whole: Summary, section: str) -> Summary:
    """Return the columns of one section."""
    places = [at for at, line in enumerate(whole.lines) if line.section == section]

    def some(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(cells[at] for at in places) if cells else ()

    rows = tuple(SummaryRow(row.label, row.state, some(row.cells)) for row in whole.rows)
    lines = tuple(whole.lines[at] for at in places)
    return Summary(whole.period, lines, rows, some(whole.total))


@require_POST
def finalise(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the summary final."""
    period = get_object_or_404(Period, pk=pk)
    try:
        finalise_period(actor=user_of(request), period=period, at=timezone.now())
    except DomainError as error:
        show_refusal(request, error)
    else:
        messages.success(request, f"{period}汇总表已定稿；以后的变化会显示为与定稿差。")
    return redirect("admin:summary", pk=pk)


@require_POST
def print_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the summary printed; the worker does it."""
    period = get_object_or_404(Period, pk=pk)
    job = enqueue(
        kind=PRINT_JOB,
        label=f"打印{period}汇总表",
        params={"period": period.pk, "organizations": _organizations(request, period)},
        owner=user_of(request),
    )
    return redirect("bureau:job", pk=job.pk)


@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole summary as .xlsx."""
    period = get_object_or_404(Period, pk=pk)
    whole = summary(period, _organizations(request, period))
    totals: list[object] = ["合计", "", *(cell.value for cell in whole.total)]
    foot = "审核人：　　　　填表人："
    heading = Heading(f"{period}汇总表", as_of=timezone.localdate(), foot=foot)
    content = write_xlsx(whole.rows, _columns(whole), heading=heading, totals=totals)
    audit.record(
        actor=user_of(request), verb="bureau.export_summary", obj=period, at=timezone.now()
    )
    return download(content, filename=f"{period}汇总表.xlsx")


def _columns(whole: Summary) -> list[ExportColumn[SummaryRow]]:
    columns = [
        ExportColumn[SummaryRow]("党组织", lambda row: row.label, 26),
        ExportColumn[SummaryRow]("状态", lambda row: row.state if row.cells else "未报", 8),
    ]
    for at, line in enumerate(whole.lines):
        columns.append(ExportColumn(f"{line.label}（{line.unit}）", _value(at), 10, "right"))
    return columns


def _value(at: int) -> Any:
    def value(row: SummaryRow) -> int | None:
        return row.cells[at].value if row.cells else None

    return value
