"""Work of this room that takes long."""

from datetime import date

from django.utils import timezone

from cadres import papers
from cadres.services.papers import FILE_JOB, STRUCTURE_JOB
from common.jobs import Progress, register
from common.pdf import render


@register(FILE_JOB, params={"person"})
def print_file(progress: Progress) -> None:
    """The file of a cadre as its owner may see it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("A file is printed for somebody: it shows what they may see.")
    html = papers.file_html(owner, progress.params["person"], on=timezone.localdate())
    progress.keep(render(html).content, name="干部任职简表.pdf")
    progress.advance(1, 1)


@register(STRUCTURE_JOB, params={"group", "on"})
def print_structure(progress: Progress) -> None:
    """The structure of the ranks as its owner may see it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("The structure is printed for somebody: it shows what they may see.")
    on = date.fromisoformat(progress.params["on"])
    html = papers.structure_html(owner, progress.params["group"], on=on)
    progress.keep(render(html).content, name="队伍结构.pdf")
    progress.advance(1, 1)
