"""Work of this room that takes long."""

from datetime import date
from typing import Any

from django.utils import timezone

from cadres import papers
from cadres.imports import facts, training
from cadres.permissions import may_keep_files
from cadres.services.papers import FILE_JOB, STRUCTURE_JOB
from common.imports import Outcome
from common.jobs import Progress, register
from common.pdf import render
from common.resolving import NameResolver
from organizations.imports import runs


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


def _import_training(**run: Any) -> Outcome:
    return training.run(at=timezone.now(), **run)


def _import_facts(**run: Any) -> Outcome:
    return facts.run(at=timezone.now(), **run)


runs.KINDS["training"] = runs.Kind(
    title=training.TITLE,
    columns=training.columns(NameResolver("党组织", ())),
    run=_import_training,
    allows=may_keep_files,
    hint="一行一人一次培训，登记校外、上级举办的培训；局里和学校自己的培训班在“培训班”里勾到课就行。"
    "姓名在单位的名册和任职里找，同名的请补身份证号或手机号。",
    section=("干部档案", "admin:cadres_cadre_changelist"),
    at_once_rows=1000,
)

runs.KINDS["facts"] = runs.Kind(
    title=facts.TITLE,
    columns=facts.columns(NameResolver("党组织", ())),
    run=_import_facts,
    allows=may_keep_files,
    hint="一行一人：学历学位、职称、任教学科、周课时、骨干称号，空着的不改动。改为新的职称、学历须写取得时间；"
    "时间写到年、月、日都可以。",
    section=("干部档案", "admin:cadres_cadre_changelist"),
    at_once_rows=1000,
)
