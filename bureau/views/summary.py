"""The month's summary (汇总表): page, print, .xlsx, 定稿."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.views.addresses import Link, address, links, number
from bureau.views.desk import desk
from common import audit
from common.admin import show_refusal, user_of
from common.downloads import download
from common.errors import DomainError
from common.exports import ExportColumn, Heading, write_xlsx
from organizations.models import Organization
from reports.choices import PeriodState
from reports.lines import SECTIONS
from reports.models import Period
from reports.permissions import may_finalise
from reports.queries import Standing, standing
from reports.services import finalise_period, print_summary
from reports.summaries import A_PAGE, Summary, SummaryPage, SummaryRow, summary, summary_page
from reports.tables import section_table


def _organizations(request: HttpRequest, period: Period) -> QuerySet[Organization]:
    """Organisations expected in ``period`` that the asker may see."""
    visible: QuerySet[Organization] = Organization.objects.visible_to(user_of(request))
    return visible.filter(reports__period=period).order_by()


@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """Go to the newest period that has ended, else to the newest open one; say where none is."""
    opened = Period.objects.exclude(state=PeriodState.PLANNED)
    ended = opened.filter(ends_on__lt=timezone.localdate()).first()
    chosen = ended or opened.first()
    if chosen is None:
        return desk(request, "admin/bureau/summary_none.html", {"title": "月报汇总"})
    return redirect("admin:summary", pk=chosen.pk)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The summary of one period, section by section so that it fits the screen."""
    period = get_object_or_404(Period.objects.exclude(state=PeriodState.PLANNED), pk=pk)
    query, on = request.GET, timezone.localdate()
    section = query.get("section", "")
    section = section if section in SECTIONS else next(iter(SECTIONS))
    shown = summary_page(
        period,
        _organizations(request, period),
        section=section,
        standing=query.get("standing", ""),
        page=number(query, "page") or 1,
    )
    counts = standing(user_of(request), period)
    context = {
        "title": f"{period}汇总表",
        "period": period,
        "periods": _period_links(query, period),
        "sections": links(query, "section", [(key, name) for key, name in SECTIONS.items()]),
        "standings": links(query, "standing", _standing_words(counts)),
        "shown": shown,
        "table": section_table(shown.summary, SECTIONS[section]),
        "pages": _pages(shown),
        "query": address(query)[1:],
        "counts": counts,
        "may_finalise": may_finalise(user_of(request)) and period.state == PeriodState.OPEN,
        "has_ended": period.ends_on < on,
    }
    return desk(request, "admin/bureau/summary.html", context)


def _standing_words(counts: Standing) -> list[tuple[str, str]]:
    waived = [("waived", f"无需报送 {counts.waived}")] if counts.waived else []
    return [
        ("", f"应报 {counts.expected}"),
        ("approved", f"已通过 {counts.approved}"),
        ("submitted", f"待审核 {counts.submitted}"),
        ("missing", f"未报 {counts.missing}"),
        *waived,
    ]


def _period_links(query: QueryDict, period: Period) -> list[Link]:
    """Return the periods of the year, oldest first, between the years beside it."""
    opened = Period.objects.exclude(state=PeriodState.PLANNED)
    section = f"?section={query['section']}" if query.get("section") in SECTIONS else ""

    def link(each: Period, label: str) -> Link:
        return Link(label, f"../{each.pk}/{section}", each.pk == period.pk)

    same = opened.filter(year=period.year).order_by("starts_on")
    found = [link(each, each.month_words.removeprefix(f"{each.year}年")) for each in same]
    before = opened.filter(year__lt=period.year).order_by("-starts_on").first()
    after = opened.filter(year__gt=period.year).order_by("starts_on").first()
    return [
        *([link(before, f"‹ {before.year}年")] if before else []),
        *found,
        *([link(after, f"{after.year}年 ›")] if after else []),
    ]


def _pages(shown: SummaryPage) -> object:
    return Paginator(range(shown.count), A_PAGE).get_page(shown.page)


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
    job = print_summary(
        actor=user_of(request),
        period=period,
        organization_ids=_organizations(request, period).values_list("pk", flat=True),
        at=timezone.now(),
    )
    return redirect("bureau:job", pk=job.pk)


@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole summary as .xlsx."""
    period = get_object_or_404(Period, pk=pk)
    whole = summary(period, _organizations(request, period))
    totals: list[object] = ["合计", "", *(cell.value for cell in whole.total)]
    foot = "审核人：　　　　填表人：　　　　日期："
    heading = Heading(f"{period}汇总表", as_of=timezone.localdate(), foot=foot)
    content = write_xlsx(whole.rows, _columns(whole), heading=heading, totals=totals)
    audit.record(
        actor=user_of(request), verb="bureau.export_summary", obj=period, at=timezone.now()
    )
    return download(content, filename=f"{period}汇总表.xlsx")


def _columns(whole: Summary) -> list[ExportColumn[SummaryRow]]:
    columns = [
        ExportColumn[SummaryRow]("党组织", lambda row: row.label, 26),
        ExportColumn[SummaryRow](
            "状态", lambda row: row.state if row.cells else row.unreported, 12
        ),
    ]
    for at, line in enumerate(whole.lines):
        columns.append(ExportColumn(f"{line.label}（{line.unit}）", _value(at), 10, "right"))
    return columns


def _value(at: int) -> Callable[[SummaryRow], int | None]:
    def value(row: SummaryRow) -> int | None:
        return row.cells[at].value if row.cells else None

    return value
