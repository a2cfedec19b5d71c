"""Imports, done by the worker."""

from common.errors import DomainError
from common.jobs import Progress, register
from common.models import Job
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
