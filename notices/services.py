"""Every change of a notice: drafting, changing, printing, issuing."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from common.jobs import enqueue
from common.models import Job
from notices.choices import NoticeState
from notices.documents import forms
from notices.documents.parsing import read_text
from notices.models import Notice
from notices.permissions import may_change, may_draft
from organizations.models import Audience

if TYPE_CHECKING:
    from accounts.models import User

PRINT_JOB = "notices.print"
UNTITLED = "未命名公文"
LONGEST_SOURCE = 200_000


def draft_notice(
    *,
    actor: "User",
    source: str,
    at: datetime,
    form: str = forms.DOCUMENT.key,
    audience: Audience | None = None,
) -> Notice:
    """Keep a new notice; title and number are read out of its text."""
    if not may_draft(actor):
        raise ForbiddenError("公文由局机关工作人员起草。")
    _check_source(source)
    with transaction.atomic():
        notice = Notice.objects.create(
            source=source, form=form, audience=audience, created_by=actor, **_read(source, form)
        )
        audit.record(
            actor=actor, verb="notices.draft", obj=notice, after={"title": notice.title}, at=at
        )
    return notice


def change_notice(
    *,
    actor: "User",
    notice: Notice,
    source: str,
    version: int,
    at: datetime,
    form: str | None = None,
) -> Notice:
    """Change the text of a notice that is still at ``version`` and not issued, and its form.

    Without ``form`` the form stays. Raises ConflictError when somebody changed the notice
    meanwhile: nothing is written then.
    """
    if not may_change(actor, notice):
        raise ForbiddenError("已印发的公文不能再改；请另拟一份更正或补充通知。")
    _check_source(source)
    form = form or notice.form
    with transaction.atomic():
        changed = (
            Notice.objects.filter(pk=notice.pk, version=version)
            .exclude(state=NoticeState.ISSUED)
            .update(
                source=source,
                form=form,
                state=NoticeState.DRAFT,
                version=F("version") + 1,
                updated_at=at,
                **_read(source, form),
            )
        )
        if not changed:
            raise ConflictError("这份公文刚刚被别人改过，请打开最新内容核对后再保存。")
        audit.record(
            actor=actor,
            verb="notices.change",
            obj=notice,
            before={"source": notice.source, "form": notice.form},
            after={"source": source, "form": form},
            at=at,
        )
    notice.refresh_from_db()
    return notice


def print_notice(*, actor: "User", notice: Notice, at: datetime) -> Job:
    """Have the worker lay the notice out; the job's result is the PDF."""
    if not may_draft(actor):
        raise ForbiddenError("公文由局机关工作人员排版。")
    with transaction.atomic():
        job = enqueue(
            kind=PRINT_JOB,
            label=f"排版《{notice.title}》",
            params={"notice": notice.pk, "version": notice.version},
            owner=actor,
        )
        Notice.objects.filter(pk=notice.pk).update(job=job)
        audit.record(actor=actor, verb="notices.print", obj=notice, at=at)
    notice.refresh_from_db()
    return job


def note_printed(*, notice: Notice, version: int) -> None:
    """Remember which version the PDF shows; called by the job. Issued ones stay issued."""
    Notice.objects.filter(pk=notice.pk).update(rendered_version=version)
    Notice.objects.filter(pk=notice.pk, state=NoticeState.DRAFT, version=version).update(
        state=NoticeState.PRINTED
    )


def issue_notice(*, actor: "User", notice: Notice, at: datetime) -> Notice:
    """Issue a notice whose present text has been printed; from then on the schools see it."""
    if not may_draft(actor):
        raise ForbiddenError("公文由局机关工作人员印发。")
    with transaction.atomic():
        issued = Notice.objects.filter(
            pk=notice.pk, state=NoticeState.PRINTED, rendered_version=F("version")
        ).update(state=NoticeState.ISSUED, issued_at=at)
        if not issued:
            raise DomainError("请先排版并核对最新的 PDF，再印发。")
        audit.record(actor=actor, verb="notices.issue", obj=notice, at=at)
    notice.refresh_from_db()
    return notice


def _check_source(source: str) -> None:
    if not source.strip():
        raise DomainError("请把公文的文字粘贴进来。")
    if len(source) > LONGEST_SOURCE:
        raise DomainError(f"公文有 {len(source)} 字，最多 {LONGEST_SOURCE} 字。")


def _read(source: str, form: str) -> dict[str, str]:
    document = read_text(source, form=forms.BY_KEY[form]).document
    title = "".join(document.title.split())
    return {"title": (title or UNTITLED)[:200], "number": document.head.number[:60]}
