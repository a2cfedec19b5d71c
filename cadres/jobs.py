"""Work of this room that takes long: papers, lists that come in, the check."""

from datetime import date
from typing import Any

from django.utils import timezone

from cadres import papers, pdf, services
from cadres.imports import columns as post_columns
from cadres.imports import facts, posts, training
from cadres.permissions import may_import, may_keep_files
from cadres.services import CHECK_JOB, LEDGER_JOB
from cadres.services.papers import FILE_JOB, STRUCTURE_JOB
from common.imports import Outcome
from common.jobs import Progress, register
from common.pdf import render
from common.resolving import NameResolver
from organizations.imports import runs


@register(LEDGER_JOB, params={"organizations"})
def print_ledger(progress: Progress) -> None:
    """The ledger as its owner saw it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("A ledger is printed for somebody: it shows what they may see.")
    ids = progress.params["organizations"]
    html = pdf.ledger_html(owner, ids, on=timezone.localdate())
    progress.keep(render(html, stylesheets=pdf.STYLESHEETS).content, name="书记台账.pdf")
    progress.advance(len(ids), len(ids))


@register(CHECK_JOB, params=())
def check(progress: Progress) -> None:
    """Check all organisations now, for somebody who waits for it."""
    done = services.check_organizations(
        actor=progress.job.owner, at=timezone.now(), tell=progress.advance
    )
    progress.say(done.sentence)


def _import_posts(**run: Any) -> Outcome:
    return posts.run(at=timezone.now(), **run)


runs.KINDS["posts"] = runs.Kind(
    title=posts.TITLE,
    columns=post_columns.columns(NameResolver("党组织", ())),
    run=_import_posts,
    allows=may_import,
    hint="一行一个任职，书记台账、班子名单都可以；姓名空着（或写“空缺”）的行只登记任期。"
    "书记、副书记有账号的同时授予角色；已有的只补充没有的信息。只写届满时间的，按任期年数推算本届起始。",
    section=("书记台账", "admin:cadres_ledgerrow_changelist"),
    # Each new row is a post with its role and all their rules.
    at_once_rows=100,
)


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
