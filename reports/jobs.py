"""Prints of this room, done by the worker."""

from pathlib import Path

from django.utils import timezone

from common.jobs import Progress, register
from common.pdf import PRINT_CSS, render
from reports.models import Period, Report
from reports.pdf import report_html, summary_html
from reports.services.printing import REPORT_JOB, SUMMARY_JOB

STYLESHEETS = (PRINT_CSS, Path(__file__).parent / "print.css")


@register(REPORT_JOB, params={"report", "version"})
def print_report(progress: Progress) -> None:
    """The report of one organisation as the A4 form."""
    rows = Report.objects.select_related("period", "organization", "submitted_by__person")
    report = rows.get(pk=progress.params["report"])
    number = progress.params.get("version")
    version = report.former_versions.get(number=number) if number else None
    html = report_html(report, reader=progress.job.owner, at=timezone.now(), version=version)
    name = f"{report}第{number}版" if version else f"{report}"
    progress.keep(render(html, stylesheets=STYLESHEETS).content, name=f"{name}.pdf")
    progress.advance(1, 1)


@register(SUMMARY_JOB, params={"period", "organizations"})
def print_summary(progress: Progress) -> None:
    """The month's summary of the organisations that were in the asker's scope when asking."""
    period = Period.objects.get(pk=progress.params["period"])
    html = summary_html(period, progress.params["organizations"], at=timezone.now())
    progress.keep(render(html, stylesheets=STYLESHEETS).content, name=f"{period}汇总表.pdf")
    progress.advance(1, 1)
