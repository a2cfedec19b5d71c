"""Work of this room that takes long: prints, and the list of secretaries."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from common.imports import Outcome
from common.jobs import Progress, register
from common.pdf import render
from common.resolving import NameResolver
from organizations.imports import runs
from people import pdf, services
from people.coverage import COVERAGE_JOB, coverage_html
from people.imports import roster, secretaries
from people.letters import Letter
from people.permissions import may_import, may_import_roster
from people.services import PRINT_SLIPS, ROSTER_JOB


@register(PRINT_SLIPS, params={"users"})
def print_slips(progress: Progress) -> None:
    """Issue a link for each user and print the slips.

    The links are made here, as tokens are kept nowhere, not even in the job's row. Run a second
    time it makes new ones, and those of the lost print end.
    """
    owner, at = progress.job.owner, timezone.now()
    users = list(User.objects.filter(pk__in=progress.params["users"]).order_by("username"))
    if owner is None or not users:
        raise DomainError("没有可以打印的账号。")
    issued = services.issue_links(actor=owner, users=users, at=at)
    letters = [Letter(user, purpose, token, at) for user, purpose, token in issued]
    progress.keep(pdf.slips(letters, at=timezone.localtime(at)).content, name=pdf.file_name(users))
    progress.advance(len(users), len(users))


@register(ROSTER_JOB, params={"standings"})
def print_roster(progress: Progress) -> None:
    """The roster as its owner saw it, numbers masked."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("A roster is printed for somebody: it shows what they may see.")
    ids = progress.params["standings"]
    html = pdf.roster_html(owner, ids, on=timezone.localdate())
    progress.keep(render(html).content, name="党员名册.pdf")
    progress.advance(len(ids), len(ids))


@register(COVERAGE_JOB, params={"asked"})
def print_coverage(progress: Progress) -> None:
    """Coverage as its owner saw it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("Coverage is printed for somebody: it shows what they may see.")
    html = coverage_html(owner, progress.params["asked"])
    progress.keep(render(html).content, name="党组织覆盖情况统计表.pdf")
    progress.advance(1, 1)


def _import(**run: Any) -> Outcome:
    return secretaries.run(at=timezone.now(), **run)


def _import_roster(**run: Any) -> Outcome:
    return roster.run(at=timezone.now(), **run)


def _links_to_give(outcome: Outcome) -> runs.FollowUp | None:
    """Offer links for those of the list who can't log in yet."""
    waiting = secretaries.waiting(outcome)
    if not waiting:
        return None
    return {
        "text": f"名单里有 {len(waiting)} 人还没有激活账号。",
        "button": "生成激活链接…",
        "url": reverse("admin:accounts_user_links"),
        "name": "user",
        "value": ",".join(map(str, waiting)),
    }


runs.KINDS["secretaries"] = runs.Kind(
    title=secretaries.TITLE,
    columns=secretaries.columns(NameResolver("党组织", ())),
    run=_import,
    allows=may_import,
    hint="按名单登记人员、开通账号、授予角色。职务写书记、副书记、主持工作（须有任职至、依据）或党务干事；"
    "没有写任职起的从截至日期起。",
    section=("人员", "admin:people_person_changelist"),
    # Each row is a person, an account and a role, with all their rules.
    at_once_rows=150,
    follow_up=_links_to_give,
)

runs.KINDS["roster"] = runs.Kind(
    title=roster.TITLE,
    columns=roster.columns(NameResolver("党组织", ())),
    run=_import_roster,
    allows=may_import_roster,
    hint="按身份证号、手机号或本组织内的姓名认人，已在名册的只补充没有的信息；起始日期取身份起始，"
    "没有的正式党员取转正时间、预备党员取入党时间，都没有的从截至日期起。",
    section=("党员名册", "admin:people_standing_changelist"),
    at_once_rows=1000,
)
