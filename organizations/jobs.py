"""Imports, done by the worker."""

from common.errors import DomainError
from common.jobs import Progress, register
from common.models import Job
from common.pdf import render
from organizations.chart import CHART_JOB, STYLESHEETS, chart_html
from organizations.imports import runs


@register(runs.JOB_KIND, params={"kind", "on", "filename", "path", "step", "outcome"})
def import_list(progress: Progress) -> None:
    """Preview or import one upload. A second time it finds everything there already."""
    owner, params = progress.job.owner, progress.params
    if owner is None:
        raise DomainError("没有发起人，不能导入。")
    outcome = runs.run(actor=owner, params=params, tell=progress.advance)
    total = len(outcome.plan.sheet.lines)
    told = {**params, "outcome": runs.summary(outcome, kind=params["kind"])}
    Job.objects.filter(pk=progress.job.pk).update(params=told)
    if outcome.problems:
        progress.keep(outcome.rejected_file(), name="有问题的行.xlsx")
    if outcome.is_saved:
        runs.discard(params["path"])
    progress.advance(total, total)


@register(CHART_JOB, params={"on", "top"})
def print_chart(progress: Progress) -> None:
    """The chart of organisations as its owner may see it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("A chart is printed for somebody: it shows what they may see.")
    html = chart_html(owner, progress.params)
    progress.keep(render(html, stylesheets=STYLESHEETS).content, name="组织架构图.pdf")
    progress.advance(1, 1)
