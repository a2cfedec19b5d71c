"""One upload: kept as a file, read by a job, its outcome put where the page finds it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import uuid4

from django.conf import settings

from common import imports
from common.errors import DomainError
from common.files import write_whole
from common.imports import Column, Outcome
from common.resolving import NameResolver
from organizations.imports import head_counts, organizations
from organizations.imports.columns import ORGANIZATION_COLUMNS, head_count_columns
from organizations.permissions import is_officer, may_manage_organizations

if TYPE_CHECKING:
    from accounts.models import User

JOB_KIND = "organizations.import"
# So many problems are shown on the page; the file of rejected rows has them all.
SHOWN_PROBLEMS = 200


class FollowUp(TypedDict):
    """A button to go on with once everything is saved: a POST of one field."""

    text: str
    button: str
    url: str
    name: str
    value: str


@dataclass(frozen=True)
class Kind:
    """One sort of list. ``run`` reads and saves it; ``allows`` says who may.

    ``section`` is where the list ends up: its name and the address of its page.
    ``at_once_rows``: about so many are read while the page loads; a longer list is left to the
    worker.
    """

    title: str
    columns: Sequence[Column]
    run: Callable[..., Outcome]
    allows: Callable[["User"], bool]
    hint: str
    section: tuple[str, str]
    at_once_rows: int = 2000
    follow_up: Callable[[Outcome], FollowUp | None] = lambda _outcome: None

    def template(self) -> bytes:
        """Return the .xlsx to fill in."""
        return imports.template(self.columns, title=self.title)


# Rooms above add theirs in their jobs.py.
KINDS = {
    "organizations": Kind(
        "党组织和学校",
        ORGANIZATION_COLUMNS,
        organizations.run,
        may_manage_organizations,
        "上级党组织空着的，直属局党委；已有的党组织只补充简称、排序号、成立日期、曾用名和学校。",
        section=("党组织", "admin:organizations_organization_changelist"),
    ),
    "head_counts": Kind(
        "人数",
        head_count_columns(NameResolver("党组织", ())),
        head_counts.run,
        is_officer,
        "人数不含下级党组织；没有写统计日期的按截至日期登记。",
        section=("人数", "admin:organizations_headcount_changelist"),
    ),
}


def kinds_for(user: "User") -> dict[str, Kind]:
    """Return the lists that ``user`` may import."""
    return {key: kind for key, kind in KINDS.items() if kind.allows(user)}


def keep(data: bytes) -> str:
    """Keep an upload out of reach of everybody else; return its path below MEDIA_ROOT."""
    path = f"imports/{uuid4().hex}"
    write_whole(settings.MEDIA_ROOT / path, [data])
    return path


def read(path: str) -> bytes:
    """Return a kept upload."""
    try:
        data: bytes = (settings.MEDIA_ROOT / path).read_bytes()
    except FileNotFoundError:
        raise DomainError("上传的文件已经清理，请重新上传。") from None
    return data


def discard(path: str) -> None:
    """Drop an upload that has been imported."""
    (settings.MEDIA_ROOT / path).unlink(missing_ok=True)


def run(*, actor: "User", params: dict[str, Any], tell: imports.Tell) -> Outcome:
    """Preview or import the upload that ``params`` describes; ``step`` says which."""
    step = params["step"]
    return KINDS[params["kind"]].run(
        actor=actor,
        data=read(params["path"]),
        filename=params["filename"],
        dry_run=step == "preview",
        only_clean=step == "save_clean",
        on=date.fromisoformat(params["on"]),
        tell=tell,
    )


def summary(outcome: Outcome, *, kind: str) -> dict[str, Any]:
    """Return the outcome as JSON for the page."""
    result = outcome.result
    return {
        "created": result.created,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "clean": len(outcome.plan.sheet.lines) - outcome.rejected_rows,
        "rejected": outcome.rejected_rows,
        "problems": [problem.message for problem in outcome.problems[:SHOWN_PROBLEMS]],
        "more": max(len(outcome.problems) - SHOWN_PROBLEMS, 0),
        "warnings": list(outcome.result.warnings[:SHOWN_PROBLEMS]),
        "notes": list(outcome.plan.notes),
        "saved": outcome.is_saved,
        "follow_up": KINDS[kind].follow_up(outcome) if outcome.is_saved else None,
    }
