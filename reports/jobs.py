"""Prints of this room, done by the worker."""

from common.jobs import Progress, register
from common.pdf import render
from reports.models import Period, Report
from reports.pdf import report_html, summary_html

PRINT_REPORT = "reports.print_report"
PRINT_SUMMARY = "reports.print_summary"


@register(PRINT_REPORT)
def print_report(progress: Progress) -> None:
    """The report of one organisation as the A4 form."""
    report = Report.objects.select_related("period", "organization").get(
        pk=progress.params["report"]
    )
    pdf = render(report_html(report))
    progress.advance(1, 1)
    progress.keep(pdf.content, name=f"{report}.pdf")


@register(PRINT_SUMMARY)
def print_summary(progress: Progress) -> None:
    """The month's summary of the organisations that were in the asker's scope when asking."""
    period = Period.objects.get(pk=progress.params["period"])
    pdf = render(summary_html(period, progress.params["organizations"]))
    progress.advance(1, 1)
    progress.keep(pdf.content, name=f"{period}汇总表.pdf")
